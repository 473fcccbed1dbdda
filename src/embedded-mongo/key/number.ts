/** The number part of a key: order-preserving bytes of the double just below, then the exact remainder. */
import { Decimal128, Double, Int32, Long } from 'bson';
import { addFinite, exactDouble, type Finite, readDecimal, signed } from '../decimal.ts';
import type { Value } from '../value.ts';

const EXACT = '\x01';
const MORE = '\x02';
const NAN = '\0\0\0\0\0\0\0\0\x01';
/** Larger than every finite Decimal128: measures the ones below the smallest double from here. */
const BEYOND: Finite = { kind: 'finite', negative: false, coefficient: 1n, exponent: 6145 };

const bytes = new DataView(new ArrayBuffer(8));

/** The key bytes of any number; equal numbers of different types have equal keys, NaN is below all. */
export function encodeNumber(value: Value): string {
  if (typeof value === 'number') return encodeDouble(value);
  if (value instanceof Int32 || value instanceof Double) return encodeDouble(value.value);
  if (value instanceof Long) return encodeLong(value);
  if (value instanceof Decimal128) return encodeDecimal(value);
  return encodeInteger(BigInt(value as bigint));
}

function encodeDouble(value: number): string {
  return Number.isNaN(value) ? NAN : doubleBytes(value) + EXACT;
}

/** Eight bytes whose order is the order of doubles; -0 is 0. */
function doubleBytes(value: number): string {
  bytes.setFloat64(0, value === 0 ? 0 : value);
  let high = bytes.getUint32(0);
  let low = bytes.getUint32(4);
  if (high >>> 31 === 1) {
    high = ~high >>> 0;
    low = ~low >>> 0;
  } else high = (high | 0x80000000) >>> 0;
  return String.fromCharCode(
    high >>> 24,
    (high >>> 16) & 255,
    (high >>> 8) & 255,
    high & 255,
    low >>> 24,
    (low >>> 16) & 255,
    (low >>> 8) & 255,
    low & 255,
  );
}

function encodeLong(value: Long): string {
  const number = value.toNumber();
  return Number.isSafeInteger(number) ? encodeDouble(number) : encodeInteger(value.toBigInt());
}

function encodeInteger(value: bigint): string {
  const below = doubleBelow(Number(value), (near) => BigInt(near) <= value);
  const rest = value - BigInt(below);
  if (rest === 0n) return doubleBytes(below) + EXACT;
  return (
    doubleBytes(below) + MORE + remainder({ kind: 'finite', negative: false, coefficient: rest, exponent: 0 })
  );
}

function encodeDecimal(value: Decimal128): string {
  const decimal = readDecimal(value);
  if (decimal.kind === 'nan') return NAN;
  if (decimal.kind === 'infinite') return encodeDouble(decimal.negative ? -Infinity : Infinity);
  if (decimal.coefficient === 0n) return encodeDouble(0);
  const below = doubleBelow(Number(value.toString()), (near) => isAtMost(near, decimal));
  const base = below === -Infinity ? { ...BEYOND, negative: true } : exactDouble(below);
  const rest = addFinite(decimal, { ...base, negative: !base.negative });
  if (rest.coefficient === 0n) return doubleBytes(below) + EXACT;
  return doubleBytes(below) + MORE + remainder(rest);
}

function isAtMost(double: number, decimal: Finite): boolean {
  if (!Number.isFinite(double)) return double < 0;
  const exact = exactDouble(double);
  return signed(addFinite(exact, { ...decimal, negative: !decimal.negative })) <= 0n;
}

/** The largest double at or below the number that `near` is the closest double of. */
function doubleBelow(near: number, isBelow: (double: number) => boolean): number {
  return isBelow(near) ? near : previousDouble(near);
}

function previousDouble(value: number): number {
  if (value === Infinity) return Number.MAX_VALUE;
  if (value === 0) return -Number.MIN_VALUE;
  bytes.setFloat64(0, value);
  const bits = bytes.getBigInt64(0);
  bytes.setBigInt64(0, bits + (value > 0 ? -1n : 1n));
  return bytes.getFloat64(0);
}

/** A positive finite decimal as exponent of `0.d1d2d3…` and its digits without trailing zeros. */
function remainder(rest: Finite): string {
  const digits = rest.coefficient.toString().replace(/0+$/, '');
  const exponent = rest.coefficient.toString().length + rest.exponent + 16384;
  return `${String.fromCharCode(exponent >> 8, exponent & 255)}${digits}\0`;
}

/** The 8 bytes of a date's milliseconds; an unreadable date is below all. */
export function encodeMilliseconds(date: Date): string {
  const milliseconds = date.getTime();
  return Number.isNaN(milliseconds) ? NAN.slice(0, 8) : doubleBytes(milliseconds);
}

/** Four big-endian bytes of an unsigned 32-bit number. */
export function encodeUint32(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}
