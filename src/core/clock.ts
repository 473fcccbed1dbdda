// The clock port: the only file that reads the machine's time.

export interface Clock {
  /** The present instant. */
  now(): Date;
  /** Milliseconds on a clock that never jumps: for measuring durations only. */
  monotonicMs(): number;
  /** Resolves after that many milliseconds, or at once when the signal aborts; never rejects. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (durationMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, durationMs);
      signal?.addEventListener('abort', done, { once: true });
    }),
};
