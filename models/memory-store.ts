// The store in memory: what the database store promises, for simulation and tests, without a database.
import type {
  Fact,
  FactCollection,
  Facts,
  PendingItems,
  Reader,
  RecordCollection,
  Records,
  Stored,
  SystemReason,
} from '../src/core/store.ts';
import type { Trace } from '../src/core/trace.ts';
import type { CollectionDefinition, FactDefinition, RecordDefinition } from './define.ts';
import {
  asRecord,
  type FactRow,
  freshFact,
  freshRecord,
  givenIn,
  HISTORY_KEPT,
  itemsOf,
  type Loose,
  type Row,
} from './documents.ts';
import { checkBody, checkChange } from './field-check.ts';
import { createMemoryTable, type MemoryTable } from './memory-table.ts';
import type { Store } from './store.ts';
import { asSystem, asTenant } from './tenant-guard.ts';

/** A store whose collections live as long as it does; asking twice for one definition gives the same rows. */
export function createMemoryStore(): Store {
  const tables = new Map<string, MemoryTable>();
  const tableOf = (definition: CollectionDefinition): MemoryTable => {
    const table = tables.get(definition.name) ?? createMemoryTable(definition);
    tables.set(definition.name, table);
    return table;
  };
  return {
    facts: (definition) => memoryFacts(definition, tableOf(definition)),
    records: (definition) => memoryRecords(definition, tableOf(definition)),
  };
}

function memoryFacts<T extends Fact>(definition: FactDefinition<T>, table: MemoryTable): FactCollection<T> {
  const { name, fields } = definition;
  const scoped = (tenant: string): Facts<T> => ({
    ...readerOf<T>(table, tenant),
    insertOnce: (id, body, trace) =>
      asTenant(tenant, async () => {
        checkBody(name, fields, body);
        return inserted<T>(table, freshFact(tenant, id, body, trace));
      }),
    compareAndSet: (current, change, trace) =>
      asTenant(tenant, async () => {
        checkChange(name, fields, change);
        const { _id, version } = current;
        const row = table.replace(tenant, _id, version, (fact) => changedFact(fact, change, trace));
        return row ? asRecord<T>(row) : null;
      }),
  });
  return { name, scoped, acrossTenants: systemReaderOf<T>(table), pending: pendingOf(table) };
}

function memoryRecords<T extends Stored>(
  definition: RecordDefinition<T>,
  table: MemoryTable,
): RecordCollection<T> {
  const { name, fields } = definition;
  const scoped = (tenant: string): Records<T> => ({
    ...readerOf<T>(table, tenant),
    insertOnce: (id, body) =>
      asTenant(tenant, async () => {
        checkBody(name, fields, body);
        return inserted<T>(table, freshRecord(tenant, id, body));
      }),
    insertMany: (rows) =>
      asTenant(tenant, async () => {
        for (const { body } of rows) checkBody(name, fields, body);
        return insertAll(
          table,
          rows.map(({ id, body }) => freshRecord(tenant, id, body)),
        );
      }),
    compareAndSet: (current, change) =>
      asTenant(tenant, async () => {
        checkChange(name, fields, change);
        const row = table.replace(tenant, current._id, current.version, (old) => changed(old, change));
        return row ? asRecord<T>(row) : null;
      }),
    updateMany: (ids, change) =>
      asTenant(tenant, async () => {
        checkChange(name, fields, change);
        const held = [...new Set(ids)].flatMap((id) => table.get(tenant, id) ?? []);
        for (const { _id, version } of held)
          table.replace(tenant, _id, version, (old) => changed(old, change));
        return held.length;
      }),
  });
  return { name, scoped, acrossTenants: systemReaderOf<T>(table) };
}

function readerOf<T extends Stored>(table: MemoryTable, tenant: string): Reader<T> {
  return {
    get: (id) =>
      asTenant(tenant, async () => {
        const row = table.get(tenant, id);
        return row ? asRecord<T>(row) : null;
      }),
    find: (query) => asTenant(tenant, async () => table.find(tenant, query).map((row) => asRecord<T>(row))),
    count: (where) => asTenant(tenant, async () => table.count(tenant, where)),
  };
}

function systemReaderOf<T extends Stored>(
  table: MemoryTable,
): (reason: SystemReason) => Pick<Reader<T>, 'find' | 'count'> {
  return (reason) => ({
    find: (query) =>
      asSystem(reason, async () => table.find(undefined, query).map((row) => asRecord<T>(row))),
    count: (where) => asSystem(reason, async () => table.count(undefined, where)),
  });
}

function pendingOf(table: MemoryTable): PendingItems {
  const isDue = (fact: FactRow, before: Date): boolean => fact.outbox.some(({ at }) => at <= before);
  return {
    due: (before, limit) =>
      asSystem('relay', async () =>
        table
          .find(undefined, { where: {}, limit: Number.MAX_SAFE_INTEGER })
          .map((row) => asRecord<FactRow>(row))
          .filter((fact) => isDue(fact, before))
          .slice(0, limit)
          .map(({ _id, tenant, outbox }) => ({ _id, tenant, outbox })),
      ),
    remove: (facts) =>
      asSystem('relay', async () => {
        for (const { _id, tenant, outbox } of facts)
          takeAway(table, tenant, _id, new Set(outbox.map(({ id }) => id)));
      }),
  };
}

/** Takes items out of a fact without a new version: what was handed on is no change of the fact. */
function takeAway(table: MemoryTable, tenant: string, id: string, gone: ReadonlySet<string>): void {
  const fact = table.get(tenant, id);
  if (!fact) return;
  const { outbox } = asRecord<FactRow>(fact);
  const left = outbox.filter((item) => !gone.has(item.id));
  table.replace(tenant, id, fact.version, (old) => ({ ...old, outbox: left }));
}

function inserted<T>(table: MemoryTable, row: Row): { record: T; inserted: boolean } {
  const outcome = table.insert(row);
  return { record: asRecord<T>(outcome.row), inserted: outcome.inserted };
}

/** Inserts every row that it can, and only then throws the first refusal there was. */
function insertAll(table: MemoryTable, rows: readonly Row[]): number {
  const refusals: unknown[] = [];
  let count = 0;
  for (const row of rows) {
    try {
      if (table.insert(row).inserted) count += 1;
    } catch (refusal) {
      refusals.push(refusal);
    }
  }
  if (refusals.length > 0) throw refusals[0];
  return count;
}

const changed = (row: Row, change: Loose): Row => ({ ...row, ...givenIn(change), version: row.version + 1 });

function changedFact(row: Row, change: Loose, trace: Trace): Row {
  const { history, outbox } = asRecord<FactRow>(row);
  const next = changed(row, change);
  return {
    ...next,
    updatedAt: trace.history.at,
    history: [...history, trace.history].slice(-HISTORY_KEPT),
    outbox: [...outbox, ...itemsOf(row._id, next.version, trace)],
  };
}
