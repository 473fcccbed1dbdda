// The store port: records of one tenant behind a few methods, with compare-and-set as the only way to change.
import type { OutboxItem } from './outbox-item.ts';
import type { HistoryEntry, Trace } from './trace.ts';

/** The least a stored thing has. `version` starts at 1 and grows by one with every change. */
export interface Stored {
  readonly _id: string;
  readonly tenant: string;
  readonly version: number;
}

/** A stored thing that carries its history and what is still to be delivered. */
export interface Fact extends Stored {
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly history: readonly HistoryEntry[];
  readonly outbox: readonly OutboxItem[];
}

export type Scalar = string | number | boolean | Date | null;

/** A condition on one field. Operators are ours alone: a value from outside is always compared as a value. */
export type Condition =
  | Scalar
  | { readonly in: readonly Scalar[] }
  | { readonly not: Scalar }
  | { readonly lt?: Scalar; readonly lte?: Scalar; readonly gt?: Scalar; readonly gte?: Scalar };

export type FieldOf<T> = keyof T & string;

/** Conditions that must all hold. A field that is missing equals null. */
export type Where<T> = { readonly [K in FieldOf<T>]?: Condition };

export interface Query<T> {
  readonly where: Where<T>;
  readonly sort?: readonly (readonly [field: FieldOf<T>, direction: 1 | -1])[];
  readonly limit: number;
  readonly skip?: number;
}

/** The fields a caller gives; tenant, version and bookkeeping are the repository's. */
export type Body<T extends Stored> = Omit<T, keyof Fact>;

export interface Reader<T extends Stored> {
  get(id: string): Promise<T | null>;
  find(query: Query<T>): Promise<T[]>;
  count(where: Where<T>): Promise<number>;
}

/** Records of one tenant without history: rows of the outbox, leases, cards, inbox. */
export interface Records<T extends Stored> extends Reader<T> {
  /** Inserts unless the id is taken; `inserted` false returns the record that was there first. */
  insertOnce(id: string, body: Body<T>): Promise<{ record: T; inserted: boolean }>;
  /** Inserts those whose id is free and leaves the others as they are; returns how many were new. */
  insertMany(rows: readonly { readonly id: string; readonly body: Body<T> }[]): Promise<number>;
  /** Changes the record if it still has the version of `current`; null when somebody was faster. */
  compareAndSet(current: T, change: Partial<Body<T>>): Promise<T | null>;
  /** As `compareAndSet` for each of these records by itself; how many of them still had their version. */
  compareAndSetMany(
    changes: readonly { readonly current: T; readonly change: Partial<Body<T>> }[],
  ): Promise<number>;
  /** Changes all of these records whatever their version, for marks that only ever go one way; how many there were. */
  updateMany(ids: readonly string[], change: Partial<Body<T>>): Promise<number>;
}

/** Facts of one tenant: every write carries its trace, and lands with it in one document write. */
export interface Facts<T extends Fact> extends Reader<T> {
  /** Inserts unless the id is taken; running the same effect again returns the first outcome. */
  insertOnce(id: string, body: Body<T>, trace: Trace): Promise<{ record: T; inserted: boolean }>;
  /** Changes the fact if it still has the version of `current`; null when somebody was faster. */
  compareAndSet(current: T, change: Partial<Body<T>>, trace: Trace): Promise<T | null>;
}

/** A collection of records: the only way in is by a tenant, or by an allow-listed system reason. */
export interface RecordCollection<T extends Stored> {
  readonly name: string;
  scoped(tenant: string): Records<T>;
  /** Reads over all tenants for a named system reason (relay, sweeper, sealer); writes need `scoped`. */
  acrossTenants(reason: SystemReason): Pick<Reader<T>, 'find' | 'count'>;
}

export interface FactCollection<T extends Fact> {
  readonly name: string;
  scoped(tenant: string): Facts<T>;
  acrossTenants(reason: SystemReason): Pick<Reader<T>, 'find' | 'count'>;
  readonly pending: PendingItems;
}

/** What the relay may do with a collection of facts: read what is due and take away what it has handed on. */
export interface PendingItems {
  due(before: Date, limit: number): Promise<readonly PendingFact[]>;
  remove(facts: readonly PendingFact[]): Promise<void>;
}

export interface PendingFact {
  readonly _id: string;
  readonly tenant: string;
  readonly outbox: readonly OutboxItem[];
}

/** The reasons for which system work may look across tenants. */
export const systemReasons = [
  'relay',
  'deliver',
  'seal',
  'sweep',
  'inbox',
  'fold',
  'alerts',
  'health',
  'sign-in',
  'schedule',
  'rooms',
  'first-start',
] as const;
export type SystemReason = (typeof systemReasons)[number];
