/** Arithmetic of expressions: numbers with MongoDB's promotion, and dates. */
import { Decimal128, Double, Int32, Long } from 'bson';
import { mongoError } from '../errors.ts';
import {
  addNumbers,
  divideDecimals,
  integer,
  multiplyNumbers,
  remainderDecimals,
  subtractNumbers,
  toBigInt,
  toDecimal,
  widerType,
} from '../numeric.ts';
import { isNumber, TYPE, toNumber, typeCode, typeName, type Value } from '../value.ts';
import { isNullish, type Operators, positional, unary } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#arithmetic-expression-operators */
export const ARITHMETIC: Operators = [
  ['$add', positional(0, Number.POSITIVE_INFINITY, add)],
  ['$subtract', positional(2, 2, ([a, b]) => subtract(a, b))],
  ['$multiply', positional(0, Number.POSITIVE_INFINITY, multiply)],
  ['$divide', positional(2, 2, ([a, b]) => divide(a, b))],
  ['$mod', positional(2, 2, ([a, b]) => modulo(a, b))],
  ['$abs', unary(absolute)],
];

/** The sum of numbers and at most one date; null where one is null or missing. Throws 14 and 16612. */
export function add(args: readonly Value[]): Value {
  if (args.some(isNullish)) return null;
  let date: Date | undefined;
  let total: Value = new Int32(0);
  for (const arg of args) {
    if (arg instanceof Date) {
      if (date !== undefined) throw mongoError(16612, 'only one date allowed in an $add expression');
      date = arg;
    } else if (isNumber(arg)) total = sumOf(total, arg);
    else throw mongoError(14, `$add only supports numeric or date types, not ${typeName(arg)}`);
  }
  return date === undefined ? total : shiftDate(date, total, 1);
}

/** The sum of two numbers; integers past 64 bits become a double. */
export function sumOf(a: Value, b: Value): Value {
  return addNumbers(a, b) ?? new Double(toNumber(a) + toNumber(b));
}

function shiftDate(date: Date, milliseconds: Value, sign: 1 | -1): Date {
  return new Date(date.getTime() + sign * Math.round(toNumber(milliseconds)));
}

/** a - b of numbers or dates; null for null or missing. Throws 14 for other types. */
export function subtract(a: Value, b: Value): Value {
  if (isNullish(a) || isNullish(b)) return null;
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  if (a instanceof Date && isNumber(b)) return shiftDate(a, b, -1);
  if (isNumber(a) && isNumber(b)) return subtractNumbers(a, b) ?? new Double(toNumber(a) - toNumber(b));
  throw mongoError(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
}

/** The product of numbers; null where one is null or missing. Throws 14 for other types. */
export function multiply(args: readonly Value[]): Value {
  if (args.some(isNullish)) return null;
  return args.reduce((product, arg) => {
    if (!isNumber(arg)) throw mongoError(14, `$multiply only supports numeric types, not ${typeName(arg)}`);
    return multiplyNumbers(product, arg) ?? new Double(toNumber(product) * toNumber(arg));
  }, new Int32(1) as Value);
}

/** a ÷ b of numbers; null for null or missing. Throws 2 for a divisor of zero, 14 for other types. */
export function divide(a: Value, b: Value): Value {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw mongoError(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (toNumber(b) === 0) throw mongoError(2, "can't $divide by zero");
  if (widerType(a, b) === TYPE.decimal) return divideDecimals(toDecimal(a), toDecimal(b));
  return new Double(toNumber(a) / toNumber(b));
}

function modulo(a: Value, b: Value): Value {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw mongoError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (toNumber(b) === 0) throw mongoError(16610, "can't $mod by zero");
  const isWhole = typeCode(a) !== TYPE.double && isInt32(b);
  const type = isWhole ? widerType(a, new Int32(toNumber(b))) : widerType(a, b);
  if (type === TYPE.decimal) return remainderDecimals(toDecimal(a), toDecimal(b));
  if (type === TYPE.double) return new Double(toNumber(a) % toNumber(b));
  return integer(toBigInt(a) % (isWhole ? BigInt(toNumber(b)) : toBigInt(b)), type);
}

/** A double that is a whole number of 32 bits counts as an int. */
function isInt32(value: Value): boolean {
  return typeCode(value) === TYPE.double && toNumber(value) === (toNumber(value) | 0);
}

function absolute(value: Value): Value {
  switch (typeCode(value)) {
    case TYPE.int:
    case TYPE.long: {
      const whole = toBigInt(value);
      const result = integer(whole < 0n ? -whole : whole, typeCode(value));
      if (result === undefined) throw mongoError(28680, "can't take $abs of long long min");
      return result;
    }
    case TYPE.double:
      return new Double(Math.abs(toNumber(value)));
    case TYPE.decimal: {
      const text = (value as Decimal128).toString();
      return Decimal128.fromString(text.startsWith('-') ? text.slice(1) : text);
    }
    default:
      throw mongoError(28765, `$abs only supports numeric types, not ${typeName(value)}`);
  }
}
