// The pace of the whole bot: Telegram takes about thirty messages a second from it, over all chats.
import type { Clock } from '../../src/core/clock.ts';

const MOST_IN_SPAN = 25;
const SPAN_MS = 1_000;

/** Resolves when one more message may go out. */
export function createPace(clock: Clock): () => Promise<void> {
  const times: number[] = [];
  return async () => {
    for (;;) {
      const nowMs = clock.monotonicMs();
      while ((times[0] ?? nowMs) <= nowMs - SPAN_MS) times.shift();
      if (times.length < MOST_IN_SPAN) {
        times.push(nowMs);
        return;
      }
      await clock.sleep(Math.max((times[0] ?? nowMs) + SPAN_MS - nowMs, 1));
    }
  };
}
