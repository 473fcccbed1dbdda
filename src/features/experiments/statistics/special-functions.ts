/** The gamma and beta functions, and the tails of Student's t and χ² that rest on them. */

const SMALLEST = 1e-300;
const CONVERGED = 1e-15;
const MOST_TERMS = 10_000;

/** ln Γ(x) for x > 0: Stirling's series after shifting x up to 10, good to about 1e-14. */
export function logGamma(x: number): number {
  let shift = 0;
  let large = x;
  while (large < 10) {
    shift += Math.log(large);
    large += 1;
  }
  const i = 1 / (large * large);
  const series =
    1 / 12 - i * (1 / 360 - i * (1 / 1260 - i * (1 / 1680 - i * (1 / 1188 - (i * 691) / 360360))));
  return (large - 0.5) * Math.log(large) - large + 0.5 * Math.log(2 * Math.PI) + series / large - shift;
}

/** ln B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** A continued fraction b0 + a1/(b1 + a2/(b2 + …)) by the modified Lentz method. */
function continuedFraction(first: number, term: (step: number) => { a: number; b: number }): number {
  let value = first || SMALLEST;
  let c = value;
  let d = 0;
  for (let step = 1; step <= MOST_TERMS; step += 1) {
    const { a, b } = term(step);
    d = 1 / (b + a * d || SMALLEST);
    c = b + a / c || SMALLEST;
    value *= c * d;
    if (Math.abs(c * d - 1) < CONVERGED) break;
  }
  return value;
}

/** The regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1 (DLMF 8.17.22). */
export function regularisedBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(b, a, 1 - x);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  const fraction = continuedFraction(1, (step) => {
    const m = Math.floor(step / 2);
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return { a: step % 2 === 0 ? even : odd, b: 1 };
  });
  return front / fraction;
}

/** P(T > t) of Student's t with `freedom` degrees of freedom, for t ≥ 0. */
export function studentUpperTail(t: number, freedom: number): number {
  return regularisedBeta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;
}

/** The t ≥ 0 with P(T > t) = `tail` (0 < tail ≤ ½), by bisection. */
export function studentUpperQuantile(tail: number, freedom: number): number {
  let high = 1;
  while (studentUpperTail(high, freedom) > tail && high < 1e300) high *= 2;
  return bisect((t) => tail - studentUpperTail(t, freedom), 0, high);
}

/** P(X > x) of χ² with `freedom` degrees of freedom: the upper incomplete gamma function (DLMF 8.9, 8.11). */
export function chiSquareUpperTail(x: number, freedom: number): number {
  if (x <= 0) return 1;
  const a = freedom / 2;
  const half = x / 2;
  const front = Math.exp(a * Math.log(half) - half - logGamma(a));
  if (half < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n <= MOST_TERMS && term > sum * CONVERGED; n += 1) {
      term *= half / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  return front / continuedFraction(half + 1 - a, (n) => ({ a: n * (a - n), b: half + 2 * n + 1 - a }));
}

/** The root of a function that is negative at `low` and positive at `high`, to the last bit that matters. */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  let below = low;
  let above = high;
  for (let step = 0; step < 100; step += 1) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above) break;
    if (f(middle) < 0) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}
