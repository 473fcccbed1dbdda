/** Updates: compiles operators or a replacement into a function from the old document to the new one. */
import { mongoError } from './errors.ts';
import { equalValues } from './key.ts';
import { inMatchOrder } from './match/order.ts';
import { compileFilter, type Matcher } from './match.ts';
import { checkRoom, setAt, unsetAt, valueAt } from './path.ts';
import { show } from './show.ts';
import { type Change, isIdentical, REMOVE } from './update/change.ts';
import { identifiersIn, PathTree, parseOperatorUpdate } from './update/parse.ts';
import { pipelineUpdate } from './update/pipeline.ts';
import { type ArrayFilters, compileArrayFilters, isPositional, resolvePaths } from './update/positional.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, typeName, type Value } from './value.ts';

export { replacementSeed, upsertSeed } from './update/upsert.ts';

/** What an update knows besides its document. */
export interface UpdateOptions {
  readonly arrayFilters?: readonly Doc[];
  /** The statement's filter: it decides what the positional `$` stands for. */
  readonly filter: Doc;
  /** The time of the statement, for `$currentDate` and `$$NOW`. */
  readonly now: Date;
  /** The command's `let`, for pipeline updates and `$expr`. */
  readonly vars?: Doc;
}

/**
 * Gives a new document, or the very same reference when nothing changed. With `insert` the document given is
 * the upsert's seed, and `_id` comes first in the result (it may still be missing).
 */
export type Update = (doc: Doc, insert: boolean) => Doc;

/**
 * Compiles an update (https://www.mongodb.com/docs/manual/reference/command/update/). Everything that can be
 * refused without a document is refused here, with MongoDB's codes.
 */
export function compileUpdate(update: Doc | readonly Doc[], options: UpdateOptions): Update {
  const isWhole = isPipeline(update) || namesOf(update)[0]?.startsWith('$') !== true;
  return checked(compileKind(update, options), isWhole);
}

function compileKind(update: Doc | readonly Doc[], options: UpdateOptions): Update {
  if (isPipeline(update)) return pipelineUpdate(update, options);
  const document = update;
  if (namesOf(document)[0]?.startsWith('$')) return operatorUpdate(document, options);
  compileArrayFilters(options.arrayFilters ?? []);
  return replacement(document);
}

function isPipeline(update: Doc | readonly Doc[]): update is readonly Doc[] {
  return Array.isArray(update);
}

function replacement(document: Doc): Update {
  for (const name of namesOf(document)) {
    if (name.startsWith('$')) {
      throw mongoError(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's ` +
          'replacement document. Consider using an aggregation pipeline with $replaceWith.',
      );
    }
  }
  return (doc) => {
    const result: Doc = {};
    const id = fieldOf(doc, '_id');
    if (id !== undefined && !Object.hasOwn(document, '_id')) result['_id'] = id;
    for (const name of namesOf(document)) setField(result, name, fieldOf(document, name));
    return isIdentical(doc, result) ? doc : result;
  };
}

function operatorUpdate(document: Doc, options: UpdateOptions): Update {
  const changes = parseOperatorUpdate(document, options.now);
  const filters = compileArrayFilters(options.arrayFilters ?? []);
  checkIdentifiers(changes, filters, document);
  const isDynamic = changes.some((change) => change.parts.some(isPositional));
  const needsMatch = changes.some((change) => change.parts.includes('$'));
  const matcher = needsMatch ? compileFilter(inMatchOrder(options.filter)) : undefined;
  return (doc, insert) => {
    const index = matchedIndex(matcher, doc);
    const written = isDynamic ? new PathTree() : undefined;
    let result = doc;
    for (const change of changes) {
      if (change.onInsertOnly && !insert) continue;
      if (change.from !== undefined) result = rename(result, change.from, change.parts);
      else if (!isDynamic) result = applyAt(result, change, change.parts);
      else {
        for (const parts of resolvePaths(result, change.parts, filters, index)) {
          written?.add(parts.join('.'));
          result = applyAt(result, change, parts);
        }
      }
    }
    return result;
  };
}

function matchedIndex(matcher: Matcher | undefined, doc: Doc): number | undefined {
  if (matcher === undefined) return undefined;
  const details: { index?: number } = {};
  matcher(doc, details);
  return details.index;
}

