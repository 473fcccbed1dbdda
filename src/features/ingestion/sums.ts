// The sums of a batch: what its facts add to each rollup, and how a rollup takes them in, always in one order.
import { type RollupSpan, slotsOf, streamRollupId } from '../../../models/stream-rollup.ts';
import type { FactData, Stream } from '../../core/stream.ts';
import { groupedValue, groupingsOf, measuresOf } from './stream-values.ts';

/** One fact as it counts: 1 for what it says, −1 for what it replaces. */
export interface Count {
  readonly sign: 1 | -1;
  readonly bucket: number;
  readonly data: FactData;
}

/** For each value the sums of its slots. */
export type Sums = Map<string, Map<number, number[]>>;

/** A rollup's sums as they are stored: values in order, each with a flat list of slot and sums. */
export type ValueCells = readonly [value: string, cells: readonly number[]];

export interface RollupDelta {
  readonly grouping: string;
  readonly span: RollupSpan;
  readonly block: number;
  readonly values: Sums;
}

/** What these facts add to each rollup of the stream, by the rollup's id. */
export function rollupDeltas(
  tenant: string,
  stream: Stream,
  counts: readonly Count[],
  dayOf: (bucket: number) => number,
): Map<string, RollupDelta> {
  const groupings = groupingsOf(stream).map((dimensions) => ({
    dimensions,
    name: dimensions.join(','),
    blocks: { quarter: new Map<number, RollupDelta>(), day: new Map<number, RollupDelta>() },
  }));
  for (const { sign, bucket, data } of counts) {
    const places = { quarter: bucket, day: dayOf(bucket) };
    const amounts = measuresOf(stream, data).map((amount) => sign * amount);
    for (const { dimensions, name, blocks } of groupings) {
      const value = groupedValue(data, dimensions);
      for (const span of ['quarter', 'day'] as const) {
        const block = Math.floor(places[span] / slotsOf[span]);
        const delta = blocks[span].get(block) ?? { grouping: name, span, block, values: new Map() };
        blocks[span].set(block, delta);
        addCell(delta.values, value, places[span] - block * slotsOf[span], amounts);
      }
    }
  }
  const all = groupings.flatMap(({ blocks }) => [...blocks.quarter.values(), ...blocks.day.values()]);
  return new Map(
    all.map((delta) => {
      const id = streamRollupId(tenant, stream.name, delta.grouping, delta.span, delta.block);
      return [id, delta];
    }),
  );
}

function addCell(sums: Sums, value: string, slot: number, amounts: readonly number[]): void {
  let slots = sums.get(value);
  if (!slots) {
    slots = new Map();
    sums.set(value, slots);
  }
  const cell = slots.get(slot);
  if (!cell) slots.set(slot, [...amounts]);
  else for (let place = 0; place < amounts.length; place += 1) cell[place] = sum(cell[place], amounts[place]);
}

/** Sums as they are stored with a delta added. What came to nothing is left out: equal sums are equal texts. */
export function addedTo(stored: string, delta: Sums, measures: number): string {
  const rest = new Map(delta);
  const kept = cellsIn(stored).map(([value, cells]): ValueCells => {
    const slots = rest.get(value);
    rest.delete(value);
    return slots ? [value, mergedCells(cells, slots, measures)] : [value, cells];
  });
  const fresh = [...rest].map(([value, slots]): ValueCells => [value, mergedCells([], slots, measures)]);
  const all = [...kept, ...fresh].filter(([, cells]) => cells.length > 0);
  return JSON.stringify(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const NO_SUMS = '[]';

/** @throws SyntaxError for what this file did not write. */
export function cellsIn(stored: string): readonly ValueCells[] {
  const parsed: readonly ValueCells[] = JSON.parse(stored);
  return parsed;
}

function mergedCells(
  cells: readonly number[],
  slots: ReadonlyMap<number, readonly number[]>,
  measures: number,
): number[] {
  const sums = new Map(slots);
  for (let at = 0; at < cells.length; at += measures + 1) {
    const slot = cells[at] ?? 0;
    const more = sums.get(slot);
    const here = cells.slice(at + 1, at + 1 + measures);
    sums.set(slot, more ? here.map((amount, place) => sum(amount, more[place])) : here);
  }
  return [...sums]
    .filter(([, amounts]) => amounts.some((amount) => amount !== 0))
    .sort(([a], [b]) => a - b)
    .flatMap(([slot, amounts]) => [slot, ...amounts]);
}

const sum = (a = 0, b = 0): number => a + b;
