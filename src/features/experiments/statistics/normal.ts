/** The normal distribution: density, tails and quantile, to about 1e-14. */

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
const CENTRE_LIMIT = 0.66291;
const MIDDLE_LIMIT = Math.sqrt(32);

// W. J. Cody's rational approximations (Mathematics of Computation 23, 1969), highest power first.
const CENTRE = {
  top: [0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356],
  bottom: [1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673],
};
const MIDDLE = {
  top: [
    1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
    2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
  ],
  bottom: [
    1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
    34900.95272114598, 38912.00328609327, 19685.429676859992,
  ],
};
const FAR = {
  top: [
    0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
    0.000029112874951168793,
  ],
  bottom: [
    1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824,
    0.00007297515550839662,
  ],
};

type Rational = { readonly top: readonly number[]; readonly bottom: readonly number[] };

function evaluate({ top, bottom }: Rational, x: number): number {
  let numerator = 0;
  let denominator = 0;
  for (const coefficient of top) numerator = numerator * x + coefficient;
  for (const coefficient of bottom) denominator = denominator * x + coefficient;
  return numerator / denominator;
}

/** Density of the standard normal at `x`. */
export function normalDensity(x: number): number {
  return INVERSE_SQRT_TWO_PI * Math.exp(-0.5 * x * x);
}

/** P(Z > x), with full relative precision far out in the tail, where 1 − Φ(x) would lose it. */
export function normalUpperTail(x: number): number {
  const size = Math.abs(x);
  if (size <= CENTRE_LIMIT) return 0.5 - x * evaluate(CENTRE, x * x);
  const tail = size < MIDDLE_LIMIT ? Math.exp(-0.5 * x * x) * evaluate(MIDDLE, size) : farTail(size);
  return x > 0 ? tail : 1 - tail;
}

function farTail(size: number): number {
  const inverseSquare = 1 / (size * size);
  const correction = inverseSquare * evaluate(FAR, inverseSquare);
  return (Math.exp(-0.5 * size * size) * (INVERSE_SQRT_TWO_PI - correction)) / size;
}

/** Φ(x) = P(Z ≤ x). */
export function normalCdf(x: number): number {
  return normalUpperTail(-x);
}

/**
 * The x with P(Z > x) = `tail`, for 0 < tail < 1; ±Infinity at the ends.
 * Start: Abramowitz & Stegun 26.2.23 (error < 4.5e-4), then Halley's steps, each of which triples the digits.
 */
export function normalUpperQuantile(tail: number): number {
  if (tail <= 0) return Number.POSITIVE_INFINITY;
  if (tail >= 1) return Number.NEGATIVE_INFINITY;
  if (tail > 0.5) return -normalUpperQuantile(1 - tail);
  const t = Math.sqrt(-2 * Math.log(tail));
  const start = { top: [0.010328, 0.802853, 2.515517], bottom: [0.001308, 0.189269, 1.432788, 1] };
  let x = t - evaluate(start, t);
  for (let step = 0; step < 3; step += 1) {
    const excess = (normalUpperTail(x) - tail) / normalDensity(x);
    x += excess / (1 - (x * excess) / 2);
  }
  return x;
}

/** Φ⁻¹(p) for 0 < p < 1. */
export function normalQuantile(p: number): number {
  return p < 0.5 ? -normalUpperQuantile(p) : normalUpperQuantile(1 - p);
}
