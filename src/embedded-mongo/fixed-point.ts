/** Functions of real numbers in fixed-point arithmetic: a bigint `n` at `places` stands for `n × 10^-places`. */

/** Working digits that are computed beyond the asked ones and dropped in the end. */
const GUARD = 12;

/** 1 at a number of places. */
export function one(places: number): bigint {
  return 10n ** BigInt(places);
}

/** The whole square root of a non-negative bigint, rounded down, by Newton's iteration. */
export function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** √x. */
export function squareRoot(x: bigint, places: number): bigint {
  return integerRoot(x * one(places));
}

/** arctan(1 ÷ n) by its series, for a whole n > 1. */
function arcTangentOfInverse(n: bigint, places: number): bigint {
  let power = one(places) / n;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power /= -(n * n);
    sum += power / k;
  }
  return sum;
}

function memoize(compute: (places: number) => bigint): (places: number) => bigint {
  const known = new Map<number, bigint>();
  return (places) => {
    const value = known.get(places) ?? compute(places + GUARD) / one(GUARD);
    if (places <= 200) known.set(places, value);
    return value;
  };
}

/** π by Machin's formula. */
export const pi = memoize(
  (places) => 4n * (4n * arcTangentOfInverse(5n, places) - arcTangentOfInverse(239n, places)),
);
/** ln 2 = 2 artanh(1/3). */
const ln2 = memoize((places) => 2n * areaTangentSeries(one(places) / 3n, places));
/** ln 10 = 3 ln 2 + 2 artanh(1/9). */
export const ln10 = memoize((places) => 3n * ln2(places) + 2n * areaTangentSeries(one(places) / 9n, places));

/** artanh x by its series, for |x| well below 1. */
function areaTangentSeries(x: bigint, places: number): bigint {
  const unit = one(places);
  const square = (x * x) / unit;
  let power = x;
  let sum = x;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = (power * square) / unit;
    sum += power / k;
  }
  return sum;
}

/** ln x for x > 0, after halving or doubling x into [3/4, 3/2). */
export function logarithm(x: bigint, places: number): bigint {
  const wide = places + GUARD;
  const unit = one(wide);
  let near = x * one(GUARD);
  let halvings = 0n;
  for (; near >= (3n * unit) / 2n; halvings += 1n) near /= 2n;
  for (; near < (3n * unit) / 4n; halvings -= 1n) near *= 2n;
  const ratio = ((near - unit) * unit) / (near + unit);
  return (2n * areaTangentSeries(ratio, wide) + halvings * ln2(wide)) / one(GUARD);
}

/** e^x for a moderate x, by its series at x ÷ 2^8 and eight squarings. */
export function exponential(x: bigint, places: number): bigint {
  const wide = places + GUARD;
  const unit = one(wide);
  const small = (x * one(GUARD)) >> 8n;
  let term = unit;
  let sum = unit;
  for (let k = 1n; term !== 0n; k += 1n) {
    term = (term * small) / (unit * k);
    sum += term;
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) / unit;
  return sum / one(GUARD);
}

/** arctan x, after three halvings of the angle and, above 1, by that of 1 ÷ x. */
export function arcTangent(x: bigint, places: number): bigint {
  const unit = one(places);
  if (x < 0n) return -arcTangent(-x, places);
  if (x > unit) return pi(places) / 2n - arcTangent((unit * unit) / x, places);
  let ratio = x;
  for (let i = 0; i < 3; i++) {
    ratio = (ratio * unit) / (unit + squareRoot(unit + (ratio * ratio) / unit, places));
  }
  const square = (ratio * ratio) / unit;
  let power = ratio;
  let sum = ratio;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = (-power * square) / unit;
    sum += power / k;
  }
  return 8n * sum;
}

/** Sine and cosine of any angle: by their series within π/4, and by quarter turns beyond. */
export function sineAndCosine(x: bigint, places: number): readonly [sine: bigint, cosine: bigint] {
  const quarter = pi(places) / 2n;
  const turns = (2n * x + quarter) / (2n * quarter) - (2n * x + quarter < 0n ? 1n : 0n);
  const [sine, cosine] = sineSeries(x - turns * quarter, places);
  switch (((turns % 4n) + 4n) % 4n) {
    case 0n:
      return [sine, cosine];
    case 1n:
      return [cosine, -sine];
    case 2n:
      return [-sine, -cosine];
    default:
      return [-cosine, sine];
  }
}

function sineSeries(x: bigint, places: number): readonly [sine: bigint, cosine: bigint] {
  const unit = one(places);
  let term = unit;
  const sums: [bigint, bigint] = [0n, unit];
  for (let k = 1n; term !== 0n; k += 1n) {
    term = (term * x) / (unit * k);
    const signedTerm = (k >> 1n) % 2n === 0n ? term : -term;
    if (k % 2n === 1n) sums[0] += signedTerm;
    else sums[1] += signedTerm;
  }
  return sums;
}
