/** Types and conversions in expressions. */
import { BSONSymbol, calculateObjectSize, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import { powerOfTen, readDecimal } from '../decimal.ts';
import { MongoError, mongoError } from '../errors.ts';
import { integer, toBigInt, toDecimal } from '../numeric.ts';
import { isDoc, isNumber, isTruthy, TYPE, toNumber, typeCode, typeName, type Value } from '../value.ts';
import { conversionFailed, conversionOverflow, unsupportedConversion } from './conversion-errors.ts';
import { readDate } from './date-reading.ts';
import { doubleOfDecimal, numberText, readDecimalText, readDouble, readInteger } from './number-text.ts';
import {
  type Compiler,
  type Evaluate,
  isNullish,
  type Operator,
  type Operators,
  positional,
  readNamed,
} from './operator.ts';

type Convert = (value: Value) => Value;

const TO_TYPE: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['double', (value) => new Double(toDouble(value))],
  ['string', toText],
  ['objectId', toObjectId],
  ['bool', (value) => (isNumber(value) ? isTruthy(value) : value !== false)],
  ['date', convertToDate],
  ['int', (value) => toInteger(value, 'int')],
  ['long', (value) => toInteger(value, 'long')],
  ['decimal', toDecimalFrom],
]);

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#type-expression-operators */
export const CONVERSIONS: Operators = [
  ['$type', positional(1, 1, ([value]) => typeName(value))],
  ['$isNumber', positional(1, 1, ([value]) => isNumber(value))],
  ['$toDouble', shorthand('double')],
  ['$toString', shorthand('string')],
  ['$toObjectId', shorthand('objectId')],
  ['$toBool', shorthand('bool')],
  ['$toDate', shorthand('date')],
  ['$toInt', shorthand('int')],
  ['$toLong', shorthand('long')],
  ['$toDecimal', shorthand('decimal')],
  ['$convert', convert],
  ['$bsonSize', positional(1, 1, ([doc]) => sizeOf(doc))],
];

function shorthand(type: string): Operator {
  const convertOne = positional(1, 1, ([value]) => (isNullish(value) ? null : TO_TYPE.get(type)?.(value)));
  return (operand, compiler, name) => {
    if (Array.isArray(operand) && operand.length !== 1)
      throw mongoError(50723, `${name} requires a single argument, got ${operand.length}`);
    return convertOne(operand, compiler, name);
  };
}

/** `{input, to, onError, onNull}`; throws 241 where a value cannot be converted and no `onError` is given. */
function convert(operand: Value, { compile }: Compiler, name: string): Evaluate {
  const parts = readNamed(operand, ['input', 'to'], ['onError', 'onNull'], name);
  const [input, to] = [compile(parts['input']), compile(parts['to'])];
  const onError = Object.hasOwn(parts, 'onError') ? compile(parts['onError']) : undefined;
  const onNull = compile(parts['onNull'] ?? null);
  return (scope) => {
    const change = targetOf(to(scope));
    const value = input(scope);
    if (isNullish(value)) return onNull(scope);
    if (change === undefined) return null;
    if (onError === undefined) return change(value);
    try {
      return change(value);
    } catch (error) {
      if (error instanceof MongoError && error.code === 241) return onError(scope);
      throw error;
    }
  };
}

/** The conversion to a type given by its name or number, `undefined` to none; throws 9 or 2 on others. */
function targetOf(target: Value): Convert | undefined {
  if (isNullish(target)) return undefined;
  const name = typeof target === 'string' ? target : NAMES.get(typeNumberOf(target));
  const change = name === undefined ? undefined : TO_TYPE.get(name);
  if (change !== undefined) return change;
  if (name !== undefined && Object.hasOwn(TYPE, name)) {
    return (value) => {
      throw unsupportedConversion(value, name);
    };
  }
  if (typeof target === 'string') throw mongoError(2, `Unknown type name: ${target}`);
  throw mongoError(
    9,
    `In $convert, numeric value for 'to' does not correspond to a BSON type: ${typeNumberOf(target)}`,
  );
}

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, code]) => [code, name]));

