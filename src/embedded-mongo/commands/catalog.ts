/** Commands about databases and collections. */
import { Int32, Long } from 'bson';
import { countArg, flagArg, optionalDoc, stringArg } from '../args.ts';
import { encodeBson } from '../bson-codec.ts';
import { checkDatabaseName, collectionNameOf, namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import { mongoError } from '../errors.ts';
import { describeIndex, refuseCollation } from '../index-spec.ts';
import { compileFilter } from '../match.ts';
import { readValidation, VALIDATION_OPTIONS } from '../validation.ts';
import { type Doc, isDoc, isNumber, isTruthy, namesOf, toNumber } from '../value.ts';
import { batchSizeOf, openCursor } from './cursors.ts';
import { refuseSystem } from './insert.ts';
import { bytesOnDisk } from './stats.ts';

const REFUSED_CREATE_OPTIONS = [
  'capped',
  'timeseries',
  'viewOn',
  'pipeline',
  'clusteredIndex',
  'expireAfterSeconds',
  'changeStreamPreAndPostImages',
  'encryptedFields',
];
const CREATE_FIELDS = [
  ...REFUSED_CREATE_OPTIONS,
  'size',
  'max',
  'autoIndexId',
  'idIndex',
  'storageEngine',
  'indexOptionDefaults',
  ...VALIDATION_OPTIONS,
  'collation',
];

export const catalogCommands: CommandTable = {
  create: { fields: CREATE_FIELDS, writes: true, run: create },
  drop: { fields: [], writes: true, run: drop },
  dropDatabase: { fields: [], writes: true, run: dropDatabase },
  renameCollection: { fields: ['to', 'dropTarget'], adminOnly: true, writes: true, run: rename },
  listCollections: {
    fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
    run: listCollections,
  },
  listDatabases: {
    fields: ['filter', 'nameOnly', 'authorizedDatabases'],
    adminOnly: true,
    run: listDatabases,
  },
};

/** https://www.mongodb.com/docs/manual/reference/command/create/ */
function create({ command, database, engine, writes }: Context): Doc {
  const name = command['create'];
  if (typeof name === 'string' && name.includes('$'))
    throw mongoError(73, `Invalid collection name: ${name}`);
  const namespace = namespaceOf(database, name);
  refuseSystem(namespace, database);
  refuseCollation(command['collation']);
  checkCapped(command);
  for (const option of REFUSED_CREATE_OPTIONS) {
    const value = command[option];
    const isEmpty = isDoc(value)
      ? namesOf(value).length === 0 || value['enabled'] === false
      : !isTruthy(value);
    if (!isEmpty) throw mongoError(115, `collection option '${option}' is not supported by this engine`);
  }
  if (engine.store.catalog.find(namespace) !== undefined) {
    throw mongoError(48, `Collection ${namespace} already exists.`);
  }
  writes.create(namespace, readValidation(command));
  return {};
}

/** What is wrong with the arguments of a capped collection is told before it is refused. */
function checkCapped(command: Doc): void {
  const isCapped = flagArg(command['capped'], 'capped');
  const size = command['size'];
  if (isNumber(size) && toNumber(size) < 1) {
    const shown = Math.trunc(toNumber(size));
    throw mongoError(51024, `BSON field 'size' value must be >= 1, actual value '${shown}'`);
  }
  const bytes = countArg(size, 'size');
  const documents = countArg(command['max'], 'max');
  if (!isCapped && (bytes ?? documents) !== undefined) {
    throw mongoError(
      72,
      "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
    );
  }
  if (isCapped && bytes === undefined) {
    throw mongoError(72, "the 'size' field is required when 'capped' is true");
  }
}

/** https://www.mongodb.com/docs/manual/reference/command/drop/ */
function drop({ command, database, engine, writes }: Context): Doc {
  const namespace = namespaceOf(database, command['drop']);
  if (command['drop'] === 'system.profile') return {};
  refuseSystem(namespace, database);
  const collection = engine.store.catalog.find(namespace);
  if (collection === undefined) return {};
  engine.cursors.closeWhere((cursor) => cursor.namespace === namespace);
  writes.drop(namespace);
  return { nIndexesWas: new Int32(collection.indexes.length), ns: namespace };
}

function dropDatabase({ database, engine, writes }: Context): Doc {
  checkDatabaseName(database);
  const collections = engine.store.catalog.of(database);
  engine.cursors.closeWhere((cursor) => cursor.namespace.startsWith(`${database}.`));
  for (const { namespace } of collections) writes.drop(namespace);
  return collections.length > 0 ? { dropped: database } : {};
}

/** https://www.mongodb.com/docs/manual/reference/command/renameCollection/ */
function rename({ command, engine, writes }: Context): Doc {
  const from = stringArg(command['renameCollection'], 'renameCollection');
  const to = stringArg(command['to'], 'to');
  for (const namespace of [from, to]) {
    const dot = namespace.indexOf('.');
    namespaceOf(namespace.slice(0, Math.max(0, dot)), namespace.slice(dot + 1));
  }
  const { catalog } = engine.store;
  if (catalog.find(from) === undefined) throw mongoError(26, `Source collection ${from} does not exist`);
  if (from === to) throw mongoError(20, "Can't rename a collection to itself");
  if (catalog.find(to) !== undefined) {
    if (!flagArg(command['dropTarget'], 'dropTarget')) throw mongoError(48, 'target namespace exists');
    writes.drop(to);
  }
  engine.cursors.closeWhere((cursor) => cursor.namespace === from || cursor.namespace === to);
  writes.rename(from, to);
  return {};
}

/** https://www.mongodb.com/docs/manual/reference/command/listCollections/ */
function listCollections(context: Context): Promise<Reply> {
  const { command, database, engine } = context;
  const matches = compileFilter(optionalDoc(command['filter'], 'filter') ?? {});
  const nameOnly = flagArg(command['nameOnly'], 'nameOnly');
  const described = engine.store.catalog
    .of(database)
    .map(describeCollection)
    .filter((doc) => matches(doc))
    .map((doc) => (nameOnly ? { name: doc['name'], type: doc['type'] } : doc));
  return openCursor(context, `${database}.$cmd.listCollections`, described.map(encodeBson).values(), {
    batchSize: batchSizeOf(optionalDoc(command['cursor'], 'cursor')),
    listing: true,
  });
}

function describeCollection(collection: Collection): Doc {
  const [idIndex] = collection.indexes;
  return {
    name: collectionNameOf(collection.namespace),
    type: 'collection',
    options: collection.options,
    info: { readOnly: false, uuid: collection.uuid },
    ...(idIndex === undefined ? {} : { idIndex: describeIndex(idIndex.spec) }),
  };
}

/** Databases every server has, with what a fresh one says of their size. */
const SERVERS_OWN: readonly string[] = ['admin', 'config', 'local'];
const OWN_BYTES = 40_960;

/** https://www.mongodb.com/docs/manual/reference/command/listDatabases/ */
function listDatabases({ command, engine }: Context): Doc {
  const { catalog } = engine.store;
  const matches = compileFilter(optionalDoc(command['filter'], 'filter') ?? {});
  const databases = [...new Set([...SERVERS_OWN, ...catalog.databases()])]
    .sort()
    .map((name) => {
      const own = SERVERS_OWN.includes(name) ? OWN_BYTES : 0;
      return { name, sizeOnDisk: Long.fromNumber(own + bytesOnDisk(catalog.of(name))), empty: false };
    })
    .filter((doc) => matches(doc));
  if (flagArg(command['nameOnly'], 'nameOnly')) return { databases: databases.map(({ name }) => ({ name })) };
  const total = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk.toNumber(), 0);
  return {
    databases,
    totalSize: Long.fromNumber(total),
    totalSizeMb: Long.fromNumber(Math.floor(total / 1048576)),
  };
}
