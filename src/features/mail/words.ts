// How the states of mails read, and which of them ask for somebody.
import type { MailState } from '../../../models/mail-state.ts';
import type { SuppressionHolder } from '../../../models/suppression.ts';
import type { Status } from '../../core/reply.ts';

export const stateNames: Readonly<Record<MailState, string>> = {
  queued: 'waiting',
  sent: 'sent',
  delivery_delayed: 'delayed',
  delivered: 'delivered',
  bounced: 'bounced',
  complained: 'complained about',
  failed: 'failed',
  suppressed: 'held back',
};

const marks: Readonly<Record<MailState, Status>> = {
  queued: 'look',
  sent: 'ok',
  delivery_delayed: 'look',
  delivered: 'ok',
  bounced: 'act',
  complained: 'act',
  failed: 'act',
  suppressed: 'look',
};

interface Standing {
  readonly state: MailState;
  readonly provider: string | null;
  readonly givenUp: boolean;
}

/** A mail that nobody carries says so: recorded is not sent. */
export function stateWords({ state, provider, givenUp }: Standing): string {
  if (givenUp) return 'given up';
  return state === 'sent' && provider === 'mock' ? 'recorded, not sent' : stateNames[state];
}

export const stateMark = ({ state, givenUp }: Pick<Standing, 'state' | 'givenUp'>): Status =>
  givenUp ? 'act' : marks[state];

export const holderWords: Readonly<Record<SuppressionHolder, string>> = {
  provider: 'the provider',
  staff: 'the team',
  reader: 'its reader, from marketing',
};
