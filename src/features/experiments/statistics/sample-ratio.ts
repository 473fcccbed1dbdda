/** Does the split of units fit the weights? A test that is safe to repeat, and the usual one that is not. */
import { chiSquareUpperTail, logGamma } from './special-functions.ts';

/** Prior units per arm at weight 1/k: how firmly the planned weights are believed before the data. */
const PRIOR_UNITS = 100;

/**
 * The sequential multinomial Bayes factor against the planned split (Lindon & Malek, arXiv 2011.03567).
 * Weights need not add up to 1. Under a true split it passes 1,000 at any time with chance < 1/1,000.
 */
export function sampleRatioBayesFactor(counts: readonly number[], weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let logFactor = 0;
  let priorUnits = 0;
  let units = 0;
  counts.forEach((count, arm) => {
    const share = (weights[arm] ?? 0) / total;
    const prior = PRIOR_UNITS * share * counts.length;
    logFactor += logGamma(prior + count) - logGamma(prior) - count * Math.log(share);
    priorUnits += prior;
    units += count;
  });
  logFactor += logGamma(priorUnits) - logGamma(priorUnits + units);
  return Math.min(Number.MAX_VALUE, Math.exp(logFactor));
}

/** Pearson's χ² of the same question, for ONE look. */
export function sampleRatioChiSquare(
  counts: readonly number[],
  weights: readonly number[],
): { statistic: number; pValue: number } {
  const units = counts.reduce((sum, count) => sum + count, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const statistic = counts.reduce((sum, count, arm) => {
    const expected = (units * (weights[arm] ?? 0)) / total;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return { statistic, pValue: chiSquareUpperTail(statistic, counts.length - 1) };
}
