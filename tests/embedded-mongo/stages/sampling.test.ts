/** Queries that take a share of the documents, and the roles of a caller who has none. */
import { describe, expect, it } from 'vitest';
import { codeOf, evaluate, MANUAL, run } from './pipelines.ts';

const DOCS = Array.from({ length: 2000 }, (_, _id) => ({ _id }));

describe(`a share of the documents (${MANUAL}sampleRate/)`, () => {
  it('is all at 1, none at 0, and about half at 0.5', () => {
    const count = (rate: number) => run([{ $match: { $sampleRate: rate } }], DOCS).length;
    expect([count(0), count(1)]).toEqual([0, 2000]);
    expect(Math.abs(count(0.5) - 1000)).toBeLessThan(300);
  });

  it.each([
    ['x', 2],
    [-0.1, 2],
    [1.1, 2],
    [null, 2],
  ])('is refused as %j with %i', (rate, code) => {
    expect(codeOf([{ $match: { $sampleRate: rate } }])).toBe(code);
  });
});

describe('https://www.mongodb.com/docs/manual/reference/aggregation-variables/', () => {
  it('$$USER_ROLES is empty without authentication', () => {
    expect(evaluate('$$USER_ROLES')).toEqual([]);
  });
});
