/** Commands and stages that tell the sizes of databases, collections and indexes. */
import { statfsSync } from 'node:fs';
import { Double, Int32, Long } from 'bson';
import { checkOnly, countArg, docArg, flagArg, optionalDoc } from '../args.ts';
import { namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import type { Index } from '../index.ts';
import { describeIndex } from '../index-spec.ts';
import { show } from '../show.ts';
import { type Doc, isDoc, isNumber, setField, toNumber, typeName, type Value } from '../value.ts';

export const statsCommands: CommandTable = {
  collStats: { fields: ['scale'], run: collectionStats },
  collstats: { fields: ['scale'], run: collectionStats },
  dbStats: { fields: ['scale', 'freeStorage'], run: databaseStats },
  dbstats: { fields: ['scale', 'freeStorage'], run: databaseStats },
  dataSize: { fields: ['keyPattern', 'min', 'max', 'estimate'], run: dataSize },
};

const PAGE_BYTES = 4096;
/** A key, a document's number, and what a page keeps about them. */
const INDEX_ENTRY_BYTES = 24;

/** What it would take in whole pages: about, since all data is in memory. */
function inPages(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / PAGE_BYTES)) * PAGE_BYTES;
}

function storageBytes(collection: Collection): number {
  return inPages(collection.bytes);
}

