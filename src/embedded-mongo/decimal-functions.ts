/** Roots, powers, logarithms and angles of Decimal128, through 113 bits as MongoDB's decimal library does. */
import type { Decimal128 } from 'bson';
import { type Decimal, type Finite, infiniteDecimal, nanDecimal, signed, writeDecimal } from './decimal.ts';
import {
  arcTangent,
  exponential,
  integerRoot,
  ln10,
  logarithm,
  one,
  pi,
  sineAndCosine,
  squareRoot,
} from './fixed-point.ts';

/** Digits after the point that everything is computed with: 34 significant ones remain of any result. */
const PLACES = 120;
const UNIT = one(PLACES);
/** Below 10^-TINY the functions that start like x are x to 34 digits. */
const TINY = 18;
/** The significant bits of an intermediate binary number. */
const BITS = 113;
/** Above 10^HUGE, x² + 1 and x² are the same to 34 digits. */
const HUGE = 40;

/** The functions of one decimal by name; bounds are checked by the caller. */
export const DECIMAL_FUNCTIONS: Readonly<Record<string, (x: Finite) => Decimal128>> = {
  $sqrt: root,
  $exp: (x) => (x.coefficient === 0n ? whole(1n) : exponentialOf(places(x), 1n)),
  $ln: (x) => (isOne(x) ? whole(0n) : fixed(naturalLog(asBinary(x)))),
  $log10: decadicLog,
  $sin: (x) => startingLikeX(x, () => fixed(turned(x)[0])),
  $cos: (x) => (x.coefficient === 0n ? whole(1n) : fixed(turned(x)[1])),
  $tan: (x) => startingLikeX(x, () => quotient(...turned(x))),
  $asin: (x) => startingLikeX(x, () => fixed(arcSine(places(x)))),
  $acos: (x) => (isOne(x) && !x.negative ? whole(0n) : fixed(pi(PLACES) / 2n - arcSine(places(x)))),
  $atan: (x) => startingLikeX(x, () => fixed(angle(x))),
  $sinh: (x) => startingLikeX(x, () => hyperbolic(x, true)),
  $cosh: (x) => (x.coefficient === 0n ? whole(1n) : hyperbolic(x, false)),
  $tanh: (x) => startingLikeX(x, () => hyperbolicTangent(x)),
  $asinh: (x) => startingLikeX(x, () => areaSine(x)),
  $acosh: (x) => (isOne(x) ? whole(0n) : fixed(areaCosine(x))),
  $atanh: (x) => startingLikeX(x, () => areaTangent(places(x))),
};

/** base^exponent. A negative base has whole powers only; the others are NaN. */
export function decimalPower(base: Finite, exponent: Finite): Decimal128 {
  if (exponent.coefficient === 0n) return whole(1n);
  if (base.coefficient === 0n) return whole(0n);
  const power = wholeOf(exponent);
  if (base.negative && power === undefined) return nanDecimal();
  const negative = base.negative && power !== undefined && power % 2n !== 0n;
  const log = naturalLog({ ...base, negative: false });
  const scale = 10n ** BigInt(Math.abs(exponent.exponent));
  const product = log * signed(exponent);
  return exponentialOf(exponent.exponent < 0 ? product / scale : product * scale, negative ? -1n : 1n);
}

/** The angle of the point (x, y), in (-π, π]. */
export function decimalArcTangent2(y: Decimal, x: Decimal): Decimal128 {
  if (y.kind === 'nan' || x.kind === 'nan') return nanDecimal();
  const down = y.negative ? -1n : 1n;
  const isFlat = y.kind === 'finite' && y.coefficient === 0n;
  if (x.kind === 'infinite') {
    if (y.kind === 'infinite') return fixed((down * pi(PLACES) * (x.negative ? 3n : 1n)) / 4n);
    return x.negative ? fixed(down * pi(PLACES)) : zero(y.negative);
  }
  if (y.kind === 'infinite' || (x.coefficient === 0n && !isFlat)) return fixed((down * pi(PLACES)) / 2n);
  if (isFlat) return x.negative ? fixed(down * pi(PLACES)) : zero(y.negative);
  const ratio = divide(y, x);
  if (!x.negative) return startingLikeX(ratio, () => fixed(angle(ratio)));
  return fixed(angle(ratio) + down * pi(PLACES));
}

