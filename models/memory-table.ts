// One collection in memory: rows by id over all tenants, its unique keys, and copies on every way in and out.
import type { Scalar } from '../src/core/store.ts';
import { knownFields, type LooseQuery, readQuery, readWhere } from './conditions.ts';
import { copyOf } from './copy.ts';
import type { CollectionDefinition, IndexDefinition, OnlyWhere } from './define.ts';
import type { Loose, Row } from './documents.ts';
import { byFields, matches } from './memory-match.ts';
import { UniqueConflict } from './unique-conflict.ts';

/** `tenant` undefined means all of them. */
export interface MemoryTable {
  get(tenant: string, id: string): Row | undefined;
  find(tenant: string | undefined, query: LooseQuery): Row[];
  count(tenant: string | undefined, where: Loose): number;
  /** Adds a row, or gives the one that holds its id. @throws UniqueConflict */
  insert(row: Row): { readonly row: Row; readonly inserted: boolean };
  /** Puts what `next` makes of the row in its place, if it still has that version. @throws UniqueConflict */
  replace(tenant: string, id: string, version: number, next: (row: Row) => Row): Row | undefined;
}

export function createMemoryTable(definition: CollectionDefinition): MemoryTable {
  const rows = new Map<string, Row>();
  const known = knownFields(definition);
  const keys = createUniqueKeys(definition);

  function put(row: Row): Row {
    keys.move(rows.get(row._id), row);
    const stored = copyOf(row);
    rows.set(row._id, stored);
    return copyOf(stored);
  }

  const own = (tenant: string, id: string): Row | undefined => {
    const row = rows.get(id);
    return row?.tenant === tenant ? row : undefined;
  };

  const selected = (tenant: string | undefined, where: Loose): Row[] => {
    const tests = readWhere(known, where);
    return [...rows.values()].filter(
      (row) => (tenant === undefined || row.tenant === tenant) && matches(row, tests),
    );
  };

  return {
    get: (tenant, id) => copyOf(own(tenant, id)),
    find(tenant, query) {
      const { where, sort, limit, skip } = readQuery(known, query);
      const found = selected(tenant, where).sort(byFields(sort));
      return found.slice(skip, skip + limit).map(copyOf);
    },
    count: (tenant, where) => selected(tenant, where).length,
    insert(row) {
      if (!rows.has(row._id)) return { row: put(row), inserted: true };
      const holder = own(row.tenant, row._id);
      if (!holder) throw new UniqueConflict(definition.name, '_id');
      return { row: copyOf(holder), inserted: false };
    },
    replace(tenant, id, version, next) {
      const row = own(tenant, id);
      return row?.version === version ? put(next(row)) : undefined;
    },
  };
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
