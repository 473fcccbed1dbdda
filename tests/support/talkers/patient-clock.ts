// The stepping clock for tests with a real network: while calls are under way no time limit runs out.
import { createSteppingClock, type SteppingClock } from '../stepping-clock.ts';

const TIME_LIMIT_MS = 10_000;

/** Short waits take no time; long ones are time limits, which end with what they limit. */
export function createPatientClock(): SteppingClock {
  const clock = createSteppingClock();
  return {
    ...clock,
    sleep: (durationMs, signal) =>
      durationMs < TIME_LIMIT_MS
        ? clock.sleep(durationMs, signal)
        : new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
  };
}
