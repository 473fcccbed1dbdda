// What a failed attempt means: whether to try again, when, and whether the message may have arrived all the same.
import { type AppError, toAppError } from '../core/errors.ts';
import type { Random } from './types.ts';

export interface Failure {
  /** For people: why it failed. */
  readonly text: string;
  readonly retryable: boolean;
  /** False when the other side certainly did not take it. */
  readonly mayHaveArrived: boolean;
  readonly retryAfterMs?: number;
}

const JITTER = 0.1;

/** What a channel threw, as a failure. Something other than an AppError is a fault of the channel: no retry mends it. */
export function failureOf(thrown: unknown): Failure & { readonly error: AppError } {
  const error = toAppError(thrown);
  const { retryable, retryAfterMs, publicMessage: text } = error;
  const refused = !retryable && error.kind !== 'bug';
  const failure = { error, text, retryable, mayHaveArrived: !refused && !error.neverArrived };
  return retryAfterMs === undefined ? failure : { ...failure, retryAfterMs };
}

/**
 * When to try again after `failures` attempts without success, or null when that was the last. Our own delays are
 * spread by ±10 %; what the other side asked for is never undercut. The longer of both counts, since ten quick
 * “try again in a second” would otherwise use up all attempts within ten seconds.
 */
export function nextAttemptAt(options: {
  readonly failure: Failure;
  readonly failures: number;
  readonly delaysMs: readonly number[];
  readonly now: Date;
  readonly random: Random;
}): Date | null {
  const { failure, failures, delaysMs, now, random } = options;
  const delayMs = delaysMs[failures - 1];
  if (!failure.retryable || delayMs === undefined) return null;
  const ownMs = delayMs * (1 - JITTER + 2 * JITTER * random());
  const askedMs = (failure.retryAfterMs ?? 0) * (1 + JITTER * random());
  const waitMs = Math.max(ownMs, askedMs);
  return new Date(now.getTime() + Math.round(waitMs));
}
