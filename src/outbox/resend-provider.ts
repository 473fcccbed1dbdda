// Hands mails to Resend, and says what each of its answers means for trying again.
import { type ErrorResponse, Resend } from 'resend';
import type { Clock } from '../core/clock.ts';
import { AppError, type AppErrorDetails } from '../core/errors.ts';
import { createScrubber } from '../core/scrub.ts';
import type { MailProvider, ReadyMail } from './mail-provider.ts';
import { parseRetryAfter } from './signed-post.ts';

const HOUR_MS = 3_600_000;
const BUSY_MS = 1_000;
const BUSY = 'Resend takes no more mails for the moment.';
/** Under five a second for each account. Source: resend.com/docs/api-reference/rate-limit. */
const SPACING_MS = 220;
/** Turn and request together must end before the outbox takes the attempt for lost. */
const LONGEST_TURN_MS = 5_000;

/** What Resend says when the fault is in its settings and not in the mail: mended without touching the mail. */
const settings: Readonly<Record<string, string>> = {
  missing_api_key: 'Resend got no key. Set RESEND_API_KEY.',
  invalid_api_key: 'Resend does not know the key in RESEND_API_KEY.',
  restricted_api_key: 'Resend does not let the key in RESEND_API_KEY send.',
  suspended_api_key: 'Resend has suspended the key in RESEND_API_KEY.',
};

/**
 * @param options.url where the API is, such as `https://api.resend.com`.
 * @param options.timeoutMs for the whole of one request; 10 s unless told.
 * @param options.spacingMs between two requests of this process.
 */
export function createResendProvider(options: {
  readonly apiKey: string;
  readonly from: string;
  readonly url: string;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly spacingMs?: number;
}): MailProvider {
  const { apiKey, from, url, clock, timeoutMs = 10_000, spacingMs = SPACING_MS } = options;
  const resend = new Resend(apiKey, { baseUrl: url.replace(/\/+$/, ''), userAgent: 'wardroom/1' });
  const scrub = createScrubber([apiKey]);
  let freeAtMs = 0;

  /** Its limit counts for all mails of the account: each waits for its turn here, and loses no attempt to the limit. */
  async function turn(): Promise<void> {
    const nowMs = clock.now().getTime();
    const atMs = Math.max(nowMs, freeAtMs);
    if (atMs - nowMs > LONGEST_TURN_MS)
      throw new AppError('rate.limited', BUSY, { retryAfterMs: atMs - nowMs, retryable: true });
    freeAtMs = atMs + spacingMs;
    if (atMs > nowMs) await clock.sleep(atMs - nowMs);
  }

  async function send(mail: ReadyMail): Promise<string | null> {
    await turn();
    const { key, tags, headers, ...parts } = mail;
    const {
      data,
      error,
      headers: told,
    } = await resend.emails.send(
      {
        ...parts,
        headers: { ...headers },
        tags: Object.entries(tags).map(([name, value]) => ({ name, value })),
      },
      { idempotencyKey: key, signal: AbortSignal.timeout(timeoutMs) },
    );
    if (data && typeof data.id === 'string') return data.id;
    if (error?.name === 'invalid_idempotent_request') return null;
    const failure = failureOf(error, told?.['retry-after'], { now: clock.now(), scrub });
    if (failure.code === 'rate.limited')
      freeAtMs = Math.max(freeAtMs, clock.now().getTime() + (failure.retryAfterMs ?? 0));
    throw failure;
  }

  return { name: 'resend', from, send };
}

/**
 * What a refusal means. Source: resend.com/docs/api-reference/errors. The answer may come from something in between,
 * so nothing of its shape is taken for granted.
 */
function failureOf(
  error: Partial<ErrorResponse> | null,
  retryAfter: string | undefined,
  { now, scrub }: { readonly now: Date; readonly scrub: (text: string) => string },
): AppError {
  const name = typeof error?.name === 'string' ? error.name : '';
  const status = typeof error?.statusCode === 'number' ? error.statusCode : null;
  const said = typeof error?.message === 'string' ? scrub(error.message).slice(0, 300) : '';
  const asked = retryAfter === undefined ? null : parseRetryAfter(retryAfter, now);
  const again = (text: string, details: AppErrorDetails = {}): AppError =>
    new AppError('remote.unavailable', text, { retryable: true, ...wait(asked), ...details });

  const mend = settings[name];
  if (mend !== undefined) return again(mend, { neverArrived: true });
  if (name === 'daily_quota_exceeded')
    return again('Resend’s quota for the day is used up; it sends on when the day has passed.', {
      neverArrived: true,
      retryAfterMs: Math.max(asked ?? 0, HOUR_MS),
    });
  if (name === 'monthly_quota_exceeded')
    return new AppError(
      'remote.refused',
      'Resend’s quota for the month is used up. Raise the plan, then send the dead letters again: outbox retry',
      { retryable: false },
    );
  if (name === 'rate_limit_exceeded' || status === 429)
    return new AppError('rate.limited', BUSY, {
      retryable: true,
      retryAfterMs: asked ?? BUSY_MS,
    });
  if (name === 'concurrent_idempotent_requests')
    return again('Resend is still busy with an earlier attempt at this mail.');
  if (status !== null && status >= 400 && status < 500)
    return new AppError('remote.refused', `Resend refused this mail (${name || status}): ${said}`, {
      retryable: false,
    });
  return again(status === null ? 'Resend could not be reached.' : `Resend answered ${status}: ${said}`);
}

const wait = (retryAfterMs: number | null): AppErrorDetails =>
  retryAfterMs === null ? {} : { retryAfterMs };
