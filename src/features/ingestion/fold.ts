// Folds facts into rollups, each fact once: a batch is fixed by compare-and-set, counted where it is not, then closed.
import type { StreamActivity } from '../../../models/stream-activity.ts';
import { streamActivityId } from '../../../models/stream-activity.ts';
import type { StreamFact } from '../../../models/stream-fact.ts';
import type { StreamRollup } from '../../../models/stream-rollup.ts';
import { type StreamState, streamStateId } from '../../../models/stream-state.ts';
import { type StreamUnit, streamUnitId } from '../../../models/stream-unit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Body, RecordCollection, Records } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';
import { applyBatch, Overtaken } from './apply-batch.ts';
import { createDayOf } from './days.ts';
import { addedTo, type Count, NO_SUMS, rollupDeltas } from './sums.ts';
import { activityDeltas, daysWith, gapChanges, unitDeltas } from './unit-days.ts';

export interface FoldStores {
  readonly facts: RecordCollection<StreamFact>;
  readonly states: RecordCollection<StreamState>;
  readonly rollups: RecordCollection<StreamRollup>;
  readonly units: RecordCollection<StreamUnit>;
  readonly activity: RecordCollection<StreamActivity>;
}

/**
 * Told of every batch before it is closed: at least once, so what it does must be idempotent. The facts are those of
 * the batch with those they replace, which are no longer current.
 */
export type OnFolded = (tenant: string, stream: string, facts: readonly StreamFact[]) => Promise<void>;

export interface FoldOptions {
  readonly stores: FoldStores;
  readonly clock: Clock;
  /** Names this process among those that fold. */
  readonly worker: string;
  /** The zone in whose days units are counted, for streams that have no facts yet. */
  readonly zone: string;
  readonly onFolded: OnFolded;
}

const BATCH_FACTS = 5_000;
const LEASE_MS = 15_000;

interface Folding {
  readonly tenant: string;
  readonly stream: Stream;
  readonly facts: Records<StreamFact>;
  readonly options: FoldOptions;
}

/**
 * Folds what waits in one stream of one tenant, batch by batch, while this worker holds the stream's lease. Returns
 * how many facts it folded; 0 when nothing waits or another worker folds. The lease spares work: that each fact is
 * counted once follows from the batches alone.
 */
export async function foldStream(options: FoldOptions, tenant: string, stream: Stream): Promise<number> {
  const states = options.stores.states.scoped(tenant);
  const folding = { tenant, stream, facts: options.stores.facts.scoped(tenant), options };
  let total = 0;
  for (;;) {
    const state = await leased(options, states, tenant, stream.name);
    if (!state) return total;
    const opened = state.openBatch ? state : await openBatch(folding, states, state);
    if (!opened) continue;
    if (!opened.openBatch) return total;
    try {
      total += await foldBatch(folding, states, opened);
    } catch (thrown) {
      if (!(thrown instanceof Overtaken)) throw thrown;
    }
  }
}

/** The state under this worker's lease; null while another holds it. */
async function leased(
  { clock, worker, zone }: FoldOptions,
  states: Records<StreamState>,
  tenant: string,
  stream: string,
): Promise<StreamState | null> {
  const id = streamStateId(tenant, stream);
  const state = (await states.get(id)) ?? (await states.insertOnce(id, emptyState(stream, zone))).record;
  const now = clock.now();
  const isOthers =
    state.leasedBy && state.leasedBy !== worker && state.leasedUntil && state.leasedUntil > now;
  if (isOthers) return null;
  const leasedUntil = new Date(now.getTime() + LEASE_MS);
  return states.compareAndSet(state, { leasedBy: worker, leasedUntil });
}

/** Hands back the lease, so that another process need not wait for its end. */
export async function releaseLease(
  { stores, worker }: Pick<FoldOptions, 'stores' | 'worker'>,
  tenant: string,
  stream: string,
): Promise<void> {
  const states = stores.states.scoped(tenant);
  const state = await states.get(streamStateId(tenant, stream));
  if (state?.leasedBy === worker) await states.compareAndSet(state, { leasedBy: null, leasedUntil: null });
}

/** The state with the next batch opened, as it is when nothing waits, or null when somebody was faster. */
async function openBatch(
  { facts, stream }: Folding,
  states: Records<StreamState>,
  state: StreamState,
): Promise<StreamState | null> {
  const waiting = await facts.find({
    where: { batch: 0, stream: stream.name },
    sort: [['bucket', 1]],
    limit: BATCH_FACTS,
  });
  if (waiting.length === 0) return state;
  const ids = waiting.map((fact) => fact._id);
  return states.compareAndSet(state, { openBatch: { number: state.lastBatch + 1, ids } });
}

