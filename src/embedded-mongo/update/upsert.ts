/** The document an upsert starts from: what the filter says by equality. */
import { mongoError } from '../errors.ts';
import { isOperatorDoc, isRegex } from '../match/operators.ts';
import { setAt } from '../path.ts';
import { type Doc, fieldOf, isDoc, namesOf, type Value } from '../value.ts';

/**
 * What a replacement takes over from its filter: its `_id`, which must be given as a whole and once. Throws 54
 * and 83.
 */
export function replacementSeed(filter: Doc): Doc {
  const found = new Map<string, Value>();
  collect(filter, found, isIdPath);
  const part = [...found.keys()].find((path) => path !== '_id');
  if (part !== undefined) {
    throw mongoError(83, `field at '_id' must be exactly specified, field at sub-path '${part}'found`);
  }
  return Object.fromEntries(found);
}

function isIdPath(path: string): boolean {
  return path === '_id' || path.startsWith('_id.');
}

/**
 * The fields an upsert takes over from its filter
 * (https://www.mongodb.com/docs/manual/reference/method/db.collection.update/#upsert-behavior).
 * Throws 54 when a path has two values or lies under another.
 */
export function upsertSeed(filter: Doc): Doc {
  const found = new Map<string, Value>();
  collect(filter, found, () => true);
  let seed: Doc = {};
  for (const [path, value] of found) seed = setAt(seed, path.split('.'), value);
  return seed;
}

type IsWanted = (path: string) => boolean;

function collect(filter: Doc, found: Map<string, Value>, isWanted: IsWanted): void {
  for (const name of namesOf(filter)) {
    const condition = fieldOf(filter, name);
    if (name === '$and') for (const branch of docsIn(condition)) collect(branch, found, isWanted);
    else if (name === '$or') {
      const [only, ...others] = docsIn(condition);
      if (only !== undefined && others.length === 0) collect(only, found, isWanted);
    } else if (!name.startsWith('$') && isWanted(name)) collectField(name, condition, found);
  }
}

function docsIn(condition: Value): Doc[] {
  return Array.isArray(condition) ? condition.filter(isDoc) : [];
}

function collectField(path: string, condition: Value, found: Map<string, Value>): void {
  if (isRegex(condition)) return;
  if (!isOperatorDoc(condition)) {
    add(path, condition, found);
    return;
  }
  for (const operator of namesOf(condition)) {
    const operand = fieldOf(condition, operator);
    if (operator === '$eq') add(path, operand, found);
    else if (operator === '$in' || operator === '$all') {
      const items: readonly Value[] = Array.isArray(operand) ? operand : [];
      if (operator === '$in' && items.length !== 1) continue;
      for (const item of items) if (!isRegex(item) && !isOperatorDoc(item)) add(path, item, found);
    }
  }
}

function add(path: string, value: Value, found: Map<string, Value>): void {
  if (found.has(path)) {
    throw mongoError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
  }
  for (const other of found.keys()) {
    if (other.startsWith(`${path}.`) || path.startsWith(`${other}.`)) {
      throw mongoError(
        54,
        `cannot infer query fields to set, both paths '${path}' and '${other}' are matched`,
      );
    }
  }
  found.set(path, value);
}
