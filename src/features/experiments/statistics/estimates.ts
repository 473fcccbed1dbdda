/** What two samples say about their difference: rates, means, standard errors and the pooled z. */

/** `mean` and sample `variance` of one unit, over `n` units. */
export type Sample = { readonly mean: number; readonly variance: number; readonly n: number };

/** An effect with its standard error; `n` counts the units of both samples. */
export type Estimate = { readonly effect: number; readonly standardError: number; readonly n: number };

/** A sample of zeros and ones. */
export function proportion(successes: number, n: number): Sample {
  const mean = n > 0 ? successes / n : 0;
  return { mean, variance: mean * (1 - mean), n };
}

/** A sample from its count, sum and sum of squares; the variance divides by n − 1. */
export function sampleMean(n: number, sum: number, sumOfSquares: number): Sample {
  return { mean: sum / n, variance: (sumOfSquares - (sum * sum) / n) / (n - 1), n };
}

/** b − a in the samples' own unit. */
export function absoluteDifference(a: Sample, b: Sample): Estimate {
  const standardError = Math.sqrt(a.variance / a.n + b.variance / b.n);
  return { effect: b.mean - a.mean, standardError, n: a.n + b.n };
}

/** (b − a) ÷ a, its standard error by the delta method. Skewed at small counts: show it, never test on it. */
export function relativeDifference(a: Sample, b: Sample): Estimate {
  const ratio = b.mean / a.mean;
  const variance = b.variance / b.n + (ratio * ratio * a.variance) / a.n;
  return { effect: ratio - 1, standardError: Math.sqrt(variance) / Math.abs(a.mean), n: a.n + b.n };
}

/** z = (pB − pA) ÷ √(p(1 − p)(1/nA + 1/nB)) with the pooled p; 0 where an arm is empty or nothing varies. */
export function pooledZ(a: { converted: number; n: number }, b: { converted: number; n: number }): number {
  if (a.n <= 0 || b.n <= 0) return 0;
  const pooled = (a.converted + b.converted) / (a.n + b.n);
  const variance = pooled * (1 - pooled) * (1 / a.n + 1 / b.n);
  if (variance <= 0) return 0;
  return (b.converted / b.n - a.converted / a.n) / Math.sqrt(variance);
}
