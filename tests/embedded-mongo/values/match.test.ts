/** Query operators one by one, with MongoDB's errors, and the shapes that trip simple matchers. */
import { Binary, BSONRegExp, Decimal128, Double, Long, MaxKey, MinKey, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { MongoError } from '../../../src/embedded-mongo/errors.ts';
import { compileFilter, conjuncts, filterImplies } from '../../../src/embedded-mongo/match.ts';
import { docOf, typed } from './generators.ts';

type Plain = { [field: string]: unknown };

function matches(filter: Plain, doc: Plain): boolean {
  return compileFilter(typed(filter))(typed(doc));
}

function codeOf(filter: Plain): number | undefined {
  try {
    compileFilter(typed(filter));
  } catch (error) {
    return error instanceof MongoError ? error.code : -1;
  }
  return undefined;
}

const yes: [string, Plain, Plain][] = [
  ['equal across number types', { a: Long.fromNumber(5) }, { a: 5 }],
  ['equal to a decimal', { a: Decimal128.fromString('1.50') }, { a: 1.5 }],
  ['an element of an array', { a: 2 }, { a: [1, 2] }],
  ['a whole array', { a: [1, 2] }, { a: [1, 2] }],
  ['an array in an array', { a: [1] }, { a: [[1], 2] }],
  ['null for missing', { a: null }, {}],
  ['null through an array of documents', { 'a.b': null }, { a: [{ b: 1 }, {}] }],
  ['null where a scalar stands in the way', { 'a.b': null }, { a: 5 }],
  ['$gte null for missing', { a: { $gte: null } }, {}],
  ['$lte null for null', { a: { $lte: null } }, { a: null }],
  ['a path through arrays', { 'a.b': 2 }, { a: [{ b: 1 }, { b: [2] }] }],
  ['an index in a path', { 'a.1': 7 }, { a: [5, 7] }],
  ['an index, then a name', { 'a.1.b': 4 }, { a: [5, { b: 4 }] }],
  ['a numeric name in a document', { 'a.0': 'x' }, { a: { 0: 'x' } }],
  ['an embedded document in field order', { a: { x: 1, y: 2 } }, { a: { x: 1, y: 2 } }],
  ['an empty document', { a: {} }, { a: {} }],
  ['a range within one type', { a: { $gt: 'b' } }, { a: 'c' }],
  ['a range in an array by any element', { a: { $gt: 5, $lt: 2 } }, { a: [1, 6] }],
  ['an array range', { a: { $gt: [2] } }, { a: [3] }],
  ['$lt MaxKey', { a: { $lt: new MaxKey() } }, { a: 'x' }],
  ['$gt MinKey', { a: { $gt: new MinKey() } }, { a: null }],
  ['$gte NaN for NaN', { a: { $gte: Number.NaN } }, { a: Number.NaN }],
  ['$ne with missing', { a: { $ne: 1 } }, {}],
  ['$in with a regular expression', { a: { $in: [/^x/, 1] } }, { a: 'xy' }],
  ['$in with null', { a: { $in: [null] } }, {}],
  ['$in with many values', { a: { $in: [1, 2, 3, 4, 5, 6, 7, 8, 9, Long.fromNumber(10)] } }, { a: 10 }],
  ['$nin', { a: { $nin: [1, 2] } }, { a: 3 }],
  ['$exists for an empty array', { a: { $exists: true } }, { a: [] }],
  ['$exists of a path that ends with a dot at an array', { 'a.': { $exists: true } }, { a: [] }],
  ['$exists of such a path at an inner array', { 'a.1.': { $exists: true } }, { a: [[1], [2]] }],
  ['$exists false of such a path at a document', { 'a.': { $exists: false } }, { a: { b: 1 } }],
  ['$exists false of such a path at a text', { 'a.1.': { $exists: false } }, { a: ['x', 'y'] }],
  ['$exists false under an empty array', { 'a.b': { $exists: false } }, { a: [] }],
  ['$type by name', { a: { $type: 'long' } }, { a: Long.fromNumber(1) }],
  ['$type number', { a: { $type: 'number' } }, { a: Decimal128.fromString('1') }],
  ['$type array', { a: { $type: 'array' } }, { a: [] }],
  ['$type of an element', { a: { $type: ['string', 'bool'] } }, { a: [1, 'x'] }],
  ['$type objectId', { a: { $type: 7 } }, { a: new ObjectId() }],
  ['$size', { a: { $size: 2 } }, { a: [1, [2]] }],
  ['$all on a scalar', { a: { $all: [1] } }, { a: 1 }],
  ['$all on an array', { a: { $all: [2, 1] } }, { a: [1, 2, 3] }],
  [
    '$all of $elemMatch',
    { a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } },
    { a: [{ x: 1 }, { x: 2 }] },
  ],
  ['$elemMatch by value', { a: { $elemMatch: { $gt: 1, $lt: 5 } } }, { a: [0, 3] }],
  ['$elemMatch by document', { a: { $elemMatch: { x: 1, y: 2 } } }, { a: [{ x: 1 }, { x: 1, y: 2 }] }],
  ['$elemMatch with $or', { a: { $elemMatch: { $or: [{ x: 1 }, { x: 2 }] } } }, { a: [{ x: 2 }] }],
  ['$elemMatch with $not', { a: { $elemMatch: { $not: { $gt: 1 } } } }, { a: [2, 1] }],
  ['$mod of a long', { a: { $mod: [4, 1] } }, { a: Long.fromString('9007199254740993') }],
  ['$mod cuts fractions', { a: { $mod: [4, 1] } }, { a: 5.9 }],
  ['$mod of a negative', { a: { $mod: [4, -1] } }, { a: -5 }],
  ['$not with a range', { a: { $not: { $gt: 5 } } }, { a: 'x' }],
  ['$not with a regular expression', { a: { $not: /x/ } }, { a: 'y' }],
  ['$regex with options', { a: { $regex: 'AB', $options: 'i' } }, { a: 'xab' }],
  ['$regex before its options', { a: { $options: 'i', $regex: 'AB' } }, { a: 'xab' }],
  ['inline flags', { a: { $regex: '(?i)AB' } }, { a: 'xab' }],
  ['PCRE dollar before a last newline', { a: { $regex: 'b$' } }, { a: 'ab\n' }],
  ['PCRE extended mode', { a: { $regex: 'a b # c', $options: 'x' } }, { a: 'ab' }],
  ['PCRE anchors', { a: { $regex: '\\Aab\\z' } }, { a: 'ab' }],
  [
    'a regular expression equal to a stored one',
    { a: new BSONRegExp('x', 'i') },
    { a: new BSONRegExp('x', 'i') },
  ],
  ['$or', { $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }],
  ['$nor', { $nor: [{ a: 1 }, { b: 1 }] }, { c: 1 }],
  ['$and', { $and: [{ a: 1 }, { b: 1 }] }, { a: 1, b: 1 }],
  ['$bitsAllSet by mask', { a: { $bitsAllSet: 6 } }, { a: 7 }],
  ['$bitsAllClear by position', { a: { $bitsAllClear: [0, 3] } }, { a: 6 }],
  ['$bitsAnySet of a negative', { a: { $bitsAnySet: [200] } }, { a: -1 }],
  ['$bitsAnyClear in bytes', { a: { $bitsAnyClear: [1] } }, { a: new Binary(new Uint8Array([1])) }],
  ['$comment', { $comment: 'why', a: 1 }, { a: 1 }],
  ['strings by UTF-8 bytes', { a: { $gt: '\uffee' } }, { a: '\u{1f600}' }],
];

