/** The draws and limits that the decisions bench rests on. */
import { describe, expect, test } from 'vitest';
import { lowerLimit, upperLimit } from '../bench/decisions-runs.ts';
import { drawBinomial, drawHalf, seeded } from '../bench/decisions-traffic.ts';

const RUNS = 40_000;

function moments(draw: () => number): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  const mean = sum / RUNS;
  return { mean, variance: squares / RUNS - mean * mean };
}

describe('the draws of the bench', () => {
  test.each([
    [60, 0.05],
    [400, 0.1],
    [1, 0.02],
  ])('Binomial(%d, %d) has its mean and variance', (n, p) => {
    const random = seeded(1);
    const { mean, variance } = moments(() => drawBinomial(random, n, p));
    expect(Math.abs(mean - n * p)).toBeLessThan(5 * Math.sqrt((n * p * (1 - p)) / RUNS));
    expect(variance / (n * p * (1 - p))).toBeCloseTo(1, 1);
  });
  test.each([1, 31, 32, 33, 120])('halves of %d have their mean and variance', (n) => {
    const random = seeded(2);
    const { mean, variance } = moments(() => drawHalf(random, n));
    expect(Math.abs(mean - n / 2)).toBeLessThan(5 * Math.sqrt(n / 4 / RUNS));
    expect(variance / (n / 4)).toBeCloseTo(1, 1);
  });
  test('one seed gives one sequence', () => {
    const draw = () => {
      const random = seeded(7);
      return Array.from({ length: 20 }, () => drawBinomial(random, 60, 0.3));
    };
    expect(draw()).toEqual(draw());
  });
});

describe('the limits of a share', () => {
  test('agree with Clopper and Pearson', () => {
    expect(upperLimit(0, 100)).toBeCloseTo(1 - 0.05 ** (1 / 100), 10);
    expect(upperLimit(5, 5)).toBe(1);
    expect(lowerLimit(5, 5)).toBeCloseTo(0.05 ** (1 / 5), 10);
    expect(lowerLimit(0, 5)).toBe(0);
  });
});