function indexBytes(index: Index): number {
  return inPages(index.entries.size * INDEX_ENTRY_BYTES);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** The bytes of collections and their indexes in whole pages. */
export function bytesOnDisk(collections: readonly Collection[]): number {
  return sum(collections.map((one) => storageBytes(one) + sum(one.indexes.map(indexBytes))));
}

/** A whole number as MongoDB writes it: an int where it fits. */
function whole(value: number): Int32 | Long {
  return value <= 0x7fffffff ? new Int32(value) : Long.fromNumber(value);
}

/** https://www.mongodb.com/docs/manual/reference/command/collStats/ */
function collectionStats({ command, name, database, engine }: Context): Doc {
  const namespace = namespaceOf(database, command[name]);
  return {
    ns: namespace,
    ...storageStats(engine.store.catalog.find(namespace), scaleOf(command['scale'])),
  };
}

function scaleOf(given: Value, name = 'scale'): number {
  const isNegative = isNumber(given) && toNumber(given) < 0;
  const scale = isNegative ? Math.trunc(toNumber(given)) : (countArg(given, name) ?? 1);
  if (scale < 1) throw mongoError(51024, `BSON field 'scale' value must be >= 1, actual value '${scale}'`);
  return scale;
}

function storageStats(collection: Collection | undefined, scale: number): Doc {
  const indexes = collection?.indexes ?? [];
  const count = collection?.documents.size ?? 0;
  const bytes = collection?.bytes ?? 0;
  const scaled = (size: number): Int32 | Long => whole(Math.floor(size / scale));
  const storage = collection === undefined ? 0 : storageBytes(collection);
  const totalIndex = sum(indexes.map(indexBytes));
  const indexSizes: Doc = {};
  for (const index of indexes) setField(indexSizes, index.spec.name, scaled(indexBytes(index)));
  return {
    size: scaled(bytes),
    count: whole(count),
    ...(count === 0 ? {} : { avgObjSize: whole(Math.floor(bytes / count)) }),
    numOrphanDocs: new Int32(0),
    storageSize: scaled(storage),
    freeStorageSize: new Int32(0),
    capped: false,
    nindexes: new Int32(indexes.length),
    indexBuilds: [],
    totalIndexSize: scaled(totalIndex),
    totalSize: scaled(storage + totalIndex),
    indexSizes,
    scaleFactor: whole(scale),
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/dbStats/ */
function databaseStats({ command, database, engine }: Context): Doc {
  const scale = scaleOf(command['scale']);
  const collections = engine.store.catalog.of(database);
  const objects = sum(collections.map((one) => one.documents.size));
  const bytes = sum(collections.map((one) => one.bytes));
  const storage = sum(collections.map(storageBytes));
  const indexSize = bytesOnDisk(collections) - storage;
  const disk = statfsSync('.');
  const scaled = (size: number): Double => new Double(Math.floor(size / scale));
  return {
    db: database,
    collections: Long.fromNumber(collections.length),
    views: Long.ZERO,
    objects: Long.fromNumber(objects),
    avgObjSize: new Double(objects === 0 ? 0 : bytes / objects),
    dataSize: scaled(bytes),
    storageSize: scaled(storage),
    ...(command['freeStorage'] === undefined ? {} : { freeStorageSize: new Double(0) }),
    indexes: Long.fromNumber(sum(collections.map((one) => one.indexes.length))),
    indexSize: scaled(indexSize),
    totalSize: scaled(storage + indexSize),
    scaleFactor: Long.fromNumber(scale),
    fsUsedSize: scaled((disk.blocks - disk.bfree) * disk.bsize),
    fsTotalSize: scaled(disk.blocks * disk.bsize),
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/dataSize/ */
function dataSize({ command, engine }: Context): Doc {
  for (const bound of ['min', 'max'] as const) {
    if (command[bound] !== undefined)
      throw mongoError(115, `dataSize's '${bound}' is not supported by this engine`);
  }
  const given = command['dataSize'];
  if (typeof given !== 'string') throw mongoError(2, `collection name has invalid type ${typeName(given)}`);
  const dot = given.indexOf('.');
  if (dot < 1) throw mongoError(73, `Invalid namespace specified '${given}'`);
  const namespace = namespaceOf(given.slice(0, dot), given.slice(dot + 1));
  const collection = engine.store.catalog.find(namespace);
  return {
    ...(collection === undefined ? {} : { estimate: flagArg(command['estimate'], 'estimate') }),
    size: Long.fromNumber(collection?.bytes ?? 0),
    numObjects: Long.fromNumber(collection?.documents.size ?? 0),
    millis: Long.ZERO,
  };
}

/**
 * The documents of a first stage that tells about its collection; undefined for any other stage.
 * Throws 26 where the stage needs the collection to exist.
 */
export function documentsAboutCollection(context: Context, first: Doc | undefined): Doc[] | undefined {
  if (first === undefined) return undefined;
  const { command, database, engine } = context;
  if ('$collStats' in first) {
    const namespace = namespaceOf(database, command['aggregate']);
    return [collStatsStage(context, namespace, first['$collStats'])];
  }
  if ('$listSessions' in first) return storedSessions(context, first['$listSessions']);
  const [stage] = ['$indexStats', '$planCacheStats'].filter((name) => name in first);
  if (stage === undefined) return undefined;
  checkOnly(docArg(first[stage], stage), stage, []);
  const collection = engine.store.catalog.find(namespaceOf(database, command['aggregate']));
  if (stage === '$planCacheStats' || collection === undefined) return [];
  return collection.indexes.map((index) => describeUse(context, index));
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/listSessions/: none are stored, all are local. */
function storedSessions({ command, database }: Context, given: Value): Doc[] {
  checkOnly(docArg(given, '$listSessions'), '$listSessions', ['allUsers', 'users']);
  if (database === 'config' && command['aggregate'] === 'system.sessions') return [];
  throw mongoError(73, '$listSessions may only be run against config.system.sessions');
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/collStats/ */
function collStatsStage({ engine, now }: Context, namespace: string, given: Value): Doc {
  if (!isDoc(given)) {
    throw mongoError(5447000, `$collStats must take a nested object but found: $collStats: ${show(given)}`);
  }
  const spec = given;
  checkOnly(spec, '$collStats', ['latencyStats', 'storageStats', 'count', 'queryExecStats']);
  const collection = engine.store.catalog.find(namespace);
  const storage = optionalDoc(spec['storageStats'], '$collStats.storageStats');
  const needing = ['count', 'storageStats'].find((name) => spec[name] !== undefined);
  const scale = scaleOf(storage?.['scale'], '$collStats.storageStats.scale');
  if (collection === undefined && needing !== undefined) {
    throw mongoError(
      26,
      `PlanExecutor error during aggregation :: caused by :: Unable to retrieve ${needing} in $collStats ` +
        `stage :: caused by :: Collection [${namespace}] not found.`,
    );
  }
  return {
    ns: namespace,
    host: `127.0.0.1:${engine.options.port}`,
    localTime: now,
    ...(spec['latencyStats'] === undefined ? {} : { latencyStats: noLatencies() }),
    ...(storage === undefined ? {} : { storageStats: storageStats(collection, scale) }),
    ...(spec['count'] === undefined ? {} : { count: whole(collection?.documents.size ?? 0) }),
    ...(spec['queryExecStats'] === undefined
      ? {}
      : { queryExecStats: { collectionScans: { total: Long.ZERO, nonTailable: Long.ZERO } } }),
  };
}

/** The engine does not time operations by collection. */
function noLatencies(): Doc {
  const none = (): Doc => ({ latency: Long.ZERO, ops: Long.ZERO });
  return { reads: none(), writes: none(), commands: none(), transactions: none() };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/indexStats/ */
function describeUse({ engine }: Context, index: Index): Doc {
  return {
    name: index.spec.name,
    key: index.spec.key,
    host: `127.0.0.1:${engine.options.port}`,
    accesses: { ops: Long.fromNumber(index.uses), since: index.since },
    spec: describeIndex(index.spec),
  };
}
