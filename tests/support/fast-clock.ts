// A clock that runs faster than the machine's: waits are real, and over sooner.
import type { Clock } from '../../src/core/clock.ts';

/** @param speed seconds of this clock in one of the machine's. */
export function createFastClock(speed: number, start = '2026-11-21T09:00:00.000Z'): Clock {
  const beginMs = performance.now();
  const startMs = Date.parse(start);
  const passedMs = (): number => (performance.now() - beginMs) * speed;
  return {
    now: () => new Date(startMs + passedMs()),
    monotonicMs: passedMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, durationMs / speed);
        signal?.addEventListener('abort', done, { once: true });
      }),
  };
}
