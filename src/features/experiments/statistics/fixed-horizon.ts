/** The tests for ONE look at a size fixed beforehand: Welch's t, and the flat-prior posterior. */
import type { Interval } from './confidence-sequence.ts';
import { relativeDifference, type Sample } from './estimates.ts';
import { normalCdf, normalDensity, normalQuantile } from './normal.ts';
import { studentUpperQuantile, studentUpperTail } from './special-functions.ts';

/** Welch's test of the relative difference, two-sided. Wrong when looked at more than once. */
export function fixedRelativeTest(
  a: Sample,
  b: Sample,
  alpha: number,
): { effect: number; interval: Interval; pValue: number } {
  const { effect, standardError } = relativeDifference(a, b);
  const freedom = welchFreedom(a, b);
  const half = studentUpperQuantile(alpha / 2, freedom) * standardError;
  const pValue = 2 * studentUpperTail(Math.abs(effect / standardError), freedom);
  return { effect, interval: { low: effect - half, high: effect + half }, pValue };
}

/** Welch–Satterthwaite degrees of freedom. */
function welchFreedom(a: Sample, b: Sample): number {
  const fromA = a.variance / a.n;
  const fromB = b.variance / b.n;
  return (fromA + fromB) ** 2 / (fromA ** 2 / (a.n - 1) + fromB ** 2 / (b.n - 1));
}

/**
 * The posterior of the relative difference under a flat prior: chance that b is better, credible
 * interval, and the expected loss of choosing b (`riskOfB`) or of staying with a (`riskOfA`).
 */
export function relativePosterior(
  a: Sample,
  b: Sample,
  alpha: number,
): { effect: number; interval: Interval; chanceToWin: number; riskOfA: number; riskOfB: number } {
  const { effect, standardError } = relativeDifference(a, b);
  const half = normalQuantile(1 - alpha / 2) * standardError;
  const z = effect / standardError;
  const riskOfB = standardError * normalDensity(z) - effect * normalCdf(-z);
  return {
    effect,
    interval: { low: effect - half, high: effect + half },
    chanceToWin: normalCdf(z),
    riskOfA: riskOfB + effect,
    riskOfB,
  };
}