const no: [string, Plain, Plain][] = [
  ['a document in another field order', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }],
  ['null for an empty array underneath', { 'a.b': null }, { a: [] }],
  ['null for scalars underneath an array', { 'a.b': null }, { a: [1, 2] }],
  ['a string against a number range', { a: { $gt: 1 } }, { a: 'x' }],
  ['null against $gt null', { a: { $gt: null } }, { a: null }],
  ['NaN below a number', { a: { $lt: 5 } }, { a: Number.NaN }],
  ['anything $gt NaN', { a: { $gt: Number.NaN } }, { a: 1 }],
  ['an array against a scalar range by its size', { a: { $gt: 1 } }, { a: [] }],
  ['a nested array through an index', { 'a.0': 1 }, { a: [[1, 2]] }],
  ['an index written with a leading zero', { 'a.01': 7 }, { a: [5, 7] }],
  ['$all of nothing', { a: { $all: [] } }, { a: [] }],
  ['$elemMatch on a scalar', { a: { $elemMatch: { $gt: 1 } } }, { a: 2 }],
  ['$elemMatch over two elements', { a: { $elemMatch: { x: 1, y: 2 } } }, { a: [{ x: 1 }, { y: 2 }] }],
  ['$size of a scalar', { a: { $size: 1 } }, { a: 1 }],
  ['$ne with the value in an array', { a: { $ne: 1 } }, { a: [1, 2] }],
  ['$nin with null on missing', { a: { $nin: [null] } }, {}],
  ['$mod of text', { a: { $mod: [2, 0] } }, { a: '2' }],
  ['$type of a double that looks like an int', { a: { $type: 'int' } }, { a: new Double(1) }],
  ['dot against a newline', { a: { $regex: 'a.b' } }, { a: 'a\nb' }],
  [
    'a long beyond 2^53 against its neighbour',
    { a: Long.fromString('9007199254740993') },
    { a: Long.fromString('9007199254740992') },
  ],
];

