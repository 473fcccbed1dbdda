// Facts coming in over a store of one's own, with workers that fold and may die, and sums counted in the plainest way.
import type { Store } from '../../models/store.ts';
import { streamActivity } from '../../models/stream-activity.ts';
import { type StreamFact, streamFacts } from '../../models/stream-fact.ts';
import { streamReceipts } from '../../models/stream-receipt.ts';
import { streamRejects } from '../../models/stream-reject.ts';
import { streamRollups } from '../../models/stream-rollup.ts';
import { streamStates } from '../../models/stream-state.ts';
import { streamUnits } from '../../models/stream-unit.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { FactData } from '../../src/core/stream.ts';
import type { FoldOptions } from '../../src/features/ingestion/fold.ts';
import { createFolding } from '../../src/features/ingestion/folding.ts';
import { createIngestion } from '../../src/features/ingestion/service.ts';
import { streamsWith } from '../../src/features/ingestion/streams.ts';
import { TestClock } from './context.ts';
import { type Life, livedBy } from './killed-store.ts';

export const ZONE = 'Asia/Kolkata';

export function ingestionStores(store: Store) {
  return {
    facts: store.records(streamFacts),
    states: store.records(streamStates),
    rollups: store.records(streamRollups),
    units: store.records(streamUnits),
    activity: store.records(streamActivity),
    receipts: store.facts(streamReceipts),
    rejects: store.records(streamRejects),
  };
}

export type IngestionStores = ReturnType<typeof ingestionStores>;

export function ingestionWorld(
  store: Store,
  clock: Clock = new TestClock(),
  around: (stores: IngestionStores) => IngestionStores = (stores) => stores,
) {
  const stores = around(ingestionStores(store));
  const streams = streamsWith();
  const onFolded = async (): Promise<void> => undefined;
  const ingestion = createIngestion({
    stores,
    streams,
    nudge: () => undefined,
    onIngested: () => undefined,
  });
  const worker = (name: string, given: Partial<FoldOptions> = {}) =>
    createFolding({ stores, clock, worker: name, zone: ZONE, onFolded, ...given }, streams);
  return { stores, streams, ingestion, reader: ingestion.reader, worker, folding: worker('one'), clock };
}

/** The stores of the fold as a process with that life sees them. */
export function foldStoresOf(stores: IngestionStores, life: Life): FoldOptions['stores'] {
  return {
    facts: livedBy(life, stores.facts),
    states: livedBy(life, stores.states),
    rollups: livedBy(life, stores.rollups),
    units: livedBy(life, stores.units),
    activity: livedBy(life, stores.activity),
  };
}

/** What stands in the end: for each thing the fact that nothing replaced. */
export async function standing(stores: IngestionStores, tenant: string, stream: string) {
  const all = await stores.facts.scoped(tenant).find({ where: { stream }, limit: 100_000 });
  const heads = new Map<string, StreamFact>();
  for (const fact of all) {
    const key = `${fact.source}:${fact.externalId}`;
    if ((heads.get(key)?.sequence ?? 0) < fact.sequence) heads.set(key, fact);
  }
  return [...heads.values()].flatMap((fact) => (fact.data ? [{ ...fact, data: fact.data }] : []));
}

/** Sums by quarter of an hour and value, counted fact by fact. */
export function plainSums(
  facts: readonly { readonly at: Date; readonly data: FactData }[],
  amountOf: (data: FactData) => number,
  by?: string,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { at, data } of facts) {
    const start = Math.floor(at.getTime() / 900_000) * 900_000;
    const key = `${new Date(start).toISOString()} ${by === undefined ? '' : String(data[by] ?? '')}`;
    sums.set(key, (sums.get(key) ?? 0) + amountOf(data));
  }
  return sums;
}

/** Everything the fold keeps that says what facts add up to; without its bookkeeping and what came to nothing. */
export async function foldedState(stores: IngestionStores, tenant: string) {
  const everything = { where: {}, limit: 100_000 };
  const rollups = await stores.rollups.scoped(tenant).find(everything);
  const units = await stores.units.scoped(tenant).find(everything);
  const activity = await stores.activity.scoped(tenant).find(everything);
  const kept = [
    ...rollups.filter(({ sums }) => sums !== '[]').map(({ _id, sums }) => [_id, sums]),
    ...units.filter(({ days }) => days.length > 0).map(({ _id, days }) => [_id, days]),
    ...activity.filter(({ gaps }) => gaps.length > 0).map(({ _id, gaps }) => [_id, gaps]),
  ];
  return JSON.stringify(kept.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
