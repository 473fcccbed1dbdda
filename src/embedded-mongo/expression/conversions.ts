/** Types and conversions in expressions. */
import { BSONSymbol, calculateObjectSize, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import { mongoError } from '../errors.ts';
import { integer, toBigInt, toDecimal } from '../numeric.ts';
import { isDoc, isNumber, isTruthy, show, TYPE, toNumber, typeCode, typeName, type Value } from '../value.ts';
import { readDate } from './date-reading.ts';
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
    const value = input(scope);
    const target = to(scope);
    if (isNullish(value)) return onNull(scope);
    if (isNullish(target)) return null;
    const change = targetOf(target);
    if (onError === undefined) return change(value);
    try {
      return change(value);
    } catch {
      return onError(scope);
    }
  };
}

function targetOf(target: Value): Convert {
  const codes: readonly (readonly [number, string])[] = Object.entries(TYPE).map(([name, code]) => [
    code,
    name,
  ]);
  const name = isNumber(target) ? codes.find(([code]) => code === toNumber(target))?.[1] : target;
  const change = typeof name === 'string' ? TO_TYPE.get(name) : undefined;
  if (change !== undefined) return change;
  if (typeof name !== 'string' || !Object.hasOwn(TYPE, name))
    throw mongoError(2, `Unknown type name: ${show(target)}`);
  return (value) => {
    throw unsupported(value, name);
  };
}

function failed(message: string): Error {
  return mongoError(241, `${message} in $convert with no onError value`);
}

function unsupported(value: Value, to: string): Error {
  return failed(`Unsupported conversion from ${typeName(value)} to ${to}`);
}

/** MongoDB parses decimal numbers only: no spaces, no hexadecimal. */
const NUMERAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(nan|inf(inity)?)$/i;

function toDouble(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'string') {
    if (!NUMERAL.test(value)) throw failed(`Failed to parse number '${value}'`);
    const infinite = /^([+-]?)inf/i.exec(value);
    if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
    return Number(value);
  }
  if (isNumber(value)) return toNumber(value);
  throw unsupported(value, 'double');
}

function toInteger(value: Value, type: 'int' | 'long'): Value {
  const whole = wholeOf(value, type);
  const fits = type === 'int' ? whole >= -(2n ** 31n) && whole < 2n ** 31n : true;
  const result = fits ? integer(whole, TYPE[type]) : undefined;
  if (result === undefined) throw failed('Conversion would overflow target type');
  return result;
}

function wholeOf(value: Value, type: string): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Date && type === 'long') return BigInt(value.getTime());
  if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value)) throw failed(`Failed to parse number '${value}'`);
    return BigInt(value.replace('+', ''));
  }
  const code = typeCode(value);
  if (code === TYPE.int || code === TYPE.long) return toBigInt(value);
  if (!isNumber(value)) throw unsupported(value, type);
  const number = Math.trunc(toNumber(value));
  if (!Number.isFinite(number)) throw failed('Attempt to convert NaN or infinity to integer type');
  if (value instanceof Decimal128 && !Number.isSafeInteger(number))
    throw failed('Conversion would overflow target type');
  return BigInt(number);
}

function toDecimalFrom(value: Value): Value {
  if (typeof value === 'string') {
    if (!NUMERAL.test(value)) throw failed(`Failed to parse number '${value}'`);
    return Decimal128.fromStringWithRounding(value);
  }
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
  if (isNumber(value)) return toDecimal(value);
  throw unsupported(value, 'decimal');
}

function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  if (isNumber(value)) return numberText(value);
  throw unsupported(value, 'string');
}

function numberText(value: Value): string {
  if (value instanceof Long || value instanceof Decimal128) return value.toString();
  const number = toNumber(value);
  if (Object.is(number, -0)) return '-0';
  if (number === Infinity) return 'Infinity';
  return String(number)
    .replace(/e\+?(-?)(\d)$/, 'e$10$2')
    .replace(/e(\d)/, 'e+$1');
}

/** What text operators such as `$toLower` take for text; null is empty. Throws 16007 for other types. */
export function textOf(value: Value): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (value instanceof BSONSymbol) return value.value;
  if (value instanceof Date) return value.toISOString();
  if (isNumber(value)) return numberText(value);
  throw mongoError(16007, `can't convert from BSON type ${typeName(value)} to String`);
}

function toObjectId(value: Value): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw unsupported(value, 'objectId');
  if (!/^[0-9a-fA-F]{24}$/.test(value)) {
    throw failed(
      `Failed to parse objectId '${value}': Invalid string length for parsing to OID, expected ` +
        '24 hexadecimal digits',
    );
  }
  return new ObjectId(value);
}

/** A value as a date; throws 241 where MongoDB has no conversion. */
export function convertToDate(value: Value): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.t * 1000);
  if (typeof value === 'string') return readDate(value);
  const code = typeCode(value);
  if (!isNumber(value) || code === TYPE.int) throw unsupported(value, 'date');
  return new Date(Math.trunc(toNumber(value)));
}

function sizeOf(doc: Value): Value {
  if (isNullish(doc)) return null;
  if (!isDoc(doc)) throw mongoError(31393, `$bsonSize requires a document input, found: ${typeName(doc)}`);
  return new Int32(calculateObjectSize(doc));
}
