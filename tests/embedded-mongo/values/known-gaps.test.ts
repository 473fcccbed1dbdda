/**
 * The places where in-memory look-alikes of MongoDB are wrong, row by row: each is right here, or refused.
 * Each name ends with the page of MongoDB's documentation it rests on.
 */
import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';
import { describe, expect, it } from 'vitest';
import { PAUSE, runPipeline } from '../../../src/embedded-mongo/aggregate.ts';
import { encodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { MongoError } from '../../../src/embedded-mongo/errors.ts';
import { compileFilter } from '../../../src/embedded-mongo/match.ts';
import { compileSort } from '../../../src/embedded-mongo/sort.ts';
import { compileUpdate } from '../../../src/embedded-mongo/update.ts';
import { typed } from './generators.ts';

type Plain = { [field: string]: unknown };
const NOW = new Date(0);
const decimal = (text: string) => Decimal128.fromString(text);

function finds(filter: Plain, doc: Plain): boolean {
  return compileFilter(typed(filter))(typed(doc));
}

function run(pipeline: Plain[], docs: Plain[] = [{}]): Plain[] {
  const stages = pipeline.map(typed);
  const lookup = () =>
    [
      { _id: 1, k: 1 },
      { _id: 2, k: 2 },
    ].map(typed);
  return [...runPipeline(stages, docs.map(typed), { now: NOW, lookup })].filter((item) => item !== PAUSE);
}

function evaluate(expression: unknown, doc: Plain = {}): unknown {
  return run([{ $replaceWith: { r: expression } }], [doc])[0]?.['r'];
}

function update(doc: Plain, change: Plain, filter: Plain = {}): Plain {
  return compileUpdate(typed(change), { filter: typed(filter), now: NOW })(typed(doc), false);
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

function expectBson(actual: unknown, expected: unknown): void {
  expect(encodeBson({ actual })).toEqual(Buffer.from(serialize({ actual: expected })));
}

describe('queries', () => {
  it('compare longs and decimals with numbers by value [BSON Types: Comparison/Sort Order]', () => {
    expect(finds({ a: 5 }, { a: Long.fromNumber(5) })).toBe(true);
    expect(finds({ a: { $gt: decimal('4.9') } }, { a: 5 })).toBe(true);
    expect(finds({ a: { $gt: Long.fromNumber(9) } }, { a: Long.fromNumber(10) })).toBe(true);
  });

  it('hold embedded documents equal only in one field order [Query on Embedded/Nested Documents]', () => {
    expect(finds({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toBe(false);
  });

  it('match missing with $gte null and through arrays [Query for Null or Missing Fields]', () => {
    expect(finds({ a: { $gte: null } }, {})).toBe(true);
    expect(finds({ 'a.b': null }, { a: [{ b: 1 }, {}] })).toBe(true);
  });

  it('answer array ranges, $all on a scalar, $type by name, and inline flags [$gt, $all, $type, $regex]', () => {
    expect(finds({ a: { $gt: [2] } }, { a: [3] })).toBe(true);
    expect(finds({ a: { $all: [1] } }, { a: 1 })).toBe(true);
    expect(finds({ a: { $type: 'long' } }, { a: Long.fromNumber(1) })).toBe(true);
    expect(finds({ a: { $type: 'decimal' } }, { a: decimal('1') })).toBe(true);
    expect(finds({ a: { $type: 'objectId' } }, { a: new ObjectId() })).toBe(true);
    expect(finds({ a: { $type: 'binData' } }, { a: new Binary(new Uint8Array()) })).toBe(true);
    expect(finds({ a: { $regex: '(?i)X' } }, { a: 'x' })).toBe(true);
  });

  it('refuse text, geo and scripts [$text, $near, $where]', () => {
    for (const filter of [{ $text: { $search: 'x' } }, { a: { $near: [0, 0] } }, { $where: '1' }]) {
      expect(codeOf(() => compileFilter(typed(filter)))).toBe(115);
    }
  });
});

describe('sorts', () => {
  it('order mixed types as documented [Comparison/Sort Order]', () => {
    const ladder = [
      new MinKey(),
      null,
      1,
      'x',
      { a: 1 },
      [[1]],
      new Binary(new Uint8Array(1)),
      new ObjectId(),
      true,
      new Date(1),
      new Timestamp({ t: 1, i: 1 }),
      new BSONRegExp('x'),
      new MaxKey(),
    ];
    const docs = ladder.map((v, i) => typed({ _id: i, v }));
    expect([...docs].reverse().sort(compileSort({ v: new Int32(1) }))).toEqual(docs);
    expect([...docs].sort(compileSort({ v: new Int32(-1) }))).toEqual([...docs].reverse());
  });

  it('order text by UTF-8 bytes, and arrays descending by their greatest element [cursor.sort()]', () => {
    const sort = (docs: Plain[], spec: Plain) =>
      docs
        .map(typed)
        .sort(compileSort(typed(spec)))
        .map((doc) => Number(doc['_id']));
    expect(
      sort(
        [
          { _id: 1, v: '\u{1f600}' },
          { _id: 2, v: '\uffee' },
        ],
        { v: 1 },
      ),
    ).toEqual([2, 1]);
    expect(
      sort(
        [
          { _id: 1, v: [3, 4] },
          { _id: 2, v: [1, 9] },
        ],
        { v: -1 },
      ),
    ).toEqual([2, 1]);
  });
});

describe('expressions', () => {
  it('compare over the total order, missing below null [Comparison Expression Operators]', () => {
    expect(evaluate({ $gt: ['x', 1] })).toBe(true);
    expect(evaluate({ $eq: ['$missing', null] })).toBe(false);
    expect(evaluate({ $lt: ['$missing', null] })).toBe(true);
    expect(finds({ $expr: { $lt: ['$missing', 0] } }, {})).toBe(true);
  });

  it('calculate in longs and decimals [$sum, $avg, $add, $inc]', () => {
    const docs = [{ v: decimal('0.1') }, { v: decimal('0.2') }];
    expectBson(run([{ $group: { _id: null, s: { $sum: '$v' }, a: { $avg: '$v' } } }], docs), [
      { _id: null, s: decimal('0.3'), a: decimal('0.15') },
    ]);
    expectBson(
      evaluate({ $add: [Long.fromString('9007199254740993'), 1] }),
      Long.fromString('9007199254740994'),
    );
    expectBson(update({ a: Long.fromString('9007199254740993') }, { $inc: { a: 1 } }), {
      a: Long.fromString('9007199254740994'),
    });
  });

  it('treat equal numbers as one member and one group [$setUnion, $group]', () => {
    expectBson(evaluate({ $setUnion: [[1], [decimal('1')]] }), [1]);
    expect(
      run([{ $group: { _id: '$v' } }], [{ v: 1 }, { v: decimal('1.0') }, { v: Long.fromNumber(1) }]),
    ).toHaveLength(1);
  });

  it('convert to and from ObjectId and decimal [$toObjectId, $toString, $toDecimal, $convert]', () => {
    const id = new ObjectId();
    expectBson(evaluate({ $toObjectId: id.toHexString() }), id);
    expectBson(evaluate({ $toString: id }), id.toHexString());
    expectBson(evaluate({ $toDecimal: '1.5' }), decimal('1.5'));
    expectBson(evaluate({ $convert: { input: id.toHexString(), to: 'objectId' } }), id);
  });

  it('do not index arrays by numbers in paths [Field Paths]', () => {
    expectBson(evaluate('$a.0', { a: [5] }), []);
  });

  it('refuse scripts [$function, $accumulator]', () => {
    expect(codeOf(() => evaluate({ $function: { body: '', args: [], lang: 'js' } }))).toBe(115);
    expect(codeOf(() => run([{ $group: { _id: 1, x: { $accumulator: {} } } }]))).toBe(115);
  });
});

describe('stages', () => {
  it('count the lower bound into a bucket [$bucket]', () => {
    const boundaries = [0, 20, 40];
    expectBson(run([{ $bucket: { groupBy: '$v', boundaries } }], [{ v: 20 }]), [{ _id: 20, count: 1 }]);
  });

  it('run the pipeline of a $lookup with fields over the matched documents only [$lookup]', () => {
    const stage = {
      $lookup: { from: 'x', localField: 'k', foreignField: 'k', pipeline: [{ $count: 'n' }], as: 'found' },
    };
    expectBson(run([stage], [{ k: 1 }])[0]?.['found'], [{ n: 1 }]);
  });

  it('leave out what is missing [$push, $addToSet]', () => {
    const group = { _id: null, p: { $push: '$v' }, s: { $addToSet: '$v' } };
    expectBson(run([{ $group: group }], [{ v: 1 }, {}]), [{ _id: null, p: [1], s: [1] }]);
  });

  it("keep the document's order of fields, and the specification's for computed ones [$project]", () => {
    expectBson(
      run([{ $project: { z: { $literal: 1 }, y: { $literal: 2 }, b: 1, a: 1 } }], [{ a: 1, b: 2 }]),
      [{ a: 1, b: 2, z: 1, y: 2 }],
    );
  });

  it("answer wrong stages with MongoDB's codes [Aggregation Stages]", () => {
    expect(codeOf(() => run([{ $x: 1 }]))).toBe(40324);
    expect(codeOf(() => run([{ $group: { _id: 1, a: { $x: 1 } } }]))).toBe(15952);
    expect(codeOf(() => run([{ $group: { _id: 1, a: { $sum: 1, $avg: 1 } } }]))).toBe(40238);
    expect(codeOf(() => run([{ $project: { a: '$$x' } }]))).toBe(17276);
    expect(codeOf(() => run([{ $geoNear: {} }]))).toBe(115);
  });
});

describe('updates', () => {
  it('know $setOnInsert [$setOnInsert]', () => {
    expectBson(update({ a: 1 }, { $setOnInsert: { b: 1 } }), { a: 1 });
  });

  it('find the position by several conditions, also inside $and [$ (update)]', () => {
    const filter = { _id: 1, $and: [{ 'a.x': 2 }] };
    expectBson(update({ _id: 1, a: [{ x: 1 }, { x: 2 }] }, { $set: { 'a.$.x': 9 } }, filter), {
      _id: 1,
      a: [{ x: 1 }, { x: 9 }],
    });
  });

  it('take the same _id, and refuse $inc on text and $set through null [$set, $inc]', () => {
    expectBson(update({ _id: 1 }, { $set: { _id: 1 } }), { _id: 1 });
    expect(codeOf(() => update({ a: 'x' }, { $inc: { a: 1 } }))).toBe(14);
    expect(codeOf(() => update({ a: null }, { $set: { 'a.b': 1 } }))).toBe(28);
  });

  it('keep documents of another field order apart in a set [$addToSet]', () => {
    expectBson(update({ a: [{ x: 1, y: 2 }] }, { $addToSet: { a: { y: 2, x: 1 } } }), {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    });
  });

  it('keep the type of every number they do not touch [BSON Types]', () => {
    expectBson(update({ a: Long.fromNumber(5), b: new Double(5), c: 1 }, { $set: { c: 2 } }), {
      a: Long.fromNumber(5),
      b: new Double(5),
      c: 2,
    });
  });
});
