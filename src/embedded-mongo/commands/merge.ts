/** The stage $merge: each document of a pipeline's result goes into a collection, by the fields it joins on. */
import { type Item, PAUSE } from '../aggregate.ts';
import { checkOnly, docArg, docsArg, optionalDoc, stringArg } from '../args.ts';
import { namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import { compileExpression, variablesOf } from '../expression.ts';
import { duplicateKeyError } from '../index.ts';
import { valueAt } from '../path.ts';
import { compileUpdate, type Update } from '../update.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, typeName, type Value } from '../value.ts';
import { storedBytes } from '../writes.ts';
import { prepare, refuseSystem } from './insert.ts';
import { scopeOf } from './scope.ts';
import { firstTarget } from './targets.ts';
import { applyUpdate } from './update.ts';

type Merge = {
  readonly namespace: string;
  readonly on: readonly string[];
  /** The update for a match; undefined leaves it, 'fail' refuses it. */
  readonly whenMatched: Doc[] | 'fail' | undefined;
  readonly whenNotMatched: 'insert' | 'discard' | 'fail';
  readonly variables: Doc;
};

const FIELDS = ['into', 'on', 'let', 'whenMatched', 'whenNotMatched'];
const REPLACE: Doc[] = [{ $replaceWith: '$$new' }];
const COMBINE: Doc[] = [{ $replaceWith: { $mergeObjects: ['$$ROOT', '$$new'] } }];

/**
 * Merges documents into a collection (https://www.mongodb.com/docs/manual/reference/operator/aggregation/merge/).
 * The result is gathered first, so that a collection merged into itself is not read while it changes.
 * Throws 51183 when no unique index stands behind `on`, 11000 and 13113 where the stage says `fail`.
 */
export function prepareMerge(context: Context, spec: Value): (items: Iterable<Item>) => Promise<void> {
  const merge = readMerge(context, spec);
  checkUnique(context.engine.store.catalog.find(merge.namespace), merge.on);
  return (items) => writeMerge(context, merge, items);
}

async function writeMerge(context: Context, merge: Merge, items: Iterable<Item>): Promise<void> {
  const docs: Doc[] = [];
  for (const item of items) {
    if (item !== PAUSE) docs.push(item);
    else if (context.pace.isOver()) await context.pace.rest();
  }
  for (const doc of docs) await mergeOne(context, merge, doc);
}

async function mergeOne(context: Context, merge: Merge, item: Doc): Promise<void> {
  const { namespace, whenMatched, whenNotMatched } = merge;
  const doc = prepare(item, context) ?? item;
  const filter = joinFilter(merge.on, doc);
  const change = Array.isArray(whenMatched)
    ? changeFor(context, merge, whenMatched, item, filter)
    : undefined;
  const target = { namespace, filter, scope: { now: context.now, vars: {} }, hint: undefined };
  const found = await firstTarget(context, target, (collection, stored) => {
    if (whenMatched === 'fail') throw duplicateOf(collection.namespace, merge.on, doc);
    if (change !== undefined) applyUpdate(context, collection, stored, change);
  });
  if (found || whenNotMatched === 'discard') return;
  if (whenNotMatched === 'fail') {
    throw mongoError(13113, '$merge could not find a matching document in the target collection');
  }
  context.writes.insert(context.writes.ensure(namespace), storedBytes(doc), doc);
}

function changeFor(context: Context, merge: Merge, pipeline: Doc[], item: Doc, filter: Doc): Update {
  const { now } = context;
  const vars: Doc = { new: item };
  for (const name of namesOf(merge.variables)) {
    setField(vars, name, compileExpression(fieldOf(merge.variables, name), variablesOf(now))(item));
  }
  return compileUpdate(pipeline, { filter, now, vars: { ...scopeOf(context).vars, ...vars } });
}

function joinFilter(on: readonly string[], doc: Doc): Doc {
  const filter: Doc = {};
  for (const path of on) {
    const value = valueAt(doc, path.split('.'));
    if (Array.isArray(value)) {
      throw mongoError(51185, `$merge write error: 'on' field '${path}' cannot be an array`);
    }
    if (value === undefined || value === null) {
      throw mongoError(
        51132,
        `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
      );
    }
    setField(filter, path, { $eq: value });
  }
  return filter;
}

function duplicateOf(namespace: string, on: readonly string[], doc: Doc): Error {
  const pattern: Doc = {};
  const values: Doc = {};
  for (const path of on) {
    setField(pattern, path, 1);
    setField(values, path, valueAt(doc, path.split('.')));
  }
  return duplicateKeyError(namespace, on.map((path) => `${path}_`).join('_'), pattern, values);
}

/** The fields of `on` must be those of a unique index that covers every document. */
function checkUnique(collection: Collection | undefined, on: readonly string[]): void {
  if (on.length === 1 && on[0] === '_id') return;
  const isKept = collection?.indexes.some(({ spec }) => {
    const isWhole = spec.unique && !spec.sparse && spec.partialFilterExpression === undefined;
    return isWhole && spec.fields.length === on.length && spec.fields.every(({ path }) => on.includes(path));
  });
  if (isKept !== true) throw mongoError(51183, 'Cannot find index to verify that join fields will be unique');
}

function readMerge(context: Context, spec: Value): Merge {
  const given: Doc = typeof spec === 'string' ? { into: spec } : docArg(spec, '$merge');
  checkOnly(given, '$merge', FIELDS);
  const namespace = intoOf(context.database, given['into']);
  refuseSystem(namespace, namespace.slice(0, namespace.indexOf('.')));
  return {
    namespace,
    on: onOf(given['on'] ?? '_id'),
    whenMatched: whenMatchedOf(given['whenMatched'] ?? 'merge'),
    whenNotMatched: whenNotMatchedOf(given['whenNotMatched'] ?? 'insert'),
    variables: variablesIn(given),
  };
}

function intoOf(database: string, into: Value): string {
  if (into !== undefined && !isDoc(into) && typeof into !== 'string') {
    throw mongoError(
      51178,
      `$merge 'into' field  must be either a string or an object, but found ${typeName(into)}`,
    );
  }
  if (!isDoc(into)) return namespaceOf(database, stringArg(into, '$merge.into'));
  checkOnly(into, '$merge.into', ['db', 'coll']);
  const other = into['db'] === undefined ? database : stringArg(into['db'], '$merge.into.db');
  return namespaceOf(other, stringArg(into['coll'], '$merge.into.coll'));
}

function onOf(given: Value): string[] {
  if (typeof given !== 'string' && !Array.isArray(given)) {
    throw mongoError(
      51186,
      `$merge 'on' field must be either a string or an array of strings, but found ${typeName(given)}`,
    );
  }
  const paths = Array.isArray(given) ? given : [given];
  if (paths.length === 0)
    throw mongoError(51187, "If explicitly specifying $merge 'on', must include at least one field");
  return paths.map((path: Value) => {
    if (typeof path === 'string') return path;
    throw mongoError(51134, `$merge 'on' array elements must be strings, but found ${typeName(path)}`);
  });
}

function whenMatchedOf(given: Value): Merge['whenMatched'] {
  if (Array.isArray(given)) return docsArg(given, '$merge.whenMatched');
  if (typeof given !== 'string') {
    throw mongoError(
      51191,
      `$merge 'whenMatched' field must be either a string or an array, but found ${typeName(given)}`,
    );
  }
  switch (given) {
    case 'replace':
      return REPLACE;
    case 'merge':
      return COMBINE;
    case 'keepExisting':
      return undefined;
    case 'fail':
      return 'fail';
    default:
      throw mongoError(
        2,
        `Enumeration value '${String(given)}' for field '$merge.whenMatched' is not a valid value.`,
      );
  }
}

function whenNotMatchedOf(given: Value): Merge['whenNotMatched'] {
  if (given === 'insert' || given === 'discard' || given === 'fail') return given;
  throw mongoError(
    2,
    `Enumeration value '${String(given)}' for field '$merge.whenNotMatched' is not a valid value.`,
  );
}

function variablesIn(given: Doc): Doc {
  const { new: own, ...others } = optionalDoc(given['let'], '$merge.let') ?? {};
  if (own !== undefined && own !== '$$ROOT') {
    throw mongoError(
      51273,
      "'let' may not define a value for the reserved 'new' variable other than '$$ROOT'",
    );
  }
  if (namesOf(others).length > 0 && !Array.isArray(given['whenMatched'])) {
    throw mongoError(51199, "Cannot use 'let' variables with a 'whenMatched' mode that is not a pipeline");
  }
  return others;
}
