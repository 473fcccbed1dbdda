// Reads rollups for whoever shows numbers: sums by quarter of an hour or day, different units, and the facts behind.
import type { StreamActivity } from '../../../models/stream-activity.ts';
import { streamActivityId } from '../../../models/stream-activity.ts';
import { type StreamState, streamStateId } from '../../../models/stream-state.ts';
import { AppError } from '../../core/errors.ts';
import type { RollupQuery, RollupReader } from '../../core/rollups.ts';
import type { Records } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';
import { dayIn } from './days.ts';
import { countDistinct, findRows, sumFacts } from './fact-scan.ts';
import type { FoldStores } from './fold.ts';
import { byRange, readSums } from './read-sums.ts';
import { groupingsOf } from './stream-values.ts';
import { type Streams, streamNamed } from './streams.ts';
import { pairsOf } from './unit-days.ts';

/** @see RollupReader. A split or a filter that no grouping keeps is added up from the facts: exact, and slower. */
export function createRollupReader(stores: FoldStores, streams: Streams): RollupReader {
  const stateOf = (tenant: string, stream: string) =>
    stores.states.scoped(tenant).get(streamStateId(tenant, stream));
  return {
    read: async (tenant, query) => {
      const stream = streamNamed(streams, query.stream);
      const place = placeOf(stream, query.measure);
      const grouping = groupingFor(stream, query);
      if (!grouping) return sumFacts(stores.facts.scoped(tenant), stream, place, query);
      const zone = query.daysIn === undefined ? undefined : (await stateOf(tenant, stream.name))?.zone;
      return readSums({
        rollups: stores.rollups.scoped(tenant),
        tenant,
        stream,
        grouping,
        place,
        query,
        zone: zone === query.daysIn ? zone : undefined,
      });
    },
    distinct: async (tenant, query) => {
      const stream = streamNamed(streams, query.stream);
      refuseUnit(stream, query.unit);
      const state = await stateOf(tenant, stream.name);
      if (!state) return 0;
      if (query.zone !== state.zone || Object.keys(query.where ?? {}).length > 0)
        return countDistinct(stores.facts.scoped(tenant), stream, query);
      return distinctIn(stores.activity.scoped(tenant), tenant, state, query);
    },
    rows: (tenant, query) => findRows(stores.facts.scoped(tenant), streamNamed(streams, query.stream), query),
    asOf: async (tenant, stream) => (await stateOf(tenant, stream))?.foldedAt ?? null,
  };
}

function placeOf(stream: Stream, measure: string): number {
  const place = stream.measures.findIndex(({ name }) => name === measure);
  if (place >= 0) return place;
  throw unknown('measure', measure, stream.measures.map(({ name }) => name).join(', '));
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
  const days = await byRange(activity, last - first + 1, {
    idAt: (n) => streamActivityId(tenant, stream, unit, first + n),
    where: { stream, unit, day: { gte: first, lte: last } },
  });
  let total = 0;
  for (const { day, gaps } of days) {
    for (const [gap, count] of pairsOf(gaps)) if (gap === 0 || gap > day - first) total += count;
  }
  return total;
}
