// Works a metric's value out over any stretch of time, reading each sum from the rollups once.
import type { RollupCell, RollupReader } from '../../core/rollups.ts';
import { daysOf, lastDays, type Stretch, upToNow } from './days.ts';
import type { Distinct, Expression, Split, Where } from './definition.ts';

export interface Frame {
  readonly rollups: RollupReader;
  readonly tenant: string;
  readonly zone: string;
  readonly now: Date;
  /** Everything that will be asked lies in here; levels also need all that was before. */
  readonly window: Stretch;
  /** Only whole days of the zone will be asked for, and the day that now is in up to now. */
  readonly byDays: boolean;
  /** A dimension to split by. */
  readonly by?: string;
}

interface Leaf {
  readonly stream: string;
  readonly measure: string;
  readonly where?: Where;
}

/** Nothing is counted before it, so that levels have somewhere to start. */
const FIRST = new Date('2000-01-01T00:00:00Z');
const QUARTER_HOUR_MS = 15 * 60_000;

/** Answers the value of an expression over a stretch; what it has read it keeps. */
export type Evaluator = (of: Expression, stretch: Stretch) => Promise<Split>;

export function createEvaluator(frame: Frame): Evaluator {
  const { rollups, tenant, zone, by, window } = frame;
  const known = new Map<string, Promise<Totals>>();

  function read({ stream, measure, where }: Leaf, { from, to }: Stretch, byDays: boolean) {
    return rollups.read(tenant, {
      ...{ stream, measure, from, to: quarterAfter(to) },
      ...(where ? { where } : {}),
      ...(by === undefined ? {} : { by }),
      ...(byDays ? { daysIn: zone } : {}),
    });
  }

  function once(key: string, load: () => Promise<readonly RollupCell[]>): Promise<Totals> {
    const sums = known.get(key) ?? load().then(totals);
    known.set(key, sums);
    return sums;
  }

  function sumsOf(leaf: Leaf): Promise<Totals> {
    return once(keyOf('sum', leaf), () => read(leaf, window, frame.byDays));
  }

  function levelsOf(leaf: Leaf): Promise<Totals> {
    return once(keyOf('level', leaf), async () => {
      const before = read(leaf, { from: FIRST, to: window.from }, true);
      return (await Promise.all([before, read(leaf, window, frame.byDays)])).flat();
    });
  }

  async function evaluate(of: Expression, stretch: Stretch): Promise<Split> {
    switch (of.kind) {
      case 'sum':
        return between(await sumsOf(of), stretch.from, stretch.to);
      case 'level':
        return between(await levelsOf(of), FIRST, of.at === 'start' ? stretch.from : stretch.to);
      case 'distinct':
        return new Map([['', await countOf(of, upToNow(stretch, frame.now))]]);
      case 'eachDay':
        return eachOf(of.of, daysOf(upToNow(stretch, frame.now), zone));
      case 'read':
        return of.read({ ...asked(frame), ...stretch });
      case 'plus':
        return joined(await Promise.all(of.terms.map((term) => evaluate(term, stretch))), added);
      case 'times':
        return mapped(await evaluate(of.of, stretch), (value) => value * of.factor);
      case 'atLeast':
        return mapped(await evaluate(of.of, stretch), (value) => Math.max(of.least, value));
      case 'over':
        return joined(await Promise.all([evaluate(of.top, stretch), evaluate(of.bottom, stretch)]), divided);
    }
  }

  async function eachOf(of: Expression, days: readonly Stretch[]): Promise<Split> {
    return joinedKnown(await Promise.all(days.map((day) => evaluate(of, day))));
  }

  const counts = new Map<string, Promise<number>>();

  async function countOf({ days, daily, ...of }: Distinct, stretch: Stretch): Promise<number> {
    const whole = days === undefined ? stretch : lastDays(days, stretch, zone);
    if (!daily) return countOnce(of, whole);
    const each = await Promise.all(daysOf(whole, zone).map((day) => countOnce(of, day)));
    return each.reduce((sum, count) => sum + count, 0);
  }

  /** Lines of trailing days ask for the same days again and again. */
  function countOnce(of: Omit<Distinct, 'days' | 'daily'>, { from, to }: Stretch): Promise<number> {
    const key = JSON.stringify([of, from, to]);
    const { stream, unit, where } = of;
    const count =
      counts.get(key) ??
      rollups.distinct(tenant, { stream, unit, from, to, zone, ...(where ? { where } : {}) });
    counts.set(key, count);
    return count;
  }

  return evaluate;
}

const keyOf = (kind: string, { stream, measure, where }: Leaf): string =>
  JSON.stringify([kind, stream, measure, where]);

function asked({ tenant, now, zone, by }: Frame) {
  return { tenant, now, zone, ...(by === undefined ? {} : { by }) };
}

/** For each value of the dimension its cells in order of time, each with the sum up to and with it. */
type Totals = ReadonlyMap<
  string,
  { readonly starts: readonly number[]; readonly running: readonly number[] }
>;

function totals(cells: readonly RollupCell[]): Totals {
  const byValue = new Map<string, { starts: number[]; running: number[] }>();
  for (const { start, value, total } of cells) {
    const known = byValue.get(value) ?? { starts: [], running: [] };
    known.starts.push(start.getTime());
    known.running.push((known.running.at(-1) ?? 0) + total);
    byValue.set(value, known);
  }
  return byValue;
}

/** What each value adds up to; in all it is 0 where nothing happened. */
function between(of: Totals, from: Date, to: Date): Split {
  const values = [...of].map(([value, { starts, running }]) => {
    const upTo = (at: Date): number => running[firstFrom(starts, at.getTime()) - 1] ?? 0;
    return [value, upTo(to) - upTo(from)] as const;
  });
  return new Map(values.length > 0 ? values : [['', 0]]);
}

/** The place of the first start that is not before the instant. */
function firstFrom(starts: readonly number[], instant: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mapped(split: Split, change: (value: number) => number): Split {
  return new Map([...split].map(([value, number]) => [value, number === null ? null : change(number)]));
}

/** A value that one side lacks is 0 there. */
function joined(
  parts: readonly Split[],
  join: (numbers: readonly (number | null)[]) => number | null,
): Split {
  const values = new Set(parts.flatMap((part) => [...part.keys()]));
  return new Map(
    [...values].map((value) => [
      value,
      join(parts.map((part) => (part.has(value) ? (part.get(value) ?? null) : 0))),
    ]),
  );
}

/** The sum of what is known of each value; without one where nothing is. */
function joinedKnown(parts: readonly Split[]): Split {
  const sums = new Map<string, number | null>([['', null]]);
  for (const [value, number] of parts.flatMap((part) => [...part])) {
    const known = sums.get(value) ?? null;
    sums.set(value, number === null ? known : (known ?? 0) + number);
  }
  return sums;
}

function added(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((sum, number) => (sum === null || number === null ? null : sum + number), 0);
}

function divided([top, bottom]: readonly (number | null)[]): number | null {
  return typeof top === 'number' && typeof bottom === 'number' && bottom !== 0 ? top / bottom : null;
}

function quarterAfter(at: Date): Date {
  return new Date(Math.ceil(at.getTime() / QUARTER_HOUR_MS) * QUARTER_HOUR_MS);
}
