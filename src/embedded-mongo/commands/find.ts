/** The find, count and distinct commands. */
import { Int32 } from 'bson';
import { countArg, flagArg, hintArg, optionalDoc, stringArg } from '../args.ts';
import { encodeBson } from '../bson-codec.ts';
import { namedCollection, namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import type { End, Item } from '../cursor.ts';
import { mongoError } from '../errors.ts';
import { refuseCollation } from '../index-spec.ts';
import { encodeKey } from '../key.ts';
import { isOperatorDoc } from '../match/operators.ts';
import { compileFilter } from '../match.ts';
import { valuesAt } from '../path.ts';
import { planQuery, type Query } from '../planner.ts';
import { compileProjection } from '../project.ts';
import { decoderFor, findSorted, type Scan, type ScanCounts } from '../scan.ts';
import { type Doc, docWith, isNumber, namesOf, toNumber, typeName, type Value } from '../value.ts';
import { openCursor } from './cursors.ts';
import { type CommandScope, scopeOf } from './scope.ts';
import { type Shown, shownAs } from './shown.ts';

const FIND_FIELDS = [
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'noCursorTimeout',
  'allowPartialResults',
  'allowDiskUse',
  'collation',
  'let',
  'tailable',
  'awaitData',
  'oplogReplay',
  'returnKey',
  'showRecordId',
  'min',
  'max',
];

const FIND_FLAGS = [
  'singleBatch',
  'noCursorTimeout',
  'allowPartialResults',
  'allowDiskUse',
  'tailable',
  'awaitData',
  'oplogReplay',
  'returnKey',
  'showRecordId',
];

export const findCommands: CommandTable = {
  find: { fields: FIND_FIELDS, run: find },
  count: { fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'], run: count },
  distinct: { fields: ['key', 'query', 'collation'], run: distinct },
};

/** A read as find, count, distinct and explain understand it. */
export type Reading = { namespace: string; query: Query; skip: number; scope: CommandScope };

/** https://www.mongodb.com/docs/manual/reference/command/find/ */
function find(context: Context): Promise<Reply> {
  const { command } = context;
  const reading = findReading(context);
  const projection = optionalDoc(command['projection'], 'projection');
  const project =
    projection === undefined || namesOf(projection).length === 0
      ? undefined
      : compileProjection(projection, reading.query.filter, reading.scope);
  const scan = scanOf(context, reading);
  if (scan !== undefined && command['tailable'] === true) {
    throw mongoError(2, 'error processing query: tailable cursor requested on non capped collection');
  }
  const source = scan === undefined ? [].values() : toItems(scan, reading, shownAs(command, scan, project));
  return openCursor(context, reading.namespace, source, {
    batchSize: scan === undefined ? 1 : countArg(command['batchSize'], 'batchSize'),
    end: endOf(scan, reading),
    singleBatch: flagArg(command['singleBatch'], 'singleBatch'),
    neverTimesOut: flagArg(command['noCursorTimeout'], 'noCursorTimeout'),
    origin: 'Executor error during find command',
  });
}

/** How it will be known that all was found: at once by a limit, in a sort in memory, and of one `_id`. */
export function endOf(scan: Scan | undefined, { query, skip }: Reading): End {
  const isSorted = scan !== undefined && query.sort !== undefined && !scan.plan.sorted;
  const [only, second] = namesOf(query.filter);
  const isOneId = only === '_id' && second === undefined && !isOperatorDoc(query.filter['_id']);
  const isKnown = isSorted || (isOneId && skip === 0 && query.hint === undefined);
  return { limit: query.limit ?? 0, isKnown };
}

/** Reads and checks the arguments of find. */
export function findReading(context: Context): Reading {
  const { command, database } = context;
  for (const flag of FIND_FLAGS) checkFlag(command, flag);
  if (command['awaitData'] === true && command['tailable'] !== true) {
    throw mongoError(9, "Cannot set 'awaitData' without also setting 'tailable'");
  }
  refuseCollation(command['collation']);
  const sort = optionalDoc(command['sort'], 'sort');
  return {
    namespace: namespaceOf(database, command['find']),
    query: {
      filter: optionalDoc(command['filter'], 'filter') ?? {},
      sort: sort !== undefined && namesOf(sort).length > 0 ? sort : undefined,
      hint: hintArg(command['hint']),
      limit: countArg(command['limit'], 'limit'),
      min: boundArg(command['min'], 'min'),
      max: boundArg(command['max'], 'max'),
    },
    skip: countArg(command['skip'], 'skip') ?? 0,
    scope: scopeOf(context),
  };
}

function checkFlag(command: Doc, name: string): void {
  const value = command[name];
  if (value === undefined || value === null || typeof value === 'boolean') return;
  throw mongoError(14, `Field '${name}' should be a boolean value, but found: ${typeName(value)}`);
}

/** An empty bound is none. */
function boundArg(given: Value, name: string): Doc | undefined {
  const bound = optionalDoc(given, name);
  return bound === undefined || namesOf(bound).length === 0 ? undefined : bound;
}

/** Compiles and plans a read; undefined when the collection does not exist. */
export function scanOf(
  context: Context,
  { namespace, query, skip, scope }: Reading,
  counts?: ScanCounts,
): Scan | undefined {
  const matches = compileFilter(query.filter, scope);
  const collection = context.engine.store.catalog.find(namespace);
  if (collection === undefined) return undefined;
  const limit = query.limit ? query.limit + skip : undefined;
  const plan = planQuery(collection, { ...query, limit });
  return {
    collection,
    plan,
    matches,
    pace: context.pace,
    mayUseDisk: context.command['allowDiskUse'] !== false,
    ...(counts === undefined ? {} : { counts }),
  };
}

function* toItems(scan: Scan, reading: Reading, shown: Shown | undefined): Generator<Item> {
  const decode = decoderFor(scan.collection);
  for (const found of findSorted(scan, reading.query.sort, reading.skip, reading.query.limit ?? 0)) {
    if (found === undefined) yield undefined;
    else yield shown === undefined ? found.raw : encodeBson(shown(decode(found), found));
  }
}

/** https://www.mongodb.com/docs/manual/reference/command/count/ */
async function count(context: Context): Promise<Doc> {
  const reading = countReading(context);
  const scan = scanOf(context, reading);
  if (scan === undefined) return { n: new Int32(0) };
  const { query, skip } = reading;
  const isWhole = namesOf(query.filter).length === 0 && query.hint === undefined;
  if (isWhole) return { n: new Int32(clip(scan.collection, skip, query.limit ?? 0)) };
  let n = 0;
  for (const found of findSorted(scan, undefined, skip, query.limit ?? 0)) {
    if (found === undefined) await context.pace.rest();
    else n += 1;
  }
  return { n: new Int32(n) };
}

/** Reads and checks the arguments of count; a negative limit counts as positive. */
export function countReading(context: Context): Reading {
  const { command, database } = context;
  refuseCollation(command['collation']);
  const limit = command['limit'];
  return {
    namespace: namespaceOf(database, command['count']),
    query: {
      filter: optionalDoc(command['query'] ?? undefined, 'query') ?? {},
      hint: hintArg(command['hint']),
      limit: isNumber(limit) ? Math.abs(toNumber(limit)) : countArg(limit, 'limit'),
    },
    skip: countArg(command['skip'], 'skip') ?? 0,
    scope: scopeOf(context),
  };
}

function clip(collection: Collection, skip: number, limit: number): number {
  const rest = Math.max(0, collection.documents.size - skip);
  return limit > 0 ? Math.min(rest, limit) : rest;
}

/** https://www.mongodb.com/docs/manual/reference/command/distinct/ */
async function distinct(context: Context): Promise<Doc> {
  const { path, reading } = distinctReading(context);
  const scan = scanOf(context, reading);
  if (scan === undefined) return { values: [] };
  const decode = decoderFor(scan.collection);
  const values = new Map<string, Value>();
  for (const found of findSorted(scan, undefined, 0, 0)) {
    if (found === undefined) {
      await context.pace.rest();
      continue;
    }
    const doc = decode(found);
    for (const value of valuesAt(doc, path)) {
      if (value === undefined || (value === null && !hasNullAt(doc, path))) continue;
      const key = encodeKey(value);
      if (!values.has(key)) values.set(key, value);
    }
  }
  return { values: [...values.keys()].sort().map((key) => values.get(key)) };
}

export function distinctReading(context: Context): { path: string; reading: Reading } {
  const { command, database } = context;
  refuseCollation(command['collation']);
  const query = optionalDoc(command['query'] ?? undefined, 'query') ?? {};
  const namespace = namespaceOf(database, namedCollection(command['distinct']));
  return {
    path: distinctKey(command['key']),
    reading: {
      namespace,
      query: { filter: query },
      skip: 0,
      scope: scopeOf(context),
    },
  };
}

function distinctKey(given: Value): string {
  const key = stringArg(given, 'distinct.key');
  if (key.includes('\0')) throw mongoError(31032, 'Key field cannot contain an embedded null byte');
  return key;
}

/** A stored null, in contrast to nothing there. */
function hasNullAt(doc: Doc, path: string): boolean {
  return compileFilter(docWith([[path, { $type: 'null' }]]))(doc);
}
