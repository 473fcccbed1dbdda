/** Projections of find and the order of sorts, with MongoDB's errors. */
import { Double, Int32, Long, serialize } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { MongoError } from '../../../src/embedded-mongo/errors.ts';
import { compareValues } from '../../../src/embedded-mongo/key.ts';
import { compileProjection } from '../../../src/embedded-mongo/project.ts';
import { compileSort, compileSortKey, sortKey } from '../../../src/embedded-mongo/sort.ts';
import { anyValue, docOf, typed } from './generators.ts';

type Plain = { [field: string]: unknown };

function project(spec: Plain, doc: Plain, filter: Plain = {}): Plain {
  return compileProjection(typed(spec), typed(filter), { now: new Date(0) })(typed(doc));
}

function codeOf(action: () => unknown): number | undefined {
  try {
    action();
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    return error.code;
  }
  return undefined;
}

const right: [string, Plain, Plain, Plain, Plain?][] = [
  ['everything for an empty projection', {}, { _id: 1, a: 1 }, { _id: 1, a: 1 }],
  ["inclusion in the document's order", { b: 1, a: 1 }, { _id: 1, a: 1, b: 2, c: 3 }, { _id: 1, a: 1, b: 2 }],
  ['inclusion without _id', { a: true, _id: 0 }, { _id: 1, a: 1 }, { a: 1 }],
  ['exclusion', { a: 0 }, { _id: 1, a: 1, b: 2 }, { _id: 1, b: 2 }],
  ['only _id', { _id: 1 }, { _id: 1, a: 1 }, { _id: 1 }],
  ['all but _id', { _id: 0 }, { _id: 1, a: 1 }, { a: 1 }],
  [
    'a path through arrays',
    { 'a.b': 1 },
    { a: [{ b: 1, c: 2 }, 5, { c: 3 }, [{ b: 4 }]] },
    { a: [{ b: 1 }, {}, [{ b: 4 }]] },
  ],
  ['a path without a scalar in its way', { 'a.b': 1 }, { a: 5 }, {}],
  ['a path excluded through arrays', { 'a.b': 0 }, { a: [{ b: 1, c: 2 }, 5] }, { a: [{ c: 2 }, 5] }],
  ['nested inclusion', { a: { b: 1 } }, { a: { b: 1, c: 2 } }, { a: { b: 1 } }],
  ['$slice of the first', { a: { $slice: 2 } }, { _id: 1, a: [1, 2, 3], b: 1 }, { _id: 1, a: [1, 2], b: 1 }],
  ['$slice of the last', { a: { $slice: -1 } }, { a: [1, 2, 3] }, { a: [3] }],
  ['$slice in the middle', { a: { $slice: [1, 1] } }, { a: [1, 2, 3] }, { a: [2] }],
  ['$slice from the end', { a: { $slice: [-2, 1] } }, { a: [1, 2, 3] }, { a: [2] }],
  [
    '$slice with inclusion',
    { b: 1, a: { $slice: 1 } },
    { _id: 1, a: [1, 2], b: 1, c: 1 },
    { _id: 1, a: [1], b: 1 },
  ],
  [
    '$elemMatch',
    { a: { $elemMatch: { x: { $gt: 1 } } } },
    { _id: 1, a: [{ x: 1 }, { x: 2 }, { x: 3 }], b: 1 },
    { _id: 1, a: [{ x: 2 }] },
  ],
  ['$elemMatch without a match', { a: { $elemMatch: { x: 9 } } }, { _id: 1, a: [{ x: 1 }] }, { _id: 1 }],
  [
    '$elemMatch in its place beside an exclusion',
    { a: { $elemMatch: { $gt: 1 } }, b: 0 },
    { _id: 1, a: [1, 2, 3], b: 1, c: 1 },
    { _id: 1, a: [2], c: 1 },
  ],
  [
    'no field for an $elemMatch that fails beside an exclusion',
    { b: 0, a: { $elemMatch: { $gt: 9 } } },
    { _id: 1, a: [1], b: 1, c: 1 },
    { _id: 1, c: 1 },
  ],
  [
    '$elemMatch after the fields asked for',
    { a: { $elemMatch: { $gt: 1 } }, c: 1 },
    { _id: 1, a: [1, 2], c: 1 },
    { _id: 1, c: 1, a: [2] },
  ],
  ['the positional element', { 'a.$': 1 }, { _id: 1, a: [5, 6, 7] }, { _id: 1, a: [6] }, { a: { $gt: 5 } }],
  ['a computed field', { b: { $add: ['$a', 1] } }, { _id: 1, a: 1 }, { _id: 1, b: 2 }],
  [
    'a field under another name',
    { b: '$a' },
    { _id: 1, a: Long.fromNumber(1) },
    { _id: 1, b: Long.fromNumber(1) },
  ],
  ['text as a value', { b: 'text' }, { _id: 1, a: 1 }, { _id: 1, b: 'text' }],
];

