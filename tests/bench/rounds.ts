/** Speeds measured in turns, so that what else the machine does falls on all that is compared alike. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { median } from './figures.ts';

export const ROUNDS = 44;
const WARM_UP_ROUNDS = 4;
const RECORD = Buffer.alloc(200, 7);

/** `limit` gives the ratio value ÷ limit. */
type Held = { against: string } & ({ limit: number } | { ratio: number });
export type Report = (metric: string, value: number, unit: string, held: Held) => void;

/** What takes turns in a round: each gives its rate per second over one slice. */
type Subjects = {
  engine: () => Promise<number>;
  nothing: () => Promise<number>;
  append?: () => Promise<number>;
};

/**
 * Short slices take turns, in one order and then in the other, and each round is compared with itself:
 * what else the machine does falls on all subjects of a round alike. The first rounds warm up.
 */
export async function compare(
  metric: string,
  against: string,
  atLeast: number,
  report: Report,
  subjects: Subjects,
): Promise<void> {
  const names = Object.keys(subjects) as (keyof Subjects)[];
  const rounds: { engine: number; limit: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const rates = { engine: 0, nothing: 0, append: Number.POSITIVE_INFINITY };
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      rates[name] = (await subjects[name]?.()) ?? Number.POSITIVE_INFINITY;
    }
    rounds.push({ engine: rates.engine, limit: Math.min(rates.nothing, rates.append) });
  }
  const counted = rounds.slice(WARM_UP_ROUNDS);
  const limit = median(counted.map((round) => round.limit));
  report(metric, median(counted.map((round) => round.engine)), '1/s', {
    against: `${against} ${round(limit)}/s, at least ${atLeast} in the median round`,
    ratio: median(counted.map((round) => round.engine / round.limit)),
  });
}

/** Operations per second over about `ms`, with `atOnce` in flight. */
export async function rateOf(ms: number, atOnce: number, operation: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - startedMs < ms) {
      await operation();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return (done * 1000) / (performance.now() - startedMs);
}

/** Records per second appended raw, each batch of `atOnce` synced. */
export function appendRate(path: string, ms: number, atOnce: number): number {
  const file = openSync(path, 'a');
  const batch = Buffer.concat(Array.from({ length: atOnce }, () => RECORD));
  const startedMs = performance.now();
  let done = 0;
  while (performance.now() - startedMs < ms) {
    writeSync(file, batch);
    fdatasyncSync(file);
    done += atOnce;
  }
  closeSync(file);
  return (done * 1000) / (performance.now() - startedMs);
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
