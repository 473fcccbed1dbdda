// What a store gives, and all that its collections do alike over any backend: tenant scope, checks, documents.
import type { OutboxItem } from '../src/core/outbox-item.ts';
import type {
  Fact,
  FactCollection,
  PendingFact,
  PendingItems,
  Reader,
  RecordCollection,
  Stored,
  SystemReason,
} from '../src/core/store.ts';
import type { HistoryEntry } from '../src/core/trace.ts';
import {
  type KnownFields,
  type KnownQuery,
  knownFields,
  type LooseQuery,
  readQuery,
  readWhere,
} from './conditions.ts';
import type { CollectionDefinition, FactDefinition, RecordDefinition } from './define.ts';
import { asRecord, freshFact, freshRecord, givenIn, itemsOf, type Loose, type Row } from './documents.ts';
import { checkBody, checkChange } from './field-check.ts';
import { asSystem, asTenant } from './tenant-guard.ts';

export interface Store {
  facts<T extends Fact>(definition: FactDefinition<T>): FactCollection<T>;
  records<T extends Stored>(definition: RecordDefinition<T>): RecordCollection<T>;
}

/** Whose documents a read may see: one tenant's, or everybody's for a reason. */
export type Reach = { readonly tenant: string } | { readonly reason: SystemReason };

/** Fields to set; of a fact also the history entry and the items that come with it. */
export interface RowChange {
  readonly set: Loose;
  readonly entry?: HistoryEntry;
  readonly items?: readonly OutboxItem[];
}

/** One collection as a store keeps it. Each call runs in the scope of its tenant or reason, with checked input. */
export interface Backend {
  get(tenant: string, id: string): Promise<Row | undefined>;
  find(reach: Reach, query: KnownQuery): Promise<readonly Row[]>;
  count(reach: Reach, where: KnownQuery['where']): Promise<number>;
  /** Adds a row, or gives the tenant's row that holds its id. @throws UniqueConflict */
  insert(row: Row): Promise<{ readonly row: Row; readonly inserted: boolean }>;
  /** Adds the rows whose id is free and counts them. @throws UniqueConflict once all that could go in are in */
  insertAll(tenant: string, rows: readonly Row[]): Promise<number>;
  /** Changes a row that still has that version; `version` grows by one. @throws UniqueConflict */
  change(tenant: string, id: string, version: number, change: RowChange): Promise<Row | undefined>;
  /** Changes each row that still has that version, and counts them. @throws UniqueConflict once the others are changed */
  changeEach(
    tenant: string,
    changes: readonly { readonly id: string; readonly version: number; readonly set: Loose }[],
  ): Promise<number>;
  changeAll(tenant: string, ids: readonly string[], set: Loose): Promise<number>;
  due(before: Date, limit: number): Promise<readonly PendingFact[]>;
  /** Takes the items out without a new version: what was handed on is no change of the fact. */
  removeItems(tenant: string, facts: readonly PendingFact[]): Promise<void>;
}

/** A store over these backends. */
export function createStore(backendOf: (definition: CollectionDefinition) => Backend): Store {
  return {
    facts: (definition) => factCollection(definition, backendOf(definition)),
    records: (definition) => recordCollection(definition, backendOf(definition)),
  };
}

/** More tenants than this are not remembered at once. */
const MOST_SCOPES = 1_000;

/** The same scope again for whoever asks again: a door asks for it with each thing that comes in. */
function remembered<S>(make: (tenant: string) => S): (tenant: string) => S {
  const made = new Map<string, S>();
  return (tenant) => {
    const known = made.get(tenant);
    if (known !== undefined) return known;
    if (made.size >= MOST_SCOPES) made.clear();
    const scope = make(tenant);
    made.set(tenant, scope);
    return scope;
  };
}

