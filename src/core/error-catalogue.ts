// Every error code that may leave the program: its kind and its meaning; docs/errors.md is held to it.

export type ErrorKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'rate_limited'
  | 'unavailable'
  | 'bug';

interface ErrorEntry {
  readonly kind: ErrorKind;
  readonly meaning: string;
}

const entries = {
  'input.invalid': { kind: 'invalid', meaning: 'An argument is missing, of the wrong form, or unknown.' },
  'input.unknown_operation': { kind: 'not_found', meaning: 'No operation of that name exists for you.' },
  'input.too_large': { kind: 'invalid', meaning: 'The request or file is larger than the limit named.' },
  'input.not_json': { kind: 'invalid', meaning: 'The body is not the JSON that was announced.' },
  'input.bad_file': { kind: 'invalid', meaning: 'An imported file has rows that cannot be taken.' },
  'http.not_found': { kind: 'not_found', meaning: 'Nothing answers at this address.' },
  'http.method': {
    kind: 'invalid',
    meaning: 'The address answers, but not to this method; Allow names those.',
  },
  'http.media_type': { kind: 'invalid', meaning: 'The body is of a kind that is not taken here.' },
  'auth.required': { kind: 'unauthorized', meaning: 'No valid session or token came with the request.' },
  'auth.link_spent': { kind: 'unauthorized', meaning: 'A sign-in link was used before or has expired.' },
  'auth.insecure': { kind: 'forbidden', meaning: 'Sign-in over plain http is refused off loopback.' },
  'auth.csrf': { kind: 'forbidden', meaning: 'A form came without its token or from another site.' },
  'permission.denied': { kind: 'forbidden', meaning: 'Your role does not hold the permission named.' },
  'record.not_found': { kind: 'not_found', meaning: 'No record of that id exists here.' },
  'record.conflict': {
    kind: 'conflict',
    meaning: 'The record has moved on; the present state is in the text.',
  },
  'record.busy': {
    kind: 'conflict',
    meaning: 'Too many people are changing this record at once; try again.',
  },
  'key.reused': { kind: 'conflict', meaning: 'The Idempotency-Key was used before for another request.' },
  'action.expired': { kind: 'conflict', meaning: 'A button was pressed after its time.' },
  'approval.confirm': {
    kind: 'invalid',
    meaning: 'Only this person may approve: the short id of the request must be typed to confirm.',
  },
  'run.in_progress': { kind: 'conflict', meaning: 'A protocol run is under way for this tenant.' },
  'rate.limited': { kind: 'rate_limited', meaning: 'Too many requests; try again after the time named.' },
  'webhook.refused': {
    kind: 'unauthorized',
    meaning: 'A webhook delivery is not proved to be its sender’s; why is not said.',
  },
  'webhook.shape': { kind: 'invalid', meaning: 'An event of our own clients does not fit its schema.' },
  'remote.unavailable': {
    kind: 'unavailable',
    meaning: 'Another system did not answer or answered with an error.',
  },
  'remote.refused': { kind: 'invalid', meaning: 'Another system refused what it was sent, for good.' },
  'database.unavailable': { kind: 'unavailable', meaning: 'The database does not answer.' },
  'database.owned': { kind: 'unavailable', meaning: 'Another process owns this data folder.' },
  'config.invalid': { kind: 'invalid', meaning: 'The configuration names values that cannot work.' },
  'internal.bug': { kind: 'bug', meaning: 'A fault on our side; the reference finds it in the logs.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof entries;

export const errorCatalogue: Readonly<Record<ErrorCode, ErrorEntry>> = entries;
