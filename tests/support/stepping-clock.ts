// A clock for tests: time stands still but for a millisecond at each look, and sleeping takes no time at all.
import type { Clock } from '../../src/core/clock.ts';

export interface SteppingClock extends Clock {
  /** Moves time on. */
  pass(durationMs: number): void;
}

export function createSteppingClock(start = '2026-11-21T09:00:00.000Z'): SteppingClock {
  let nowMs = Date.parse(start);
  return {
    now: () => {
      nowMs += 1;
      return new Date(nowMs);
    },
    monotonicMs: () => nowMs,
    pass: (durationMs) => {
      nowMs += durationMs;
    },
    sleep: async (durationMs, signal) => {
      if (signal?.aborted) return;
      nowMs += durationMs;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
