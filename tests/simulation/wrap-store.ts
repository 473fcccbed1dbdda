// Puts something between a store and its users: a fault before a call, a lost answer after it, a mutant in its place.
import type { Store } from '../../models/store.ts';
import type {
  Fact,
  FactCollection,
  Facts,
  PendingItems,
  Reader,
  RecordCollection,
  Records,
  Stored,
} from '../../src/core/store.ts';

/** Runs a call on the store, or does something else first, after, or instead. */
export type Around = <T>(call: string, run: () => Promise<T>) => Promise<T>;

/** The same store, with every call going through `around`. */
export function wrapStore(store: Store, around: Around): Store {
  return {
    facts: (definition) => wrapFacts(store.facts(definition), around),
    records: (definition) => wrapRecords(store.records(definition), around),
  };
}

function wrapFacts<T extends Fact>(collection: FactCollection<T>, around: Around): FactCollection<T> {
  const { name, pending } = collection;
  return {
    name,
    scoped: (tenant) => {
      const inner = collection.scoped(tenant);
      const wrapped: Facts<T> = {
        ...wrapReader(name, inner, around),
        insertOnce: (id, body, trace) =>
          around(`${name}.insertOnce`, () => inner.insertOnce(id, body, trace)),
        compareAndSet: (current, change, trace) =>
          around(`${name}.compareAndSet`, () => inner.compareAndSet(current, change, trace)),
      };
      return wrapped;
    },
    acrossTenants: (reason) => wrapReader(name, collection.acrossTenants(reason), around),
    pending: {
      due: (before, limit) => around(`${name}.due`, () => pending.due(before, limit)),
      remove: (facts) => around(`${name}.remove`, () => pending.remove(facts)),
    },
  };
}

function wrapRecords<T extends Stored>(collection: RecordCollection<T>, around: Around): RecordCollection<T> {
  const { name } = collection;
  return {
    name,
    scoped: (tenant) => {
      const inner = collection.scoped(tenant);
      const wrapped: Records<T> = {
        ...wrapReader(name, inner, around),
        insertOnce: (id, body) => around(`${name}.insertOnce`, () => inner.insertOnce(id, body)),
        insertMany: (rows) => around(`${name}.insertMany`, () => inner.insertMany(rows)),
        compareAndSet: (current, change) =>
          around(`${name}.compareAndSet`, () => inner.compareAndSet(current, change)),
        compareAndSetMany: (changes) =>
          around(`${name}.compareAndSetMany`, () => inner.compareAndSetMany(changes)),
        updateMany: (ids, change) => around(`${name}.updateMany`, () => inner.updateMany(ids, change)),
      };
      return wrapped;
    },
    acrossTenants: (reason) => wrapReader(name, collection.acrossTenants(reason), around),
  };
}

function wrapReader<T extends Stored, R extends Pick<Reader<T>, 'find' | 'count'>>(
  name: string,
  inner: R & Partial<Reader<T>>,
  around: Around,
): Reader<T> {
  return {
    get: (id) => around(`${name}.get`, async () => (inner.get ? await inner.get(id) : null)),
    find: (query) => around(`${name}.find`, () => inner.find(query)),
    count: (where) => around(`${name}.count`, () => inner.count(where)),
  };
}

/** What a mutant puts in the place of the methods of one collection of records. */
export type Alter = <T extends Stored>(records: Records<T>) => Partial<Records<T>>;

/** The same store, with some methods of one collection of records replaced. */
export function alterRecords(store: Store, name: string, alter: Alter): Store {
  return {
    facts: (definition) => store.facts(definition),
    records: (definition) => {
      const collection = store.records(definition);
      if (definition.name !== name) return collection;
      return {
        ...collection,
        scoped: (tenant) => {
          const inner = collection.scoped(tenant);
          return { ...inner, ...alter(inner) };
        },
      };
    },
  };
}

/** What a mutant puts in the place of the methods of one collection of facts. */
export type AlterFacts = <T extends Fact>(facts: Facts<T>) => Partial<Facts<T>>;

/** The same store, with some methods of one collection of facts replaced. */
export function alterFacts(store: Store, name: string, alter: AlterFacts): Store {
  return {
    records: (definition) => store.records(definition),
    facts: (definition) => {
      const collection = store.facts(definition);
      if (definition.name !== name) return collection;
      return {
        ...collection,
        scoped: (tenant) => {
          const inner = collection.scoped(tenant);
          return { ...inner, ...alter(inner) };
        },
      };
    },
  };
}

/** The same store, with what the relay may do with each collection of facts replaced. */
export function alterPending(store: Store, alter: (pending: PendingItems) => PendingItems): Store {
  return {
    records: (definition) => store.records(definition),
    facts: (definition) => {
      const collection = store.facts(definition);
      return { ...collection, pending: alter(collection.pending) };
    },
  };
}
