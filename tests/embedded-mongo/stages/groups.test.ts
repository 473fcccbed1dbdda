/** What groups gather: few values, percentiles, deviations; and `$bucketAuto` with its granularities. */
import { Decimal128, Double, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { codeOf, evaluate, expectDocs, MANUAL, type Plain, run } from './pipelines.ts';

const GAMES: Plain[] = [
  { _id: 1, game: 'G1', player: 'A', score: 31 },
  { _id: 2, game: 'G1', player: 'B', score: 33 },
  { _id: 3, game: 'G1', player: 'C', score: 99 },
  { _id: 4, game: 'G1', player: 'D', score: 1 },
  { _id: 5, game: 'G2', player: 'E', score: null },
  { _id: 6, game: 'G2', player: 'F', score: 14 },
  { _id: 7, game: 'G2', score: 14 },
];

/** Page, accumulator, and what it gives for game G1 and for game G2. */
const gathered: [string, Plain, unknown, unknown][] = [
  ['firstN', { $firstN: { input: '$player', n: 3 } }, ['A', 'B', 'C'], ['E', 'F', null]],
  ['lastN', { $lastN: { input: '$player', n: 2 } }, ['C', 'D'], ['F', null]],
  ['maxN', { $maxN: { input: '$score', n: 3 } }, [99, 33, 31], [14, 14]],
  ['minN', { $minN: { input: '$score', n: 2 } }, [1, 31], [14, 14]],
  ['top', { $top: { sortBy: { score: -1 }, output: ['$player', '$score'] } }, ['C', 99], ['F', 14]],
  ['topN', { $topN: { n: 2, sortBy: { score: -1 }, output: '$player' } }, ['C', 'B'], ['F', null]],
  ['bottom', { $bottom: { sortBy: { score: -1 }, output: '$player' } }, 'D', 'E'],
  ['bottomN', { $bottomN: { n: 2, sortBy: { score: -1 }, output: '$player' } }, ['A', 'D'], ['F', 'E']],
  ['maxN', { $maxN: { input: '$score', n: { $cond: [{ $eq: ['$game', 'G1'] }, 1, 3] } } }, [99], [14, 14]],
  [
    'percentile',
    { $percentile: { input: '$score', p: [0, 0.5, 0.95], method: 'approximate' } },
    [new Double(1), new Double(31), new Double(99)],
    [new Double(14), new Double(14), new Double(14)],
  ],
  ['median', { $median: { input: '$score', method: 'approximate' } }, new Double(31), new Double(14)],
  ['percentile', { $percentile: { input: '$no', p: [0.5], method: 'approximate' } }, [null], [null]],
  ['median', { $median: { input: '$no', method: 'approximate' } }, null, null],
  ['stdDevPop', { $stdDevPop: { $toDecimal: '$score' } }, new Double(35.805027579936315), new Double(0)],
];

/** Accumulator and the code it is refused with. */
const refused: [Plain, number][] = [
  [{ $minN: 5 }, 5787900],
  [{ $firstN: 5 }, 5787801],
  [{ $firstN: { input: '$a', n: 1, more: 1 } }, 5787901],
  [{ $lastN: { input: '$a' } }, 5787906],
  [{ $maxN: { n: 1 } }, 5787907],
  [{ $maxN: { input: '$a', n: 'x' } }, 5787902],
  [{ $maxN: { input: '$a', n: 1.5 } }, 5787903],
  [{ $maxN: { input: '$a', n: 0 } }, 5787908],
  [{ $topN: 5 }, 5788001],
  [{ $top: { n: 1, sortBy: { a: 1 }, output: 1 } }, 5788002],
  [{ $topN: { sortBy: { a: 1 }, output: 1 } }, 5788003],
  [{ $topN: { n: 1, sortBy: { a: 1 } } }, 5788004],
  [{ $bottomN: { n: 1, output: 1 } }, 5788005],
  [{ $percentile: 5 }, 7429703],
  [{ $median: 5 }, 7436100],
  [{ $percentile: { input: '$a', p: [0.5] } }, 40414],
  [{ $median: { input: '$a', method: 'approximate', p: [0.5] } }, 40415],
  [{ $percentile: { input: '$a', p: [0.5], method: 'exact' } }, 2],
  [{ $percentile: { input: '$a', p: '$b', method: 'approximate' } }, 7750300],
  [{ $percentile: { input: '$a', p: [], method: 'approximate' } }, 7750301],
  [{ $percentile: { input: '$a', p: 0.5, method: 'approximate' } }, 7750301],
  [{ $percentile: { input: '$a', p: ['x'], method: 'approximate' } }, 7750302],
  [{ $percentile: { input: '$a', p: [1.1], method: 'approximate' } }, 7750303],
  [{ $count: 1 }, 14],
  [{ $sum: [1, 2] }, 40237],
  [{ $nothing: 1 }, 15952],
  [{}, 40234],
  [{ $sum: 1, $avg: 1 }, 40238],
];

describe('a group gathers what the accumulator’s page says', () => {
  it.each(gathered)(`${MANUAL}%s/ for %j`, (_page, accumulator, first, second) => {
    const groups = run([{ $group: { _id: { game: '$game' }, r: accumulator } }], GAMES);
    expectDocs(groups, [
      { _id: { game: 'G1' }, r: first },
      { _id: { game: 'G2' }, r: second },
    ]);
  });

  it.each(refused)('refuses %j with %i', (accumulator, code) => {
    expect(codeOf([{ $group: { _id: null, r: accumulator } }], GAMES)).toBe(code);
  });

  it('keeps the first of equals where only few are wanted', () => {
    const docs = [
      { v: 1, at: 1 },
      { v: 1, at: 2 },
      { v: 0, at: 3 },
    ].map((doc, _id) => ({ _id, ...doc }));
    const few = (name: string) =>
      run([{ $group: { _id: null, r: { [name]: { n: 2, sortBy: { v: 1 }, output: '$at' } } } }], docs);
    expectDocs(few('$topN'), [{ _id: null, r: [3, 1] }]);
    expectDocs(few('$bottomN'), [{ _id: null, r: [1, 2] }]);
  });
});

describe('a few values and percentiles of an array', () => {
  const rows: [string, Plain, unknown][] = [
    ['firstN', { $firstN: { input: [1, null, 3], n: 2 } }, [1, null]],
    ['lastN', { $lastN: { input: [1, 2, 3], n: 5 } }, [1, 2, 3]],
    ['maxN', { $maxN: { input: [1, null, 7, 3], n: 2 } }, [7, 3]],
    ['minN', { $minN: { input: [4, 'a', 2], n: 2 } }, [2, 4]],
    [
      'percentile',
      { $percentile: { input: [1, 2, 3, 'x'], p: [0.5], method: 'approximate' } },
      [new Double(2)],
    ],
    [
      'percentile',
      { $percentile: { input: 7, p: [0.1, 0.9], method: 'approximate' } },
      [new Double(7), new Double(7)],
    ],
    ['median', { $median: { input: ['x'], method: 'approximate' } }, null],
  ];
  it.each(rows)(`${MANUAL}%s/ for %j`, (_page, expression, expected) => {
    expectDocs([{ r: evaluate(expression) }], [{ r: expected }]);
  });

  it.each([
    [{ $firstN: { input: null, n: 1 } }, 5788200],
    [{ $maxN: { input: [1], n: -1 } }, 5787908],
    [{ $minN: [1] }, 5787900],
  ])('refuses %j with %i', (expression, code) => {
    expect(codeOf([{ $replaceWith: { r: expression } }], [{}])).toBe(code);
  });
});

const ARTWORK = [199.99, 280, 76.04, 167.3, 483, 385, 159, 118.42].map((price, _id) => ({ _id, price }));
const ZERO_TO_99 = Array.from({ length: 100 }, (_, _id) => ({ _id }));

/** The buckets as `[min, max, count]`. */
function buckets(spec: Plain, docs: Plain[]): unknown[] {
  return run([{ $bucketAuto: spec }], docs).map((bucket) => {
    const { min, max } = bucket['_id'] as Plain;
    return [Number(min), Number(max), Number(bucket['count'])];
  });
}

describe(`buckets of about the same size (${MANUAL}bucketAuto/)`, () => {
  it('puts equal values together, bounds below inclusive, above exclusive but in the last', () => {
    expect(buckets({ groupBy: '$price', buckets: 4 }, ARTWORK)).toEqual([
      [76.04, 159, 2],
      [159, 199.99, 2],
      [199.99, 385, 2],
      [385, 483, 2],
    ]);
    const same = [1, 1, 1, 2].map((v) => ({ v }));
    expect(buckets({ groupBy: '$v', buckets: 4 }, same)).toEqual([
      [1, 2, 3],
      [2, 2, 1],
    ]);
  });

  it('gathers an output of one’s own, and takes the missing for null', () => {
    const spec = { groupBy: '$v', buckets: 1, output: { n: { $sum: 1 }, vs: { $push: '$v' } } };
    expectDocs(run([{ $bucketAuto: spec }], [{ v: 3 }, {}]), [{ _id: { min: null, max: 3 }, n: 2, vs: [3] }]);
    expect(buckets({ groupBy: '$v', buckets: 3 }, [])).toEqual([]);
  });

  it.each([
    [
      'R5',
      [
        [0, 25, 25],
        [25, 63, 38],
        [63, 100, 37],
      ],
    ],
    [
      'R20',
      [
        [0, 20, 20],
        [20, 40, 20],
        [40, 63, 23],
        [63, 90, 27],
        [90, 100, 10],
      ],
    ],
    [
      'E24',
      [
        [0, 20, 20],
        [20, 43, 23],
        [43, 68, 25],
        [68, 91, 23],
        [91, 100, 9],
      ],
    ],
    [
      '1-2-5',
      [
        [0, 20, 20],
        [20, 50, 30],
        [50, 100, 50],
      ],
    ],
    [
      'POWERSOF2',
      [
        [0, 32, 32],
        [32, 64, 32],
        [64, 128, 36],
      ],
    ],
  ])('rounds the bounds to the series %s', (granularity, expected) => {
    expect(buckets({ groupBy: '$_id', buckets: 5, granularity }, ZERO_TO_99)).toEqual(expected);
  });

  it('rounds decimals in decimals and small numbers below one', () => {
    const decimals = [0, 0.2, 0.6].map((v) => ({ v: Decimal128.fromString(String(v)) }));
    const [first] = run([{ $bucketAuto: { groupBy: '$v', buckets: 1, granularity: 'R5' } }], decimals);
    expectDocs(
      [first ?? {}],
      [{ _id: { min: Decimal128.fromString('0'), max: Decimal128.fromString('0.63') }, count: 3 }],
    );
    const spec = { groupBy: '$v', buckets: 1, granularity: 'POWERSOF2' };
    expectDocs(run([{ $bucketAuto: spec }], [{ v: Long.fromNumber(5) }, { v: 0.3 }]), [
      { _id: { min: new Double(0.25), max: 8 }, count: 2 },
    ]);
  });

  it.each([
    [5, 40240],
    [{ groupBy: '$a' }, 40246],
    [{ groupBy: 'a', buckets: 2 }, 40239],
    [{ groupBy: '$a', buckets: 'x' }, 40241],
    [{ groupBy: '$a', buckets: 1.5 }, 40242],
    [{ groupBy: '$a', buckets: 0 }, 40243],
    [{ groupBy: '$a', buckets: 1, output: 5 }, 40244],
    [{ groupBy: '$a', buckets: 1, more: 1 }, 40245],
    [{ groupBy: '$a', buckets: 1, granularity: 'R6' }, 40257],
    [{ groupBy: '$a', buckets: 1, granularity: 5 }, 40261],
    [{ groupBy: '$a', buckets: 1, granularity: 'R5' }, 40258],
    [{ groupBy: '$nan', buckets: 1, granularity: 'R5' }, 40259],
    [{ groupBy: '$below', buckets: 1, granularity: 'R5' }, 40260],
    [{ groupBy: '$a', buckets: 1, output: { r: { $firstN: { input: 1, n: '$b' } } } }, 4544714],
  ])('refuses %j with %i', (spec, code) => {
    expect(codeOf([{ $bucketAuto: spec }], [{ a: 'text', nan: Number.NaN, below: -1 }])).toBe(code);
  });
});
