// Walks every method of every repository for two tenants: A never sees, changes or takes away what is B's.
import { describe, expect, it } from 'vitest';
import { allDefinitions } from '../../models/all.ts';
import type { CollectionDefinition, FactDefinition, RecordDefinition } from '../../models/define.ts';
import type { Store } from '../../models/store.ts';
import type { Body, Fact, FactCollection, RecordCollection, Stored } from '../../src/core/store.ts';
import { withTenant } from '../../src/core/tenant.ts';
import type { Trace } from '../../src/core/trace.ts';
import { sampleBody } from '../support/sample-body.ts';
import { stores } from '../support/stores.ts';
import { traceFor } from './samples.ts';

type Anything = Stored & Record<string, unknown>;
type AnyFact = Fact & Record<string, unknown>;

/** What B has, and every way in which A reaches for it; the outcome must be this or a refusal. */
interface Probe {
  readonly outcome: unknown;
  readonly reach: () => Promise<unknown>;
}

/** A collection with both kinds of insert hidden behind one. */
interface Walked {
  readonly methods: readonly string[];
  readonly insert: (tenant: string, id: string, body: Record<string, unknown>) => Promise<unknown>;
  readonly probes: (tenant: string, stolen: Anything) => Readonly<Record<string, Probe>>;
  readonly all: (tenant: string) => Promise<readonly unknown[]>;
}

const trace: Trace = traceFor('e1', ['x']);
const everything = { where: {}, limit: 100 };

function readProbes(reader: ReturnType<RecordCollection<Anything>['scoped']>, id: string) {
  return {
    get: { outcome: null, reach: () => reader.get(id) },
    find: { outcome: [], reach: () => reader.find({ ...everything, where: { _id: id } }) },
    count: { outcome: 0, reach: () => reader.count({ _id: id }) },
  };
}

function walkedRecords(collection: RecordCollection<Anything>, definition: CollectionDefinition): Walked {
  const body = (seed: number) => sampleBody(definition, seed) as Body<Anything>;
  return {
    methods: Object.keys(collection.scoped('a')),
    insert: (tenant, id, given) => collection.scoped(tenant).insertOnce(id, given as Body<Anything>),
    all: (tenant) => collection.scoped(tenant).find(everything),
    probes: (tenant, stolen) => {
      const scoped = collection.scoped(tenant);
      const id = stolen._id;
      return {
        ...readProbes(scoped, id),
        insertOnce: { outcome: 'refused', reach: () => scoped.insertOnce(id, body(9)) },
        insertMany: { outcome: 'refused', reach: () => scoped.insertMany([{ id, body: body(9) }]) },
        compareAndSet: { outcome: null, reach: () => scoped.compareAndSet(stolen, body(9)) },
        compareAndSetMany: {
          outcome: 0,
          reach: () => scoped.compareAndSetMany([{ current: stolen, change: body(9) }]),
        },
        updateMany: { outcome: 0, reach: () => scoped.updateMany([id], body(9)) },
      };
    },
  };
}

function walkedFacts(collection: FactCollection<AnyFact>, definition: CollectionDefinition): Walked {
  const body = (seed: number) => sampleBody(definition, seed) as Body<AnyFact>;
  return {
    methods: Object.keys(collection.scoped('a')),
    insert: (tenant, id, given) => collection.scoped(tenant).insertOnce(id, given as Body<AnyFact>, trace),
    all: (tenant) => collection.scoped(tenant).find(everything),
    probes: (tenant, stolen) => {
      const scoped = collection.scoped(tenant);
      const id = stolen._id;
      const fact = stolen as unknown as AnyFact;
      return {
        get: { outcome: null, reach: () => scoped.get(id) },
        find: { outcome: [], reach: () => scoped.find({ ...everything, where: { _id: id } }) },
        count: { outcome: 0, reach: () => scoped.count({ _id: id }) },
        insertOnce: { outcome: 'refused', reach: () => scoped.insertOnce(id, body(9), trace) },
        compareAndSet: { outcome: null, reach: () => scoped.compareAndSet(fact, body(9), trace) },
      };
    },
  };
}

function walked(store: Store, definition: CollectionDefinition): Walked {
  if (definition.kind === 'records')
    return walkedRecords(store.records(definition as RecordDefinition<Anything>), definition);
  return walkedFacts(store.facts(definition as FactDefinition<AnyFact>), definition);
}

const refused = () => 'refused';

describe.each(stores)('two tenants over $name', ({ create }) => {
  it.each(allDefinitions.map((definition) => [definition.name, definition] as const))(
    'A never reads or changes what is B’s in %s',
    async (_, definition) => {
      const collection = walked(await create([definition]), definition);
      await collection.insert('a', 'a1', sampleBody(definition, 1));
      await collection.insert('b', 'b1', sampleBody(definition, 1));
      await collection.insert('b', 'b2', sampleBody(definition, 2));
      const before = { a: await collection.all('a'), b: await collection.all('b') };
      expect([before.a.length, before.b.length]).toEqual([1, 2]);

      const stolen = before.b[0] as Anything;
      for (const claimed of [stolen, { ...stolen, tenant: 'a' }]) {
        const probes = collection.probes('a', claimed);
        expect(Object.keys(probes).sort()).toEqual([...collection.methods].sort());
        for (const [method, { outcome, reach }] of Object.entries(probes))
          expect([method, await reach().catch(refused)]).toEqual([method, outcome]);
      }
      expect(await collection.all('b')).toEqual(before.b);
      expect(await collection.all('a')).toEqual(before.a);
    },
  );

  it.each(allDefinitions.map((definition) => [definition.name, definition] as const))(
    'work for A that asks for B’s repository is refused by every method of %s',
    async (_, definition) => {
      const collection = walked(await create([definition]), definition);
      await collection.insert('b', 'b1', sampleBody(definition, 1));
      const before = await collection.all('b');
      const probes = collection.probes('b', before[0] as Anything);
      for (const [method, { reach }] of Object.entries(probes)) {
        const outcome = await withTenant('a', reach).catch((thrown: Error) => thrown.message);
        expect([method, outcome]).toEqual([method, 'internal.bug: work for tenant a reached for b']);
      }
      expect(await collection.all('b')).toEqual(before);
    },
  );
});