/** The angle of arctan x, also for an x of many digits before the point. */
function angle(x: Finite): bigint {
  return size(x) > HUGE ? ((x.negative ? -1n : 1n) * pi(PLACES)) / 2n : arcTangent(places(x), PLACES);
}

function divide(y: Finite, x: Finite): Finite {
  const shift = 80;
  return {
    kind: 'finite',
    negative: y.negative !== x.negative,
    coefficient: (y.coefficient * one(shift)) / x.coefficient,
    exponent: y.exponent - x.exponent - shift,
  };
}

/** The decimal exponent of x's first digit, plus one. */
function size(x: Finite): number {
  return x.coefficient.toString().length + x.exponent;
}

/** x at PLACES places; what lies beyond 10^HUGE counts as that. */
function places(x: Finite): bigint {
  if (size(x) > HUGE) return (x.negative ? -UNIT : UNIT) * one(HUGE);
  const shift = PLACES + x.exponent;
  return shift >= 0 ? signed(x) * one(shift) : signed(x) / one(-shift);
}

function whole(value: bigint): Decimal128 {
  return writeDecimal(value < 0n, value < 0n ? -value : value, 0);
}

function zero(negative: boolean): Decimal128 {
  return writeDecimal(negative, 0n, 0);
}

/** A finite decimal rounded half to even to 113 bits: what is computed can lose the last of its 34 digits by it. */
function asBinary(x: Finite): Finite {
  const above = x.coefficient * one(Math.max(0, x.exponent));
  const below = one(Math.max(0, -x.exponent));
  let halvings = BITS - bits(above) + bits(below);
  let rounded = divideRounded(above, below, halvings);
  if (bits(rounded) > BITS) rounded = divideRounded(above, below, --halvings);
  return halvings > 0
    ? { ...x, coefficient: rounded * 5n ** BigInt(halvings), exponent: -halvings }
    : { ...x, coefficient: rounded << BigInt(-halvings), exponent: 0 };
}

function bits(value: bigint): number {
  return value.toString(2).length;
}

