/** Decimal128 as exact coefficient and exponent, and back with IEEE 754 rounding to 34 digits. */
import { Decimal128 } from 'bson';

/** A finite decimal: `(-1)^negative × coefficient × 10^exponent`. */
export interface Finite {
  readonly kind: 'finite';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}
/** A decoded Decimal128. */
export type Decimal =
  | Finite
  | { readonly kind: 'nan' }
  | { readonly kind: 'infinite'; readonly negative: boolean };

const PRECISION = 34;
const MIN_EXPONENT = -6176;
const MAX_EXPONENT = 6111;
const LIMIT = 10n ** BigInt(PRECISION);

/** 10 to the n-th, n ≥ 0. */
export function powerOfTen(n: number): bigint {
  return 10n ** BigInt(n);
}

/** Decodes the 16 little-endian bytes (binary integer decimal encoding). */
export function readDecimal(value: Decimal128): Decimal {
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16);
  const high = view.getBigUint64(8, true);
  const low = view.getBigUint64(0, true);
  const negative = high >> 63n === 1n;
  const top = Number((high >> 58n) & 0x1fn);
  if (top === 0x1f) return { kind: 'nan' };
  if (top === 0x1e) return { kind: 'infinite', negative };
  const large = top >> 3 === 3;
  const exponent = Number((high >> (large ? 47n : 49n)) & 0x3fffn) - 6176;
  const part = large ? 0n : high & 0x1ffffffffffffn;
  const coefficient = (part << 64n) | (large ? 0n : low);
  return { kind: 'finite', negative, coefficient: coefficient < LIMIT ? coefficient : 0n, exponent };
}

/** Divides by 10^digits, rounding half to even; `sticky` says that non-zero digits were already lost. */
function dropDigits(coefficient: bigint, digits: number, sticky: boolean): bigint {
  const divisor = powerOfTen(digits);
  const quotient = coefficient / divisor;
  const twice = (coefficient % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && (sticky || (quotient & 1n) === 1n));
  return up ? quotient + 1n : quotient;
}

/**
 * Encodes a finite decimal, rounding half to even to 34 digits; too large becomes infinite, too small zero.
 */
export function writeDecimal(
  negative: boolean,
  coefficient: bigint,
  exponent: number,
  sticky = false,
): Decimal128 {
  let digits = coefficient;
  let power = exponent;
  const excess = Math.max(digits.toString().length - PRECISION, MIN_EXPONENT - power);
  if (excess > 0) {
    digits = dropDigits(digits, excess, sticky);
    power += excess;
    if (digits >= LIMIT) {
      digits /= 10n;
      power += 1;
    }
  }
  if (digits === 0n) power = Math.min(Math.max(power, MIN_EXPONENT), MAX_EXPONENT);
  while (power > MAX_EXPONENT && digits * 10n < LIMIT && digits !== 0n) {
    digits *= 10n;
    power -= 1;
  }
  if (power > MAX_EXPONENT) return infiniteDecimal(negative);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const sign = negative ? 1n << 63n : 0n;
  view.setBigUint64(8, sign | (BigInt(power + 6176) << 49n) | (digits >> 64n), true);
  view.setBigUint64(0, digits & 0xffffffffffffffffn, true);
  return new Decimal128(bytes);
}

/** Decimal128's infinity of a sign. */
export function infiniteDecimal(negative: boolean): Decimal128 {
  return Decimal128.fromString(negative ? '-Infinity' : 'Infinity');
}

/** Decimal128's NaN. */
export function nanDecimal(): Decimal128 {
  return Decimal128.fromString('NaN');
}

/** The exact value of a finite double, as `coefficient × 10^exponent`. */
export function exactDouble(value: number): Finite {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const power = (biased === 0 ? 1 : biased) - 1075;
  const negative = value < 0 || Object.is(value, -0);
  if (mantissa === 0n) return { kind: 'finite', negative, coefficient: 0n, exponent: 0 };
  if (power >= 0) {
    return { kind: 'finite', negative, coefficient: mantissa << BigInt(power), exponent: 0 };
  }
  let twos = mantissa;
  let halvings = -power;
  while (halvings > 0 && (twos & 1n) === 0n) {
    twos >>= 1n;
    halvings -= 1;
  }
  return { kind: 'finite', negative, coefficient: twos * 5n ** BigInt(halvings), exponent: -halvings };
}

/** Decimal128 from a double as MongoDB converts: to 15 significant digits. */
export function decimalFromDouble(value: number): Decimal128 {
  if (Number.isNaN(value)) return nanDecimal();
  if (!Number.isFinite(value)) return infiniteDecimal(value < 0);
  if (value === 0) return writeDecimal(Object.is(value, -0), 0n, 0);
  const [digits = '0', power = '0'] = Math.abs(value).toExponential(14).split('e');
  return writeDecimal(value < 0, BigInt(digits.replace('.', '')), Number(power) - 14);
}

/** a + b of finite decimals, exactly. */
export function addFinite(a: Finite, b: Finite): Finite {
  const exponent = Math.min(a.exponent, b.exponent);
  const left = signed(a) * powerOfTen(a.exponent - exponent);
  const right = signed(b) * powerOfTen(b.exponent - exponent);
  const sum = left + right;
  const negative = sum < 0n || (sum === 0n && a.negative && b.negative);
  return { kind: 'finite', negative, coefficient: sum < 0n ? -sum : sum, exponent };
}

/** The coefficient with its sign. */
export function signed(value: Finite): bigint {
  return value.negative ? -value.coefficient : value.coefficient;
}
