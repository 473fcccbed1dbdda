// How a collection is declared: its fields, its indexes and who it belongs to, as plain data that both stores read.
import { Schema } from 'mongoose';
import type { Body, Fact, Scalar, Stored } from '../src/core/store.ts';

/** A field of any form, such as a payload from outside; everything in it is stored as it is. */
export const mixed = Schema.Types.Mixed;

export type FieldType =
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | DateConstructor
  | typeof mixed;

/** One field in the form of a mongoose schema; what is not `required` may be missing or null. */
export interface FieldOptions {
  readonly type: FieldType | readonly [FieldDefinition] | NestedFields;
  readonly required?: boolean;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly maxlength?: number;
}

export interface NestedFields {
  readonly [field: string]: FieldDefinition;
}

export type FieldDefinition = FieldType | FieldOptions | readonly [FieldDefinition];

/** Which records an index holds: those whose fields equal these values, or are there at all. */
export type OnlyWhere = Readonly<Record<string, Scalar | { readonly exists: true }>>;

export interface IndexOptions {
  readonly keys: Readonly<Record<string, 1 | -1>>;
  readonly unique?: boolean;
  readonly partial?: OnlyWhere;
  /** For system readers, which look across tenants: the key then does not begin with the tenant. */
  readonly acrossTenants?: boolean;
}

/** An index as it stands in the database; unless it serves system readers, its key begins with the tenant. */
export interface IndexDefinition {
  readonly name: string;
  readonly keys: Readonly<Record<string, 1 | -1>>;
  readonly unique: boolean;
  readonly partial?: OnlyWhere;
  readonly expireAfterSeconds?: number;
}

/** What docs/data-model.md says of a collection. */
export interface About {
  /** One sentence on what one record is. */
  readonly holds: string;
  readonly writer: string;
  readonly retention: string;
}

export interface CollectionDefinition {
  readonly kind: 'facts' | 'records';
  readonly name: string;
  readonly fields: NestedFields;
  readonly indexes: readonly IndexDefinition[];
  readonly about: About;
}

declare const holds: unique symbol;

export interface FactDefinition<T extends Fact> extends CollectionDefinition {
  readonly kind: 'facts';
  readonly [holds]?: (record: T) => T;
}

export interface RecordDefinition<T extends Stored> extends CollectionDefinition {
  readonly kind: 'records';
  readonly [holds]?: (record: T) => T;
}

interface Declared<T extends Stored> {
  readonly name: string;
  /** Every field of the body; tenant, version and bookkeeping are added by the store. */
  readonly fields: { readonly [K in keyof Body<T> & string]-?: FieldDefinition };
  readonly indexes?: readonly IndexOptions[];
  /** Records vanish that many seconds after the date in `field`; those without a date stay. */
  readonly expireAfter?: { readonly field: keyof Body<T> & string; readonly seconds: number };
  readonly about: About;
}

/** Declares a collection of facts: records with history and embedded outbox, and the index the relay reads by. */
export function defineFacts<T extends Fact>(declared: Declared<T>): FactDefinition<T> {
  const { name, fields, about } = declared;
  const relay: IndexDefinition = {
    name: 'outbox.at',
    keys: { 'outbox.at': 1 },
    unique: false,
    partial: { 'outbox.at': { exists: true } },
  };
  return { kind: 'facts', name, fields, indexes: [...indexesOf(declared), relay], about };
}

/** Declares a collection of plain records. */
export function defineRecords<T extends Stored>(declared: Declared<T>): RecordDefinition<T> {
  const { name, fields, about } = declared;
  return { kind: 'records', name, fields, indexes: indexesOf(declared), about };
}

function indexesOf<T extends Stored>({ indexes = [], expireAfter }: Declared<T>): IndexDefinition[] {
  const own = indexes.map(indexDefinition);
  if (!expireAfter) return own;
  const { field, seconds } = expireAfter;
  return [
    ...own,
    { name: `${field}_expiry`, keys: { [field]: 1 }, unique: false, expireAfterSeconds: seconds },
  ];
}

/** @throws Error for a unique key that would hold over tenants: one tenant could then block another. */
function indexDefinition(options: IndexOptions): IndexDefinition {
  const { keys, unique = false, partial, acrossTenants = false } = options;
  if (unique && acrossTenants) throw new Error('a unique key starts with the tenant');
  const whole: Record<string, 1 | -1> = acrossTenants ? { ...keys } : { tenant: 1, ...keys };
  const name = Object.keys(whole).join('_');
  return partial ? { name, keys: whole, unique, partial } : { name, keys: whole, unique };
}
