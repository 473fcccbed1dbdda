/** `$push` with its modifiers `$each`, `$position`, `$sort` and `$slice`. */
import { mongoError } from '../errors.ts';
import { encodeKey, invertKey } from '../key.ts';
import { valueAt } from '../path.ts';
import { show } from '../show.ts';
import {
  type Doc,
  fieldOf,
  hasField,
  isDoc,
  isNumber,
  namesOf,
  toNumber,
  typeName,
  type Value,
  wholeNumber,
} from '../value.ts';

/** Returns the array after pushing; the given one is left alone. */
export type Insert = (array: readonly Value[]) => Value[];

/**
 * Reads the operand of `$push` (https://www.mongodb.com/docs/manual/reference/operator/update/push/).
 * Modifiers work in MongoDB's order: position, sort, slice. Throws 2 for a wrong or unknown modifier.
 */
export function parsePush(operand: Value): Insert {
  if (!isDoc(operand) || !Object.hasOwn(operand, '$each')) return (array) => [...array, operand];
  const items = operand['$each'];
  if (!Array.isArray(items)) {
    throw mongoError(
      2,
      `The argument to $each in $push must be an array but it was of type: ${typeName(items)}`,
    );
  }
  for (const name of namesOf(operand)) {
    if (!['$each', '$position', '$sort', '$slice'].includes(name)) {
      throw mongoError(2, `Unrecognized clause in $push: ${name}`);
    }
  }
  const position = optionalWhole(operand, '$position', 'an integer value, not of type');
  const slice = optionalWhole(operand, '$slice', 'an integer value but was given type');
  const sortKey = Object.hasOwn(operand, '$sort') ? parsePushSort(operand['$sort']) : undefined;
  return (array) => {
    let result = insertAt(array, items, position);
    if (sortKey !== undefined) result = sortBy(result, sortKey);
    return slice === undefined ? result : sliceTo(result, slice);
  };
}

function optionalWhole(operand: Doc, name: string, wanted: string): number | undefined {
  if (!hasField(operand, name)) return undefined;
  const number = wholeNumber(fieldOf(operand, name));
  if (number === undefined) {
    throw mongoError(2, `The value for ${name} must be ${wanted}: ${typeName(fieldOf(operand, name))}`);
  }
  return number;
}

function insertAt(array: readonly Value[], items: readonly Value[], position: number | undefined): Value[] {
  if (position === undefined || position >= array.length) return [...array, ...items];
  const at = position < 0 ? Math.max(0, array.length + position) : position;
  return [...array.slice(0, at), ...items, ...array.slice(at)];
}

function sliceTo(array: Value[], slice: number): Value[] {
  if (slice < 0) return array.slice(Math.max(0, array.length + slice));
  return array.slice(0, slice);
}

function sortBy(array: readonly Value[], keyOf: (value: Value) => string): Value[] {
  const keyed = array.map((value) => ({ value, key: keyOf(value) }));
  keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1));
  return keyed.map((entry) => entry.value);
}

/** The sort key of an element for `$sort: 1`, `$sort: -1` or a pattern of fields. */
export function parsePushSort(spec: Value): (value: Value) => string {
  if (isNumber(spec)) {
    const ascending = isAscending(spec);
    return (value) => (ascending ? encodeKey(value) : invertKey(encodeKey(value)));
  }
  if (!isDoc(spec)) {
    throw mongoError(
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  const fields = namesOf(spec).map((path) => {
    if (path === '' || path.split('.').includes('')) {
      throw mongoError(2, `The $sort field is a dotted field but has an empty part: ${path}`);
    }
    return { parts: path.split('.'), ascending: isAscending(fieldOf(spec, path)) };
  });
  if (fields.length === 0) {
    throw mongoError(2, 'The $sort pattern is empty when it should be a set of fields.');
  }
  return (value) =>
    fields
      .map(({ parts, ascending }) => {
        const key = encodeKey(valueAt(value, parts) ?? null);
        return ascending ? key : invertKey(key);
      })
      .join('');
}

function isAscending(direction: Value): boolean {
  const number = isNumber(direction) ? toNumber(direction) : 0;
  if (number !== 1 && number !== -1) {
    throw mongoError(2, `The $sort element value must be either 1 or -1: ${show(direction)}`);
  }
  return number === 1;
}
