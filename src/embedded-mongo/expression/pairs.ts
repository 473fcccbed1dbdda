/** Documents as arrays of names and values, and back. */
import { mongoError } from '../errors.ts';
import { showPlain } from '../show.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, typeName, type Value } from '../value.ts';
import { isNullish, type Operators, positional } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#object-expression-operators */
export const PAIRS: Operators = [
  ['$arrayToObject', positional(1, 1, ([array]) => toObject(array))],
  ['$objectToArray', positional(1, 1, ([doc]) => fromObject(doc))],
];

function toObject(array: Value): Value {
  if (isNullish(array)) return null;
  const result: Doc = {};
  if (!Array.isArray(array)) {
    throw mongoError(40386, `$arrayToObject requires an array input, found: ${typeName(array)}`);
  }
  for (const item of array) {
    checkSameShape(array[0], item);
    const [key, value] = pairOf(item);
    if (typeof key !== 'string') {
      throw Array.isArray(item)
        ? mongoError(
            40395,
            '$arrayToObject requires an array of key-value pairs, where the key must be of type string. ' +
              `Found key type: ${typeName(key)}`,
          )
        : mongoError(
            40394,
            "$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type " +
              `string. Found type: ${typeName(key)}`,
          );
    }
    if (key.includes('\0')) {
      throw mongoError(
        Array.isArray(item) ? 4940400 : 4940401,
        'Key field cannot contain an embedded null byte',
      );
    }
    setField(result, key, value);
  }
  return result;
}

function checkSameShape(first: Value, item: Value): void {
  if (Array.isArray(first) === Array.isArray(item) && isDoc(first) === isDoc(item)) return;
  const [code, shape] = Array.isArray(first) ? [40396, 'Array'] : [40391, 'Object'];
  throw mongoError(
    code,
    '$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. ' +
      `${shape} was detected, now found: ${typeName(item)}`,
  );
}

function pairOf(item: Value): readonly [Value, Value] {
  if (Array.isArray(item)) {
    if (item.length !== 2) {
      throw mongoError(
        40397,
        `$arrayToObject requires an array of size 2 arrays,found array of size: ${item.length}`,
      );
    }
    return [item[0], item[1]];
  }
  if (!isDoc(item))
    throw mongoError(40398, `Unrecognised input type format for $arrayToObject: ${typeName(item)}`);
  const count = namesOf(item).length;
  if (count !== 2) {
    throw mongoError(
      40392,
      `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${count}`,
    );
  }
  if (fieldOf(item, 'k') === undefined || fieldOf(item, 'v') === undefined) {
    throw mongoError(
      40393,
      "$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: " +
        showPlain(item),
    );
  }
  return [fieldOf(item, 'k'), fieldOf(item, 'v')];
}

function fromObject(doc: Value): Value {
  if (isNullish(doc)) return null;
  if (!isDoc(doc))
    throw mongoError(40390, `$objectToArray requires a document input, found: ${typeName(doc)}`);
  return namesOf(doc).map((name) => ({ k: name, v: fieldOf(doc, name) }));
}
