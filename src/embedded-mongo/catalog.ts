/** All collections by namespace, and the rules for their names. */
import type { UUID } from 'bson';
import { Collection } from './collection.ts';
import { mongoError } from './errors.ts';
import { type Doc, typeName } from './value.ts';

const MAX_NAMESPACE_BYTES = 255;

export class Catalog {
  readonly collections = new Map<string, Collection>();

  find(namespace: string): Collection | undefined {
    return this.collections.get(namespace);
  }

  /** The collection; throws 26 when it does not exist. */
  get(namespace: string): Collection {
    const collection = this.collections.get(namespace);
    if (collection === undefined) throw mongoError(26, `ns does not exist: ${namespace}`);
    return collection;
  }

  /** Throws 13297 when a database exists whose name differs from this namespace's by case alone. */
  refuseOtherCase(namespace: string): void {
    const wanted = databaseOf(namespace);
    for (const other of this.collections.keys()) {
      const present = databaseOf(other);
      if (present === wanted || present.toLowerCase() !== wanted.toLowerCase()) continue;
      throw mongoError(
        13297,
        `db already exists with different case already have: [${present}] trying to create [${wanted}]`,
      );
    }
  }

  create(namespace: string, options: Doc, uuid?: UUID): Collection {
    const collection = new Collection(namespace, options, uuid);
    this.collections.set(namespace, collection);
    return collection;
  }

  /** Puts a finished collection in the place of what has its name. */
  put(collection: Collection): void {
    this.collections.set(collection.namespace, collection);
  }

  drop(namespace: string): void {
    this.collections.delete(namespace);
  }

  rename(from: string, to: string): void {
    const collection = this.get(from);
    this.collections.delete(from);
    collection.namespace = to;
    this.collections.set(to, collection);
  }

  /** The collections of one database, by name. */
  of(database: string): Collection[] {
    const found: Collection[] = [];
    for (const [namespace, collection] of this.collections) {
      if (namespace.startsWith(`${database}.`)) found.push(collection);
    }
    return found.sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }

  databases(): string[] {
    const names = new Set<string>();
    for (const namespace of this.collections.keys()) names.add(databaseOf(namespace));
    return [...names].sort();
  }

  bytes(): number {
    let bytes = 0;
    for (const collection of this.collections.values()) bytes += collection.bytes;
    return bytes;
  }
}

export function databaseOf(namespace: string): string {
  return namespace.slice(0, namespace.indexOf('.'));
}

export function collectionNameOf(namespace: string): string {
  return namespace.slice(namespace.indexOf('.') + 1);
}

/** Names that were found right, with their database: the same few come with every command. */
const CHECKED = new Map<string, string>();
const MOST_CHECKED = 1000;

/** Checks the names (https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions); throws 73. */
export function namespaceOf(database: string, collection: unknown): string {
  if (typeof collection === 'string' && CHECKED.get(`${database}.${collection}`) === database) {
    return `${database}.${collection}`;
  }
  checkDatabaseName(database);
  if (typeof collection !== 'string') {
    throw mongoError(2, `collection name has invalid type ${typeName(collection)}`);
  }
  const namespace = `${database}.${collection}`;
  if (collection.includes('\0')) throw mongoError(73, 'namespaces cannot have embedded null characters');
  if (collection.startsWith('.')) {
    throw mongoError(73, `Collection names cannot start with '.': ${collection}`);
  }
  if (collection === '' || collection.endsWith('.') || collection.includes('$')) {
    throw mongoError(73, `Invalid namespace specified '${namespace}'`);
  }
  if (Buffer.byteLength(namespace) > MAX_NAMESPACE_BYTES) {
    throw mongoError(73, `Fully qualified namespace is too long. Namespace: ${namespace} Max: 255`);
  }
  if (CHECKED.size >= MOST_CHECKED) CHECKED.clear();
  CHECKED.set(namespace, database);
  return namespace;
}

/** Some commands have a code of their own (73) for a name that is no string. */
export function namedCollection(name: unknown): string {
  if (typeof name === 'string') return name;
  throw mongoError(73, `collection name has invalid type ${typeName(name)}`);
}

export function checkDatabaseName(database: string): void {
  if (database === '' || /[/\\. "$\0]/.test(database) || Buffer.byteLength(database) > 63) {
    throw mongoError(73, `Invalid database name: '${database}'`);
  }
}
