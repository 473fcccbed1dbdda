/** Deletes documents whose time is over, as TTL indexes say, in the background. */

import type { Index } from './index.ts';
import { encodeKey } from './key.ts';
import { valuesAt } from './path.ts';
import type { Store } from './store.ts';
import { docOnce, type StoredDocument } from './stored-document.ts';
import { Writes } from './writes.ts';

/** Keeps single sweeps short: the rest is deleted in the next one. */
const MAX_DELETES_PER_SWEEP = 2000;

/** Deletes what has expired by `now`; gives the number of deleted documents. */
export function sweepExpired(store: Store, now: Date): number {
  const writes = new Writes(store);
  let deleted = 0;
  for (const collection of store.catalog.collections.values()) {
    for (const index of collection.indexes) {
      for (const stored of expiredBy(index, now, MAX_DELETES_PER_SWEEP - deleted)) {
        writes.remove(collection, stored, docOnce(stored));
        deleted += 1;
      }
    }
  }
  return deleted;
}

/** Documents with a date before the limit; of an array the earliest date counts, as in MongoDB. */
function expiredBy(index: Index, now: Date, limit: number): StoredDocument[] {
  const { expireAfterSeconds, fields } = index.spec;
  const [field] = fields;
  if (expireAfterSeconds === undefined || field === undefined) return [];
  const lastMs = now.getTime() - expireAfterSeconds * 1000;
  const found = new Set<StoredDocument>();
  for (const stored of inDateOrder(index, new Date(lastMs))) {
    if (found.size >= limit) break;
    const dates = valuesAt(docOnce(stored), field.path).filter((value) => value instanceof Date);
    if (dates.some((date) => date.getTime() <= lastMs)) found.add(stored);
  }
  return [...found];
}

function* inDateOrder(index: Index, last: Date): Generator<StoredDocument> {
  const descending = index.spec.fields[0]?.descending === true;
  if (descending) {
    for (const { stored } of index.entries.walk({ from: undefined, to: undefined }, true)) yield stored;
    return;
  }
  const key = encodeKey(last);
  const range = { from: key[0], to: `${key}\u0100` };
  for (const { stored } of index.entries.walk(range, false)) yield stored;
}
