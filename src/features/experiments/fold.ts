// Folds exposures into rollups, each fact once: the content of a batch is fixed by compare-and-set before it is counted.
import type { ArmCount, ExperimentRollup } from '../../../models/experiment-rollup.ts';
import { rollupId, TOTAL } from '../../../models/experiment-rollup.ts';
import type { Exposure } from '../../../models/exposure.ts';
import type { Body, RecordCollection, Records } from '../../core/store.ts';
import { countsAreBusy } from './refusals.ts';

const BATCH_FACTS = 2000;
const BUCKETS_AT_ONCE = 16;
const MAX_TRIES = 50;

export interface FoldStores {
  readonly exposures: RecordCollection<Exposure>;
  readonly rollups: RecordCollection<ExperimentRollup>;
}

/**
 * Folds everything that waits, batch by batch, and returns the totals. Any number of processes may fold at once
 * and any of them may die anywhere: a batch is opened with its ids by compare-and-set on the totals, counted into
 * each bucket where `lastBatch` is below its number, and closed with the totals in one write.
 */
export async function fold(
  stores: FoldStores,
  tenant: string,
  experiment: string,
  now: Date,
): Promise<ExperimentRollup> {
  const exposures = stores.exposures.scoped(tenant);
  const rollups = stores.rollups.scoped(tenant);
  for (;;) {
    const totals = await totalsOf(rollups, tenant, experiment);
    const opened = totals.openBatch ? totals : await openBatch(exposures, rollups, totals);
    if (!opened) continue;
    if (!opened.openBatch) return opened;
    await foldBatch(exposures, rollups, opened, now);
  }
}

/** The totals with the next batch opened, as they are when nothing waits, or null when somebody was faster. */
async function openBatch(
  exposures: Records<Exposure>,
  rollups: Records<ExperimentRollup>,
  totals: ExperimentRollup,
): Promise<ExperimentRollup | null> {
  const waiting = await exposures.find({
    where: { experiment: totals.experiment, batch: 0 },
    sort: [['bucket', 1]],
    limit: BATCH_FACTS,
  });
  if (waiting.length === 0) return totals;
  const ids = waiting.map((fact) => fact._id);
  return rollups.compareAndSet(totals, { openBatch: { number: totals.lastBatch + 1, ids } });
}

async function foldBatch(
  exposures: Records<Exposure>,
  rollups: Records<ExperimentRollup>,
  totals: ExperimentRollup,
  now: Date,
): Promise<void> {
  const batch = totals.openBatch;
  if (!batch) return;
  const facts = await exposures.find({ where: { _id: { in: batch.ids } }, limit: batch.ids.length });
  await countBatch(rollups, totals, groupByBucket(facts), batch.number);
  await exposures.updateMany(batch.ids, { batch: batch.number });
  // Losing this race means that another process closed the batch with the same counts.
  await rollups.compareAndSet(totals, {
    ...counted(totals, facts),
    lastBatch: batch.number,
    openBatch: null,
    foldedAt: now,
  });
}

/**
 * Adds a batch to each of its buckets that does not hold it, or a later one, already. A file with times spreads over
 * thousands of buckets: those that are new go in with one write, the others a handful at a time.
 */
async function countBatch(
  rollups: Records<ExperimentRollup>,
  totals: ExperimentRollup,
  groups: ReadonlyMap<number, readonly Exposure[]>,
  batch: number,
): Promise<void> {
  const { tenant, experiment } = totals;
  const idOf = (bucket: number): string => rollupId(tenant, experiment, bucket);
  const ids = [...groups.keys()].map(idOf);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await rollups.find({ where: { _id: { in: ids } }, limit: ids.length });
    const have = new Set(known.map((rollup) => rollup.bucket));
    const fresh = [...groups].filter(([bucket]) => !have.has(bucket));
    const behind = known.filter((rollup) => rollup.lastBatch < batch);
    if (fresh.length === 0 && behind.length === 0) return;
    if (fresh.length > 0) {
      const bodyOf = (bucket: number, facts: readonly Exposure[]): Body<ExperimentRollup> => {
        const empty = emptyRollup(experiment, bucket);
        return { ...empty, ...counted(empty, facts), lastBatch: batch };
      };
      await rollups.insertMany(
        fresh.map(([bucket, facts]) => ({ id: idOf(bucket), body: bodyOf(bucket, facts) })),
      );
    }
    for (let start = 0; start < behind.length; start += BUCKETS_AT_ONCE) {
      const some = behind.slice(start, start + BUCKETS_AT_ONCE);
      await Promise.all(
        some.map((rollup) =>
          rollups.compareAndSet(rollup, {
            ...counted(rollup, groups.get(rollup.bucket) ?? []),
            lastBatch: batch,
          }),
        ),
      );
    }
  }
  throw countsAreBusy(experiment);
}

async function totalsOf(
  rollups: Records<ExperimentRollup>,
  tenant: string,
  experiment: string,
): Promise<ExperimentRollup> {
  const id = rollupId(tenant, experiment, TOTAL);
  const known = await rollups.get(id);
  return known ?? (await rollups.insertOnce(id, emptyRollup(experiment, TOTAL))).record;
}

function emptyRollup(experiment: string, bucket: number): Body<ExperimentRollup> {
  return {
    experiment,
    bucket,
    lastBatch: 0,
    counts: [],
    excluded: 0,
    firstAt: null,
    lastAt: null,
    openBatch: null,
    foldedAt: null,
  };
}

function groupByBucket(facts: readonly Exposure[]): Map<number, Exposure[]> {
  const groups = new Map<number, Exposure[]>();
  for (const fact of facts) {
    const group = groups.get(fact.bucket);
    if (group) group.push(fact);
    else groups.set(fact.bucket, [fact]);
  }
  return groups;
}

/** The counts of a rollup with these facts added: what each says is added, what it replaces is taken away. */
function counted(
  rollup: Pick<ExperimentRollup, 'counts' | 'excluded' | 'firstAt' | 'lastAt'>,
  facts: readonly Exposure[],
): Pick<ExperimentRollup, 'counts' | 'excluded' | 'firstAt' | 'lastAt'> {
  const counts = new Map(rollup.counts.map((count) => [count.variant, { ...count }]));
  const add = (variant: string, converted: boolean, sign: 1 | -1): void => {
    const count = counts.get(variant) ?? { variant, exposed: 0, converted: 0 };
    counts.set(variant, {
      variant,
      exposed: count.exposed + sign,
      converted: count.converted + (converted ? sign : 0),
    });
  };
  let { excluded, firstAt, lastAt } = rollup;
  for (const fact of facts) {
    if (fact.replaces) add(fact.replaces.variant, fact.replaces.converted, -1);
    if (fact.excluded) excluded += 1;
    else add(fact.variant, fact.converted, 1);
    if (fact.at && (!firstAt || fact.at < firstAt)) firstAt = fact.at;
    if (fact.at && (!lastAt || fact.at > lastAt)) lastAt = fact.at;
  }
  return { counts: sortedCounts(counts), excluded, firstAt, lastAt };
}

function sortedCounts(counts: ReadonlyMap<string, ArmCount>): ArmCount[] {
  return [...counts.values()].sort((a, b) => (a.variant < b.variant ? -1 : 1));
}
