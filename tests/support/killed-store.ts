// A fault around the store port: a process that dies before or after its n-th call and does nothing from then on.
import type { RecordCollection, Records, Stored } from '../../src/core/store.ts';

export class Killed extends Error {}

/** One life: it ends at call `at`, before that call reaches the store or right after it did. */
export class Life {
  calls = 0;
  readonly at: number;
  readonly moment: 'before' | 'after';

  constructor(at: number, moment: 'before' | 'after') {
    this.at = at;
    this.moment = moment;
  }

  async step<R>(work: () => Promise<R>): Promise<R> {
    this.calls += 1;
    if (this.calls > this.at || (this.calls === this.at && this.moment === 'before')) throw new Killed();
    const outcome = await work();
    if (this.calls >= this.at && this.moment === 'after') throw new Killed();
    return outcome;
  }
}

/** The same collection as seen by a process with that life. */
export function livedBy<T extends Stored>(life: Life, collection: RecordCollection<T>): RecordCollection<T> {
  return {
    name: collection.name,
    scoped(tenant): Records<T> {
      const records = collection.scoped(tenant);
      return {
        get: (id) => life.step(() => records.get(id)),
        find: (query) => life.step(() => records.find(query)),
        count: (where) => life.step(() => records.count(where)),
        insertOnce: (id, body) => life.step(() => records.insertOnce(id, body)),
        insertMany: (rows) => life.step(() => records.insertMany(rows)),
        compareAndSet: (current, change) => life.step(() => records.compareAndSet(current, change)),
        compareAndSetMany: (changes) => life.step(() => records.compareAndSetMany(changes)),
        updateMany: (ids, change) => life.step(() => records.updateMany(ids, change)),
      };
    },
    acrossTenants(reason) {
      const reader = collection.acrossTenants(reason);
      return {
        find: (query) => life.step(() => reader.find(query)),
        count: (where) => life.step(() => reader.count(where)),
      };
    },
  };
}
