// Folds exposures into rollups, each fact once: the content of a batch is fixed by compare-and-set before it is counted.
import type { ArmCount, ExperimentRollup } from '../../../models/experiment-rollup.ts';
import { rollupId, TOTAL } from '../../../models/experiment-rollup.ts';
import type { Exposure } from '../../../models/exposure.ts';
import { AppError } from '../../core/errors.ts';
import type { Body, RecordCollection, Records } from '../../core/store.ts';

const BATCH_FACTS = 2000;
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
    const totals = await ensure(rollups, tenant, experiment, TOTAL);
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
  for (const [bucket, inBucket] of groupByBucket(facts)) {
    await countOnce(rollups, totals, bucket, inBucket, batch.number);
  }
  await exposures.updateMany(batch.ids, { batch: batch.number });
  // Losing this race means that another process closed the batch with the same counts.
  await rollups.compareAndSet(totals, {
    ...counted(totals, facts),
    lastBatch: batch.number,
    openBatch: null,
    foldedAt: now,
  });
}

/** Adds a batch to one bucket unless that batch, or a later one, is in it already. */
async function countOnce(
  rollups: Records<ExperimentRollup>,
  totals: ExperimentRollup,
  bucket: number,
  facts: readonly Exposure[],
  batch: number,
): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const current = await ensure(rollups, totals.tenant, totals.experiment, bucket);
    if (current.lastBatch >= batch) return;
    if (await rollups.compareAndSet(current, { ...counted(current, facts), lastBatch: batch })) return;
  }
  throw new AppError('record.busy', `The counts of “${totals.experiment}” are being folded by others.`);
}

async function ensure(
  rollups: Records<ExperimentRollup>,
  tenant: string,
  experiment: string,
  bucket: number,
): Promise<ExperimentRollup> {
  const id = rollupId(tenant, experiment, bucket);
  const known = await rollups.get(id);
  if (known) return known;
  const empty: Body<ExperimentRollup> = {
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
  return (await rollups.insertOnce(id, empty)).record;
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
  rollup: ExperimentRollup,
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
