/** The command collMod: rules for documents, and what can be changed about an index. */
import { Long } from 'bson';
import { checkOnly, docArg, flagArg, stringArg } from '../args.ts';
import { namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import type { Index } from '../index.ts';
import { readExpiry } from '../index-spec.ts';
import { encodeKey } from '../key.ts';
import { show } from '../show.ts';
import { docOnce } from '../stored-document.ts';
import { readValidation, VALIDATION_OPTIONS } from '../validation.ts';
import { type Doc, isTruthy, type Value } from '../value.ts';

/** Changes to kinds of collections that the engine does not have. */
const OF_OTHER_KINDS: ReadonlyMap<string, string> = new Map([
  ['viewOn', 'a view'],
  ['pipeline', 'a view'],
  ['cappedSize', 'a capped collection'],
  ['cappedMax', 'a capped collection'],
  ['expireAfterSeconds', 'a time-series or clustered collection'],
  ['timeseries', 'a time-series collection'],
]);

const FIELDS = [
  'index',
  'dryRun',
  'changeStreamPreAndPostImages',
  ...VALIDATION_OPTIONS,
  ...OF_OTHER_KINDS.keys(),
];
const INDEX_FIELDS = ['name', 'keyPattern', 'expireAfterSeconds', 'hidden', 'prepareUnique', 'unique'];
const INDEX_CHANGES = INDEX_FIELDS.slice(2);

export const collModCommands: CommandTable = {
  collMod: { fields: FIELDS, writes: true, run: modify },
};

/**
 * https://www.mongodb.com/docs/manual/reference/command/collMod/ — throws 72 for a change that does not fit the
 * collection or the index, 27 for no such index, 359 for duplicates in an index that is to be unique.
 */
function modify(context: Context): Doc {
  const { command, database, engine, writes } = context;
  const collection = engine.store.catalog.get(namespaceOf(database, command['collMod']));
  for (const [change, kind] of OF_OTHER_KINDS) {
    if (command[change] !== undefined)
      throw mongoError(72, `option only supported on ${kind}: collMod.${change}`);
  }
  const images = command['changeStreamPreAndPostImages'];
  if (images !== undefined && isTruthy(docArg(images, 'changeStreamPreAndPostImages')['enabled'])) {
    throw mongoError(115, "collMod's 'changeStreamPreAndPostImages' is not supported by this engine");
  }
  const isDryRun = flagArg(command['dryRun'], 'dryRun');
  const given = command['index'] === undefined ? undefined : docArg(command['index'], 'index');
  if (isDryRun && given?.['unique'] === undefined) {
    throw mongoError(72, "'dryRun' is only supported for the conversion of an index to unique");
  }
  changeRules(context, collection);
  if (given === undefined) return {};
  checkOnly(given, 'collMod.index', INDEX_FIELDS);
  const index = indexOf(collection, given);
  const reply = changeIndex(index, given, isDryRun);
  if (!isDryRun) writes.changeIndex(collection, index.spec);
  return reply;
}

function changeRules({ command, writes }: Context, collection: Collection): void {
  const rules = readValidation(command);
  if (VALIDATION_OPTIONS.every((option) => command[option] === undefined)) return;
  const { validator: _, ...kept } = collection.options;
  const before = command['validator'] === undefined ? collection.options : kept;
  writes.setOptions(collection, { ...before, ...rules });
}

function indexOf(collection: Collection, given: Doc): Index {
  const { name, keyPattern } = given;
  if (name !== undefined && keyPattern !== undefined) {
    throw mongoError(72, 'Cannot specify both key pattern and name.');
  }
  if (name === undefined && keyPattern === undefined) {
    throw mongoError(72, 'Must specify either index name or key pattern.');
  }
  if (INDEX_CHANGES.every((change) => given[change] === undefined)) {
    throw mongoError(72, 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  }
  const found =
    name === undefined ? byPattern(collection, keyPattern) : collection.indexNamed(stringArg(name, 'name'));
  if (found !== undefined) return found;
  throw mongoError(27, `cannot find index ${show(name ?? keyPattern)} for ns ${collection.namespace}`);
}

function byPattern(collection: Collection, pattern: Value): Index | undefined {
  const key = encodeKey(docArg(pattern, 'index.keyPattern'));
  return collection.indexes.find(({ spec }) => encodeKey(spec.key) === key);
}

function changeIndex(index: Index, given: Doc, isDryRun: boolean): Doc {
  const { spec } = index;
  const reply: Doc = {};
  if (spec.name === '_id_') {
    throw given['hidden'] === undefined
      ? mongoError(72, 'the _id index cannot be changed')
      : mongoError(2, "can't hide _id index");
  }
  if (given['expireAfterSeconds'] !== undefined) {
    const seconds = readExpiry(given['expireAfterSeconds'], spec.fields);
    if (spec.expireAfterSeconds !== undefined) {
      reply['expireAfterSeconds_old'] = Long.fromNumber(spec.expireAfterSeconds);
    }
    reply['expireAfterSeconds_new'] = Long.fromNumber(seconds);
    spec.expireAfterSeconds = seconds;
  }
  if (given['hidden'] !== undefined) {
    reply['hidden_old'] = spec.hidden;
    spec.hidden = flagArg(given['hidden'], 'index.hidden');
    reply['hidden_new'] = spec.hidden;
  }
  if (given['prepareUnique'] !== undefined) {
    reply['prepareUnique_old'] = spec.prepareUnique === true;
    if (flagArg(given['prepareUnique'], 'index.prepareUnique')) spec.prepareUnique = true;
    else delete spec.prepareUnique;
    reply['prepareUnique_new'] = spec.prepareUnique === true;
  }
  if (given['unique'] === undefined || spec.unique) return reply;
  if (!flagArg(given['unique'], 'index.unique')) throw mongoError(2, 'Cannot make index non-unique');
  makeUnique(index, isDryRun);
  return isDryRun ? reply : { ...reply, unique_new: true };
}

/** https://www.mongodb.com/docs/manual/core/index-unique/convert-to-unique/ */
function makeUnique({ entries, spec }: Index, isDryRun: boolean): void {
  if (spec.prepareUnique !== true) {
    throw mongoError(72, "Cannot make index unique with 'prepareUnique=false'. Run collMod to set it first.");
  }
  const holders = new Map<string, Value[]>();
  for (const { key, stored } of entries.walk({ from: undefined, to: undefined }, false)) {
    const id = docOnce(stored)['_id'];
    const same = holders.get(key);
    if (same === undefined) holders.set(key, [id]);
    else same.push(id);
  }
  const violations = [...holders.values()].filter((ids) => ids.length > 1).map((ids) => ({ ids }));
  if (violations.length > 0) {
    throw mongoError(
      359,
      'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
      { violations },
    );
  }
  if (isDryRun) return;
  spec.unique = true;
  delete spec.prepareUnique;
}
