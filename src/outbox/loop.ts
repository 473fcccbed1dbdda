// A loop that works when nudged and at least at every poll, survives a failed round, and stops between rounds.
import type { Clock } from '../core/clock.ts';
import { outsideTenants } from '../core/tenant.ts';

export interface Loop {
  start(): void;
  nudge(): void;
  /** Resolves when the round in hand is over. */
  stop(): Promise<void>;
}

/** After a failed round the loop waits this much longer, so that a database that is down is not pressed. */
const AFTER_FAILURE_MS = 1_000;

export function createLoop(options: {
  readonly round: () => Promise<void>;
  readonly failed: (thrown: unknown) => void;
  readonly pollMs: number;
  readonly clock: Clock;
}): Loop {
  const { round, failed, pollMs, clock } = options;
  let running: Promise<void> | null = null;
  let stopping = false;
  let nudged = false;
  let rest = new AbortController();

  async function run(): Promise<void> {
    while (!stopping) {
      nudged = false;
      const waitMs = await round().then(
        () => pollMs,
        (thrown: unknown) => {
          failed(thrown);
          return pollMs + AFTER_FAILURE_MS;
        },
      );
      if (nudged || stopping) continue;
      rest = new AbortController();
      await clock.sleep(waitMs, rest.signal);
    }
  }

  return {
    start: () => {
      stopping = false;
      running ??= outsideTenants(run);
    },
    nudge: () => {
      if (nudged) return;
      nudged = true;
      rest.abort();
    },
    stop: async () => {
      stopping = true;
      rest.abort();
      await running;
      running = null;
    },
  };
}