const wrong: [string, Plain, number][] = [
  ['an unknown operator', { a: { $foo: 1 } }, 2],
  ['an unknown top level operator', { $foo: 1 }, 2],
  ['a field among operators', { a: { $gt: 1, b: 2 } }, 2],
  ['$in without an array', { a: { $in: 1 } }, 2],
  ['operators inside $in', { a: { $in: [{ $gt: 1 }] } }, 2],
  ['$and without an array', { $and: {} }, 2],
  ['an empty $or', { $or: [] }, 2],
  ['a scalar in $nor', { $nor: [1] }, 2],
  ['$not with a scalar', { a: { $not: 1 } }, 2],
  ['an empty $not', { a: { $not: {} } }, 2],
  ['$ne with a regular expression', { a: { $ne: /x/ } }, 2],
  ['$gt with a regular expression', { a: { $gt: /x/ } }, 2],
  ['$options alone', { a: { $options: 'i' } }, 2],
  ['$regex with a number', { a: { $regex: 1 } }, 2],
  ['an unknown flag', { a: { $regex: 'x', $options: 'g' } }, 51108],
  ['a broken pattern', { a: { $regex: '(' } }, 51091],
  ['options twice', { a: { $regex: new BSONRegExp('x', 'i'), $options: 'm' } }, 51075],
  ['$size of text', { a: { $size: 'x' } }, 2],
  ['a negative $size', { a: { $size: -1 } }, 2],
  ['a fraction as $size', { a: { $size: 1.5 } }, 2],
  ['$mod by zero', { a: { $mod: [0, 1] } }, 2],
  ['$mod with one number', { a: { $mod: [2] } }, 2],
  ['$mod with three numbers', { a: { $mod: [2, 1, 0] } }, 2],
  ['$type by a wrong name', { a: { $type: 'number2' } }, 2],
  ['$type zero', { a: { $type: 0 } }, 2],
  ['$type by a wrong number', { a: { $type: 99 } }, 2],
  ['$type by a bool', { a: { $type: true } }, 14],
  ['no type at all', { a: { $type: [] } }, 9],
  ['$all without an array', { a: { $all: 1 } }, 2],
  ['operators inside $all', { a: { $all: [{ $gt: 1 }] } }, 2],
  ['$elemMatch with a scalar', { a: { $elemMatch: 1 } }, 2],
  ['a negative bit mask', { a: { $bitsAllSet: -1 } }, 9],
  ['text as a bit mask', { a: { $bitsAllSet: 'x' } }, 2],
  ['$where', { $where: 'true' }, 115],
  ['$text', { $text: { $search: 'x' } }, 115],
  ['$near', { a: { $near: [0, 0] } }, 115],
];

