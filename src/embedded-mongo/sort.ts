/** Sorting documents by a sort pattern, through the engine's one key order. */
import { mongoError } from './errors.ts';
import { encodeKey, invertKey } from './key.ts';
import { refuseDollar, valuesAt } from './path.ts';
import { show } from './show.ts';
import { type Doc, fieldOf, isDoc, isNumber, namesOf, toNumber, type Value } from './value.ts';

/** Ascending or descending. */
export type Direction = 1 | -1;

/**
 * The key a document sorts by at a path: of an array the least element ascending and the greatest
 * descending, inverted for descending (https://www.mongodb.com/docs/manual/reference/method/cursor.sort/).
 */
export function sortKey(doc: Doc, path: string, direction: Direction): string {
  const key = ascendingKey(doc, path, direction);
  return direction === 1 ? key : invertKey(key);
}

function ascendingKey(doc: Doc, path: string, direction: Direction): string {
  if (!path.includes('.')) {
    const value = fieldOf(doc, path);
    if (!Array.isArray(value)) return encodeKey(value === undefined ? null : value);
  }
  const keys = valuesAt(doc, path).map((value) => encodeKey(value));
  return keys.reduce((best, key) => ((direction === 1 ? key < best : key > best) ? key : best));
}

/** Reads a sort pattern into its paths and directions; throws MongoDB's codes for a wrong one. */
export function parseSort(spec: Doc): { path: string; direction: Direction }[] {
  return namesOf(spec).map((path) => {
    if (path === '') throw mongoError(15998, 'FieldPath field names may not be empty strings.');
    if (path.endsWith('.')) throw mongoError(40353, "FieldPath must not end with a '.'.");
    if (path.split('.').includes(''))
      throw mongoError(15998, 'FieldPath field names may not be empty strings.');
    path.split('.').forEach(refuseDollar);
    return { path, direction: readDirection(path, fieldOf(spec, path)) };
  });
}

const METAS = new Set(['geoNearDistance', 'geoNearPoint', 'randVal', 'searchScore', 'textScore']);

function readDirection(path: string, value: Value): Direction {
  if (!isNumber(value)) {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, '$meta')) {
      const meta = fieldOf(value as Doc, '$meta');
      if (typeof meta !== 'string' || !METAS.has(meta))
        throw mongoError(31138, `Illegal $meta sort: ${show(value)}`);
      throw mongoError(115, '$meta sorts are not supported by the embedded engine');
    }
    throw mongoError(15974, `Illegal key in $sort specification: ${path}: ${show(value)}`);
  }
  const number = toNumber(value);
  if (number === 1) return 1;
  if (number === -1) return -1;
  throw mongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
}

/** The whole sort key of a document as one string: sort documents by it with `<`. */
export function compileSortKey(spec: Doc): (doc: Doc) => string {
  const parts = parseSort(spec);
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return (doc) => sortKey(doc, first.path, first.direction);
  const paths = parts.map(({ path }) => path);
  return (doc) => {
    let key = '';
    for (const { path, direction } of parts) key += sortKey(doc, path, direction);
    refuseParallelArrays(doc, paths);
    return key;
  };
}

/** Throws 2 where two fields lie in different arrays: they would have to be sorted by all their pairs. */
function refuseParallelArrays(doc: Doc, paths: readonly string[]): void {
  let holder: string | undefined;
  for (const path of paths) {
    const array = outermostArray(doc, path);
    if (array === undefined) continue;
    if (holder !== undefined && holder !== array)
      throw mongoError(2, 'cannot sort with keys that are parallel arrays');
    holder = array;
  }
}

/** The path of the first array a path meets; undefined when there is none. */
function outermostArray(doc: Doc, path: string): string | undefined {
  if (!path.includes('.')) return Array.isArray(fieldOf(doc, path)) ? path : undefined;
  const parts = path.split('.');
  let value: Value = doc;
  for (const [at, part] of parts.entries()) {
    value = isDoc(value) ? fieldOf(value, part) : undefined;
    if (Array.isArray(value)) return parts.slice(0, at + 1).join('.');
  }
  return undefined;
}

/** A comparator of documents; for many documents compare keys of `compileSortKey` instead. */
export function compileSort(spec: Doc): (a: Doc, b: Doc) => number {
  const keyOf = compileSortKey(spec);
  return (a, b) => {
    const left = keyOf(a);
    const right = keyOf(b);
    if (left === right) return 0;
    return left < right ? -1 : 1;
  };
}
