/** Published reference values of every test the experiments rest on. */
import { describe, expect, test } from 'vitest';
import {
  type Interval,
  mixingRho,
  sequentialGreaterPValue,
  sequentialInterval,
  sequentialLowerEnd,
  sequentialPValue,
} from '../../src/features/experiments/statistics/confidence-sequence.ts';
import {
  absoluteDifference,
  pooledZ,
  proportion,
  relativeDifference,
  sampleMean,
} from '../../src/features/experiments/statistics/estimates.ts';
import {
  fixedRelativeTest,
  relativePosterior,
} from '../../src/features/experiments/statistics/fixed-horizon.ts';
import {
  bernoulliSequence,
  bestRho,
  normalLogMixture,
  normalMixtureBound,
  oneSidedNormalLogMixture,
  oneSidedNormalMixtureBound,
} from '../../src/features/experiments/statistics/mixtures.ts';
import {
  sampleRatioBayesFactor,
  sampleRatioChiSquare,
} from '../../src/features/experiments/statistics/sample-ratio.ts';

function expectInterval(interval: Interval, low: number, high: number, digits = 5): void {
  expect(interval.low).toBeCloseTo(low, digits);
  expect(interval.high).toBeCloseTo(high, digits);
}

const MEAN_A = sampleMean(3000, 1396.87, 52377.9767);
const MEAN_B = sampleMean(3461, 2422.7, 134698.29);

describe('the asymptotic confidence sequence (gbstats vectors)', () => {
  test('two proportions, relative, tuned for 5,000', () => {
    const estimate = relativeDifference(proportion(1396, 3000), proportion(2422, 3461));
    const settings = { alpha: 0.05, bestAt: 5000 };
    expect(estimate.effect).toBeCloseTo(0.50386, 5);
    expect(estimate.standardError).toBeCloseTo(0.03386, 5);
    expectInterval(sequentialInterval(estimate, settings), 0.40098, 0.60675);
    expect(sequentialPValue(estimate, settings)).toBeCloseTo(0, 5);
  });
  test('two means, relative, tuned for 1,000', () => {
    const estimate = relativeDifference(MEAN_A, MEAN_B);
    const settings = { alpha: 0.05, bestAt: 1000 };
    expect(estimate.effect).toBeCloseTo(0.50336, 5);
    expectInterval(sequentialInterval(estimate, settings), -0.55844, 1.56516);
    expect(sequentialPValue(estimate, settings)).toBeCloseTo(1, 5);
  });
  test('two means, absolute, one-sided, tuned for 5,000', () => {
    const estimate = absoluteDifference(MEAN_A, MEAN_B);
    const settings = { alpha: 0.05, bestAt: 5000 };
    expect(sequentialLowerEnd(estimate, settings)).toBeCloseTo(-0.12656844, 8);
    // gbstats bisects and stops one half-step past the root (0.46316492); ours is the closed form.
    expect(Math.abs(sequentialGreaterPValue(estimate, settings) - 0.46316492)).toBeLessThan(2e-4);
  });
  test('the one-sided p value is the α at which the interval touches zero', () => {
    // At α = p the interval tuned for the original α must end at 0: check through the width's own formula.
    const estimate = absoluteDifference(MEAN_A, MEAN_B);
    const settings = { alpha: 0.05, bestAt: 5000 };
    const p = sequentialGreaterPValue(estimate, settings);
    const rho = mixingRho({ alpha: 0.1, bestAt: 5000 });
    const spread = estimate.n * rho ** 2 + 1;
    const threshold = Math.log(1 + Math.sqrt(spread) / (2 * p));
    const half = estimate.standardError * Math.sqrt((2 * spread * threshold) / (estimate.n * rho ** 2));
    expect(half).toBeCloseTo(estimate.effect, 12);
  });
  test('two proportions, absolute, where a single z-test would already call it', () => {
    const estimate = absoluteDifference(proportion(500, 10_000), proportion(600, 10_000));
    const settings = { alpha: 0.05, bestAt: 5000 };
    expectInterval(sequentialInterval(estimate, settings), -0.00008, 0.02008);
    expect(sequentialPValue(estimate, settings)).toBeCloseTo(0.05388, 5);
    const z = pooledZ({ converted: 500, n: 10_000 }, { converted: 600, n: 10_000 });
    expect(z).toBeCloseTo(3.1016, 4);
  });
  test('its mixing parameter', () => {
    expect(mixingRho({ alpha: 0.05, bestAt: 5000 })).toBeCloseTo(0.0398400668, 10);
    expect(mixingRho({ alpha: 0.05, bestAt: 1000 })).toBeCloseTo(0.0890850975, 10);
  });
});

