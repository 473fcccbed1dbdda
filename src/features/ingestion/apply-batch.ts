// Adds a batch to records that each remember the last batch they hold, so that adding it again changes nothing.
import { AppError } from '../../core/errors.ts';
import type { Body, Records, Stored } from '../../core/store.ts';

/** Somebody else counted and closed this batch meanwhile: nothing is left to do, and nothing may be added. */
export class Overtaken extends Error {}

interface Batched extends Stored {
  readonly lastBatch: number;
}

export interface Growth<T extends Batched, D> {
  readonly batch: number;
  /** What the batch adds, by the id of the record that takes it. */
  readonly deltas: ReadonlyMap<string, D>;
  fresh(delta: D): Body<T>;
  grown(current: T, delta: D): Partial<Body<T>>;
}

const IDS_AT_ONCE = 1_000;
const MAX_TRIES = 50;

/**
 * Adds each delta to its record unless the record holds that batch, and answers the records as they then stand. Any
 * number of processes may do this at once for one batch, and any of them may die anywhere.
 * @throws Overtaken when a record holds a later batch: this one was closed by another process.
 * @throws AppError `record.busy` when somebody else changes the records all the while.
 */
export async function applyBatch<T extends Batched, D>(
  records: Records<T>,
  growth: Growth<T, D>,
): Promise<readonly T[]> {
  const ids = [...growth.deltas.keys()];
  const done: T[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE)
    done.push(...(await applyChunk(records, growth, ids.slice(start, start + IDS_AT_ONCE))));
  return done;
}

async function applyChunk<T extends Batched, D>(
  records: Records<T>,
  { batch, deltas, fresh, grown }: Growth<T, D>,
  ids: readonly string[],
): Promise<readonly T[]> {
  const deltaOf = (id: string): D => {
    const delta = deltas.get(id);
    if (delta === undefined) throw new Error(`the batch holds nothing for ${id}`);
    return delta;
  };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await records.find({ where: { _id: { in: ids } }, limit: ids.length });
    if (known.some((record) => record.lastBatch > batch)) throw new Overtaken();
    const have = new Set(known.map((record) => record._id));
    const missing = ids.filter((id) => !have.has(id));
    const behind = known.filter((record) => record.lastBatch < batch);
    if (missing.length === 0 && behind.length === 0) return known;
    if (missing.length > 0) await records.insertMany(missing.map((id) => ({ id, body: fresh(deltaOf(id)) })));
    await records.compareAndSetMany(
      behind.map((current) => ({ current, change: grown(current, deltaOf(current._id)) })),
    );
  }
  throw new AppError('record.busy', 'The rollups are being folded by others.');
}
