/** Golden values of the special functions (computed with 40 digits) and their round trips. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  normalCdf,
  normalDensity,
  normalQuantile,
  normalUpperQuantile,
  normalUpperTail,
} from '../../src/features/experiments/statistics/normal.ts';
import {
  chiSquareUpperTail,
  logGamma,
  regularisedBeta,
  studentUpperQuantile,
  studentUpperTail,
} from '../../src/features/experiments/statistics/special-functions.ts';

const relativeError = (value: number, golden: number) => Math.abs(value / golden - 1);

describe('the normal distribution', () => {
  test.each([
    [0, 0.5],
    [0.3, 0.3820885778110474],
    [-0.3, 0.6179114221889527],
    [1, 0.15865525393145705],
    [1.959963984540054, 0.025000000000000015],
    [-2.5, 0.9937903346742238],
    [4, 0.000031671241833119924],
    [5.7, 5.9903714010635345e-9],
    [6.5, 4.016000583859118e-11],
    [10, 7.619853024160525e-24],
    [30, 4.906713927148187e-198],
  ])('has P(Z > %d) = %d', (x, golden) => {
    expect(relativeError(normalUpperTail(x), golden)).toBeLessThan(1e-13);
  });
  test('has density 1/√2π at 0', () => {
    expect(normalDensity(0)).toBeCloseTo(0.3989422804014327, 16);
  });
  test.each([
    [0.975, 1.959963984540054],
    [0.5, 0],
    [0.9875, 2.241402727604945],
    [1e-10, -6.361340902404056],
  ])('has quantile %d at %d', (p, golden) => {
    expect(normalQuantile(p)).toBeCloseTo(golden, 12);
  });
  test('keeps its ends', () => {
    expect(normalUpperQuantile(0)).toBe(Number.POSITIVE_INFINITY);
    expect(normalUpperQuantile(1)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalCdf(-60)).toBe(0);
    expect(normalCdf(60)).toBe(1);
  });
  test('finds back every tail between 1e-200 and ½', () => {
    fc.assert(
      fc.property(fc.double({ min: -200, max: Math.log10(0.5), noNaN: true }), (exponent) => {
        const tail = 10 ** exponent;
        expect(relativeError(normalUpperTail(normalUpperQuantile(tail)), tail)).toBeLessThan(1e-10);
      }),
    );
  });
  test('never rises with x', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: 1e-6, max: 2, noNaN: true }),
        (x, step) => normalUpperTail(x + step) <= normalUpperTail(x),
      ),
    );
  });
});

describe('the functions behind t and χ²', () => {
  test.each([
    [0.5, 0.5723649429247001],
    [1, 0.0],
    [2, 0.0],
    [3.7, 1.4280723266653879],
    [10, 12.80182748008147],
    [123.4, 469.3360974421906],
    [90189, 938832.2876328503],
  ])('ln Γ(%d) = %d', (x, golden) => {
    expect(Math.abs(logGamma(x) - golden)).toBeLessThan(1e-13 * Math.max(1, Math.abs(golden)));
  });
  test.each([
    [2, 3, 0.4, 0.5248],
    [28, 0.5, 0.9, 0.015592919356861898],
    [0.5, 0.5, 0.1, 0.20483276469913345],
    [100, 120, 0.47, 0.6783849714203631],
  ])('I(%d, %d, %d) = %d', (a, b, x, golden) => {
    expect(relativeError(regularisedBeta(a, b, x), golden)).toBeLessThan(1e-12);
  });
  test.each([
    [1, 0.1, 0.7518296340458492],
    [1, 40, 2.539628589470865e-10],
    [2, 3, 0.22313016014842982],
    [5, 2.5, 0.7764950711233227],
    [9, 30, 0.00043872177097947947],
  ])('P(χ²(%d) > %d) = %d', (freedom, x, golden) => {
    expect(relativeError(chiSquareUpperTail(x, freedom), golden)).toBeLessThan(1e-12);
  });
  test('finds back the t of a tail', () => {
    expect(studentUpperQuantile(0.025, 10)).toBeCloseTo(2.2281388519649385, 10);
    expect(studentUpperTail(studentUpperQuantile(0.01, 3.5), 3.5)).toBeCloseTo(0.01, 12);
  });
});
