// The store in memory: what the database store promises, for simulation and tests, without a database.
import type { Scalar } from '../src/core/store.ts';
import type { FieldTest } from './conditions.ts';
import { copyOf } from './copy.ts';
import type { CollectionDefinition, IndexDefinition, OnlyWhere } from './define.ts';
import { asRecord, type FactRow, HISTORY_KEPT, type Row } from './documents.ts';
import { byFields, matches } from './memory-match.ts';
import { type Backend, createStore, type Reach, type RowChange, type Store } from './store.ts';
import { UniqueConflict } from './unique-conflict.ts';

/** A store whose collections live as long as it does; asking twice for one definition gives the same rows. */
export function createMemoryStore(): Store {
  const tables = new Map<string, Backend>();
  return createStore((definition) => {
    const table = tables.get(definition.name) ?? createMemoryTable(definition);
    tables.set(definition.name, table);
    return table;
  });
}

function createMemoryTable(definition: CollectionDefinition): Backend {
  const rows = new Map<string, Row>();
  const keys = createUniqueKeys(definition);

  const put = (row: Row): Row => {
    keys.move(rows.get(row._id), row);
    const stored = copyOf(row);
    rows.set(row._id, stored);
    return copyOf(stored);
  };

  const own = (tenant: string, id: string): Row | undefined => {
    const row = rows.get(id);
    return row?.tenant === tenant ? row : undefined;
  };

  const selected = (reach: Reach, where: readonly FieldTest[]): Row[] =>
    candidates(rows, where).filter(
      (row) => (!('tenant' in reach) || row.tenant === reach.tenant) && matches(row, where),
    );

  const insert = (row: Row): { row: Row; inserted: boolean } => {
    if (!rows.has(row._id)) return { row: put(row), inserted: true };
    const holder = own(row.tenant, row._id);
    if (!holder) throw new UniqueConflict(definition.name, '_id');
    return { row: copyOf(holder), inserted: false };
  };

  return {
    get: async (tenant, id) => copyOf(own(tenant, id)),
    find: async (reach, { where, sort, limit, skip }) =>
      selected(reach, where)
        .sort(byFields(sort))
        .slice(skip, skip + limit)
        .map(copyOf),
    count: async (reach, where) => selected(reach, where).length,
    insert: async (row) => insert(row),
    insertAll: async (_, fresh) => countInserted(fresh, insert),
    async change(tenant, id, version, change) {
      const row = own(tenant, id);
      return row?.version === version ? put(changed(row, change)) : undefined;
    },
    async changeEach(tenant, changes) {
      let count = 0;
      for (const { id, version, set } of changes) {
        const row = own(tenant, id);
        if (row?.version !== version) continue;
        put(changed(row, { set }));
        count += 1;
      }
      return count;
    },
    async changeAll(tenant, ids, set) {
      const held = [...new Set(ids)].flatMap((id) => own(tenant, id) ?? []);
      for (const row of held) put(changed(row, { set }));
      return held.length;
    },
    due: async (before, limit) =>
      [...rows.values()]
        .map((row) => asRecord<FactRow>(row))
        .filter(({ outbox }) => outbox.some(({ at }) => at <= before))
        .slice(0, limit)
        .map(({ _id, tenant, outbox }) => copyOf({ _id, tenant, outbox })),
    async removeItems(tenant, facts) {
      for (const { _id, outbox } of facts) {
        const row = own(tenant, _id);
        if (row) put(without(asRecord<FactRow>(row), new Set(outbox.map(({ id }) => id))));
      }
    },
  };
}

/** The rows that can match: those of the ids that are asked for, or all. */
function candidates(rows: ReadonlyMap<string, Row>, where: readonly FieldTest[]): readonly Row[] {
  const test = where.find(({ field }) => field === '_id')?.tests[0];
  if (test?.operator !== 'is' && test?.operator !== 'in') return [...rows.values()];
  const ids = test.operator === 'in' ? new Set(test.values) : new Set([test.value]);
  return [...ids].flatMap((id) => rows.get(String(id)) ?? []);
}

function changed(row: Row, { set, entry, items = [] }: RowChange): Row {
  const next = { ...row, ...set, version: row.version + 1 };
  if (!entry) return next;
  const { history, outbox } = asRecord<FactRow>(row);
  return { ...next, history: [...history, entry].slice(-HISTORY_KEPT), outbox: [...outbox, ...items] };
}

function without(fact: FactRow, gone: ReadonlySet<string>): FactRow {
  return { ...fact, outbox: fact.outbox.filter(({ id }) => !gone.has(id)) };
}

/** Inserts every row that it can, and only then throws the first refusal there was. */
function countInserted(rows: readonly Row[], insert: (row: Row) => { inserted: boolean }): number {
  const refusals: unknown[] = [];
  let count = 0;
  for (const row of rows) {
    try {
      if (insert(row).inserted) count += 1;
    } catch (refusal) {
      refusals.push(refusal);
    }
  }
  if (refusals.length > 0) throw refusals[0];
  return count;
}

interface UniqueKeys {
  /** Gives the keys of the row before to the row after. @throws UniqueConflict when another row holds one. */
  move(before: Row | undefined, after: Row): void;
}

function createUniqueKeys(definition: CollectionDefinition): UniqueKeys {
  const uniques = definition.indexes
    .filter((index) => index.unique)
    .map((index) => ({ index, holders: new Map<string, string>() }));
  return {
    move(before, after) {
      for (const { index, holders } of uniques) {
        const key = uniqueKey(index, after);
        const holder = key === undefined ? undefined : holders.get(key);
        if (holder !== undefined && holder !== after._id)
          throw new UniqueConflict(definition.name, index.name);
      }
      for (const { index, holders } of uniques) {
        const old = before && uniqueKey(index, before);
        if (old !== undefined) holders.delete(old);
        const key = uniqueKey(index, after);
        if (key !== undefined) holders.set(key, after._id);
      }
    },
  };
}

/** The row's key in a unique index; undefined when the index does not hold the row. */
function uniqueKey(index: IndexDefinition, row: Row): string | undefined {
  if (index.partial && !isHeld(row, index.partial)) return undefined;
  return JSON.stringify(Object.keys(index.keys).map((field) => tagged(row[field])));
}

function isHeld(row: Row, partial: OnlyWhere): boolean {
  return Object.entries(partial).every(([field, wanted]) => {
    if (isPresence(wanted)) return row[field] !== undefined;
    return JSON.stringify(tagged(row[field])) === JSON.stringify(tagged(wanted));
  });
}

function isPresence(wanted: Scalar | { readonly exists: true }): wanted is { readonly exists: true } {
  return typeof wanted === 'object' && wanted !== null && 'exists' in wanted;
}

/** A value that keeps its type in JSON; missing and null are one, as in the database's indexes. */
function tagged(value: unknown): readonly [string, unknown] {
  return value instanceof Date ? ['date', value.getTime()] : [typeof (value ?? null), value ?? null];
}