function typeNumberOf(target: Value): number {
  if (!isNumber(target)) {
    throw mongoError(9, `$convert's 'to' argument must be a string or number, but is ${typeName(target)}`);
  }
  const number = toNumber(target);
  if ((number | 0) !== number) throw mongoError(9, "In $convert, numeric 'to' argument is not an integer");
  return number;
}

function toDouble(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'string') return readDouble(value);
  if (value instanceof Decimal128) return doubleOfDecimal(value);
  if (isNumber(value)) return toNumber(value);
  throw unsupportedConversion(value, 'double');
}

function toInteger(value: Value, type: 'int' | 'long'): Value {
  const whole = wholeOf(value, type);
  const fits = type === 'long' || (whole >= -(2n ** 31n) && whole < 2n ** 31n);
  const result = fits ? integer(whole, TYPE[type]) : undefined;
  if (result !== undefined) return result;
  throw conversionOverflow(value instanceof Long ? '' : numberText(value));
}

function wholeOf(value: Value, type: 'int' | 'long'): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Date && type === 'long') return BigInt(value.getTime());
  if (typeof value === 'string') return readInteger(value, type === 'int' ? 32 : 64);
  const code = typeCode(value);
  if (code === TYPE.int || code === TYPE.long) return toBigInt(value);
  if (!isNumber(value)) throw unsupportedConversion(value, type);
  const number = toNumber(value);
  if (Number.isNaN(number)) throw conversionFailed('Attempt to convert NaN value to integer type');
  if (!(value instanceof Decimal128)) {
    if (!Number.isFinite(number)) throw conversionFailed('Attempt to convert infinity value to integer type');
    return BigInt(Math.trunc(number));
  }
  const decimal = readDecimal(value);
  if (decimal.kind !== 'finite') {
    throw conversionFailed('Attempt to convert infinity value to integer type');
  }
  if (Math.abs(number) >= 2 ** 65) throw conversionOverflow(value.toString());
  const { negative, coefficient, exponent } = decimal;
  const size =
    exponent < 0 ? coefficient / powerOfTen(-exponent) : coefficient * powerOfTen(Math.min(exponent, 20));
  return negative ? -size : size;
}

function toDecimalFrom(value: Value): Value {
  if (typeof value === 'string') return readDecimalText(value);
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
  if (isNumber(value)) return toDecimal(value);
  throw unsupportedConversion(value, 'decimal');
}

function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return dateText(value);
  if (value instanceof ObjectId) return value.toHexString();
  if (isNumber(value)) return numberText(value);
  throw unsupportedConversion(value, 'string');
}

function dateText(moment: Date): string {
  const year = moment.getUTCFullYear();
  if (year >= 0 && year <= 9999) return moment.toISOString();
  throw mongoError(
    18537,
    `Could not convert date to string: date component was outside the supported range of 0-9999: ${year}`,
  );
}

/** What text operators such as `$toLower` take for text; null is empty. Throws 16007 for other types. */
export function textOf(value: Value): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (value instanceof BSONSymbol) return value.value;
  if (value instanceof Date) return dateText(value);
  if (isNumber(value)) return numberText(value);
  throw mongoError(16007, `can't convert from BSON type ${typeName(value)} to String`);
}

function toObjectId(value: Value): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw unsupportedConversion(value, 'objectId');
  const length = Buffer.byteLength(value);
  const [wrong] = /[^0-9a-fA-F]/.exec(value) ?? [];
  if (length === 24 && wrong === undefined) return new ObjectId(value);
  throw conversionFailed(
    `Failed to parse objectId '${value}'`,
    length === 24
      ? `: Invalid character found in hex string: ${wrong}`
      : `: Invalid string length for parsing to OID, expected 24 but found ${length}`,
  );
}

/** A value as a date; throws 241 where MongoDB has no conversion. */
export function convertToDate(value: Value): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.t * 1000);
  if (typeof value === 'string') return readDate(value);
  const code = typeCode(value);
  if (!isNumber(value) || code === TYPE.int) throw unsupportedConversion(value, 'date');
  return new Date(toNumber(toInteger(value, 'long')));
}

function sizeOf(doc: Value): Value {
  if (isNullish(doc)) return null;
  if (!isDoc(doc)) throw mongoError(31393, `$bsonSize requires a document input, found: ${typeName(doc)}`);
  return new Int32(calculateObjectSize(doc));
}
