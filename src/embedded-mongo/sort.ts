/** Sorting documents by a sort pattern, through the engine's one key order. */
import { mongoError } from './errors.ts';
import { encodeKey, invertKey } from './key.ts';
import { refuseDollar, valuesAt } from './path.ts';
import { type Doc, fieldOf, isNumber, namesOf, show, toNumber, type Value } from './value.ts';

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

function readDirection(path: string, value: Value): Direction {
  if (!isNumber(value)) {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, '$meta')) {
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
  return (doc) => {
    let key = '';
    for (const { path, direction } of parts) key += sortKey(doc, path, direction);
    return key;
  };
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