/** Counts the open batch and closes it; returns how many facts it has, 0 when another process closed it. */
async function foldBatch(
  folding: Folding,
  states: Records<StreamState>,
  state: StreamState,
): Promise<number> {
  const batch = state.openBatch;
  if (!batch) return 0;
  const { tenant, stream, facts, options } = folding;
  const own = await factsOf(facts, batch.ids);
  const replaced = await factsOf(
    facts,
    own.flatMap((fact) => fact.replaces ?? []),
  );
  await countBatch(folding, state, batch.number, countsOf(own, replaced));
  const former = replaced.map(({ _id }) => _id);
  for (const ids of chunks(former)) await facts.updateMany(ids, { current: false });
  await options.onFolded(tenant, stream.name, [...own, ...replaced]);
  for (const ids of chunks(batch.ids)) await facts.updateMany(ids, { batch: batch.number });
  const newest = new Date(Math.max(0, ...own.map(({ receivedAt }) => receivedAt.getTime())));
  const closed = await states.compareAndSet(state, {
    lastBatch: batch.number,
    openBatch: null,
    folded: state.folded + own.length,
    foldedAt: options.clock.now(),
    receivedAt: state.receivedAt && state.receivedAt > newest ? state.receivedAt : newest,
  });
  return closed ? own.length : 0;
}

async function countBatch(
  { tenant, stream, options }: Folding,
  { zone }: StreamState,
  batch: number,
  counts: readonly Count[],
): Promise<void> {
  const { rollups, units, activity } = options.stores;
  const width = stream.measures.length;
  const dayOf = createDayOf(zone);
  await applyBatch(rollups.scoped(tenant), {
    batch,
    deltas: rollupDeltas(tenant, stream, counts, dayOf),
    fresh: ({ values, ...place }) => ({
      ...place,
      stream: stream.name,
      sums: addedTo(NO_SUMS, values, width),
      lastBatch: batch,
    }),
    grown: ({ sums }, { values }) => ({ sums: addedTo(sums, values, width), lastBatch: batch }),
  });
  const deltas = unitDeltas(stream, counts, dayOf, (unit, value) =>
    streamUnitId(tenant, stream.name, unit, value),
  );
  const changed = await applyBatch(units.scoped(tenant), {
    batch,
    deltas,
    fresh: ({ unit, value, days }) => ({ stream: stream.name, unit, value, ...grownDays([], days, batch) }),
    grown: (current, { days }) => grownDays(current.days, days, batch),
  });
  for (const unit of stream.units) {
    const own = changed.filter((record) => record.unit === unit.name);
    const gaps = activityDeltas(own.map(({ delta }) => delta));
    await applyBatch(activity.scoped(tenant), activityGrowth(tenant, stream.name, unit.name, batch, gaps));
  }
}

/** What is stored of a unit's days and, with them in one write, what they change in the counts of days. */
function grownDays(before: readonly number[], delta: ReadonlyMap<number, number>, batch: number) {
  const days = daysWith(before, delta);
  return { days, delta: gapChanges(before, days), lastBatch: batch };
}

function activityGrowth(
  tenant: string,
  stream: string,
  unit: string,
  batch: number,
  gaps: ReadonlyMap<number, ReadonlyMap<number, number>>,
) {
  const deltas = new Map(
    [...gaps].map(([day, delta]) => [streamActivityId(tenant, stream, unit, day), { day, delta }] as const),
  );
  type Delta = { readonly day: number; readonly delta: ReadonlyMap<number, number> };
  return {
    batch,
    deltas,
    fresh: ({ day, delta }: Delta): Body<StreamActivity> => ({
      stream,
      unit,
      day,
      gaps: daysWith([], delta),
      lastBatch: batch,
    }),
    grown: (current: StreamActivity, { delta }: Delta) => ({
      gaps: daysWith(current.gaps, delta),
      lastBatch: batch,
    }),
  };
}

function countsOf(own: readonly StreamFact[], replaced: readonly StreamFact[]): Count[] {
  const counted = (sign: 1 | -1) => (fact: StreamFact) =>
    fact.data ? [{ sign, bucket: fact.bucket, data: fact.data }] : [];
  return [...own.flatMap(counted(1)), ...replaced.flatMap(counted(-1))];
}

async function factsOf(facts: Records<StreamFact>, ids: readonly string[]): Promise<StreamFact[]> {
  const found: StreamFact[] = [];
  for (const some of chunks(ids))
    found.push(...(await facts.find({ where: { _id: { in: some } }, limit: some.length })));
  return found;
}

function chunks(ids: readonly string[]): (readonly string[])[] {
  const size = 1_000;
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, n) => ids.slice(n * size, (n + 1) * size));
}

function emptyState(stream: string, zone: string): Body<StreamState> {
  return {
    stream,
    lastBatch: 0,
    openBatch: null,
    folded: 0,
    foldedAt: null,
    receivedAt: null,
    zone,
    leasedBy: null,
    leasedUntil: null,
  };
}
