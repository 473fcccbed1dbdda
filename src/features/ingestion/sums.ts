// The sums of a batch: what its facts add to each rollup, and how a rollup takes them in, always in one order.

import type { RollupValue, StreamRollup } from '../../../models/stream-rollup.ts';
import { streamRollupId } from '../../../models/stream-rollup.ts';
import type { FactData, Stream } from '../../core/stream.ts';
import { QUARTERS_A_DAY } from './days.ts';
import { groupedValue, groupingsOf, measuresOf } from './stream-values.ts';

/** One fact as it counts: 1 for what it says, −1 for what it replaces. */
export interface Count {
  readonly sign: 1 | -1;
  readonly bucket: number;
  readonly data: FactData;
}

/** For each value the sums of its quarters. */
type Sums = Map<string, Map<number, number[]>>;

export interface RollupDelta {
  readonly grouping: string;
  readonly day: number;
  readonly values: Sums;
}

/** What these facts add to each rollup of the stream, by the rollup's id. */
export function rollupDeltas(
  tenant: string,
  stream: Stream,
  counts: readonly Count[],
): Map<string, RollupDelta> {
  const deltas = new Map<string, RollupDelta>();
  const groupings = groupingsOf(stream).map((dimensions) => ({ dimensions, name: dimensions.join(',') }));
  for (const { sign, bucket, data } of counts) {
    const day = Math.floor(bucket / QUARTERS_A_DAY);
    const sums = measuresOf(stream, data);
    for (const { dimensions, name } of groupings) {
      const id = streamRollupId(tenant, stream.name, name, day);
      let delta = deltas.get(id);
      if (!delta) {
        delta = { grouping: name, day, values: new Map() };
        deltas.set(id, delta);
      }
      addCell(delta.values, groupedValue(data, dimensions), bucket - day * QUARTERS_A_DAY, sums, sign);
    }
  }
  return deltas;
}

function addCell(sums: Sums, value: string, slot: number, amounts: readonly number[], sign: 1 | -1): void {
  let slots = sums.get(value);
  if (!slots) {
    slots = new Map();
    sums.set(value, slots);
  }
  const cell = slots.get(slot);
  if (!cell)
    slots.set(
      slot,
      amounts.map((amount) => sign * amount),
    );
  else for (const [place, amount] of amounts.entries()) cell[place] = (cell[place] ?? 0) + sign * amount;
}

/** The values of a rollup with a delta added: sorted, without what came to nothing, so that equal sums are equal lists. */
export function addedTo(
  values: readonly RollupValue[],
  delta: RollupDelta['values'],
  measures: number,
): RollupValue[] {
  const rest = new Map(delta);
  const kept = values.map(({ value, cells }) => {
    const slots = rest.get(value);
    rest.delete(value);
    return slots ? { value, cells: mergedCells(cells, slots, measures) } : { value, cells };
  });
  const fresh = [...rest].map(([value, slots]) => ({ value, cells: mergedCells([], slots, measures) }));
  return [...kept, ...fresh]
    .filter(({ cells }) => cells.length > 0)
    .sort((a, b) => (a.value < b.value ? -1 : 1));
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
    sums.set(slot, more ? here.map((amount, place) => amount + (more[place] ?? 0)) : here);
  }
  return [...sums]
    .filter(([, amounts]) => amounts.some((amount) => amount !== 0))
    .sort(([a], [b]) => a - b)
    .flatMap(([slot, amounts]) => [slot, ...amounts.map((amount) => amount + 0)]);
}

/** A rollup that holds nothing yet. */
export function emptyRollup(stream: string, { grouping, day }: Pick<RollupDelta, 'grouping' | 'day'>) {
  return { stream, grouping, day, lastBatch: 0, values: [] } satisfies Partial<StreamRollup>;
}
