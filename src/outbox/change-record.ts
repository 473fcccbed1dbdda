// Changes a record from its present state until no one was faster.
import { AppError } from '../core/errors.ts';
import type { Body, Records, Stored } from '../core/store.ts';

const MAX_TRIES = 50;

/**
 * `decide` is pure and sees the present state; null means there is nothing to change. Returns the record as it
 * then stands, or null when there is none.
 * @throws AppError `record.busy` after 50 lost races.
 */
export async function changeRecord<T extends Stored>(
  records: Records<T>,
  id: string,
  decide: (current: T) => Partial<Body<T>> | null,
): Promise<T | null> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const current = await records.get(id);
    if (!current) return null;
    const change = decide(current);
    if (!change) return current;
    const changed = await records.compareAndSet(current, change);
    if (changed) return changed;
  }
  throw new AppError('record.busy', `“${id}” is being changed by others right now; try again.`, {
    retryable: true,
  });
}
