/** The document an upsert starts from: what the filter says by equality. */
import { mongoError } from '../errors.ts';
import { isOperatorDoc, isRegex } from '../match/operators.ts';
import { setAt } from '../path.ts';
import { type Doc, fieldOf, isDoc, namesOf, type Value } from '../value.ts';

/**
 * The fields an upsert takes over from its filter
 * (https://www.mongodb.com/docs/manual/reference/method/db.collection.update/#upsert-behavior).
 * Throws 54 when a path has two values or lies under another.
 */
export function upsertSeed(filter: Doc): Doc {
  const found = new Map<string, Value>();
  collect(filter, found);
  let seed: Doc = {};
  for (const [path, value] of found) seed = setAt(seed, path.split('.'), value);
  return seed;
}

function collect(filter: Doc, found: Map<string, Value>): void {
  for (const name of namesOf(filter)) {
    const condition = fieldOf(filter, name);
    if (name === '$and') for (const branch of docsIn(condition)) collect(branch, found);
    else if (name === '$or') {
      const [only, ...others] = docsIn(condition);
      if (only !== undefined && others.length === 0) collect(only, found);
    } else if (!name.startsWith('$')) collectField(name, condition, found);
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
      const [only] = items;
      if (items.length === 1 && !isRegex(only) && !isOperatorDoc(only)) add(path, only, found);
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
        `cannot infer query fields to set, both paths '${other}' and '${path}' are matched`,
      );
    }
  }
  found.set(path, value);
}
