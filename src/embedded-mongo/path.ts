/** Dotted paths: what a query sees at a path, what an index takes from it, and writing at one. */
import { mongoError } from './errors.ts';
import { show } from './show.ts';
import { copyDoc, type Doc, fieldOf, isDoc, namesOf, setField, type Value } from './value.ts';

/**
 * Says whether the search may stop; `index` is the position in the outermost array passed through, unless the
 * path itself names the position.
 */
export type Visit = (value: Value, index: number | undefined) => boolean;

/** MongoDB pads an array with at most this many nulls to reach an index. */
const MAX_PADDING = 1_500_000;
const NUMERIC = /^(0|[1-9]\d*)$/;

/** Is a path component an array index (no leading zeros)? */
export function isIndex(part: string): boolean {
  return NUMERIC.test(part);
}

/** Throws 16410 for a part that starts with `$`: only the fields of a reference to a document do. */
export function refuseDollar(part: string): void {
  if (!part.startsWith('$') || part === '$id' || part === '$ref' || part === '$db') return;
  throw mongoError(
    16410,
    "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  );
}

/**
 * Shows `visit` each value a query sees at the path
 * (https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/):
 * arrays on the way are entered by element and by index; a missing value is `undefined`; with `intoLeaf`
 * an array at the end is shown by element and then whole. Returns whether `visit` stopped the search.
 */
export function visitPath(doc: Doc, parts: readonly string[], intoLeaf: boolean, visit: Visit): boolean {
  return visitDoc(doc, parts, 0, intoLeaf, undefined, visit);
}

function visitDoc(
  doc: Doc,
  parts: readonly string[],
  from: number,
  intoLeaf: boolean,
  outer: number | undefined,
  visit: Visit,
): boolean {
  let value: Value = doc;
  for (let i = from; i < parts.length; i++) {
    if (Array.isArray(value)) return visitArray(value, parts, i, intoLeaf, outer, visit);
    value = isDoc(value) ? fieldOf(value, parts[i] ?? '') : undefined;
    if (value === undefined) return visit(undefined, outer);
  }
  if (intoLeaf && Array.isArray(value)) {
    for (let k = 0; k < value.length; k++) if (visit(value[k], outer ?? k)) return true;
  }
  return visit(value, outer);
}

function visitArray(
  array: readonly Value[],
  parts: readonly string[],
  from: number,
  intoLeaf: boolean,
  outer: number | undefined,
  visit: Visit,
): boolean {
  const part = parts[from] ?? '';
  const wanted = isIndex(part) ? Number(part) : -1;
  const isLast = from === parts.length - 1;
  for (let k = 0; k < array.length; k++) {
    const element = array[k];
    const position = outer ?? k;
    const isObject = isDoc(element);
    if (isObject && visitDoc(element, parts, from, intoLeaf, position, visit)) return true;
    if (wanted !== k) continue;
    if (isLast) {
      if (visit(element, outer)) return true;
    } else if (isObject) {
      if (visitDoc(element, parts, from + 1, intoLeaf, outer, visit)) return true;
    } else if (Array.isArray(element)) {
      if (visitArray(element, parts, from + 1, intoLeaf, outer, visit)) return true;
    }
  }
  // A path that ends with a dot ends at the array itself.
  return isLast && part === '' && visit(array, outer);
}

/**
 * The values an index keeps for a path: each element of an array, `undefined` for an empty array, null
 * for a missing value (https://www.mongodb.com/docs/manual/core/indexes/index-types/index-multikey/).
 * Never fewer than a query sees, apart from whole arrays.
 */
export function valuesAt(doc: Doc, path: string): Value[] {
  const found: Value[] = [];
  collect(doc, path.split('.'), 0, found);
  return found.length === 0 ? [null] : found;
}

function collect(value: Value, parts: readonly string[], from: number, found: Value[]): void {
  if (from === parts.length) {
    if (!Array.isArray(value)) found.push(value === undefined ? null : value);
    else if (value.length === 0) found.push(undefined);
    else for (const element of value) found.push(element);
    return;
  }
  const part = parts[from] ?? '';
  if (isDoc(value)) collect(fieldOf(value, part), parts, from + 1, found);
  else if (Array.isArray(value)) collectElements(value, part, parts, from, found);
  else found.push(null);
}

function collectElements(
  value: readonly Value[],
  part: string,
  parts: readonly string[],
  from: number,
  found: Value[],
): void {
  const byIndex = isIndex(part) && Number(part) < value.length;
  if (byIndex) collect(value[Number(part)], parts, from + 1, found);
  for (const element of value) {
    if (isDoc(element)) {
      if (byIndex && fieldOf(element, part) !== undefined) throw ambiguous(part, value);
      if (!byIndex) collect(element, parts, from, found);
    } else if (!byIndex) found.push(null);
  }
}

function ambiguous(part: string, array: readonly Value[]): Error {
  return mongoError(
    16746,
    'Ambiguous field name found in array (do not use numeric field names in embedded elements in an ' +
      `array), field: '${part}' for array: ${show(array)}`,
  );
}

/** Does an array lie on the path (so that an index over it is multikey)? */
export function hasArrayAt(doc: Doc, path: string): boolean {
  let value: Value = doc;
  for (const part of path.split('.')) {
    if (Array.isArray(value)) return true;
    value = isDoc(value) ? fieldOf(value, part) : undefined;
  }
  return Array.isArray(value);
}

/** The value at a concrete path: field names in documents, indexes in arrays; `undefined` when absent. */
export function valueAt(root: Value, parts: readonly string[]): Value {
  let value = root;
  for (const part of parts) {
    if (Array.isArray(value)) value = isIndex(part) ? value[Number(part)] : undefined;
    else value = isDoc(value) ? fieldOf(value, part) : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/**
 * A copy of the document with the value set at a concrete path, making documents on the way; untouched
 * parts are shared. Throws 28 where a scalar or an array's non-index name stands in the way.
 */
export function setAt(doc: Doc, parts: readonly string[], value: Value): Doc {
  return setIn(doc, parts, 0, value) as Doc;
}

function setIn(container: Value, parts: readonly string[], from: number, value: Value): Value {
  if (from === parts.length) return value;
  const part = parts[from] ?? '';
  if (container === undefined) {
    const made: Doc = {};
    setField(made, part, setIn(undefined, parts, from + 1, value));
    return made;
  }
  if (Array.isArray(container)) {
    if (!isIndex(part)) throw notViable(parts, from, container);
    return setElement(container, Number(part), setIn(container[Number(part)], parts, from + 1, value));
  }
  if (!isDoc(container)) throw notViable(parts, from, container);
  const copy = copyDoc(container);
  setField(copy, part, setIn(fieldOf(container, part), parts, from + 1, value));
  return copy;
}

/** Throws 28 when a scalar, or an array where a name is wanted, stands in the way of the path. */
export function checkRoom(doc: Doc, parts: readonly string[]): void {
  let value: Value = doc;
  for (const [at, part] of parts.entries()) {
    const isPassable = Array.isArray(value) ? isIndex(part) : isDoc(value);
    if (!isPassable) {
      throw mongoError(
        28,
        `Cannot use the part (${part}) of (${parts.join('.')}) to traverse the element ` +
          `({${parts[at - 1]}: ${show(value)}})`,
      );
    }
    value = valueAt(value, [part]);
    if (value === undefined) return;
  }
}

function setElement(array: readonly Value[], index: number, value: Value): Value[] {
  if (index - array.length > MAX_PADDING) {
    throw mongoError(2, `can't backfill more than ${MAX_PADDING} elements`);
  }
  const copy = [...array];
  while (copy.length < index) copy.push(null);
  copy[index] = value;
  return copy;
}

function notViable(parts: readonly string[], at: number, container: Value): Error {
  const holder = at === 0 ? show(container) : `{${parts[at - 1]}: ${show(container)}}`;
  return mongoError(28, `Cannot create field '${parts[at]}' in element ${holder}`);
}

/** A copy without the value at a concrete path (an array element becomes null), or the same document. */
export function unsetAt(doc: Doc, parts: readonly string[]): Doc {
  return valueAt(doc, parts) === undefined ? doc : (unsetIn(doc, parts, 0) as Doc);
}

function unsetIn(container: Value, parts: readonly string[], from: number): Value {
  const part = parts[from] ?? '';
  const isLast = from === parts.length - 1;
  if (Array.isArray(container)) {
    const index = Number(part);
    return setElement(container, index, isLast ? null : unsetIn(container[index], parts, from + 1));
  }
  const source = container as Doc;
  const copy: Doc = {};
  for (const name of namesOf(source)) {
    if (name !== part) setField(copy, name, fieldOf(source, name));
    else if (!isLast) setField(copy, name, unsetIn(fieldOf(source, name), parts, from + 1));
  }
  return copy;
}
