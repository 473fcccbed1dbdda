/** The comparison predicates of a query, as closures that are fast for the usual operand types. */
import { Double, Int32, MaxKey, MinKey, ObjectId } from 'bson';
import { UNDEFINED } from '../bson/deprecated.ts';
import { encodeKey, rankOf } from '../key.ts';
import { isNumber, TYPE, toNumber, typeCode, type Value } from '../value.ts';

/** Judges one value; `undefined` is a missing one. */
export type Test = (value: Value) => boolean;
/** The range operators of a query. */
export type RangeOperator = '$gt' | '$gte' | '$lt' | '$lte';

/**
 * Equal by MongoDB's rules; null also equals missing
 * (https://www.mongodb.com/docs/manual/reference/operator/query/eq/).
 */
export function equalTo(operand: Value): Test {
  if (operand === null || operand === undefined) return isNull;
  if (typeof operand === 'boolean') return (value) => value === operand;
  const key = encodeKey(operand);
  if (typeof operand === 'string') {
    return (value) =>
      typeof value === 'string' ? value === operand : isSymbol(value) && encodeKey(value) === key;
  }
  if (isNumber(operand)) return equalToNumber(operand, key);
  if (operand instanceof ObjectId) {
    return (value) => value instanceof ObjectId && Buffer.compare(value.id, operand.id) === 0;
  }
  const rank = rankOf(operand);
  return (value) => typeof value === 'object' && rankOf(value) === rank && encodeKey(value) === key;
}

/** What null finds: null, undefined and missing values. */
function isNull(value: Value): boolean {
  return value === null || value === undefined || value === UNDEFINED;
}

function isSymbol(value: Value): boolean {
  return typeof value === 'object' && typeCode(value) === TYPE.symbol;
}

function equalToNumber(operand: Value, key: string): Test {
  const number = plainNumber(operand);
  const isFast = number !== undefined && !Number.isNaN(number);
  return (value) => {
    const other = isFast ? plainNumber(value) : undefined;
    if (other !== undefined) return other === number;
    return isNumber(value) && encodeKey(value) === key;
  };
}

/** The exact double of an int or double, or `undefined` for the types a double cannot always hold. */
function plainNumber(value: Value): number | undefined {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  return typeof value === 'number' ? value : undefined;
}

/**
 * Greater or less within one type; the operand's NaN, null, MinKey and MaxKey follow MongoDB's special
 * cases.
 */
export function inRange(operator: RangeOperator, operand: Value): Test {
  const orEqual = operator === '$gte' || operator === '$lte';
  const upward = operator === '$gt' || operator === '$gte';
  if (operand === null || operand === undefined) {
    return orEqual ? isNull : () => false;
  }
  if (operand instanceof MinKey) return (value) => (isOf(value, MinKey) ? orEqual : upward);
  if (operand instanceof MaxKey) return (value) => (isOf(value, MaxKey) ? orEqual : !upward);
  if (isNumber(operand)) return numberInRange(operand, upward, orEqual);
  if (operand instanceof Date && !Number.isNaN(operand.getTime())) {
    const time = operand.getTime();
    return (value) => value instanceof Date && isWithin(value.getTime() - time, upward, orEqual);
  }
  const key = encodeKey(operand);
  if (typeof operand === 'string' && /^[\0-\ud7ff]*$/.test(operand)) {
    return (value) => {
      if (typeof value !== 'string')
        return isSymbol(value) && isWithin(order(encodeKey(value), key), upward, orEqual);
      return isWithin(order(value, operand), upward, orEqual);
    };
  }
  const rank = rankOf(operand);
  return (value) => rankOf(value) === rank && isWithin(order(encodeKey(value), key), upward, orEqual);
}

function isOf(value: Value, type: typeof MinKey | typeof MaxKey): boolean {
  return value instanceof type;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isWithin(difference: number, upward: boolean, orEqual: boolean): boolean {
  if (difference === 0) return orEqual;
  return upward ? difference > 0 : difference < 0;
}

/** NaN is in a range only with NaN itself, and only with "or equal". */
function numberInRange(operand: Value, upward: boolean, orEqual: boolean): Test {
  if (Number.isNaN(toNumber(operand))) {
    return (value) => orEqual && isNumber(value) && Number.isNaN(toNumber(value));
  }
  const key = encodeKey(operand);
  const limit = plainNumber(operand);
  return (value) => {
    const number = plainNumber(value);
    if (number !== undefined && limit !== undefined) {
      if (number === limit) return orEqual;
      return upward ? number > limit : number < limit;
    }
    if (!isNumber(value) || Number.isNaN(toNumber(value))) return false;
    return isWithin(order(encodeKey(value), key), upward, orEqual);
  };
}