function factCollection<T extends Fact>(definition: FactDefinition<T>, backend: Backend): FactCollection<T> {
  const { name, fields } = definition;
  const known = knownFields(definition);
  return {
    name,
    acrossTenants: systemReader<T>(known, backend),
    pending: pendingItems(backend),
    scoped: remembered((tenant) => ({
      ...tenantReader<T>(known, backend, tenant),
      insertOnce: (id, body, trace) =>
        asTenant(tenant, async () => {
          checkBody(name, fields, body);
          return recorded<T>(await backend.insert(freshFact(tenant, id, body, trace)));
        }),
      compareAndSet: (current, change, trace) =>
        asTenant(tenant, async () => {
          checkChange(name, fields, change);
          const { _id, version } = current;
          const set = { ...givenIn(change), updatedAt: trace.history.at };
          const items = itemsOf(_id, version + 1, trace);
          const row = await backend.change(tenant, _id, version, { set, entry: trace.history, items });
          return row ? asRecord<T>(row) : null;
        }),
    })),
  };
}

function recordCollection<T extends Stored>(
  definition: RecordDefinition<T>,
  backend: Backend,
): RecordCollection<T> {
  const { name, fields } = definition;
  const known = knownFields(definition);
  return {
    name,
    acrossTenants: systemReader<T>(known, backend),
    scoped: remembered((tenant) => ({
      ...tenantReader<T>(known, backend, tenant),
      insertOnce: (id, body) =>
        asTenant(tenant, async () => {
          checkBody(name, fields, body);
          return recorded<T>(await backend.insert(freshRecord(tenant, id, body)));
        }),
      insertMany: (rows) =>
        asTenant(tenant, async () => {
          for (const { body } of rows) checkBody(name, fields, body);
          const fresh = rows.map(({ id, body }) => freshRecord(tenant, id, body));
          return backend.insertAll(tenant, fresh);
        }),
      compareAndSet: (current, change) =>
        asTenant(tenant, async () => {
          checkChange(name, fields, change);
          const set = givenIn(change);
          const row = await backend.change(tenant, current._id, current.version, { set });
          return row ? asRecord<T>(row) : null;
        }),
      compareAndSetMany: (changes) =>
        asTenant(tenant, async () => {
          for (const { change } of changes) checkChange(name, fields, change);
          const given = changes.map(({ current: { _id, version }, change }) => ({
            id: _id,
            version,
            set: givenIn(change),
          }));
          return given.length === 0 ? 0 : backend.changeEach(tenant, given);
        }),
      updateMany: (ids, change) =>
        asTenant(tenant, async () => {
          checkChange(name, fields, change);
          readWhere(known, { _id: { in: ids } });
          return backend.changeAll(tenant, ids, givenIn(change));
        }),
    })),
  };
}

function tenantReader<T extends Stored>(known: KnownFields, backend: Backend, tenant: string): Reader<T> {
  return {
    ...reader<T>(known, backend, { tenant }, (work) => asTenant(tenant, work)),
    get: (id) =>
      asTenant(tenant, async () => {
        readWhere(known, { _id: id });
        const row = await backend.get(tenant, id);
        return row ? asRecord<T>(row) : null;
      }),
  };
}

function systemReader<T extends Stored>(
  known: KnownFields,
  backend: Backend,
): (reason: SystemReason) => Pick<Reader<T>, 'find' | 'count'> {
  return (reason) => reader<T>(known, backend, { reason }, (work) => asSystem(reason, work));
}

type Scope = <R>(work: () => Promise<R>) => Promise<R>;

function reader<T extends Stored>(
  known: KnownFields,
  backend: Backend,
  reach: Reach,
  inScope: Scope,
): Pick<Reader<T>, 'find' | 'count'> {
  return {
    find: (query: LooseQuery) =>
      inScope(async () => {
        const read = readQuery(known, query);
        const rows = read.limit === 0 ? [] : await backend.find(reach, read);
        return rows.map((row) => asRecord<T>(row));
      }),
    count: (where: LooseQuery['where']) => inScope(() => backend.count(reach, readWhere(known, where))),
  };
}

function pendingItems(backend: Backend): PendingItems {
  return {
    due: (before, limit) => asSystem('relay', () => backend.due(before, limit)),
    remove: (facts) =>
      asSystem('relay', async () => {
        for (const tenant of new Set(facts.map((fact) => fact.tenant))) {
          const own = facts.filter((fact) => fact.tenant === tenant);
          await asTenant(tenant, () => backend.removeItems(tenant, own));
        }
      }),
  };
}

function recorded<T>(outcome: { row: Row; inserted: boolean }): { record: T; inserted: boolean } {
  return { record: asRecord<T>(outcome.row), inserted: outcome.inserted };
}
