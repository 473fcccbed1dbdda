// Lets work that can wait begin only while the event loop keeps up, so that whoever waits for an answer gets it in time.
import type { Clock } from './clock.ts';

export interface Breather {
  /** Resolves when the next piece of work may begin; pieces begin in the order in which they asked. */
  (): Promise<void>;
  /** Says that something came in which is waiting for its acknowledgement. */
  readonly arrived: () => void;
}

/** A turn of the event loop this long means that everything which came in waited as long, at each of its steps. */
const LONG_TURN_MS = 3;
const LOOK_AGAIN_MS = 5;
/** Nothing waits longer than this behind the one before it: in a flood work goes slowly, but it goes. */
const LONGEST_WAIT_MS = 100;
/** While things come in one upon the other, pieces begin so far apart: what one costs shows only after it has begun. */
const APART_MS = 5;
const THICK_MS = 20;

/** Holds nothing back. */
export const unhindered: Breather = Object.assign(() => Promise.resolve(), { arrived: () => undefined });

/** @param turn resolves when the event loop has gone round once. */
export function createBreather(
  clock: Pick<Clock, 'monotonicMs' | 'sleep'>,
  turn: () => Promise<void> = () => new Promise((resolve) => setImmediate(resolve)),
): Breather {
  const waiting: (() => void)[] = [];
  let isLetting = false;
  let arrivedMs = Number.NEGATIVE_INFINITY;

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
      if (clock.monotonicMs() - arrivedMs < THICK_MS) await clock.sleep(APART_MS);
    }
    isLetting = false;
  }

  const breathe = (): Promise<void> =>
    new Promise((begin) => {
      waiting.push(begin);
      if (!isLetting) void letAll();
    });
  const arrived = (): void => {
    arrivedMs = clock.monotonicMs();
  };
  return Object.assign(breathe, { arrived });
}