describe('a query', () => {
  it.each(yes)('finds %s', (_name, filter, doc) => {
    expect(matches(filter, doc)).toBe(true);
  });

  it.each(no)('does not find %s', (_name, filter, doc) => {
    expect(matches(filter, doc)).toBe(false);
  });

  it.each(wrong)('refuses %s with its code', (_name, filter, code) => {
    expect(codeOf(filter)).toBe(code);
  });

  it('sees hostile names as plain data only', () => {
    expect(matches({ constructor: null }, {})).toBe(true);
    expect(matches({ constructor: { $exists: true } }, {})).toBe(false);
    expect(matches({ 'a.toString': { $exists: true } }, { a: {} })).toBe(false);
    const hostile = docOf([['__proto__', docOf([['x', 1]])]]);
    expect(matches({ '__proto__.x': 1 }, hostile)).toBe(true);
    expect(matches({ '__proto__.x': 1 }, {})).toBe(false);
  });

  it('notes which array element matched, the outermost one', () => {
    const position = (filter: Plain, doc: Plain): number | undefined => {
      const details: { index?: number } = {};
      compileFilter(typed(filter))(typed(doc), details);
      return details.index;
    };
    expect(position({ a: 2 }, { a: [1, 2] })).toBe(1);
    expect(position({ 'a.b': 2 }, { a: [{ b: 1 }, { b: [0, 2] }] })).toBe(1);
    expect(
      position({ $and: [{ _id: 1 }, { a: { $elemMatch: { b: 2 } } }] }, { _id: 1, a: [{ b: 1 }, { b: 2 }] }),
    ).toBe(1);
    expect(position({ a: { $ne: 2 } }, { a: [1] })).toBeUndefined();
  });
});

describe('what a planner reads off a filter', () => {
  it('is the flat list of its conditions', () => {
    expect(conjuncts({ a: 1, $and: [{ b: { $gt: 2, $lt: 9 } }], $or: [{ c: 1 }] })).toEqual([
      { path: 'a', op: '$eq', value: 1 },
      { path: 'b', op: '$gt', value: 2 },
      { path: 'b', op: '$lt', value: 9 },
    ]);
  });

  it('knows when a partial index covers the filter, and when it does not', () => {
    const exists = { 'o.at': { $exists: true } };
    expect(filterImplies({ 'o.at': { $lte: new Date(5) } }, exists)).toBe(true);
    expect(filterImplies({ 'o.at': { $lte: null } }, exists)).toBe(false);
    expect(filterImplies({ 'o.at': { $lte: new MaxKey() } }, exists)).toBe(false);
    expect(filterImplies({ 'o.at': { $in: [1, null] } }, exists)).toBe(false);
    expect(filterImplies({ 'o.at': { $in: [1, 2] } }, exists)).toBe(true);
    expect(filterImplies({ 'o.at': { $ne: null } }, exists)).toBe(false);
    expect(filterImplies({ a: { $ne: null } }, { a: { $exists: true } })).toBe(true);
    expect(filterImplies({ a: { $gt: 5 } }, { a: { $gt: 3 } })).toBe(true);
    expect(filterImplies({ a: { $gte: 3 } }, { a: { $gt: 3 } })).toBe(false);
    expect(filterImplies({ a: { $gt: 3 } }, { a: { $gte: 3 } })).toBe(true);
    expect(filterImplies({ a: { $gt: 'x' } }, { a: { $gt: 3 } })).toBe(false);
    expect(filterImplies({ a: 4 }, { a: { $gt: 3 } })).toBe(true);
    expect(filterImplies({ $or: [{ a: 4 }, { a: 5 }] }, { a: { $gt: 3 } })).toBe(true);
    expect(filterImplies({ $or: [{ a: 4 }, { b: 5 }] }, { a: { $gt: 3 } })).toBe(false);
    expect(filterImplies({}, exists)).toBe(false);
  });
});
