/** `$setWindowFields`: its windows, its functions, and what it refuses. */
import { Decimal128, Double, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { codeOf, expectDocs, MANUAL, type Plain, run } from './pipelines.ts';

/** What one function gives for each document, in the order of the field `x`. */
function over(docs: Plain[], statement: Plain, more: Plain = { sortBy: { x: 1 } }): Plain[] {
  return run([{ $setWindowFields: { ...more, output: { r: statement } } }], docs).map(({ r }) => ({ r }));
}

function given(...values: unknown[]): Plain[] {
  return values.map((r) => ({ r }));
}

const NUMBERS: Plain[] = [5, 1, 3, 2, 4].map((x) => ({ x, y: 10 * x }));
const int = (...values: number[]) => given(...values);
const double = (...values: number[]) => given(...values.map((value) => new Double(value)));

/** Page, function over the numbers 1 to 5 with y = 10x, and what it gives. */
const functions: [string, Plain, Plain[]][] = [
  ['sum', { $sum: '$y' }, int(150, 150, 150, 150, 150)],
  ['sum', { $sum: '$y', window: {} }, int(150, 150, 150, 150, 150)],
  ['sum', { $sum: '$y', window: { documents: ['unbounded', 'current'] } }, int(10, 30, 60, 100, 150)],
  ['sum', { $sum: '$y', window: { documents: [-1, 1] } }, int(30, 60, 90, 120, 90)],
  ['sum', { $sum: '$y', window: { documents: ['current', 'unbounded'] } }, int(150, 140, 120, 90, 50)],
  ['sum', { $sum: '$y', window: { documents: [2, 9] } }, int(120, 90, 50, 0, 0)],
  ['sum', { $sum: '$y', window: { documents: [{ $add: [-2, 1] }, -1] } }, int(0, 10, 20, 30, 40)],
  ['sum', { $sum: '$y', window: { range: [-1, 'current'] } }, int(10, 30, 50, 70, 90)],
  ['sum', { $sum: '$y', window: { range: [0.5, 1.5] } }, int(20, 30, 40, 50, 0)],
  ['sum', { $sum: '$y', window: { range: [-9, -2] } }, int(0, 0, 10, 30, 60)],
  ['avg', { $avg: '$y', window: { documents: [-1, 0] } }, double(10, 15, 25, 35, 45)],
  ['avg', { $avg: '$y', window: { documents: [-9, -8] } }, given(null, null, null, null, null)],
  ['min', { $min: '$y', window: { documents: [-1, 1] } }, int(10, 10, 20, 30, 40)],
  ['max', { $max: '$y', window: { documents: ['unbounded', 0] } }, int(10, 20, 30, 40, 50)],
  ['count', { $count: {}, window: { documents: [-1, 1] } }, int(2, 3, 3, 3, 2)],
  [
    'push',
    { $push: '$x', window: { documents: ['unbounded', 'current'] } },
    given([1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4, 5]),
  ],
  ['push', { $push: '$x', window: { documents: [-9, -4] } }, given([], [], [], [], [1])],
  [
    'addToSet',
    { $addToSet: { $gt: ['$x', 3] }, window: { documents: [-1, 0] } },
    given([false], [false], [false], [false, true], [true]),
  ],
  ['stdDevPop', { $stdDevPop: '$y', window: { documents: [-1, 0] } }, double(0, 5, 5, 5, 5)],
  ['stdDevSamp', { $stdDevSamp: '$y', window: { documents: [0, 0] } }, given(null, null, null, null, null)],
  ['first', { $first: '$y', window: { documents: [-1, 1] } }, int(10, 10, 20, 30, 40)],
  ['last', { $last: '$y' }, int(50, 50, 50, 50, 50)],
  ['first', { $first: '$no', window: { documents: [1, 1] } }, given(null, null, null, null, null)],
  [
    'firstN',
    { $firstN: { input: '$x', n: 2 }, window: { documents: [-1, 1] } },
    given([1, 2], [1, 2], [2, 3], [3, 4], [4, 5]),
  ],
  [
    'lastN',
    { $lastN: { input: '$x', n: 2 }, window: { documents: [-2, 0] } },
    given([1], [1, 2], [2, 3], [3, 4], [4, 5]),
  ],
  ['minN', { $minN: { input: '$x', n: 1 }, window: { documents: [-1, 0] } }, given([1], [1], [2], [3], [4])],
  ['maxN', { $maxN: { input: '$x', n: 1 }, window: { documents: [-9, -4] } }, given([], [], [], [], [1])],
  [
    'top',
    { $top: { sortBy: { x: -1 }, output: '$y' }, window: { documents: [-1, 0] } },
    int(10, 20, 30, 40, 50),
  ],
  [
    'bottomN',
    { $bottomN: { n: 2, sortBy: { x: -1 }, output: '$x' } },
    given([2, 1], [2, 1], [2, 1], [2, 1], [2, 1]),
  ],
  [
    'bottom',
    { $bottom: { sortBy: { x: 1 }, output: '$x' }, window: { documents: [9, 9] } },
    given(null, null, null, null, null),
  ],
  ['median', { $median: { input: '$y', method: 'approximate' } }, double(30, 30, 30, 30, 30)],
  [
    'percentile',
    { $percentile: { input: '$y', p: [1], method: 'approximate' }, window: { documents: [0, 1] } },
    given([new Double(20)], [new Double(30)], [new Double(40)], [new Double(50)], [new Double(50)]),
  ],
  ['rank', { $rank: {} }, int(1, 2, 3, 4, 5)],
  ['shift', { $shift: { output: '$y', by: -1, default: 'none' } }, given('none', 10, 20, 30, 40)],
  ['shift', { $shift: { output: '$y', by: new Double(1) } }, given(20, 30, 40, 50, null)],
  ['shift', { $shift: { output: '$no', by: 1, default: { $add: [1, 1] } } }, int(2, 2, 2, 2, 2)],
  [
    'derivative',
    { $derivative: { input: '$y' }, window: { documents: [-1, 0] } },
    given(null, ...[10, 10, 10, 10].map((r) => new Double(r))),
  ],
  [
    'integral',
    { $integral: { input: '$y' }, window: { documents: [-1, 0] } },
    given(0, ...[15, 25, 35, 45].map((r) => new Double(r))),
  ],
  [
    'integral',
    { $integral: { input: '$y' }, window: { documents: [-9, -9] } },
    given(null, null, null, null, null),
  ],
  [
    'covariancePop',
    { $covariancePop: ['$x', '$y'], window: { documents: ['unbounded', 0] } },
    double(0, 2.5, 20 / 3, 12.5, 20),
  ],
  [
    'covarianceSamp',
    { $covarianceSamp: ['$x', '$y'], window: { documents: [-1, 0] } },
    given(null, ...[5, 5, 5, 5].map((r) => new Double(r))),
  ],
  ['expMovingAvg', { $expMovingAvg: { input: '$y', N: 3 } }, double(10, 15, 22.5, 31.25, 40.625)],
  [
    'expMovingAvg',
    { $expMovingAvg: { input: '$y', alpha: 0.75 } },
    double(10, 17.5, 26.875, 36.71875, 46.6796875),
  ],
  ['locf', { $locf: { $cond: [{ $eq: [{ $mod: ['$x', 2] }, 0] }, '$x', null] } }, given(null, 2, 2, 4, 4)],
];

describe('a window function gives what its page says', () => {
  it.each(functions)(`${MANUAL}%s/ for %j`, (_page, statement, expected) => {
    expectDocs(over(NUMBERS, statement), expected);
  });
});

const TIES: Plain[] = [{ x: 7 }, { x: null }, { x: 9 }, {}, { x: 7 }, { x: [8, null] }];

describe(`documents of equal rank (${MANUAL}rank/)`, () => {
  it.each([
    ['$rank', [1, 1, 1, 4, 4, 6]],
    ['$denseRank', [1, 1, 1, 2, 2, 3]],
    ['$documentNumber', [1, 2, 3, 4, 5, 6]],
  ])('%s takes missing, null and an array with null for one', (name, expected) => {
    expectDocs(over(TIES, { [name]: {} }), int(...expected));
  });
});

describe(`partitions (${MANUAL}setWindowFields/)`, () => {
  it('never mix, and the missing are with null; the output is set where its path says', () => {
    const docs = [
      { _id: 1, p: 'b', v: 1 },
      { _id: 2, v: 2, a: { c: 0 } },
      { _id: 3, p: null, v: 3 },
      { _id: 4, p: 'b', v: 4 },
    ];
    const output = { 'a.b': { $sum: '$v', window: { documents: ['unbounded', 'current'] } } };
    expectDocs(run([{ $setWindowFields: { partitionBy: '$p', sortBy: { _id: 1 }, output } }], docs), [
      { _id: 2, v: 2, a: { c: 0, b: 2 } },
      { _id: 3, p: null, v: 3, a: { b: 5 } },
      { _id: 1, p: 'b', v: 1, a: { b: 1 } },
      { _id: 4, p: 'b', v: 4, a: { b: 5 } },
    ]);
  });

  it('keep the order of the input without a sort, and read documents as they came in', () => {
    const docs = [{ v: 3 }, { v: 1 }];
    expectDocs(run([{ $setWindowFields: { output: { v: { $sum: '$v' }, w: { $push: '$v' } } } }], docs), [
      { v: 4, w: [3, 1] },
      { v: 4, w: [3, 1] },
    ]);
  });
});

const DAY = 86_400_000;
const MOMENTS: Plain[] = [0, 1, 3, 40].map((day) => ({ x: new Date(day * DAY), y: day }));

describe('ranges of time', () => {
  it('are counted in the unit named, months by the calendar', () => {
    const days = { $push: '$y', window: { range: [-2, 0], unit: 'day' } };
    expectDocs(over(MOMENTS, days), given([0], [0, 1], [1, 3], [40]));
    const months = { $push: '$y', window: { range: [-1, 'current'], unit: 'month' } };
    expectDocs(over(MOMENTS, months), given([0], [0, 1], [0, 1, 3], [40]));
  });

  it('take ties with 0 and only the document itself with current', () => {
    const seconds = [0, 1, 1.5, 2, 3, 42, 42, 43].map((y) => ({ x: new Date(y * 1000), y }));
    const windows = (lower: unknown, upper: unknown) =>
      over(seconds, { $push: '$y', window: { range: [lower, upper], unit: 'second' } }).map(({ r }) =>
        (r as unknown[]).map(Number),
      );
    expect(windows(-1, 0).slice(2)).toEqual([
      [1, 1.5],
      [1, 1.5, 2],
      [2, 3],
      [42, 42],
      [42, 42],
      [42, 42, 43],
    ]);
    expect(windows('current', 1).slice(5)).toEqual([[42, 42, 43], [42, 43], [43]]);
    expect(windows(-40, 'current').slice(5, 7)).toEqual([
      [2, 3, 42],
      [2, 3, 42, 42],
    ]);
    expect(windows('unbounded', -40).slice(4)).toEqual([
      [],
      [0, 1, 1.5, 2],
      [0, 1, 1.5, 2],
      [0, 1, 1.5, 2, 3],
    ]);
    expect(windows(40, 'unbounded').slice(3)).toEqual([[42, 42, 43], [43], [], [], []]);
  });

  it('scale slopes and areas', () => {
    const slope = { $derivative: { input: '$y', unit: 'week' }, window: { documents: [-1, 0] } };
    expectDocs(over(MOMENTS, slope), given(null, new Double(7), new Double(7), new Double(7)));
    const area = { $integral: { input: '$y', unit: 'day' }, window: { documents: [-1, 0] } };
    expectDocs(over(MOMENTS, area), double(0, 0.5, 4, 795.5));
  });

  it('take only values of the range’s kind into an unbounded window', () => {
    const docs = [
      { x: null, y: 0 },
      { x: 1, y: 1 },
      { x: 2, y: 2 },
      { x: 'text', y: 3 },
    ];
    const spec = { $push: '$y', window: { range: ['unbounded', 'unbounded'] } };
    expect(codeOf([{ $setWindowFields: { sortBy: { x: 1 }, output: { r: spec } } }], docs)).toBe(5429414);
    expectDocs(over(docs.slice(1, 3), spec), given([1, 2], [1, 2]));
  });
});

describe('values of other types', () => {
  it('pass a moving average and a covariance by, and decimals stay decimals', () => {
    const docs = [
      { x: 1, y: 'a' },
      { x: 2, y: Decimal128.fromString('2') },
      { x: 3, y: Long.fromNumber(4) },
    ];
    expectDocs(over(docs, { $expMovingAvg: { input: '$y', alpha: 0.5 } }), [
      { r: null },
      { r: Decimal128.fromString('2') },
      { r: Decimal128.fromString('3.000000000000000') },
    ]);
    expectDocs(over(docs.slice(0, 1), { $covariancePop: ['$x', '$y'] }), given(null));
  });

  it('sum in the widest type of the window alone', () => {
    const docs = [
      { x: 1, y: new Double(1.5) },
      { x: 2, y: 2 },
      { x: 3, y: 3 },
    ];
    const window = { documents: [-1, 0] };
    expectDocs(over(docs, { $sum: '$y', window }), given(new Double(1.5), new Double(3.5), 5));
  });
});

const SORTED = { x: 1 };
/** Statement, sort, code. */
const refused: [unknown, Plain | undefined, number][] = [
  ['text', SORTED, 9],
  [{}, SORTED, 9],
  [{ b: { $sum: '$a' } }, SORTED, 9],
  [{ $summ: '$a' }, SORTED, 9],
  [{ $mergeObjects: '$a' }, SORTED, 9],
  [{ $sum: '$a', other: 1 }, SORTED, 9],
  [{ $sum: '$a', $avg: '$a' }, SORTED, 9],
  [{ $sum: '$a', window: 'x' }, SORTED, 9],
  [{ $sum: '$a', window: { documents: [1, 2], range: [1, 2] } }, SORTED, 9],
  [{ $sum: '$a', window: { documents: [1, 2], unit: 'day' } }, SORTED, 9],
  [{ $sum: '$a', window: { documents: [1] } }, SORTED, 9],
  [{ $sum: '$a', window: { documents: ['now', 1] } }, SORTED, 9],
  [{ $sum: '$a', window: { documents: ['$x', 1] } }, SORTED, 9],
  [{ $sum: '$a', window: { documents: [0.5, 1] } }, SORTED, 9],
  [{ $sum: '$a', window: { range: ['current', { $literal: 'x' }] } }, SORTED, 9],
  [{ $sum: '$a', window: { range: [0.5, 1], unit: 'day' } }, SORTED, 9],
  [{ $sum: '$a', window: { range: [0, 1], unit: 'moon' } }, SORTED, 9],
  [{ $sum: '$a', window: { documents: [1, -1] } }, SORTED, 5339900],
  [{ $sum: '$a', window: { range: ['current', -1], unit: 'day' } }, SORTED, 5339900],
  [{ $sum: '$a', window: { documents: ['unbounded', 'current'] } }, undefined, 5339901],
  [{ $sum: '$a', window: { range: ['unbounded', 'unbounded'] } }, undefined, 5339902],
  [{ $sum: '$a', window: { range: [-1, 1] } }, { a: 1, b: 1 }, 5339902],
  [{ $sum: '$a', window: { range: [-1, 1] } }, { a: -1 }, 8947401],
  [{ $count: 1 }, SORTED, 9],
  [{ $rank: {}, window: {} }, SORTED, 5371601],
  [{ $rank: '$x' }, SORTED, 5371603],
  [{ $denseRank: {} }, { a: 1, b: 1 }, 5371602],
  [{ $documentNumber: {} }, undefined, 5371602],
  [{ $shift: { output: '$x' } }, SORTED, 9],
  [{ $shift: { by: 1 } }, SORTED, 9],
  [{ $shift: { by: '1', output: '$x' } }, SORTED, 9],
  [{ $shift: { by: 1.1, output: '$x' } }, SORTED, 9],
  [{ $shift: { by: 1, output: '$x', default: '$x' } }, SORTED, 9],
  [{ $shift: { by: 1, output: '$x' } }, undefined, 9],
  [{ $derivative: { input: '$y' } }, SORTED, 9],
  [{ $derivative: { input: '$y', unit: 'month' }, window: { documents: [0, 1] } }, SORTED, 5490710],
  [{ $integral: { unit: 'day' } }, SORTED, 9],
  [{ $integral: { input: '$y' } }, { a: 1, b: 1 }, 9],
  [{ $integral: { input: '$y' } }, SORTED, 5423900],
  [{ $integral: { input: '$x', unit: 'day' } }, SORTED, 5423901],
  [{ $derivative: { input: '$x', unit: 'day' }, window: { documents: [0, 0] } }, SORTED, 5624900],
  [{ $derivative: { input: '$y' }, window: { documents: [0, 0] } }, SORTED, 5624903],
  [{ $expMovingAvg: { input: '$x', N: 0 } }, SORTED, 9],
  [{ $expMovingAvg: { input: '$x', N: 1.5 } }, SORTED, 9],
  [{ $expMovingAvg: { input: '$x', alpha: 1 } }, SORTED, 9],
  [{ $expMovingAvg: { input: '$x', N: 2 } }, undefined, 9],
  [{ $linearFill: '$y' }, undefined, 605001],
  [{ $linearFill: '$y', window: {} }, SORTED, 9],
  [{ $locf: '$y', window: {} }, SORTED, 9],
  [{ $topN: { n: 1, output: '$x' } }, SORTED, 5788005],
  [{ $maxN: { input: '$x', n: '$x' } }, SORTED, 5787902],
];

describe('a window function refuses', () => {
  it.each(refused)('%j over %j with %i', (statement, sortBy, code) => {
    const sorted = sortBy === undefined ? {} : { sortBy };
    expect(codeOf([{ $setWindowFields: { ...sorted, output: { r: statement } } }], [{ x: 1 }])).toBe(code);
  });

  it.each([
    ['text', 9],
    [{ sortBy: 'x', output: {} }, 14],
    [{ output: 'x' }, 14],
    [{ sortBy: { a: 1 } }, 40414],
    [{ what: 1 }, 40415],
    [{ partitionBy: { $no: 1 }, output: {} }, 168],
    [{ partitionBy: '$a', output: {} }, 14],
    [{ output: { a: { $sum: 1 }, 'a.b': { $sum: 1 } } }, 6307900],
  ])('the stage %j with %i', (spec, code) => {
    expect(codeOf([{ $setWindowFields: spec }], [{ a: [1] }])).toBe(code);
  });
});
