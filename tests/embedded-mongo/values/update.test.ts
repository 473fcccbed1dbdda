/** Update operators one by one, with MongoDB's errors, number types and order of new fields. */
import { Decimal128, Double, Int32, Long, serialize } from 'bson';
import { describe, expect, it } from 'vitest';
import { encodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { MongoError } from '../../../src/embedded-mongo/errors.ts';
import { compileUpdate, upsertSeed } from '../../../src/embedded-mongo/update.ts';
import { docOf, typed } from './generators.ts';

type Plain = { [field: string]: unknown };
interface More {
  filter?: Plain;
  arrayFilters?: Plain[];
  insert?: boolean;
}
const NOW = new Date(1_700_000_000_000);

function update(doc: Plain, change: Plain, more: More = {}): Plain {
  const compiled = compileUpdate(typed(change), {
    filter: typed(more.filter ?? {}),
    now: NOW,
    ...(more.arrayFilters ? { arrayFilters: more.arrayFilters.map(typed) } : {}),
  });
  return compiled(typed(doc), more.insert ?? false);
}

/** Compares as BSON bytes: types, field order and all. */
function expectBson(actual: Plain, expected: Plain): void {
  expect(encodeBson(actual)).toEqual(Buffer.from(serialize(expected)));
}

function codeOf(doc: Plain, change: Plain, more: More = {}): number | undefined {
  try {
    update(doc, change, more);
  } catch (error) {
    return error instanceof MongoError ? error.code : -1;
  }
  return undefined;
}

const MAX_LONG = Long.fromString('9223372036854775807');
const right: [string, Plain, Plain, Plain, More?][] = [
  ['$set', { a: 1 }, { $set: { a: 2, b: 3 } }, { a: 2, b: 3 }],
  [
    '$set keeps a long a long',
    { a: Long.fromNumber(5), b: 1 },
    { $set: { b: 2 } },
    { a: Long.fromNumber(5), b: 2 },
  ],
  ['$set makes documents on the way', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  ['$set in an array pads with null', { a: [1] }, { $set: { 'a.3': 2 } }, { a: [1, null, null, 2] }],
  ['$set by a numeric name in a document', { a: {} }, { $set: { 'a.0': 2 } }, { a: { 0: 2 } }],
  ['new fields in order of names', {}, { $set: { c: 1, a: 2 }, $inc: { b: 1 } }, { a: 2, b: 1, c: 1 }],
  [
    'new fields with numeric names in order of numbers',
    { x: {} },
    { $set: { 'x.10': 1, 'x.9': 2 } },
    { x: { 9: 2, 10: 1 } },
  ],
  ['$set _id to its own value', { _id: 1, a: 1 }, { $set: { _id: 1, a: 2 } }, { _id: 1, a: 2 }],
  ['$unset', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
  ['$unset in an array leaves null', { a: [1, 2] }, { $unset: { 'a.0': 1 } }, { a: [null, 2] }],
  ['$unset through a scalar does nothing', { a: 1 }, { $unset: { 'a.b': 1 } }, { a: 1 }],
  ['$inc of int by int', { a: 1 }, { $inc: { a: 2 } }, { a: 3 }],
  ['$inc past int32 gives a long', { a: 2147483647 }, { $inc: { a: 1 } }, { a: Long.fromNumber(2147483648) }],
  [
    '$inc of long by int stays long',
    { a: Long.fromNumber(1) },
    { $inc: { a: 1 } },
    { a: Long.fromNumber(2) },
  ],
  ['$inc of int by double gives a double', { a: 1 }, { $inc: { a: new Double(1) } }, { a: new Double(2) }],
  [
    '$inc of double by decimal gives a decimal',
    { a: 0.1 },
    { $inc: { a: Decimal128.fromString('0.2') } },
    { a: Decimal128.fromString('0.300000000000000') },
  ],
  ['$inc of missing takes the operand', {}, { $inc: { a: Long.fromNumber(2) } }, { a: Long.fromNumber(2) }],
  ['$mul', { a: 3 }, { $mul: { a: Long.fromNumber(2) } }, { a: Long.fromNumber(6) }],
  ['$mul past int32', { a: 65536 }, { $mul: { a: 65536 } }, { a: Long.fromString('4294967296') }],
  ['$mul of missing is zero of the type', {}, { $mul: { a: new Double(2.5) } }, { a: new Double(0) }],
  ['$min across types', { a: 'x' }, { $min: { a: 5 } }, { a: 5 }],
  ['$max of dates', { a: new Date(1) }, { $max: { a: new Date(2) } }, { a: new Date(2) }],
  ['$max keeps the larger', { a: 9 }, { $max: { a: 5 } }, { a: 9 }],
  ['$min of missing', {}, { $min: { a: 5 } }, { a: 5 }],
  ['$rename', { a: 1, b: 2 }, { $rename: { a: 'c.d' } }, { b: 2, c: { d: 1 } }],
  ['$rename over a field', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
  ['$rename of missing', { b: 2 }, { $rename: { a: 'c' } }, { b: 2 }],
  ['$setOnInsert not on update', { a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1 }],
  ['$setOnInsert on insert', { a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1, b: 1 }, { insert: true }],
  ['$currentDate', {}, { $currentDate: { a: true, b: { $type: 'date' } } }, { a: NOW, b: NOW }],
  ['$bit', { a: 13 }, { $bit: { a: { and: 10 } } }, { a: 8 }],
  ['$bit of missing', {}, { $bit: { a: { or: Long.fromNumber(3) } } }, { a: Long.fromNumber(3) }],
  ['$push', { a: [1] }, { $push: { a: 2 } }, { a: [1, 2] }],
  ['$push of an array as one element', { a: [1] }, { $push: { a: [2] } }, { a: [1, [2]] }],
  ['$push to missing', {}, { $push: { a: 2 } }, { a: [2] }],
  ['$push $each', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
  ['$push $position', { a: [1, 2] }, { $push: { a: { $each: [9], $position: 1 } } }, { a: [1, 9, 2] }],
  [
    '$push $position from the end',
    { a: [1, 2, 3] },
    { $push: { a: { $each: [9], $position: -2 } } },
    { a: [1, 9, 2, 3] },
  ],
  [
    '$push $slice keeps the last',
    { a: [1, 2] },
    { $push: { a: { $each: [3, 4], $slice: -3 } } },
    { a: [2, 3, 4] },
  ],
  ['$push $slice of none', { a: [1, 2] }, { $push: { a: { $each: [3], $slice: 0 } } }, { a: [] }],
  ['$push $sort of values', { a: [3, 1] }, { $push: { a: { $each: [2], $sort: -1 } } }, { a: [3, 2, 1] }],
  [
    '$push $sort by fields, then $slice',
    { a: [{ x: 3 }, { x: 1 }] },
    { $push: { a: { $each: [{ x: 2 }, {}], $sort: { x: 1 }, $slice: 3 } } },
    { a: [{}, { x: 1 }, { x: 2 }] },
  ],
  ['$addToSet', { a: [1] }, { $addToSet: { a: Long.fromNumber(1) } }, { a: [1] }],
  ['$addToSet $each without doubles', { a: [1] }, { $addToSet: { a: { $each: [2, 2, 1] } } }, { a: [1, 2] }],
  [
    '$addToSet tells field orders apart',
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  ],
  ['$pop last', { a: [1, 2] }, { $pop: { a: 1 } }, { a: [1] }],
  ['$pop first', { a: [1, 2] }, { $pop: { a: -1 } }, { a: [2] }],
  ['$pull of a value', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
  ['$pull by a range', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  [
    '$pull by a sub-document with $in',
    { a: [{ id: 1, x: 1 }, { id: 2 }, { id: 3 }] },
    { $pull: { a: { id: { $in: [1, 3] } } } },
    { a: [{ id: 2 }] },
  ],
  [
    '$pull of a sub-document whatever its order',
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
    { $pull: { a: { y: 2, x: 1 } } },
    { a: [] },
  ],
  ['$pull from missing', {}, { $pull: { a: 1 } }, {}],
  ['$pullAll', { a: [1, 2, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
  ['positional $', { a: [1, 2, 3] }, { $set: { 'a.$': 9 } }, { a: [1, 9, 3] }, { filter: { a: 2 } }],
  [
    'positional $ with two conditions',
    { _id: 1, a: [{ x: 1 }, { x: 2 }] },
    { $set: { 'a.$.y': 9 } },
    { _id: 1, a: [{ x: 1 }, { x: 2, y: 9 }] },
    { filter: { $and: [{ _id: 1 }, { 'a.x': 2 }] } },
  ],
  [
    'positional $ with a condition on a path further on in the alphabet',
    { a: [{ x: 1 }, { x: 2 }] },
    { $set: { 'a.$.x': 9 } },
    { a: [{ x: 1 }, { x: 9 }] },
    { filter: { 'a.x': 2, 'a.bad': null } },
  ],
  ['positional $[]', { a: [{ x: 1 }, { x: 2 }] }, { $inc: { 'a.$[].x': 10 } }, { a: [{ x: 11 }, { x: 12 }] }],
  [
    'positional $[id]',
    { a: [1, 5, 9] },
    { $set: { 'a.$[big]': 0 } },
    { a: [1, 0, 0] },
    { arrayFilters: [{ big: { $gte: 5 } }] },
  ],
  [
    'positional $[id] by fields',
    { a: [{ x: 1 }, { x: 2 }] },
    { $unset: { 'a.$[e].x': 1 } },
    { a: [{ x: 1 }, {}] },
    { arrayFilters: [{ 'e.x': 2 }] },
  ],
  [
    'nested $[] and $[id]',
    { a: [{ b: [1, 2] }, { b: [3] }] },
    { $mul: { 'a.$[].b.$[n]': 2 } },
    { a: [{ b: [1, 4] }, { b: [6] }] },
    { arrayFilters: [{ n: { $gt: 1 } }] },
  ],
  ['replacement keeps _id', { _id: 7, a: 1 }, { b: 2 }, { _id: 7, b: 2 }],
  ['replacement by nothing', { _id: 7, a: 1 }, {}, { _id: 7 }],
  ['an insert puts _id first', { a: 1 }, { $set: { _id: 5 } }, { _id: 5, a: 1 }, { insert: true }],
];

const wrong: [string, Plain, Plain, number, More?][] = [
  ['an unknown operator', {}, { $foo: { a: 1 } }, 9],
  ['a field among operators', {}, { $set: { a: 1 }, b: 1 }, 9],
  ['an operator in a replacement', {}, { a: 1, $set: { b: 1 } }, 52],
  ['a scalar as operand', {}, { $set: 1 }, 9],
  ['an empty path', {}, { $set: { '': 1 } }, 56],
  ['an empty name in a path', {}, { $set: { 'a..b': 1 } }, 56],
  ['a dollar name', {}, { $set: { 'a.$x': 1 } }, 52],
  ['$ as the first part', {}, { $set: { '$.a': 1 } }, 2],
  ['two positional $', {}, { $set: { 'a.$.b.$': 1 } }, 2],
  ['two operators on one path', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['a path and its child', {}, { $set: { a: 1, 'a.b': 1 } }, 40],
  ['a child and its path', {}, { $set: { 'a.b': 1 }, $unset: { a: 1 } }, 40],
  [
    '$[] and $[id] meeting on an element',
    { a: [1] },
    { $set: { 'a.$[]': 1, 'a.$[x]': 2 } },
    40,
    { arrayFilters: [{ x: 1 }] },
  ],
  ['another _id', { _id: 1 }, { $set: { _id: 2 } }, 66],
  ['$unset of _id', { _id: 1 }, { $unset: { _id: 1 } }, 66],
  ['a part of _id', { _id: { x: 1 } }, { $set: { '_id.x': 2 } }, 66],
  ['a replacement with another _id', { _id: 1 }, { _id: 2 }, 66],
  ['$set through a scalar', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
  ['$set through null', { a: null }, { $set: { 'a.b': 1 } }, 28],
  ['a name in an array', { a: [] }, { $set: { 'a.b': 1 } }, 28],
  ['$inc by text', {}, { $inc: { a: 'x' } }, 14],
  ['$inc of text', { a: 'x' }, { $inc: { a: 1 } }, 14],
  ['$inc of null', { a: null }, { $inc: { a: 1 } }, 14],
  ['$inc past 64 bits', { a: MAX_LONG }, { $inc: { a: 1 } }, 2],
  ['$mul past 64 bits', { a: MAX_LONG }, { $mul: { a: 2 } }, 2],
  ['$mul by text', {}, { $mul: { a: 'x' } }, 14],
  ['$rename to a number', {}, { $rename: { a: 1 } }, 2],
  ['$rename to itself', {}, { $rename: { a: 'a' } }, 2],
  ['$rename below itself', {}, { $rename: { a: 'a.b' } }, 2],
  ['$rename from an array', { a: [{ b: 1 }] }, { $rename: { 'a.0.b': 'c' } }, 2],
  ['$rename of a positional path', {}, { $rename: { 'a.$': 'c' } }, 2],
  ['$currentDate of text', {}, { $currentDate: { a: 'x' } }, 2],
  ['$currentDate of an unknown type', {}, { $currentDate: { a: { $type: 'time' } } }, 2],
  ['$bit with a double', { a: 1 }, { $bit: { a: { and: new Double(1) } } }, 2],
  ['$bit with an unknown operation', { a: 1 }, { $bit: { a: { not: 1 } } }, 2],
  ['$bit of a double', { a: 1.5 }, { $bit: { a: { and: 1 } } }, 2],
  ['$push to a scalar', { a: 1 }, { $push: { a: 1 } }, 2],
  ['an unknown clause of $push', {}, { $push: { a: { $each: [], $max: 1 } } }, 2],
  ['$each without an array', {}, { $push: { a: { $each: 1 } } }, 2],
  ['$slice of text', {}, { $push: { a: { $each: [], $slice: 'x' } } }, 2],
  ['$position of a fraction', {}, { $push: { a: { $each: [], $position: 1.5 } } }, 2],
  ['$sort by 2', {}, { $push: { a: { $each: [], $sort: 2 } } }, 2],
  ['$sort by nothing', {}, { $push: { a: { $each: [], $sort: {} } } }, 2],
  ['$addToSet to a scalar', { a: 1 }, { $addToSet: { a: 1 } }, 2],
  ['$pop by 2', { a: [] }, { $pop: { a: 2 } }, 9],
  ['$pop of a scalar', { a: 1 }, { $pop: { a: 1 } }, 14],
  ['$pull of a scalar', { a: 1 }, { $pull: { a: 1 } }, 2],
  ['$pullAll without an array', { a: [1] }, { $pullAll: { a: 1 } }, 2],
  ['positional $ without a match', { a: [1] }, { $set: { 'a.$': 1 } }, 2, { filter: { _id: 1 } }],
  ['$[] on a scalar', { a: 1 }, { $set: { 'a.$[]': 1 } }, 2],
  ['$[] on missing', {}, { $set: { 'a.$[]': 1 } }, 2],
  ['$[id] without its filter', { a: [] }, { $set: { 'a.$[x]': 1 } }, 9],
  ['an array filter not used', { a: [] }, { $set: { a: 1 } }, 9, { arrayFilters: [{ x: 1 }] }],
  [
    'two filters of one name',
    { a: [] },
    { $set: { 'a.$[x]': 1 } },
    9,
    { arrayFilters: [{ x: 1 }, { x: 2 }] },
  ],
  ['a filter with two names', { a: [] }, { $set: { 'a.$[x]': 1 } }, 9, { arrayFilters: [{ x: 1, y: 2 }] }],
  ['an _id that is an array', {}, { $set: { _id: [1] } }, 53],
];

describe('an update', () => {
  it.each(right)('applies %s', (_name, doc, change, expected, more) => {
    expectBson(update(doc, change, more), expected);
  });

  it.each(wrong)('refuses %s with its code', (_name, doc, change, code, more) => {
    expect(codeOf(doc, change, more)).toBe(code);
  });

  it('returns the very document when nothing changes, and a new one when only the type does', () => {
    const doc = typed({ a: Long.fromNumber(5), b: [1] });
    const run = (change: Plain) => compileUpdate(typed(change), { filter: {}, now: NOW })(doc, false);
    expect(run({ $set: { a: Long.fromNumber(5) } })).toBe(doc);
    expect(run({ $addToSet: { b: 1 }, $pull: { d: 7 }, $unset: { c: 1 }, $max: { a: 1 } })).toBe(doc);
    expect(run({ $set: { a: 5 } })).not.toBe(doc);
    expect(run({ $set: { a: 5 } })['a']).toBeInstanceOf(Int32);
  });

  it('never changes the document it was given', () => {
    const doc = typed({ a: { b: [1, { c: 1 }] } });
    const before = serialize(doc);
    compileUpdate(typed({ $set: { 'a.b.1.c': 2 }, $push: { 'a.d': 1 } }), { filter: {}, now: NOW })(
      doc,
      false,
    );
    expect(serialize(doc)).toEqual(before);
  });

  it('sets hostile names as plain data', () => {
    const change = docOf([
      [
        '$set',
        docOf([
          ['__proto__.polluted', true],
          ['constructor', 1],
        ]),
      ],
    ]);
    const result = compileUpdate(change, { filter: {}, now: NOW })({}, false);
    expect(Object.keys(result)).toEqual(['__proto__', 'constructor']);
    expect(({} as Plain)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });
});

describe("an upsert's seed", () => {
  it('takes what the filter says by equality', () => {
    const filter = {
      a: 1,
      'b.c': { $eq: 2 },
      d: { $gt: 3 },
      $and: [{ e: 4 }, { f: { $in: [5] } }],
      $or: [{ g: 6 }],
      h: /x/,
    };
    expectBson(upsertSeed(filter), { a: 1, b: { c: 2 }, e: 4, f: 5, g: 6 });
  });

  it('refuses a path with two values', () => {
    expect(() => upsertSeed({ a: 1, $and: [{ a: 2 }] })).toThrow(/matched twice/);
    expect(() => upsertSeed({ a: {}, 'a.b': 2 })).toThrow(/both paths/);
  });
});
