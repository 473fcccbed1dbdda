// Reads rollups for whoever shows numbers: sums by quarter of an hour, different units, and the facts behind them.
import type { StreamActivity } from '../../../models/stream-activity.ts';
import { streamActivityId } from '../../../models/stream-activity.ts';
import type { StreamRollup } from '../../../models/stream-rollup.ts';
import { streamRollupId } from '../../../models/stream-rollup.ts';
import { type StreamState, streamStateId } from '../../../models/stream-state.ts';
import { AppError } from '../../core/errors.ts';
import type { RollupCell, RollupQuery, RollupReader } from '../../core/rollups.ts';
import type { Records } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';
import { DAY_MS, dayIn, QUARTER_MS, QUARTERS_A_DAY } from './days.ts';
import { countDistinct, findRows, sumFacts } from './fact-scan.ts';
import type { FoldStores } from './fold.ts';
import { groupingsOf, splitValue } from './stream-values.ts';
import { type Streams, streamNamed } from './streams.ts';
import { pairsOf } from './unit-days.ts';

const IDS_AT_ONCE = 1_000;
/** Twenty-seven years of facts on every day. */
const MOST_DAYS = 10_000;

/** @see RollupReader. A split or a filter that no grouping keeps is added up from the facts: exact, and slower. */
export function createRollupReader(stores: FoldStores, streams: Streams): RollupReader {
  return {
    read: async (tenant, query) => {
      const stream = streamNamed(streams, query.stream);
      const place = placeOf(stream, query.measure);
      const grouping = groupingFor(stream, query);
      if (!grouping) return sumFacts(stores.facts.scoped(tenant), stream, place, query);
      const found = await daysIn(
        stores.rollups.scoped(tenant),
        tenant,
        stream.name,
        grouping.join(','),
        query,
      );
      return found
        .sort((a, b) => a.day - b.day)
        .flatMap((rollup) => cellsOf(rollup, grouping, query, place, stream.measures.length));
    },
    distinct: async (tenant, query) => {
      const stream = streamNamed(streams, query.stream);
      refuseUnit(stream, query.unit);
      const state = await stores.states.scoped(tenant).get(streamStateId(tenant, stream.name));
      if (!state) return 0;
      if (query.zone !== state.zone || Object.keys(query.where ?? {}).length > 0)
        return countDistinct(stores.facts.scoped(tenant), stream, query);
      return distinctIn(stores.activity.scoped(tenant), tenant, state, query);
    },
    rows: (tenant, query) => findRows(stores.facts.scoped(tenant), streamNamed(streams, query.stream), query),
    asOf: async (tenant, stream) => {
      const state = await stores.states.scoped(tenant).get(streamStateId(tenant, stream));
      return state?.foldedAt ?? null;
    },
  };
}

function placeOf(stream: Stream, measure: string): number {
  const place = stream.measures.findIndex(({ name }) => name === measure);
  if (place >= 0) return place;
  const known = stream.measures.map(({ name }) => name).join(', ');
  throw unknown('measure', measure, known);
}

function refuseUnit(stream: Stream, unit: string): void {
  if (stream.units.some(({ name }) => name === unit)) return;
  throw unknown('unit', unit, stream.units.map(({ name }) => name).join(', ') || 'none here');
}

function unknown(field: string, given: string, known: string): AppError {
  const problem = `“${given.slice(0, 60)}” is none of ${known}`;
  return new AppError('input.invalid', `${field}: ${problem}`, { fields: [{ field, problem }] });
}

/**
 * The grouping that keeps all that is asked for, or undefined where none does.
 * @throws AppError `input.invalid` for what is no dimension of the stream.
 */
function groupingFor(stream: Stream, { by, where = {} }: RollupQuery): readonly string[] | undefined {
  const asked = new Set([...(by === undefined ? [] : [by]), ...Object.keys(where)]);
  for (const dimension of asked) {
    if (!stream.dimensions.includes(dimension))
      throw unknown('dimension', dimension, stream.dimensions.join(', '));
  }
  return groupingsOf(stream).find(
    (grouping) => grouping.length === asked.size && grouping.every((dimension) => asked.has(dimension)),
  );
}

/** The rollups of the UTC days that a question touches: of a few by their ids, of many those that there are. */
async function daysIn(
  rollups: Records<StreamRollup>,
  tenant: string,
  stream: string,
  grouping: string,
  { from, to }: Pick<RollupQuery, 'from' | 'to'>,
): Promise<StreamRollup[]> {
  const first = Math.floor(from.getTime() / DAY_MS);
  const count = Math.max(0, Math.ceil(to.getTime() / DAY_MS) - first);
  if (count <= IDS_AT_ONCE) {
    const days = Array.from({ length: count }, (_, n) => first + n);
    return byIds(
      rollups,
      days.map((day) => streamRollupId(tenant, stream, grouping, day)),
    );
  }
  const found = await rollups.find({
    where: { stream, grouping, day: { gte: first, lt: first + count } },
    sort: [['day', 1]],
    limit: MOST_DAYS + 1,
  });
  if (found.length <= MOST_DAYS) return found;
  throw new AppError('input.invalid', `The range has facts on more than ${MOST_DAYS} days; ask for fewer.`);
}

function cellsOf(
  { day, values }: StreamRollup,
  grouping: readonly string[],
  { by, where = {}, from, to }: RollupQuery,
  place: number,
  measures: number,
): RollupCell[] {
  const base = day * QUARTERS_A_DAY;
  const first = Math.ceil(from.getTime() / QUARTER_MS) - base;
  const end = Math.ceil(to.getTime() / QUARTER_MS) - base;
  const cells: (RollupCell & { readonly slot: number })[] = [];
  for (const { value, cells: flat } of values) {
    const parts = splitValue(value);
    const isAsked = grouping.every(
      (dimension, at) => where[dimension] === undefined || where[dimension] === parts[at],
    );
    if (!isAsked) continue;
    const shown = by === undefined ? '' : (parts[grouping.indexOf(by)] ?? '');
    for (let at = 0; at < flat.length; at += measures + 1) {
      const slot = flat[at] ?? 0;
      if (slot < first || slot >= end) continue;
      const total = flat[at + 1 + place] ?? 0;
      cells.push({ start: new Date((base + slot) * QUARTER_MS), value: shown, total, slot });
    }
  }
  cells.sort((a, b) => a.slot - b.slot);
  return cells.map(({ start, value, total }) => ({ start, value, total }));
}

/** Each unit is counted on its first day within the range: there its gap is 0 or reaches back before the range. */
async function distinctIn(
  activity: Records<StreamActivity>,
  tenant: string,
  { stream, zone }: StreamState,
  { from, to, unit }: { readonly from: Date; readonly to: Date; readonly unit: string },
): Promise<number> {
  if (to <= from) return 0;
  const first = dayIn(zone, from);
  const last = dayIn(zone, new Date(to.getTime() - 1));
  const ids = Array.from({ length: last - first + 1 }, (_, n) =>
    streamActivityId(tenant, stream, unit, first + n),
  );
  const days = await byIds(activity, ids);
  let total = 0;
  for (const { day, gaps } of days) {
    for (const [gap, count] of pairsOf(gaps)) if (gap === 0 || gap > day - first) total += count;
  }
  return total;
}

async function byIds<T extends StreamRollup | StreamActivity>(
  records: Records<T>,
  ids: readonly string[],
): Promise<T[]> {
  const found: T[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    found.push(...(await records.find({ where: { _id: { in: some } }, limit: some.length })));
  }
  return found;
}
