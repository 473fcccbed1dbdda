// Which days a unit had facts on, and what a change of them means for the counts of those days.

import type { Stream } from '../../core/stream.ts';
import { unitOf } from './stream-values.ts';
import type { Count } from './sums.ts';

/** How many facts come to, or leave, each day of one unit. */
export interface UnitDelta {
  readonly unit: string;
  readonly value: string;
  readonly days: Map<number, number>;
}

/** By unit and value, what these facts add to its days. */
export function unitDeltas(
  stream: Stream,
  counts: readonly Count[],
  dayOf: (bucket: number) => number,
  idOf: (unit: string, value: string) => string,
): Map<string, UnitDelta> {
  const deltas = new Map<string, UnitDelta>();
  for (const { sign, bucket, data } of counts) {
    const day = dayOf(bucket);
    for (const unit of stream.units) {
      const value = unitOf(unit, data);
      if (value === null) continue;
      const id = idOf(unit.name, value);
      const delta = deltas.get(id) ?? { unit: unit.name, value, days: new Map<number, number>() };
      deltas.set(id, delta);
      delta.days.set(day, (delta.days.get(day) ?? 0) + sign);
    }
  }
  return deltas;
}

/** The flat list of days with a delta added: in order, without days that came to nothing. */
export function daysWith(days: readonly number[], delta: ReadonlyMap<number, number>): number[] {
  const counts = new Map<number, number>(pairsOf(days));
  for (const [day, more] of delta) counts.set(day, (counts.get(day) ?? 0) + more);
  return [...counts]
    .filter(([, count]) => count !== 0)
    .sort(([a], [b]) => a - b)
    .flat();
}

/**
 * What going from one list of days to another changes in the counts of days: day, gap, by how many, and so on. A unit
 * is counted on each of its days once, under the gap to its day before (0 for its first).
 */
export function gapChanges(before: readonly number[], after: readonly number[]): number[] {
  const changes = new Map<string, readonly [day: number, gap: number, by: number]>();
  const add = (days: readonly number[], by: 1 | -1): void => {
    let last: number | undefined;
    for (const [day, count] of pairsOf(days)) {
      if (count <= 0) continue;
      const gap = last === undefined ? 0 : day - last;
      const known = changes.get(`${day}:${gap}`);
      changes.set(`${day}:${gap}`, [day, gap, (known?.[2] ?? 0) + by]);
      last = day;
    }
  };
  add(before, -1);
  add(after, 1);
  return [...changes.values()].filter(([, , by]) => by !== 0).flat();
}

/** For each day the gaps that change, out of the changes of many units. */
export function activityDeltas(changes: Iterable<readonly number[]>): Map<number, Map<number, number>> {
  const days = new Map<number, Map<number, number>>();
  for (const flat of changes) {
    for (let at = 0; at + 2 < flat.length; at += 3) {
      const [day = 0, gap = 0, by = 0] = flat.slice(at, at + 3);
      const gaps = days.get(day) ?? new Map<number, number>();
      days.set(day, gaps.set(gap, (gaps.get(gap) ?? 0) + by));
    }
  }
  return days;
}

export function* pairsOf(flat: readonly number[]): Generator<readonly [number, number]> {
  for (let at = 0; at + 1 < flat.length; at += 2) yield [flat[at] ?? 0, flat[at + 1] ?? 0];
}
