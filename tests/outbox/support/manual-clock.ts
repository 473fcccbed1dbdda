// A clock that stands still until a test moves it; who sleeps wakes when its time has come.
import type { Clock } from '../../../src/core/clock.ts';

export interface ManualClock extends Clock {
  /** Moves on and wakes whoever slept until then. */
  advance(durationMs: number): void;
  /** How many sleep now. */
  sleepers(): number;
}

// Far ahead: the database's own expiry follows the real clock, and must take no row from under a test.
export function createManualClock(start = new Date('2096-03-05T09:00:00.000Z')): ManualClock {
  let nowMs = start.getTime();
  const sleeping = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = {
          until: nowMs + durationMs,
          wake: () => {
            sleeping.delete(sleeper);
            resolve();
          },
        };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    advance: (durationMs) => {
      nowMs += durationMs;
      for (const sleeper of [...sleeping]) if (sleeper.until <= nowMs) sleeper.wake();
    },
    sleepers: () => sleeping.size,
  };
}
