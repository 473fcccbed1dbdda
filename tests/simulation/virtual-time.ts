// Virtual time: events in the order of their instants, each followed by all that it sets off, and chance from a seed.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Chance {
  /** From 0 (inclusive) to 1 (exclusive). */
  fraction(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** True with that probability. */
  happens(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

export function chanceOf(seed: number): Chance {
  const source = xoroshiro128plus(seed);
  const fraction = (): number => uniformFloat64(source);
  const between = (least: number, most: number): number => uniformInt(source, least, most);
  return {
    fraction,
    between,
    happens: (probability) => fraction() < probability,
    pick: (choices) => {
      const chosen = choices[between(0, choices.length - 1)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
  };
}

export interface VirtualTime {
  nowMs(): number;
  /** Calls back after that long; returns how to call it off. */
  after(delayMs: number, event: () => void): () => void;
  /** Lets time pass until then, event by event. */
  runUntil(atMs: number): Promise<void>;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export function createVirtualTime(startMs: number): VirtualTime {
  const events: Event[] = [];
  let nowMs = startMs;
  let order = 0;

  function insert(event: Event): void {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = events[middle];
      if (other && (other.atMs < event.atMs || (other.atMs === event.atMs && other.order < event.order)))
        low = middle + 1;
      else high = middle;
    }
    events.splice(low, 0, event);
  }

  return {
    nowMs: () => nowMs,
    after: (delayMs, run) => {
      order += 1;
      const event = { atMs: nowMs + Math.max(0, delayMs), order, run };
      insert(event);
      return () => {
        const at = events.indexOf(event);
        if (at >= 0) events.splice(at, 1);
      };
    },
    runUntil: async (atMs) => {
      for (let next = events[0]; next && next.atMs <= atMs; next = events[0]) {
        events.shift();
        nowMs = next.atMs;
        next.run();
        await settled();
      }
      nowMs = Math.max(nowMs, atMs);
    },
  };
}

/** Everything that the last event set off without waiting for time has run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
