/** Commands about indexes. */
import { randomUUID } from 'node:crypto';
import { Int32 } from 'bson';
import { docsArg, optionalDoc } from '../args.ts';
import { encodeBson } from '../bson-codec.ts';
import { namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import { mongoError, telling } from '../errors.ts';
import type { Index } from '../index.ts';
import { checkIdIndex, describeIndex, type IndexSpec, readIndexSpec } from '../index-spec.ts';
import { encodeKey } from '../key.ts';
import { compileFilter } from '../match.ts';
import { checkPartialFilter } from '../partial-filter.ts';
import { show, showFull } from '../show.ts';
import { type Doc, isDoc, typeName, type Value } from '../value.ts';
import type { Writes } from '../writes.ts';
import { batchSizeOf, openCursor } from './cursors.ts';
import { checkIndexOptions } from './index-checks.ts';
import { refuseSystem } from './insert.ts';

const dropCommand = { fields: ['index'], writes: true, run: dropIndexes };

const MOST_INDEXES = 64;

export const indexCommands: CommandTable = {
  createIndexes: {
    fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
    writes: true,
    run: createIndexes,
  },
  dropIndexes: dropCommand,
  deleteIndexes: dropCommand,
  listIndexes: { fields: ['cursor', 'includeBuildUUIDs'], run: listIndexes },
};

/** https://www.mongodb.com/docs/manual/reference/command/createIndexes/ */
function createIndexes({ command, database, engine, writes }: Context): Doc {
  const namespace = namespaceOf(database, command['createIndexes']);
  refuseSystem(namespace, database);
  const given = docsArg(command['indexes'], 'indexes');
  if (given.length === 0) throw mongoError(2, 'Must specify at least one index to create');
  given.forEach(checkIdIndex);
  given.forEach(checkIndexOptions);
  const specs = given.map(readIndexSpec);
  for (const spec of specs) {
    if (spec.partialFilterExpression === undefined) continue;
    compileFilter(spec.partialFilterExpression);
    checkPartialFilter(spec.partialFilterExpression);
  }
  const existed = engine.store.catalog.find(namespace) !== undefined;
  const collection = writes.ensure(namespace);
  const before = collection.indexes.length;
  for (const spec of specs) {
    if (!isPresent(collection, spec)) build(writes, collection, spec);
  }
  const after = collection.indexes.length;
  return {
    numIndexesBefore: new Int32(before),
    numIndexesAfter: new Int32(after),
    createdCollectionAutomatically: !existed,
    ...(before === after ? { note: 'all indexes already exist' } : {}),
  };
}

/** An index that cannot be built says which build it was, as in MongoDB. */
function build(writes: Writes, collection: Collection, spec: IndexSpec): void {
  const { namespace, uuid } = collection;
  if (collection.indexes.length >= MOST_INDEXES) {
    throw mongoError(67, `add index fails, too many indexes for ${namespace} key:${show(spec.key)}`);
  }
  telling(`Index build failed: ${randomUUID()}: Collection ${namespace} ( ${uuid} )`, () =>
    writes.createIndex(collection, spec),
  );
}

/** True for the very same index; throws 85 or 86 when name or keys are taken by a different one. */
function isPresent(collection: Collection, spec: IndexSpec): boolean {
  if (isIdKey(spec.key)) return true;
  const requested = `Requested index: ${showIndex(spec)}`;
  const named = collection.indexNamed(spec.name);
  if (named !== undefined) {
    const existing = `existing index: ${showIndex(named.spec)}`;
    if (signatureOf(named.spec) !== signatureOf(spec)) {
      throw mongoError(
        86,
        'An existing index has the same name as the requested index. When index names are not specified, they are ' +
          `auto generated and can cause conflicts. Please refer to our documentation. ${requested}, ${existing}`,
      );
    }
    if (identityOf(named.spec) === identityOf(spec)) return true;
    throw mongoError(
      85,
      `An equivalent index already exists with the same name but different options. ${requested}, ${existing}`,
    );
  }
  const twin = collection.indexes.find((index) => signatureOf(index.spec) === signatureOf(spec));
  if (twin === undefined) return false;
  if (identityOf(twin.spec) === identityOf(spec)) {
    throw mongoError(85, `Index already exists with a different name: ${twin.spec.name}`);
  }
  throw mongoError(
    85,
    `An equivalent index already exists with a different name and options. ${requested}, ` +
      `existing index: ${showIndex(twin.spec)}`,
  );
}

/** In MongoDB's messages `unique` stands before the key. */
function showIndex(spec: IndexSpec): string {
  const { v: _, ...rest } = describeIndex(spec);
  const v = new Int32(2);
  return showFull(spec.unique ? { v, unique: true, ...rest } : { v, ...rest });
}

/** What two indexes on the same keys may differ in and both be there. */
function signatureOf({
  key,
  unique,
  sparse,
  partialFilterExpression,
  wildcardProjection,
}: IndexSpec): string {
  const projection = wildcardProjection ?? null;
  return encodeKey({ key, unique, sparse, filter: partialFilterExpression ?? null, projection });
}

/** What makes an index another one: neither its name nor how it was built. */
function identityOf(spec: IndexSpec): string {
  const { name: _, background: __, ...rest } = describeIndex(spec);
  return encodeKey(rest);
}

function isIdKey(key: Doc): boolean {
  return encodeKey(key) === encodeKey({ _id: 1 });
}

/** https://www.mongodb.com/docs/manual/reference/command/dropIndexes/ */
function dropIndexes({ command, name, database, engine, writes }: Context): Doc {
  const namespace = namespaceOf(database, command[name]);
  const collection = engine.store.catalog.find(namespace);
  if (collection === undefined) throw mongoError(26, `ns not found ${namespace}`);
  const before = collection.indexes.length;
  for (const index of indexesToDrop(collection, command['index']))
    writes.dropIndex(collection, index.spec.name);
  return { nIndexesWas: new Int32(before) };
}

function indexesToDrop(collection: Collection, given: Value): Index[] {
  if (given === '*') return collection.indexes.slice(1);
  const wrong = (types: string) =>
    mongoError(
      14,
      `BSON field 'dropIndexes.index' is the wrong type '${typeName(given)}', expected types ${types}`,
    );
  if (given === undefined) {
    throw mongoError(40414, "BSON field 'dropIndexes.index' is missing but a required field");
  }
  if (!Array.isArray(given)) {
    if (typeof given !== 'string' && !isDoc(given)) throw wrong("'[string, object']");
    return [findIndex(collection, given)];
  }
  if (given.some((one) => typeof one !== 'string')) throw wrong("'[string']");
  return given.map((one: Value) => findIndex(collection, one));
}

/** By name or key pattern; throws 27 for none and 72 for the index on `_id`. */
function findIndex(collection: Collection, given: Value): Index {
  if (typeof given !== 'string' && !isDoc(given)) {
    throw mongoError(14, "BSON field 'dropIndexes.index' must be a string, an object or an array of strings");
  }
  const matching = collection.indexes.filter(({ spec }) =>
    typeof given === 'string' ? spec.name === given : encodeKey(spec.key) === encodeKey(given),
  );
  const [found] = matching;
  if (matching.length > 1) {
    throw mongoError(
      181,
      `${matching.length} indexes found for key: ${show(given)}, identify by name instead.` +
        ` Conflicting indexes: ${matching.map(({ spec }) => show(describeIndex(spec))).join(', ')}`,
    );
  }
  if (found === undefined) {
    const isName = typeof given === 'string';
    throw mongoError(
      27,
      isName ? `index not found with name [${given}]` : `can't find index with key: ${show(given)}`,
    );
  }
  if (found.spec.name === '_id_') throw mongoError(72, 'cannot drop _id index');
  return found;
}

/** https://www.mongodb.com/docs/manual/reference/command/listIndexes/ */
function listIndexes(context: Context): Promise<Reply> {
  const { command, database, engine } = context;
  const namespace = namespaceOf(database, command['listIndexes']);
  const described = engine.store.catalog
    .get(namespace)
    .indexes.map((index) => encodeBson(describeIndex(index.spec)));
  return openCursor(context, namespace, described.values(), {
    batchSize: batchSizeOf(optionalDoc(command['cursor'], 'cursor')),
    listing: true,
  });
}