describe('tests for one look (gbstats vectors)', () => {
  test("Welch's relative test", () => {
    const result = fixedRelativeTest(proportion(14, 28), proportion(16, 30), 0.05);
    expect(result.effect).toBeCloseTo(0.06667, 5);
    expectInterval(result.interval, -0.47767, 0.61101);
    expect(result.pValue).toBeCloseTo(0.80707, 5);
  });
  test('the flat-prior posterior', () => {
    const result = relativePosterior(proportion(49, 100), proportion(51, 100), 0.05);
    expect(result.effect).toBeCloseTo(0.04082, 5);
    expectInterval(result.interval, -0.24779, 0.32943);
    expect(result.chanceToWin).toBeCloseTo(0.60918, 5);
    expect(result.riskOfA).toBeCloseTo(0.0814, 5);
    expect(result.riskOfB).toBeCloseTo(0.04058, 5);
  });
});

describe('mixtures (confseq vectors)', () => {
  const settings = { bestAt: 100, alpha: 0.05 };
  test('the normal mixture, two-sided', () => {
    expect(bestRho(settings)).toBeCloseTo(12.60056, 5);
    expect(normalLogMixture(10, 100, settings)).toBeCloseTo(-0.6510052, 5);
    expect(normalMixtureBound(100, 0.05, settings)).toBeCloseTo(30.35209, 5);
  });
  test('the normal mixture, one-sided', () => {
    expect(oneSidedNormalLogMixture(10, 100, settings)).toBeCloseTo(-0.06502391, 5);
    expect(oneSidedNormalMixtureBound(100, 0.05, settings)).toBeCloseTo(27.66071, 5);
  });
  test.each([
    [700, 1000, 100, 0.651629, 0.745949],
    [15, 50, 50, 0.129556, 0.511896],
    [5, 50, 50, 0.013021, 0.269264],
    [1, 50, 50, 0, 0.13489],
    [1, 2, 50, 0, 1],
    [100, 200, 1, 0.328923, 0.671076],
    [0, 1, 50, 0, 1],
    [1, 1, 50, 0, 1],
    [0, 0, 50, 0, 1],
  ])('the rate behind %d of %d, best at %d, lies in [%d, %d]', (successes, trials, bestAt, low, high) => {
    expectInterval(bernoulliSequence(successes, trials, { bestAt, alpha: 0.05 }), low, high);
  });
});

describe('the split of units', () => {
  test('χ² of 600 against 400', () => {
    const { statistic, pValue } = sampleRatioChiSquare([600, 400], [1, 1]);
    expect(statistic).toBeCloseTo(40, 10);
    expect(pValue / 2.54e-10).toBeCloseTo(1, 2);
  });
  test('χ² of 5,000 against 5,200', () => {
    const { statistic, pValue } = sampleRatioChiSquare([5000, 5200], [0.5, 0.5]);
    expect(statistic).toBeCloseTo(3.9216, 4);
    expect(pValue).toBeCloseTo(0.0477, 4);
  });
  test('the Bayes factor is 1 before any unit and below 1 at the planned split', () => {
    expect(sampleRatioBayesFactor([0, 0], [1, 1])).toBeCloseTo(1, 12);
    expect(sampleRatioBayesFactor([5000, 5000], [1, 1])).toBeLessThan(1);
  });
  test('the Bayes factor equals the Dirichlet-multinomial product, unit by unit', () => {
    // One unit at a time: ∏ (prior + seen) ÷ (all prior + all seen) ÷ weight.
    const arrivals = [0, 0, 1, 0, 0, 2, 0, 0];
    const weights = [2, 1, 1];
    const prior = [150, 75, 75];
    const seen = [0, 0, 0];
    let factor = 1;
    for (const [index, arm] of arrivals.entries()) {
      factor *= (prior[arm]! + seen[arm]!) / (300 + index) / (weights[arm]! / 4);
      seen[arm]! += 1;
    }
    expect(sampleRatioBayesFactor(seen, weights)).toBeCloseTo(factor, 10);
  });
  test('a 53/47 split passes 1,000, and no number of units makes it infinite', () => {
    expect(sampleRatioBayesFactor([10_600, 9_400], [1, 1])).toBeGreaterThan(1000);
    expect(sampleRatioBayesFactor([5_000_000, 0], [1, 1])).toBe(Number.MAX_VALUE);
  });
});
