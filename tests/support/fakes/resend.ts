// Resend over real HTTP: checks key and form, remembers idempotency keys, limits, and signs its webhooks.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export const FAKE_KEY = 're_fake_ABCDEFGHIJKLMNOP';

export interface FakeMail {
  readonly id: string;
  readonly key: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeResend {
  readonly url: string;
  /** The mails that went out: one for each key. */
  readonly mails: FakeMail[];
  /** Every request, repeats and refusals included. */
  readonly requests: { readonly key: string | null; readonly body: string }[];
  /** Set to answer otherwise than by the rules: null lets the rules answer, `hang` never answers. */
  next: ((request: { readonly key: string | null }) => FakeAnswer | 'hang' | null) | null;
  /** Called when a mail was taken and before the answer leaves: throws to lose the answer. */
  taken: (mail: FakeMail) => void;
  close(): Promise<void>;
}

const error = (status: number, name: string, message: string, headers = {}): FakeAnswer => ({
  status,
  body: { statusCode: status, name, message },
  headers,
});

export const resendErrors = {
  tooMany: (seconds: number) =>
    error(429, 'rate_limit_exceeded', 'Too many requests.', { 'retry-after': String(seconds) }),
  dailyQuota: () => error(429, 'daily_quota_exceeded', 'You have reached your daily email quota.'),
  monthlyQuota: () => error(429, 'monthly_quota_exceeded', 'You have reached your monthly email quota.'),
  invalidFrom: () =>
    error(422, 'invalid_from_address', 'The from field of me@elsewhere.example is not verified.'),
  broken: () => error(500, 'internal_server_error', 'An unexpected error occurred.'),
  busy: () => error(409, 'concurrent_idempotent_requests', 'Same idempotency key used while in progress.'),
} as const;

export async function fakeResend(): Promise<FakeResend> {
  const byKey = new Map<string, { readonly body: string; readonly id: string }>();
  let counter = 0;

  function rules(key: string | null, body: string, authorization: string | undefined): FakeAnswer {
    if (authorization === undefined)
      return error(401, 'missing_api_key', 'Missing API key in the authorization header.');
    if (authorization !== `Bearer ${FAKE_KEY}`)
      return error(403, 'invalid_api_key', `API key is invalid: ${authorization.slice(7)}`);
    if (key !== null && (key.length < 1 || key.length > 256))
      return error(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.');
    const known = key === null ? undefined : byKey.get(key);
    if (known && known.body !== body)
      return error(409, 'invalid_idempotent_request', 'This key was used with another payload.');
    if (known) return { status: 200, body: { id: known.id } };
    counter += 1;
    const mail = readMail(body, key, `re_mail_${counter}`);
    if (typeof mail === 'string') return error(422, 'missing_required_field', `Missing ${mail}.`);
    if (key !== null) byKey.set(key, { body, id: mail.id });
    fake.mails.push(mail);
    fake.taken(mail);
    return { status: 200, body: { id: mail.id } };
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const header = incoming.headers['idempotency-key'];
    const key = typeof header === 'string' ? header : null;
    fake.requests.push({ key, body });
    if (incoming.method !== 'POST' || incoming.url !== '/emails') {
      send(response, error(404, 'not_found', 'The requested endpoint does not exist.'));
      return;
    }
    const told = fake.next?.({ key }) ?? rules(key, body, incoming.headers.authorization);
    if (told !== 'hang') send(response, told);
  }

  const server = createServer((incoming, response) => {
    // What `taken` throws stands for a line that broke after the mail was taken.
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeResend = {
    url: `http://127.0.0.1:${port}`,
    mails: [],
    requests: [],
    next: null,
    taken: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

/** What is missing, or the mail. */
function readMail(
  body: string,
  key: string | null,
  id: string,
): FakeMail | 'from' | 'to' | 'subject' | 'html' {
  const given = JSON.parse(body) as Record<string, unknown>;
  const { from, to, subject, text, html, headers = {}, tags = [] } = given;
  if (typeof from !== 'string') return 'from';
  if (typeof subject !== 'string') return 'subject';
  if (typeof html !== 'string' || typeof text !== 'string') return 'html';
  const list = Array.isArray(to) ? to : [to];
  if (list.length === 0 || list.length > 50 || !list.every((one) => typeof one === 'string')) return 'to';
  const named = (tags as { name: string; value: string }[]).map(({ name, value }) => [name, value] as const);
  if (named.some((pair) => pair.some((part) => !/^[\w-]{1,256}$/.test(part)))) return 'subject';
  return {
    id,
    key,
    from,
    subject,
    text,
    html,
    to: list as string[],
    headers: headers as Record<string, string>,
    tags: Object.fromEntries(named),
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** The event that Resend would post of this mail. */
export function resendEvent(
  type: string,
  mail: Pick<FakeMail, 'id' | 'to' | 'tags'>,
  at: Date,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const { id: email_id, to, tags } = mail;
  const created_at = at.toISOString();
  return { type, created_at, data: { email_id, created_at, from: 'x', to, subject: 's', tags, ...more } };
}

/** Svix's headers over the bytes, made by the standard's own package. */
export function svixHeaders(
  secret: string,
  id: string,
  at: Date,
  body: string,
): Readonly<Record<string, string>> {
  return {
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'svix-signature': new Webhook(secret).sign(id, at, body),
  };
}
