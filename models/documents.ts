// The documents both stores write: what a body, a change and a trace become.
import type { OutboxItem } from '../src/core/outbox-item.ts';
import type { HistoryEntry, Trace } from '../src/core/trace.ts';
import { checkStorable } from './copy.ts';
import { scopeFault } from './tenant-guard.ts';

export type Loose = Readonly<Record<string, unknown>>;

/** A stored document of any collection. */
export type Row = Loose & { readonly _id: string; readonly tenant: string; readonly version: number };

export type FactRow = Row & {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly history: readonly HistoryEntry[];
  readonly outbox: readonly OutboxItem[];
};

/** How many history entries a fact keeps: the newest. */
export const HISTORY_KEPT = 200;

/** A new record at version 1. */
export function freshRecord(tenant: string, id: string, body: Loose): Row {
  checkId(id);
  return { _id: id, tenant, version: 1, ...body };
}

function checkId(id: string): void {
  if (typeof id !== 'string' || id === '') throw scopeFault(`“${String(id)}” is no id`);
}

/** A new fact at version 1, with its first history entry and the items of its trace. */
export function freshFact(tenant: string, id: string, body: Loose, trace: Trace): FactRow {
  const { at } = trace.history;
  checkId(id);
  // The body last, which costs a twentieth: it was judged by its definition, which declares none of these.
  return {
    _id: id,
    tenant,
    version: 1,
    createdAt: at,
    updatedAt: at,
    history: [trace.history],
    outbox: itemsOf(id, 1, trace),
    ...body,
  };
}

/** The items of a trace as they are stored in the version they come with: `<id>:<version>:<n>`, n from 0. */
export function itemsOf(id: string, version: number, trace: Trace): readonly OutboxItem[] {
  const { at } = trace.history;
  checkStorable(trace.items, 'what the change leaves to be delivered');
  return trace.items.map((content, n) => ({ id: `${id}:${version}:${n}`, at, content }));
}

/** A change without the fields that were given as undefined: they are left as they are. */
export function givenIn(change: Loose): Loose {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** A row as the type its definition promises: every write was judged by that definition. */
export function asRecord<T>(row: Loose): T {
  return row as T;
}