/** above × 2^shift ÷ below, half to even. */
function divideRounded(above: bigint, below: bigint, shift: number): bigint {
  const dividend = above << BigInt(Math.max(0, shift));
  const divisor = below << BigInt(Math.max(0, -shift));
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

function write(negative: boolean, coefficient: bigint, exponent: number): Decimal128 {
  const rounded = asBinary({ kind: 'finite', negative, coefficient, exponent });
  return writeDecimal(negative, rounded.coefficient, rounded.exponent);
}

function fixed(value: bigint): Decimal128 {
  return value === 0n ? whole(0n) : write(value < 0n, value < 0n ? -value : value, -PLACES);
}

function quotient(a: bigint, b: bigint): Decimal128 {
  return fixed((a * UNIT) / b);
}

function startingLikeX(x: Finite, compute: () => Decimal128): Decimal128 {
  if (x.coefficient === 0n) return zero(x.negative);
  if (size(x) < -TINY) return writeDecimal(x.negative, x.coefficient, x.exponent);
  return compute();
}

function isOne(x: Finite): boolean {
  return !x.negative && x.exponent <= 0 && x.coefficient === 10n ** BigInt(Math.min(40, -x.exponent));
}

/** x when it is whole. */
function wholeOf(x: Finite): bigint | undefined {
  if (x.exponent >= 0) return signed(x) * one(x.exponent);
  const unit = one(-x.exponent);
  return x.coefficient % unit === 0n ? signed(x) / unit : undefined;
}

/** Exact where it can be, with half the exponent of x. */
function root(x: Finite): Decimal128 {
  const odd = ((x.exponent % 2) + 2) % 2;
  const coefficient = x.coefficient * (odd === 1 ? 10n : 1n);
  const exponent = (x.exponent - odd) / 2;
  const exact = integerRoot(coefficient);
  if (exact * exact === coefficient) return writeDecimal(x.negative, exact, exponent);
  return writeDecimal(x.negative, squareRoot(coefficient * UNIT, PLACES), exponent - PLACES);
}

function naturalLog(x: Finite): bigint {
  const digits = x.coefficient.toString().length;
  const mantissa = places({ ...x, exponent: -digits });
  return logarithm(mantissa, PLACES) + BigInt(digits + x.exponent) * ln10(PLACES);
}

function decadicLog(x: Finite): Decimal128 {
  const digits = x.coefficient.toString();
  if (/^10*$/.test(digits)) return whole(BigInt(digits.length - 1 + x.exponent));
  return quotient(naturalLog(asBinary(x)), ln10(PLACES));
}

/** sign × e^x, where x is at PLACES places. */
function exponentialOf(x: bigint, sign: bigint): Decimal128 {
  const power = x / ln10(PLACES);
  if (power > 7000n) return infiniteDecimal(sign < 0n);
  if (power < -7000n) return zero(sign < 0n);
  const mantissa = exponential(x - power * ln10(PLACES), PLACES);
  return write(sign < 0n, mantissa, Number(power) - PLACES);
}

/** Sine and cosine at PLACES places; large angles lose their full turns with as many more digits of π. */
function turned(x: Finite): readonly [sine: bigint, cosine: bigint] {
  const wide = PLACES + Math.max(0, size(x));
  const shift = wide + x.exponent;
  const exact = shift >= 0 ? signed(x) * one(shift) : signed(x) / one(-shift);
  return sineAndCosine((exact % (2n * pi(wide))) / one(wide - PLACES), PLACES);
}

function arcSine(x: bigint): bigint {
  const rest = UNIT - (x * x) / UNIT;
  if (rest <= 0n) return ((x < 0n ? -1n : 1n) * pi(PLACES)) / 2n;
  return arcTangent((x * UNIT) / squareRoot(rest, PLACES), PLACES);
}

function hyperbolic(x: Finite, isSine: boolean): Decimal128 {
  const sign = isSine && x.negative ? -1n : 1n;
  const absolute = places({ ...x, negative: false });
  if (absolute > 100n * UNIT) return exponentialOf(absolute - logarithm(2n * UNIT, PLACES), sign);
  const up = exponential(absolute, PLACES);
  const down = (UNIT * UNIT) / up;
  return fixed((sign * (isSine ? up - down : up + down)) / 2n);
}

function hyperbolicTangent(x: Finite): Decimal128 {
  const absolute = places({ ...x, negative: false });
  if (absolute > 60n * UNIT) return whole(x.negative ? -1n : 1n);
  const square = exponential(2n * absolute, PLACES);
  return quotient((x.negative ? -1n : 1n) * (square - UNIT), square + UNIT);
}

function areaSine(x: Finite): Decimal128 {
  const sign = x.negative ? -1n : 1n;
  const positive: Finite = { ...x, negative: false };
  if (size(x) > HUGE) return fixed(sign * naturalLog({ ...positive, coefficient: 2n * x.coefficient }));
  const value = places(positive);
  return fixed(sign * logarithm(value + squareRoot((value * value) / UNIT + UNIT, PLACES), PLACES));
}

function areaCosine(x: Finite): bigint {
  if (size(x) > HUGE) return naturalLog({ ...x, coefficient: 2n * x.coefficient });
  const value = places(x);
  return logarithm(value + squareRoot((value * value) / UNIT - UNIT, PLACES), PLACES);
}

function areaTangent(x: bigint): Decimal128 {
  if (x === UNIT || x === -UNIT) return infiniteDecimal(x < 0n);
  return fixed(logarithm(((UNIT + x) * UNIT) / (UNIT - x), PLACES) / 2n);
}
