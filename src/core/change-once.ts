// One change of one fact, once: compare-and-set with retries, and the first outcome when the effect is repeated.
import { AppError } from './errors.ts';
import type { Body, Fact, Facts } from './store.ts';
import type { Trace } from './trace.ts';

const MAX_TRIES = 20;

export interface Change<T extends Fact> {
  readonly change: Partial<Body<T>>;
  readonly trace: Trace;
}

/**
 * Applies `decide` to the present state until no one was faster. `decide` changes nothing itself, may
 * read, and throws an AppError when the change is not allowed; null means nothing is to be changed. `repeated` is true when this effect was applied
 * before: the record is then as it stands, and nothing is written.
 * @throws AppError `record.not_found` when there is no such fact, `record.busy` after 20 lost races.
 */
export async function changeOnce<T extends Fact>(
  facts: Facts<T>,
  id: string,
  effectKey: string,
  decide: (current: T) => Change<T> | null | Promise<Change<T> | null>,
): Promise<{ record: T; repeated: boolean }> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const current = await facts.get(id);
    if (!current) throw new AppError('record.not_found', `There is no record “${id}” here.`);
    if (current.history.some((entry) => entry.effectKey === effectKey))
      return { record: current, repeated: true };
    const wanted = await decide(current);
    if (!wanted) return { record: current, repeated: false };
    const changed = await facts.compareAndSet(current, wanted.change, wanted.trace);
    if (changed) return { record: changed, repeated: false };
  }
  throw new AppError('record.busy', `“${id}” is being changed by others right now; try again.`, {
    retryable: true,
  });
}
