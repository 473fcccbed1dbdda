// Lets work that can wait begin only while the event loop keeps up, so that whoever waits for an answer gets it in time.
import type { Clock } from './clock.ts';

/** Resolves when the next piece of work may begin; pieces begin in the order in which they asked. */
export type Breather = () => Promise<void>;

/** A turn of the event loop this long means that everything which came in waited as long, at each of its steps. */
const LONG_TURN_MS = 4;
/** Nothing waits longer than this behind the one before it: in a flood work goes slowly, but it goes. */
const LONGEST_WAIT_MS = 100;

/** Work of no platform needs to hold back. */
export const unhindered: Breather = () => Promise.resolve();

const LOOK_AGAIN_MS = 5;

/** @param turn resolves when the event loop has gone round once. */
export function createBreather(
  clock: Pick<Clock, 'monotonicMs' | 'sleep'>,
  turn: () => Promise<void> = () => new Promise((resolve) => setImmediate(resolve)),
): Breather {
  const waiting: (() => void)[] = [];
  let isLetting = false;

  async function breath(): Promise<void> {
    const latestMs = clock.monotonicMs() + LONGEST_WAIT_MS;
    for (;;) {
      const fromMs = clock.monotonicMs();
      await turn();
      const nowMs = clock.monotonicMs();
      if (nowMs - fromMs < LONG_TURN_MS || nowMs >= latestMs) return;
      await clock.sleep(LOOK_AGAIN_MS);
    }
  }

  async function letAll(): Promise<void> {
    isLetting = true;
    while (waiting.length > 0) {
      await breath();
      waiting.shift()?.();
    }
    isLetting = false;
  }

  return () =>
    new Promise((begin) => {
      waiting.push(begin);
      if (!isLetting) void letAll();
    });
}
