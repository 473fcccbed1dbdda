/** Arithmetic on the four number types with MongoDB's promotion: int to long, to double, to decimal. */
import { Decimal128, Double, Int32, Long } from 'bson';
import {
  addFinite,
  type Decimal,
  decimalFromDouble,
  infiniteDecimal,
  nanDecimal,
  readDecimal,
  signed,
  writeDecimal,
} from './decimal.ts';
import { TYPE, toNumber, typeCode, type Value } from './value.ts';

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** The type a result of these two has: the wider of int, long, double, decimal. */
export function widerType(a: Value, b: Value): number {
  const types = [typeCode(a), typeCode(b)];
  for (const type of [TYPE.decimal, TYPE.double, TYPE.long]) if (types.includes(type)) return type;
  return TYPE.int;
}

/** An int or long as a bigint. */
export function toBigInt(value: Value): bigint {
  return value instanceof Long ? value.toBigInt() : BigInt(toNumber(value));
}

/** A bigint as Int32 when `type` is int and it fits, else as Long; `undefined` past 64 bits. */
export function integer(value: bigint, type: number = TYPE.int): Int32 | Long | undefined {
  if (type === TYPE.int && value >= INT_MIN && value <= INT_MAX) return new Int32(Number(value));
  if (value < LONG_MIN || value > LONG_MAX) return undefined;
  return Long.fromBigInt(value);
}

/** Any number as Decimal128; doubles to 15 digits as MongoDB converts them. */
export function toDecimal(value: Value): Decimal128 {
  if (value instanceof Decimal128) return value;
  const code = typeCode(value);
  if (code === TYPE.double) return decimalFromDouble(toNumber(value));
  const whole = toBigInt(value);
  return writeDecimal(whole < 0n, whole < 0n ? -whole : whole, 0);
}

/** a + b; `undefined` when two integers leave 64 bits. */
export function addNumbers(a: Value, b: Value): Value | undefined {
  return combine(a, b, {
    small: (x, y) => x + y,
    integers: (x, y) => x + y,
    doubles: (x, y) => x + y,
    decimals: addDecimals,
  });
}

/** a - b; `undefined` when two integers leave 64 bits. */
export function subtractNumbers(a: Value, b: Value): Value | undefined {
  return combine(a, b, {
    small: (x, y) => x - y,
    integers: (x, y) => x - y,
    doubles: (x, y) => x - y,
    decimals: (x, y) => addDecimals(x, y.kind === 'nan' ? y : { ...y, negative: !y.negative }),
  });
}

/** a × b; `undefined` when two integers leave 64 bits. */
export function multiplyNumbers(a: Value, b: Value): Value | undefined {
  return combine(a, b, {
    small: (x, y) => x * y,
    integers: (x, y) => x * y,
    doubles: (x, y) => x * y,
    decimals: multiplyDecimals,
  });
}

interface Arithmetic {
  readonly small: (x: number, y: number) => number;
  readonly integers: (x: bigint, y: bigint) => bigint;
  readonly doubles: (x: number, y: number) => number;
  readonly decimals: (x: Decimal, y: Decimal) => Decimal128;
}

function combine(a: Value, b: Value, by: Arithmetic): Value | undefined {
  if (a instanceof Int32 && b instanceof Int32) {
    const result = by.small(a.value, b.value);
    if (result >= INT_MIN && result <= INT_MAX) return new Int32(result);
    return integer(by.integers(BigInt(a.value), BigInt(b.value)));
  }
  const type = widerType(a, b);
  if (type === TYPE.double) return new Double(by.doubles(toNumber(a), toNumber(b)));
  if (type === TYPE.decimal) return by.decimals(readDecimal(toDecimal(a)), readDecimal(toDecimal(b)));
  return integer(by.integers(toBigInt(a), toBigInt(b)), type);
}

function addDecimals(a: Decimal, b: Decimal): Decimal128 {
  if (a.kind === 'nan' || b.kind === 'nan') return nanDecimal();
  if (a.kind === 'infinite') {
    return b.kind === 'infinite' && a.negative !== b.negative ? nanDecimal() : infiniteDecimal(a.negative);
  }
  if (b.kind === 'infinite') return infiniteDecimal(b.negative);
  const sum = addFinite(a, b);
  return writeDecimal(sum.negative, sum.coefficient, sum.exponent);
}

function multiplyDecimals(a: Decimal, b: Decimal): Decimal128 {
  if (a.kind === 'nan' || b.kind === 'nan') return nanDecimal();
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinite' || b.kind === 'infinite') {
    const other = a.kind === 'infinite' ? b : a;
    if (other.kind === 'finite' && other.coefficient === 0n) return nanDecimal();
    return infiniteDecimal(negative);
  }
  return writeDecimal(negative, a.coefficient * b.coefficient, a.exponent + b.exponent);
}

/** a ÷ b of decimals to 34 digits. The divisor may be zero: the result is infinite or NaN. */
export function divideDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  const a = readDecimal(left);
  const b = readDecimal(right);
  if (a.kind === 'nan' || b.kind === 'nan') return nanDecimal();
  const negative = a.negative !== b.negative;
  if (a.kind === 'infinite') return b.kind === 'infinite' ? nanDecimal() : infiniteDecimal(negative);
  if (b.kind === 'infinite') return writeDecimal(negative, 0n, 0);
  if (b.coefficient === 0n) return a.coefficient === 0n ? nanDecimal() : infiniteDecimal(negative);
  const scale = Math.max(0, 36 + b.coefficient.toString().length - a.coefficient.toString().length);
  const dividend = a.coefficient * 10n ** BigInt(scale);
  const quotient = dividend / b.coefficient;
  const isExact = dividend % b.coefficient === 0n;
  const exponent = a.exponent - b.exponent - scale;
  return isExact
    ? shortest(negative, quotient, exponent, a.exponent - b.exponent)
    : writeDecimal(negative, quotient, exponent, true);
}

/** An exact quotient without the zeros that scaling added. */
function shortest(negative: boolean, coefficient: bigint, exponent: number, ideal: number): Decimal128 {
  let digits = coefficient;
  let power = exponent;
  while (power < ideal && digits !== 0n && digits % 10n === 0n) {
    digits /= 10n;
    power += 1;
  }
  return writeDecimal(negative, digits, digits === 0n ? ideal : power);
}

/** The remainder of decimals with the dividend's sign. */
export function remainderDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  const a = readDecimal(left);
  const b = readDecimal(right);
  if (a.kind !== 'finite' || b.kind === 'nan') return nanDecimal();
  if (b.kind === 'infinite') return left;
  if (b.coefficient === 0n) return nanDecimal();
  const exponent = Math.min(a.exponent, b.exponent);
  const dividend = signed(a) * 10n ** BigInt(a.exponent - exponent);
  const divisor = signed(b) * 10n ** BigInt(b.exponent - exponent);
  const rest = dividend % divisor;
  return writeDecimal(rest < 0n || (rest === 0n && a.negative), rest < 0n ? -rest : rest, exponent);
}
