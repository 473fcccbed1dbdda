/** `$fill`: gaps closed by a value, by what came before, or along a line. */
import { Decimal128, Double } from 'bson';
import { describe, expect, it } from 'vitest';
import { codeOf, expectDocs, MANUAL, type Plain, run } from './pipelines.ts';

const PRICES: Plain[] = [500, null, 515, undefined, undefined, 485].map((price, i) =>
  price === undefined ? { at: new Date(3_600_000 * i) } : { at: new Date(3_600_000 * i), price },
);

function filled(output: Plain, docs: Plain[], more: Plain = {}): unknown[] {
  return run([{ $fill: { sortBy: { at: 1 }, output: { price: output }, ...more } }], docs).map(
    ({ price }) => price,
  );
}

describe(`gaps (${MANUAL}fill/)`, () => {
  it('stay missing where the value is missing', () => {
    expectDocs(run([{ $fill: { output: { a: { value: '$b' } } } }], [{ _id: 1 }, { _id: 2, b: null }]), [
      { _id: 1 },
      { _id: 2, b: null, a: null },
    ]);
  });

  it('are filled with a value, which may be any expression', () => {
    const docs = [{ a: 1 }, { a: null, b: 7 }, { b: 0 }];
    expectDocs(run([{ $fill: { output: { a: { value: '$b' }, c: { value: 0 } } } }], docs), [
      { a: 1, c: 0 },
      { a: 7, b: 7, c: 0 },
      { b: 0, a: 0, c: 0 },
    ]);
  });

  it('are filled along a line between the known values, and stay null outside them', () => {
    const values = filled({ method: 'linear' }, [...PRICES, { at: new Date(36e6) }]);
    expectDocs(
      values.map((r) => ({ r })),
      [500, new Double(507.5), 515, new Double(505), new Double(495), 485, null].map((r) => ({ r })),
    );
    expect(filled({ method: 'linear' }, [{ at: 1 }, { at: 2, price: 5 }])[0]).toBeNull();
    const [, middle] = filled({ method: 'linear' }, [
      { at: 1, price: Decimal128.fromString('1') },
      { at: 2 },
      { at: 3, price: 2 },
    ]);
    expect(String(middle)).toBe('1.5');
  });

  it('are filled with MongoDB’s own doubles, by numbers and by dates', () => {
    const docs = [
      { at: 0.5, price: 0 },
      { at: 1 },
      { at: 4.384 },
      { at: 9 },
      { at: 10.09283, price: 11.28374 },
    ];
    expect(filled({ method: 'linear' }, docs).slice(1, 4).map(Number)).toEqual([
      0.5881340542884634, 4.5686253337127845, 9.998278922903879,
    ]);
    const years = [2002, 2003, 2004, 2005].map((year) => ({ at: new Date(Date.UTC(year, 11, 28)) }));
    const known = years.map((doc, i) =>
      i === 0 ? { ...doc, price: -10 } : i === 3 ? { ...doc, price: 200 } : doc,
    );
    expect(filled({ method: 'linear' }, known).map(Number)).toEqual([
      -10, 59.93613138686132, 130.06386861313868, 200,
    ]);
  });

  it('are filled with the last known value, per partition', () => {
    const docs = [
      { at: 1, p: 'a', price: 1 },
      { at: 2, p: 'b' },
      { at: 3, p: 'a', price: null },
      { at: 4, p: 'b', price: 9 },
      { at: 5, p: 'b' },
    ];
    const expected = [1, 1, null, 9, 9].map((r) => ({ r }));
    for (const partition of [
      { partitionBy: '$p' },
      { partitionByFields: ['p'] },
      { partitionBy: { k: '$p' } },
    ]) {
      expectDocs(
        filled({ method: 'locf' }, docs, partition).map((r) => ({ r })),
        expected,
      );
    }
  });

  it.each([
    [5, 9],
    [{ output: {}, more: 1 }, 40415],
    [{ sortBy: { a: 1 } }, 40414],
    [{ output: 5 }, 14],
    [{ output: {} }, 6050203],
    [{ output: { a: 5 } }, 6050200],
    [{ output: { a: { method: 'linear', value: 1 } } }, 6050201],
    [{ output: { a: { method: 'nearest' } } }, 6050202],
    [{ output: { a: { way: 1 } } }, 40415],
    [{ partitionBy: '$a', partitionByFields: ['a'], output: { a: { value: 1 } } }, 6050204],
    [{ output: { a: { method: 'linear' } } }, 605001],
    [{ sortBy: { a: 1, b: 1 }, output: { a: { method: 'linear' } } }, 605001],
    [{ sortBy: { b: 1 }, output: { text: { method: 'linear' } } }, 14],
    [{ sortBy: { text: 1 }, output: { a: { method: 'linear' } } }, 14],
    [{ sortBy: { same: 1 }, output: { a: { method: 'linear' } } }, 6050106],
    [{ sortBy: { mixed: 1 }, output: { a: { method: 'linear' } } }, 14],
  ])('are refused in %j with %i', (spec, code) => {
    const docs = [
      { text: 'x', b: 1, same: 1, mixed: 1 },
      { text: 'y', b: 2, same: 1, mixed: new Date(0) },
    ];
    expect(codeOf([{ $fill: spec }], docs)).toBe(code);
  });
});