const wrong: [string, Plain, number][] = [
  ['exclusion in an inclusion', { a: 1, b: 0 }, 31254],
  ['inclusion in an exclusion', { a: 0, b: 1 }, 31253],
  ['a path and its child', { a: 1, 'a.b': 1 }, 31249],
  ['a child and its path', { 'a.b': 1, a: 1 }, 31250],
  ['a positional element in an exclusion', { b: 0, 'a.$': 1 }, 31253],
  ['the exclusion of a positional element', { 'a.$': 0 }, 31395],
  ['an expression in an exclusion', { b: 0, a: { $add: [1, 1] } }, 31252],
  ['two positional elements', { 'a.$': 1, 'b.$': 1 }, 31276],
  ['an empty document', { a: {} }, 51270],
  ['a nested $elemMatch', { 'a.b': { $elemMatch: { x: 1 } } }, 31275],
  ['a name with a dollar', { $a: 1 }, 16410],
  ['a path that ends with a dot', { 'a.': 1 }, 40353],
];

describe('a projection', () => {
  it.each(right)('gives %s', (_name, spec, doc, expected, filter) => {
    expect(encodeBson(project(spec, doc, filter))).toEqual(Buffer.from(serialize(expected)));
  });

  it.each(wrong)('refuses %s with its code', (_name, spec, code) => {
    expect(codeOf(() => project(spec, {}))).toBe(code);
  });

  it('fails where the filter matched no element', () => {
    expect(codeOf(() => project({ 'a.$': 1 }, { a: [1] }, { b: 1 }))).toBe(51246);
  });

  it('keeps hostile names as plain data', () => {
    const doc = docOf([
      ['__proto__', 1],
      ['constructor', 2],
      ['a', 3],
    ]);
    const result = compileProjection(
      docOf([
        ['__proto__', 1],
        ['toString', 1],
      ]),
    )(doc);
    expect(Object.keys(result)).toEqual(['__proto__']);
    expect(Object.keys(compileProjection({ a: 0 })(doc))).toEqual(['__proto__', 'constructor']);
  });
});

describe('a sort', () => {
  const ids = (docs: Plain[], spec: Plain): unknown[] => {
    const sorted = docs.map(typed).sort(compileSort(typed(spec)));
    return sorted.map((doc) => Number(doc['_id']));
  };

  it('takes the least element ascending and the greatest descending', () => {
    const docs = [
      { _id: 1, a: [5, 1] },
      { _id: 2, a: [2, 3] },
      { _id: 3, a: 4 },
    ];
    expect(ids(docs, { a: 1 })).toEqual([1, 2, 3]);
    expect(ids(docs, { a: -1 })).toEqual([1, 3, 2]);
  });

  it('puts an empty array below null and missing, which are equal', () => {
    const docs = [{ _id: 1, a: null }, { _id: 2 }, { _id: 3, a: [] }, { _id: 4, a: 0 }];
    expect(ids(docs, { a: 1, _id: 1 })).toEqual([3, 1, 2, 4]);
    expect(ids(docs, { a: -1, _id: 1 })).toEqual([4, 1, 2, 3]);
  });

  it('follows paths through arrays, and later fields break ties', () => {
    const docs = [
      { _id: 1, a: [{ b: 3 }], c: 1 },
      { _id: 2, a: [{ b: 1 }, { b: 9 }], c: 2 },
      { _id: 3, a: { b: 3 }, c: 2 },
    ];
    expect(ids(docs, { 'a.b': 1, c: -1 })).toEqual([2, 3, 1]);
  });

  it('orders any values as the key order does, in both directions', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        fc.pre(!Array.isArray(a) && !Array.isArray(b));
        const order = Math.sign(compareValues(a, b));
        expect(Math.sign(compileSort({ v: new Int32(1) })({ v: a }, { v: b }))).toBe(order);
        expect(Math.sign(compileSort({ v: new Int32(-1) })({ v: a }, { v: b })) + 0).toBe(-order + 0);
      }),
    );
  });

  it('joins keys so that they order as the comparator', () => {
    const spec = { a: new Int32(1), b: new Double(-1) };
    const keyOf = compileSortKey(spec);
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, anyValue, (a, b, c, d) => {
        fc.pre(!(Array.isArray(a) && Array.isArray(b)) && !(Array.isArray(c) && Array.isArray(d)));
        const [x, y] = [
          { a, b },
          { a: c, b: d },
        ];
        const expected =
          sortKey(x, 'a', 1) === sortKey(y, 'a', 1)
            ? sortKey(x, 'b', -1) < sortKey(y, 'b', -1)
              ? -1
              : sortKey(x, 'b', -1) > sortKey(y, 'b', -1)
                ? 1
                : 0
            : sortKey(x, 'a', 1) < sortKey(y, 'a', 1)
              ? -1
              : 1;
        expect(keyOf(x) < keyOf(y) ? -1 : keyOf(x) > keyOf(y) ? 1 : 0).toBe(expected);
      }),
    );
  });

  it.each([
    ['another direction', { a: 2 }, 15975],
    ['text', { a: 'up' }, 15974],
    ['a text score', { a: { $meta: 'textScore' } }, 115],
    ['a name with a dollar', { $a: 1 }, 16410],
    ['an empty name', { '': 1 }, 15998],
  ])('refuses %s with its code', (_name, spec, code) => {
    expect(codeOf(() => compileSort(typed(spec)))).toBe(code);
  });
});
