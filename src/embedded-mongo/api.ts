/** The Stable API: which commands, fields and stages a client may use that asks for version 1 strictly. */
import { mongoError } from './errors.ts';
import { show } from './show.ts';
import { type Doc, fieldOf, isDoc, namesOf, typeName, type Value } from './value.ts';

/** https://www.mongodb.com/docs/v7.0/reference/stable-api/ */
const STABLE: ReadonlySet<string> = new Set(
  (
    'abortTransaction aggregate authenticate collMod commitTransaction count create createIndexes delete drop dropDatabase dropIndexes endSessions explain ' +
    'find findAndModify getMore hello insert killCursors listCollections listDatabases listIndexes ping ' +
    'refreshSessions saslContinue saslStart update'
  ).split(' '),
);
/** Fields of stable commands that are not part of the version, as the server's own definitions mark them. */
const UNSTABLE_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['aggregate', ['explain', 'runtimeConstants', 'isMapReduceCommand', 'collectionUUID']],
  ['createIndexes', ['ignoreUnknownIndexOptions']],
  ['create', ['autoIndexId', 'capped', 'indexOptionDefaults', 'max', 'size', 'storageEngine']],
  [
    'find',
    [
      'awaitData',
      'collectionUUID',
      'max',
      'min',
      'noCursorTimeout',
      'oplogReplay',
      'returnKey',
      'showRecordId',
      'tailable',
    ],
  ],
  ['getMore', ['lastKnownCommittedOpTime', 'term']],
  ['listIndexes', ['includeBuildUUIDs', 'includeIndexBuildInfo']],
]);
const UNSTABLE_INDEX_FIELDS = [
  'background',
  'bucketSize',
  'dropDups',
  'originalSpec',
  'prepareUnique',
  'sparse',
  'storageEngine',
];
const UNSTABLE_STAGES: ReadonlySet<string> = new Set([
  '$currentOp',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$planCacheStats',
  '$search',
]);

/** Is a command one of API version 1? */
export function isStable(name: string): boolean {
  return STABLE.has(name);
}

/** The API parameters of a command, as a cursor remembers them; `{}` when there are none. */
export function apiOf(command: Doc): string {
  const apiVersion = command['apiVersion'];
  if (apiVersion === undefined) return '{}';
  const apiStrict = command['apiStrict'] === true;
  return show({ apiVersion, apiStrict, apiDeprecationErrors: command['apiDeprecationErrors'] === true });
}

/**
 * Throws 322 for a version there is not, 4886600 for strictness without a version, 14 for a wrong type, and
 * 323 for what a strict client uses outside of version 1. No command is deprecated in it (324).
 */
export function checkApi(command: Doc, name: string): void {
  const version = command['apiVersion'];
  const isStrict = flagOf(command, 'apiStrict');
  const refusesDeprecated = flagOf(command, 'apiDeprecationErrors');
  if (version === undefined) {
    if (!isStrict && !refusesDeprecated) return;
    throw mongoError(4886600, 'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion');
  }
  if (typeof version !== 'string') throw wrongType('apiVersion', version, 'string');
  if (version === '2') throw mongoError(322, 'Cannot accept API version 2');
  if (version !== '1') throw mongoError(322, 'API version must be "1"');
  if (isStrict) checkStrict(name, command);
}

function flagOf(command: Doc, name: string): boolean {
  const value = command[name];
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw wrongType(name, value, 'bool');
}

function wrongType(name: string, value: Value, wanted: string): Error {
  return mongoError(
    14,
    `BSON field 'APIParametersFromClient.${name}' is the wrong type '${typeName(value)}', expected type '${wanted}'`,
  );
}

function checkStrict(name: string, command: Doc): void {
  if (!STABLE.has(name)) {
    throw mongoError(
      323,
      `Provided apiStrict:true, but the command ${name} is not in API Version 1. ` +
        'Information on supported commands and migrations in API Version 1 can be found at ' +
        'https://dochub.mongodb.org/core/manual-versioned-api',
    );
  }
  refuseFields(name, command, UNSTABLE_FIELDS.get(name) ?? []);
  if (name === 'aggregate') checkStages(command['pipeline']);
  const indexes = command['indexes'];
  if (name === 'createIndexes' && Array.isArray(indexes)) {
    for (const index of indexes.filter(isDoc)) checkIndex(index);
  }
}

function refuseFields(where: string, given: Doc, unstable: readonly string[]): void {
  const used = unstable.find((field) => given[field] !== undefined);
  if (used === undefined) return;
  throw mongoError(323, `BSON field '${where}.${used}' is not allowed with apiStrict:true.`);
}

function checkIndex(index: Doc): void {
  refuseFields('createIndexes.indexes', index, UNSTABLE_INDEX_FIELDS);
  const key = index['key'];
  if (isDoc(key) && namesOf(key).some((path) => fieldOf(key, path) === 'text')) {
    throw mongoError(323, "The index type 'text' is not supported with apiStrict:true in API Version 1.");
  }
}

/** Stages are looked at in every pipeline within the pipeline. */
function checkStages(pipeline: Value): void {
  if (!Array.isArray(pipeline)) return;
  for (const stage of pipeline.filter(isDoc)) {
    const [name = ''] = namesOf(stage);
    const spec = fieldOf(stage, name);
    if (UNSTABLE_STAGES.has(name)) throw unstableStage(name);
    if (!isDoc(spec)) continue;
    if (name === '$collStats' && namesOf(spec).some((field) => field !== 'count')) throw unstableStage(name);
    if (name === '$lookup' || name === '$unionWith') checkStages(spec['pipeline']);
    if (name === '$facet') for (const facet of namesOf(spec)) checkStages(fieldOf(spec, facet));
  }
}

function unstableStage(name: string): Error {
  return mongoError(323, `stage ${name} is not allowed with 'apiStrict: true' in API Version 1`);
}
