// One signed request to another system: no redirects, bounded in time and size, and what its answer means.
import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import got, { RequestError, type Response, TimeoutError } from 'got';
import { AppError } from '../core/errors.ts';

export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

const REPLY_BYTES = 64 * 1_024;
const QUOTED = 200;
/** No answer makes us wait longer than our own longest delay. */
const LONGEST_WAIT_MS = 24 * 3_600_000;
/** Failures before any byte of the request left: trying again cannot do anything twice. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export interface Answer {
  readonly statusCode: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/**
 * Posts JSON and reads at most 64 KB of the answer; follows no redirect.
 * @throws AppError `remote.unavailable` when no answer came.
 */
export async function postSigned(options: {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole of the request. */
  readonly timeoutMs: number;
  /** Connects where the caller has judged; the shared agents unless given. */
  readonly agents?: Agents;
}): Promise<Answer> {
  const { url, body, headers, timeoutMs, agents } = options;
  const request = got.stream.post(url, {
    body,
    headers: { 'content-type': 'application/json', 'user-agent': 'wardroom-webhooks/1', ...headers },
    followRedirect: false,
    retry: { limit: 0 },
    timeout: { request: timeoutMs },
    throwHttpErrors: false,
    decompress: false,
    ...(agents ? { agent: agents } : {}),
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
export function refusalOf(
  answer: Answer,
  told: { readonly url: string; readonly secrets: readonly string[]; readonly now: Date },
): AppError {
  const { statusCode, retryAfter } = answer;
  const { url, secrets, now } = told;
  const quoted = withoutSecrets(answer.text, secrets).replace(/\s+/g, ' ').trim().slice(0, QUOTED);
  const text = `${new URL(url).host} answered ${statusCode}${quoted ? `: ${quoted}` : '.'}`;
  if (statusCode === 410) return new AppError('remote.refused', text, { retryable: false });
  const waits = [429, 502, 503, 504].includes(statusCode);
  const retryAfterMs = waits && retryAfter !== undefined ? parseRetryAfter(retryAfter, now) : null;
  const code = statusCode === 429 ? 'rate.limited' : 'remote.unavailable';
  if (retryAfterMs === null)
    return new AppError(code, text, { retryable: true, neverArrived: statusCode === 429 });
  return new AppError(code, text, { retryable: true, retryAfterMs, neverArrived: true });
}

/** An endpoint may answer with what it knows; its secrets are not repeated, with or without their prefix. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (clean, secret) =>
      clean.replaceAll(secret, '«secret»').replaceAll(secret.replace(/^whsec_/, ''), '«secret»'),
    text,
  );
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), in milliseconds from now, at most a day; null when it is neither. */
export function parseRetryAfter(value: string, now: Date): number | null {
  const text = value.trim();
  const waitMs = /^\d+$/.test(text)
    ? Number(text) * 1_000
    : (/GMT$/.test(text) ? Date.parse(text) : Number.NaN) - now.getTime();
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), LONGEST_WAIT_MS);
}
