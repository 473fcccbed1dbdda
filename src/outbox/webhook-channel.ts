// Posts events to the endpoints the operator named, signed, without redirects, and says what an answer means.
import got, { RequestError, type Response, TimeoutError } from 'got';
import type { Channel, Outgoing } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { SendBody } from '../core/outbox-item.ts';
import { plainText } from './plain-text.ts';
import { signatureHeaders } from './webhook-signature.ts';

export interface WebhookEndpoint {
  /** http or https; it comes from the operator's environment, so it may be a private address. */
  readonly url: string;
  /** `whsec_` and base64, or any other text. */
  readonly secret: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The waits between ten attempts, about 75 hours in all. Source: standardwebhooks.com, “Deliverability”. */
export const webhookDelaysMs: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

const REPLY_BYTES = 64 * 1_024;
const QUOTED = 200;
/** No answer makes us wait longer than our own longest delay. */
const LONGEST_WAIT_MS = 24 * HOUR;
/** Failures before any byte of the request left: trying again cannot do anything twice. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * A channel whose addresses are the names of these endpoints.
 * @throws AppError `config.invalid` for an address that is not http or https.
 */
export function createWebhookChannel(options: {
  readonly endpoints: Readonly<Record<string, WebhookEndpoint>>;
  readonly clock: Clock;
  /** For the whole of one request; 10 s unless told. */
  readonly timeoutMs?: number;
}): Channel {
  const { endpoints, clock, timeoutMs = 10 * SECOND } = options;
  for (const [name, { url }] of Object.entries(endpoints)) checkAddress(name, url);

  async function send({ id, tenant, address, body }: Outgoing): Promise<{ messageId: string }> {
    const endpoint = Object.hasOwn(endpoints, address) ? endpoints[address] : undefined;
    if (!endpoint)
      throw new AppError('remote.refused', `No webhook endpoint “${address}” is set up; set its address.`);
    const at = clock.now();
    const text = JSON.stringify({ ...contentOf(body), tenant });
    const signed = signatureHeaders({ id, at, body: text, secret: endpoint.secret });
    const answer = await post(endpoint, text, signed, timeoutMs);
    if (answer.statusCode >= 200 && answer.statusCode < 300) return { messageId: id };
    throw refusal(endpoint, answer, at);
  }

  return { scheme: 'webhook', paceMs: 0, retryDelaysMs: webhookDelaysMs, unordered: true, send };
}

function checkAddress(name: string, url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new AppError(
    'config.invalid',
    `The address of webhook “${name}” is no web address; for example https://n8n.example.com/webhook/1.`,
  );
}

/** Standard Webhooks' `type` and `data`; a reply sent to a webhook goes as its plain text. */
function contentOf(body: SendBody): { readonly type: string; readonly data: unknown } {
  if (body.kind === 'event') return { type: body.event.type, data: body.event.payload };
  return { type: 'message.posted', data: { text: plainText(body.reply) } };
}

interface Answer {
  readonly statusCode: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

async function post(
  { url }: WebhookEndpoint,
  body: string,
  signed: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Answer> {
  const request = got.stream.post(url, {
    body,
    headers: { 'content-type': 'application/json', 'user-agent': 'wardroom-webhooks/1', ...signed },
    followRedirect: false,
    retry: { limit: 0 },
    timeout: { request: timeoutMs },
    throwHttpErrors: false,
    decompress: false,
  });
  let status: Answer | undefined;
  request.on('response', ({ statusCode, headers }: Response) => {
    status = { statusCode, retryAfter: headers['retry-after'], text: '' };
  });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes.subarray(0, REPLY_BYTES - size));
      size += bytes.length;
      if (size >= REPLY_BYTES) break;
    }
  } catch (thrown) {
    if (!status) throw unreachable(url, thrown);
  }
  if (!status) throw unreachable(url, new Error('the connection closed without an answer'));
  return { ...status, text: Buffer.concat(chunks).toString('utf8') };
}

function unreachable(url: string, thrown: unknown): AppError {
  const host = new URL(url).host;
  const code = thrown instanceof RequestError ? thrown.code : 'ERR';
  const text =
    thrown instanceof TimeoutError
      ? `${host} did not answer in time.`
      : `${host} could not be reached (${code}).`;
  return new AppError('remote.unavailable', text, {
    cause: thrown,
    retryable: true,
    neverArrived: NEVER_LEFT.has(code),
  });
}

/** 410 is for good; 429 and a 503 that names a time did not take it; everything else is worth another try. */
function refusal({ url, secret }: WebhookEndpoint, answer: Answer, now: Date): AppError {
  const { statusCode, retryAfter } = answer;
  const quoted = withoutSecret(answer.text, secret).replace(/\s+/g, ' ').trim().slice(0, QUOTED);
  const text = `${new URL(url).host} answered ${statusCode}${quoted ? `: ${quoted}` : '.'}`;
  if (statusCode === 410) return new AppError('remote.refused', text, { retryable: false });
  const waits = [429, 502, 503, 504].includes(statusCode);
  const retryAfterMs = waits && retryAfter !== undefined ? parseRetryAfter(retryAfter, now) : null;
  const code = statusCode === 429 ? 'rate.limited' : 'remote.unavailable';
  if (retryAfterMs === null)
    return new AppError(code, text, { retryable: true, neverArrived: statusCode === 429 });
  return new AppError(code, text, { retryable: true, retryAfterMs, neverArrived: true });
}

/** An endpoint may answer with what it knows; its secret is not repeated, with or without its prefix. */
function withoutSecret(text: string, secret: string): string {
  return text.replaceAll(secret, '«secret»').replaceAll(secret.replace(/^whsec_/, ''), '«secret»');
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), in milliseconds from now, at most a day; null when it is neither. */
export function parseRetryAfter(value: string, now: Date): number | null {
  const text = value.trim();
  const waitMs = /^\d+$/.test(text)
    ? Number(text) * SECOND
    : (/GMT$/.test(text) ? Date.parse(text) : Number.NaN) - now.getTime();
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), LONGEST_WAIT_MS);
}
