/** The boundary: published values, the whole error spent and never more, and any pattern of looks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BoundaryState,
  NO_LOOKS,
  nextBoundary,
  obrienFlemingSpending,
} from '../../src/features/experiments/statistics/boundary.ts';
import { normalUpperTail } from '../../src/features/experiments/statistics/normal.ts';

function boundaries(fractions: readonly number[], spending: (fraction: number) => number): BoundaryState[] {
  const states: BoundaryState[] = [];
  let state = NO_LOOKS;
  for (const information of fractions) {
    state = nextBoundary(state, { information, spendPerSide: spending(information) });
    states.push(state);
  }
  return states;
}

const obrienFleming = (fraction: number) => obrienFlemingSpending(0.05, fraction);

describe('the group-sequential boundary', () => {
  test('five equal looks of O’Brien–Fleming-type spending (ldbounds)', () => {
    const states = boundaries([0.2, 0.4, 0.6, 0.8, 1], obrienFleming);
    [4.8769, 3.3569, 2.6803, 2.2898, 2.031].forEach((golden, look) => {
      // Published to four digits by a search that stops at 1e-7 of probability.
      expect(Math.abs(states[look]!.boundary - golden)).toBeLessThan(1.5e-4);
    });
    // The second from the bivariate normal integral with 25 digits.
    expect(states[1]!.boundary).toBeCloseTo(3.35701192157464, 11);
  });
  test('looks that ran past the plan, with quadratic spending (Spotify)', () => {
    const states = boundaries([250 / 810, 450 / 810, 630 / 810, 1], (fraction) => 0.005 * fraction ** 2);
    [0.00095, 0.00241, 0.0041, 0.00636].forEach((golden, look) => {
      expect(Math.abs(2 * normalUpperTail(states[look]!.boundary) - golden)).toBeLessThan(1e-5);
    });
  });
  test('one look alone is the ordinary test', () => {
    expect(boundaries([1], obrienFleming)[0]!.boundary).toBeCloseTo(1.959963984540054, 10);
  });
  test('84 looks spend all of the error and no more', () => {
    const states = boundaries(
      Array.from({ length: 84 }, (_, look) => (look + 1) / 84),
      obrienFleming,
    );
    expect(states.at(-1)!.spentPerSide).toBeCloseTo(0.025, 12);
    expect(states.at(-1)!.boundary).toBeGreaterThan(2.1);
    expect(states.at(-1)!.boundary).toBeLessThan(2.25);
  });
  test('an early end spends what is left, at the information there is', () => {
    const [first] = boundaries([0.5], obrienFleming);
    const last = nextBoundary(first!, { information: 0.7, spendPerSide: 0.025 });
    expect(last.spentPerSide).toBeCloseTo(0.025, 12);
    expect(last.boundary).toBeGreaterThan(1.959963);
    expect(last.boundary).toBeLessThan(2.0);
  });
  test('a last look with nothing new still ends, and errs on the safe side', () => {
    const [first] = boundaries([0.5], obrienFleming);
    const last = nextBoundary(first!, { information: 0.5, spendPerSide: 0.025 });
    expect(last.spentPerSide).toBeCloseTo(0.025, 9);
    expect(last.boundary).toBeGreaterThan(1.959963);
  });
  test('a stored state continues bit for bit', () => {
    const [first] = boundaries([0.3], obrienFleming);
    const look = { information: 0.4, spendPerSide: obrienFleming(0.4) };
    const stored: BoundaryState = JSON.parse(JSON.stringify(first));
    expect(nextBoundary(stored, look)).toStrictEqual(nextBoundary(first!, look));
  });
  test('whatever the pattern of looks, the density keeps the mass that has not crossed', () => {
    const steps = fc.array(fc.double({ min: 0.001, max: 0.3, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(steps, fc.constantFrom(0.05, 0.025, 0.01), (gaps, alpha) => {
        let fraction = 0;
        const fractions = gaps.map((gap) => (fraction += gap)).filter((sum, index) => index === 0 || sum < 1);
        fraction = fractions.at(-1)!;
        const states = boundaries(fractions, (t) => obrienFlemingSpending(alpha, t));
        const last = states.at(-1)!;
        expect(last.spentPerSide).toBeLessThanOrEqual(obrienFlemingSpending(alpha, fraction) + 1e-13);
        // A step that nothing may cross must find all the mass: the tail beyond 0 is half of it.
        const all = nextBoundary(last, { information: last.information * 1e6, spendPerSide: 1 });
        expect(all.boundary).toBe(0);
        expect(all.spentPerSide - last.spentPerSide).toBeCloseTo(0.5 - last.spentPerSide, 5);
      }),
      { numRuns: 60 },
    );
  });
});
