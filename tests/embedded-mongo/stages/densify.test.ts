/** `$densify`: which documents it makes between those there are. */
import { Decimal128, Double, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { codeOf, expectDocs, MANUAL, type Plain, run } from './pipelines.ts';

function densify(spec: Plain, docs: Plain[]): ReturnType<typeof run> {
  return run([{ $densify: { field: 'v', ...spec } }], docs);
}

const HOURS = (n: number) => new Date(Date.UTC(2021, 4, 18, n));

describe(`gaps in a sequence (${MANUAL}densify/)`, () => {
  it('of numbers are closed from the least to the greatest, beside values off the steps', () => {
    const docs = [{ _id: 1, v: 5 }, { _id: 2, v: 0 }, { _id: 3, v: 2.5 }, { _id: 4 }, { _id: 5, v: null }];
    expectDocs(densify({ range: { step: 2, bounds: 'full' } }, docs), [
      { _id: 4 },
      { _id: 5, v: null },
      { _id: 2, v: 0 },
      { v: 2 },
      { _id: 3, v: 2.5 },
      { v: 4 },
      { _id: 1, v: 5 },
    ]);
    expectDocs(densify({ range: { step: 1, bounds: 'full' } }, []), []);
  });

  it('are closed in bounds: the lower included, the upper not; documents outside stay', () => {
    const docs = [{ v: -5 }, { v: 1 }, { v: 9 }];
    expectDocs(densify({ range: { step: 2, bounds: [0, 6] } }, docs), [
      { v: -5 },
      { v: 0 },
      { v: 1 },
      { v: 2 },
      { v: 4 },
      { v: 9 },
    ]);
    expectDocs(densify({ range: { step: 1, bounds: [1, 3] } }, []), [{ v: 1 }, { v: 2 }]);
    expectDocs(densify({ range: { step: 1, bounds: [1, 4] } }, [{ v: 2, w: 1 }]), [
      { v: 1 },
      { v: 2, w: 1 },
      { v: 3 },
    ]);
  });

  it('of dates are closed by the unit, months by the calendar', () => {
    const weather = [
      { v: HOURS(0), t: 12 },
      { v: HOURS(8), t: 11 },
    ];
    expectDocs(densify({ range: { step: 4, unit: 'hour', bounds: 'full' } }, weather), [
      { v: HOURS(0), t: 12 },
      { v: HOURS(4) },
      { v: HOURS(8), t: 11 },
    ]);
    const bounds = [new Date('2024-01-31'), new Date('2024-03-31')];
    expectDocs(densify({ range: { step: 1, unit: 'month', bounds } }, []), [
      { v: new Date('2024-01-31') },
      { v: new Date('2024-02-29') },
      { v: new Date('2024-03-29') },
    ]);
  });

  const COFFEE = [
    { p: { a: 'x' }, v: 600 },
    { p: { a: 'x' }, v: 750 },
    { p: { a: 'y' }, v: 700 },
    { v: 900 },
  ];

  it('are closed within each partition', () => {
    expectDocs(densify({ partitionByFields: ['p.a'], range: { step: 50, bounds: 'partition' } }, COFFEE), [
      { v: 900 },
      { p: { a: 'x' }, v: 600 },
      { p: { a: 'x' }, v: 650 },
      { p: { a: 'x' }, v: 700 },
      { p: { a: 'x' }, v: 750 },
      { p: { a: 'y' }, v: 700 },
    ]);
  });

  it('are closed for each partition from the least to the greatest of all', () => {
    expectDocs(
      densify({ partitionByFields: ['p.a'], range: { step: 100, bounds: 'full' } }, COFFEE.slice(0, 3)),
      [
        { p: { a: 'x' }, v: 600 },
        { p: { a: 'y' }, v: 600 },
        { p: { a: 'y' }, v: 700 },
        { p: { a: 'x' }, v: 700 },
        { p: { a: 'x' }, v: 750 },
      ],
    );
    expectDocs(
      densify({ partitionByFields: ['p.a'], range: { step: 150, bounds: [600, 950] } }, COFFEE.slice(1, 3)),
      [
        { p: { a: 'x' }, v: 600 },
        { p: { a: 'x' }, v: 750 },
        { p: { a: 'y' }, v: 600 },
        { p: { a: 'y' }, v: 700 },
        { p: { a: 'x' }, v: 900 },
        { p: { a: 'y' }, v: 750 },
        { p: { a: 'y' }, v: 900 },
      ],
    );
  });

  it('are closed in the type of the numbers', () => {
    const decimals = ['0', '0.2'].map((v) => ({ v: Decimal128.fromString(v) }));
    const step = Decimal128.fromString('0.1');
    const [, middle] = densify({ range: { step, bounds: 'full' } }, decimals);
    expect(String(middle?.['v'])).toBe('0.1');
    const longs = { step: Long.fromNumber(1), bounds: [Long.fromNumber(1), Long.fromNumber(2)] };
    expectDocs(densify({ range: longs }, []), [{ v: Long.fromNumber(1) }]);
    expectDocs(densify({ range: { step: new Double(0.5), bounds: 'full' } }, [{ v: 0 }, { v: 1 }]), [
      { v: 0 },
      { v: new Double(0.5) },
      { v: 1 },
    ]);
  });

  it('are not closed before the bounds', () => {
    const [lower, upper] = [new Date('2022-10-31T23:00Z'), new Date('2022-11-30T23:00Z')];
    const doc = { v: new Date('2022-10-29T23:00Z') };
    expectDocs(densify({ range: { step: 1, unit: 'month', bounds: [lower, upper] } }, [doc]), [
      doc,
      { v: lower },
    ]);
  });

  it('never make more documents than MongoDB’s limit', () => {
    expect(codeOf([{ $densify: { field: 'v', range: { step: 1, bounds: [0, 500_000] } } }])).toBeUndefined();
    expect(codeOf([{ $densify: { field: 'v', range: { step: 1, bounds: [0, 500_001] } } }])).toBe(5897900);
  });
});

const RANGE = { step: 1, bounds: 'full' };
const refused: [unknown, number][] = [
  [5, 9],
  [{ field: 'v', range: RANGE, more: 1 }, 40415],
  [{ range: RANGE }, 40414],
  [{ field: 'v' }, 40414],
  [{ field: 5, range: RANGE }, 14],
  [{ field: 'v', range: 5 }, 14],
  [{ field: 'v', partitionByFields: 'p', range: RANGE }, 14],
  [{ field: '$v', range: RANGE }, 16410],
  [{ field: 'v', partitionByFields: ['$p'], range: RANGE }, 16410],
  [{ field: 'v', partitionByFields: ['v.w'], range: RANGE }, 8993000],
  [{ field: 'v.w', partitionByFields: ['v'], range: RANGE }, 9554500],
  [{ field: 'v', range: { ...RANGE, unit: 1000 } }, 14],
  [{ field: 'v', range: { bounds: 'full' } }, 40414],
  [{ field: 'v', range: { ...RANGE, more: 1 } }, 40415],
  [{ field: 'v', range: { step: 0, bounds: 'full' } }, 5733401],
  [{ field: 'v', range: { step: 'x', bounds: 'full' } }, 14],
  [{ field: 'v', range: { step: 1.5, unit: 'day', bounds: 'full' } }, 6586400],
  [{ field: 'v', range: { step: 1, unit: 'moon', bounds: 'full' } }, 9],
  [{ field: 'v', range: { step: 1, bounds: 'all' } }, 5946802],
  [{ field: 'v', range: { step: 1, bounds: 5 } }, 5733404],
  [{ field: 'v', range: { step: 1, bounds: [1] } }, 5733403],
  [{ field: 'v', range: { step: 1, bounds: [2, 1] } }, 5733402],
  [{ field: 'v', range: { step: 1, unit: 'day', bounds: [1, 2] } }, 5733409],
  [{ field: 'v', range: { step: 1, bounds: [1, 'x'] } }, 5733406],
  [{ field: 'v', range: { step: 1, bounds: [1, 2.5] } }, 5876900],
  [
    { field: 'v', range: { step: 1, unit: 'day', bounds: [new Date(0), new Decimal128(Buffer.alloc(16))] } },
    5733402,
  ],
  [{ field: 'v', range: { step: 1, bounds: [new Date(0), new Date(1)] } }, 5733410],
  [{ field: 'v', range: { step: 1, bounds: ['a', 'b'] } }, 5946800],
  [{ field: 'v', range: { step: 1, bounds: 'partition' } }, 5733408],
  [{ field: 'text', range: RANGE }, 5733201],
  [{ field: 'at', range: RANGE }, 6053600],
  [{ field: 'v', range: { ...RANGE, unit: 'day' } }, 6053600],
];

describe('a sequence is refused', () => {
  it.each(refused)('in %j with %i', (spec, code) => {
    expect(codeOf([{ $densify: spec }], [{ v: 1, text: 'x', at: new Date(0) }])).toBe(code);
  });
});