function checkIdentifiers(changes: readonly Change[], filters: ArrayFilters, document: Doc): void {
  const used = identifiersIn(changes);
  for (const [identifier, path] of used) {
    if (!filters.has(identifier)) {
      throw mongoError(9, `No array filter found for identifier '${identifier}' in path '${path}'`);
    }
  }
  for (const identifier of filters.keys()) {
    if (!used.has(identifier)) {
      throw mongoError(
        9,
        `The array filter for identifier '${identifier}' was not used in the update ${show(document)}`,
      );
    }
  }
}

function applyAt(doc: Doc, change: Change, parts: readonly string[]): Doc {
  const current = valueAt(doc, parts);
  if (current === undefined && change.needsRoom) checkRoom(doc, parts);
  const next = change.modify(current, { doc, path: parts.join('.') });
  if (next === REMOVE) return unsetAt(doc, parts);
  if (next === current || (current !== undefined && isIdentical(next, current))) return doc;
  return setAt(doc, parts, next);
}

function rename(doc: Doc, from: readonly string[], to: readonly string[]): Doc {
  requirePassable(doc, from);
  refuseArrays(doc, from, 'source');
  const value = valueAt(doc, from);
  if (value === undefined) return doc;
  refuseArrays(doc, to, 'destination');
  return setAt(unsetAt(unsetAt(doc, from), to), to, value);
}

/** Throws 28 where a scalar, or an array where a name is wanted, stands in the way of the source. */
function requirePassable(doc: Doc, parts: readonly string[]): void {
  let value: Value = doc;
  for (const [at, part] of parts.entries()) {
    const isPassable = Array.isArray(value) ? /^\d+$/.test(part) : isDoc(value);
    if (!isPassable) {
      throw mongoError(
        28,
        `cannot use the part (${parts[at - 1]} of ${parts.join('.')}) to traverse the element ` +
          `({${parts[at - 1]}: ${show(value)}})`,
      );
    }
    value = valueAt(value, [part]);
    if (value === undefined) return;
  }
}

function refuseArrays(doc: Doc, parts: readonly string[], role: string): void {
  for (let depth = 1; depth < parts.length; depth++) {
    if (!Array.isArray(valueAt(doc, parts.slice(0, depth)))) continue;
    throw mongoError(
      2,
      `The ${role} field cannot be an array element, '${parts.join('.')}' in doc with ` +
        `_id: ${show(fieldOf(doc, '_id'))} has an array field called '${parts[depth - 1]}'`,
    );
  }
}

/** Holds every kind of update to the rules of `_id`. */
function checked(update: Update, isWhole: boolean): Update {
  return (doc, insert) => {
    const result = update(doc, insert);
    if (result !== doc) checkId(fieldOf(doc, '_id'), fieldOf(result, '_id'), isWhole);
    return insert ? idFirst(result) : result;
  };
}

/** `isWhole`: the update made a whole document, so that none of its parts can be blamed. */
function checkId(before: Value, after: Value, isWhole: boolean): void {
  if (before !== undefined && (after === undefined || !equalValues(before, after))) {
    throw mongoError(
      66,
      isWhole
        ? `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(after)}`
        : "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  if (after !== undefined) checkIdType(after);
}

/** Throws 53 for an `_id` that MongoDB refuses to store. */
export function checkIdType(id: Value): void {
  const type = typeName(id);
  if (type === 'array' || type === 'regex' || type === 'undefined') {
    throw mongoError(53, `The '_id' value cannot be of type ${type}`);
  }
  if (!isDoc(id)) return;
  const bad = namesOf(id).find((name) => name.startsWith('$'));
  if (bad !== undefined)
    throw mongoError(52, `_id fields may not contain '$'-prefixed fields: ${bad} is not valid for storage.`);
}

function idFirst(doc: Doc): Doc {
  if (!Object.hasOwn(doc, '_id') || namesOf(doc)[0] === '_id') return doc;
  const result: Doc = { _id: doc['_id'] };
  for (const name of namesOf(doc)) if (name !== '_id') setField(result, name, fieldOf(doc, name));
  return result;
}
