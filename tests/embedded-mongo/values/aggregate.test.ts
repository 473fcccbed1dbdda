/** Pipelines stage by stage and expressions one by one, with MongoDB's errors. */
import { Decimal128, Double, Int32, Long, ObjectId, serialize } from 'bson';
import { describe, expect, it } from 'vitest';
import { PAUSE, runPipeline, splitPushdown } from '../../../src/embedded-mongo/aggregate.ts';
import { encodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { MongoError } from '../../../src/embedded-mongo/errors.ts';
import { compileUpdate } from '../../../src/embedded-mongo/update.ts';
import { typed } from './generators.ts';

type Plain = { [field: string]: unknown };
const NOW = new Date(1_700_000_000_000);
const OTHERS: { [name: string]: Plain[] } = {
  people: [
    { _id: 1, name: 'a' },
    { _id: 2, name: 'b', parent: 'a' },
    { _id: 3, name: 'c', parent: ['b', 'd'] },
    { _id: 4, name: 'd', parent: 'c' },
  ],
  stock: [
    { _id: 1, sku: 'a', n: 5 },
    { _id: 2, sku: 'b', n: 7 },
    { _id: 3, n: 9 },
  ],
};

function run(pipeline: Plain[], docs: Plain[] = [], vars: Plain = {}): Plain[] {
  const stages = (typed({ pipeline }) as { pipeline: Plain[] }).pipeline;
  const lookup = (name: string) => (OTHERS[name] ?? []).map(typed);
  const items = runPipeline(stages, docs.map(typed), { now: NOW, lookup, vars: typed(vars) });
  return [...items].filter((item): item is Plain => item !== PAUSE);
}

function expectBson(actual: Plain[], expected: Plain[]): void {
  expect(encodeBson({ actual })).toEqual(Buffer.from(serialize({ actual: expected })));
}

function evaluate(expression: unknown, doc: Plain = {}): unknown {
  return run([{ $replaceWith: { r: expression } }], [doc])[0]?.['r'];
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

const SALES = [
  { _id: 1, item: 'a', price: 10, qty: 2, tags: ['x', 'y'] },
  { _id: 2, item: 'b', price: 20, qty: Long.fromNumber(1), tags: [] },
  { _id: 3, item: 'a', price: 5.5, qty: 10, tags: ['x'] },
  { _id: 4, price: Decimal128.fromString('0.1'), qty: 1 },
];

const stages: [string, Plain[], Plain[]][] = [
  [
    '$match',
    [{ $match: { qty: 1 } }, { $project: { qty: 1 } }],
    [
      { _id: 2, qty: Long.fromNumber(1) },
      { _id: 4, qty: 1 },
    ],
  ],
  [
    '$match with $expr',
    [{ $match: { $expr: { $gt: ['$qty', 5] } } }, { $project: { _id: 1 } }],
    [{ _id: 3 }],
  ],
  [
    '$group with sums in the widest type',
    [{ $group: { _id: '$item', total: { $sum: '$qty' }, n: { $sum: 1 } } }],
    [
      { _id: 'a', total: 12, n: 2 },
      { _id: 'b', total: Long.fromNumber(1), n: 1 },
      { _id: null, total: 1, n: 1 },
    ],
  ],
  [
    '$group of all',
    [
      {
        $group: {
          _id: null,
          avg: { $avg: '$qty' },
          min: { $min: '$price' },
          max: { $max: '$price' },
          first: { $first: '$item' },
          last: { $last: '$item' },
          count: { $count: {} },
        },
      },
    ],
    [{ _id: null, avg: 3.5, min: Decimal128.fromString('0.1'), max: 20, first: 'a', last: null, count: 4 }],
  ],
  [
    '$push without the missing, $addToSet by the key',
    [{ $group: { _id: null, items: { $push: '$item' }, set: { $addToSet: '$qty' } } }],
    [{ _id: null, items: ['a', 'b', 'a'], set: [2, Long.fromNumber(1), 10] }],
  ],
  ['$group by a document', [{ $group: { _id: { i: '$item' } } }, { $limit: 1 }], [{ _id: { i: 'a' } }]],
  [
    '$sort by two fields',
    [{ $sort: { item: -1, qty: 1 } }, { $project: { _id: 1 } }],
    [{ _id: 2 }, { _id: 1 }, { _id: 3 }, { _id: 4 }],
  ],
  [
    '$sort with $limit',
    [{ $sort: { price: 1 } }, { $limit: 2 }, { $project: { _id: 1 } }],
    [{ _id: 4 }, { _id: 3 }],
  ],
  ['$skip', [{ $skip: 3 }, { $project: { _id: 1 } }], [{ _id: 4 }]],
  ['$count', [{ $count: 'n' }], [{ n: 4 }]],
  ['$count of nothing', [{ $match: { item: 'z' } }, { $count: 'n' }], []],
  [
    '$unwind',
    [{ $unwind: '$tags' }, { $project: { tags: 1 } }],
    [
      { _id: 1, tags: 'x' },
      { _id: 1, tags: 'y' },
      { _id: 3, tags: 'x' },
    ],
  ],
  [
    '$unwind keeping the empty, with index',
    [
      { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } },
      { $project: { tags: 1, i: 1 } },
      { $skip: 1 },
    ],
    [
      { _id: 1, tags: 'y', i: Long.fromNumber(1) },
      { _id: 2, i: null },
      { _id: 3, tags: 'x', i: Long.fromNumber(0) },
      { _id: 4, i: null },
    ],
  ],
  [
    '$project in the document’s order, computed fields after',
    [{ $limit: 1 }, { $project: { qty: 1, total: { $multiply: ['$price', '$qty'] }, item: 1, _id: 0 } }],
    [{ item: 'a', qty: 2, total: 20 }],
  ],
  [
    '$project exclusion',
    [{ $limit: 1 }, { $project: { tags: 0, price: 0 } }],
    [{ _id: 1, item: 'a', qty: 2 }],
  ],
  [
    '$addFields into documents',
    [{ $limit: 1 }, { $project: { item: 1 } }, { $addFields: { 'a.b': '$item', c: { d: 1 } } }],
    [{ _id: 1, item: 'a', a: { b: 'a' }, c: { d: 1 } }],
  ],
  [
    '$set with $$REMOVE',
    [{ $limit: 1 }, { $project: { item: 1, qty: 1 } }, { $set: { item: '$$REMOVE' } }],
    [{ _id: 1, qty: 2 }],
  ],
  ['$unset', [{ $limit: 1 }, { $unset: ['tags', 'price', 'qty'] }], [{ _id: 1, item: 'a' }]],
  ['$replaceRoot', [{ $limit: 1 }, { $replaceRoot: { newRoot: { a: '$item' } } }], [{ a: 'a' }]],
  ['$sortByCount', [{ $sortByCount: '$item' }, { $limit: 1 }], [{ _id: 'a', count: 2 }]],
  [
    '$bucket with an inclusive lower bound',
    [{ $bucket: { groupBy: '$price', boundaries: [0, 10, 20], default: 'more' } }],
    [
      { _id: 0, count: 2 },
      { _id: 10, count: 1 },
      { _id: 'more', count: 1 },
    ],
  ],
  [
    '$facet',
    [{ $facet: { n: [{ $count: 'n' }], one: [{ $limit: 1 }, { $project: { _id: 1 } }] } }],
    [{ n: [{ n: 4 }], one: [{ _id: 1 }] }],
  ],
  [
    '$lookup by equality',
    [
      { $limit: 1 },
      { $lookup: { from: 'stock', localField: 'item', foreignField: 'sku', as: 's' } },
      { $project: { s: 1 } },
    ],
    [{ _id: 1, s: [{ _id: 1, sku: 'a', n: 5 }] }],
  ],
  [
    '$lookup of missing finds missing',
    [
      { $skip: 3 },
      { $lookup: { from: 'stock', localField: 'item', foreignField: 'sku', as: 's' } },
      { $project: { s: 1 } },
    ],
    [{ _id: 4, s: [{ _id: 3, n: 9 }] }],
  ],
  [
    '$lookup by equality and pipeline: only over what is joined',
    [
      { $limit: 1 },
      {
        $lookup: {
          from: 'stock',
          localField: 'item',
          foreignField: 'sku',
          pipeline: [{ $count: 'n' }],
          as: 's',
        },
      },
      { $project: { s: 1 } },
    ],
    [{ _id: 1, s: [{ n: 1 }] }],
  ],
  [
    '$lookup with let',
    [
      { $limit: 1 },
      {
        $lookup: {
          from: 'stock',
          let: { q: '$qty' },
          pipeline: [{ $match: { $expr: { $gt: ['$n', { $add: ['$$q', 4] }] } } }, { $project: { _id: 1 } }],
          as: 's',
        },
      },
      { $project: { s: 1 } },
    ],
    [{ _id: 1, s: [{ _id: 2 }, { _id: 3 }] }],
  ],
  [
    '$unionWith',
    [{ $project: { _id: 1 } }, { $unionWith: { coll: 'stock', pipeline: [{ $limit: 1 }] } }, { $skip: 3 }],
    [{ _id: 4 }, { _id: 1, sku: 'a', n: 5 }],
  ],
];

const PARENTS = {
  from: 'people',
  startWith: '$parent',
  connectFromField: 'parent',
  connectToField: 'name',
  as: 'line',
};

const wrongStages: [string, unknown, number][] = [
  ['an unknown stage', { $foo: 1 }, 40324],
  ['a refused stage', { $geoNear: {} }, 115],
  ['$graphLookup of nothing', { $graphLookup: {} }, 9],
  ['$graphLookup with a word too many', { $graphLookup: { fom: 'stock' } }, 40104],
  ['$graphLookup from a number', { $graphLookup: { from: 1 } }, 9],
  ['$graphLookup below zero', { $graphLookup: { ...PARENTS, maxDepth: -1 } }, 40101],
  ['two fields in a stage', { $match: {}, $limit: 1 }, 40323],
  ['an empty stage', {}, 40323],
  ['$match of a scalar', { $match: 1 }, 15959],
  ['an unknown query operator', { $match: { a: { $foo: 1 } } }, 2],
  ['$limit 0', { $limit: 0 }, 15958],
  ['$limit of text', { $limit: 'x' }, 5107201],
  ['a negative $skip', { $skip: -1 }, 5107200],
  ['an empty $sort', { $sort: {} }, 15976],
  ['$sort by 2', { $sort: { a: 2 } }, 15975],
  ['$sort by text', { $sort: { a: 'x' } }, 15974],
  ['$group without _id', { $group: { n: { $sum: 1 } } }, 15955],
  ['$group of a scalar', { $group: 1 }, 15947],
  ['an unknown accumulator', { $group: { _id: 1, n: { $foo: 1 } } }, 15952],
  ['a field that is no accumulator', { $group: { _id: 1, n: 1 } }, 40234],
  ['two accumulators in a field', { $group: { _id: 1, n: { $sum: 1, $avg: 1 } } }, 40238],
  ['a dotted name in $group', { $group: { _id: 1, 'a.b': { $sum: 1 } } }, 40235],
  ['an empty $project', { $project: {} }, 51272],
  ['$project mixing', { $project: { a: 1, b: 0 } }, 31254],
  ['$project mixing the other way', { $project: { a: 0, b: 1 } }, 31253],
  ['$project over itself', { $project: { a: 1, 'a.b': 1 } }, 31249],
  ['$project with a bad expression', { $project: { a: { $foo: 1 } } }, 31325],
  ['$count with a dollar', { $count: '$x' }, 40158],
  ['$count without a name', { $count: '' }, 40157],
  ['$unwind without a dollar', { $unwind: 'a' }, 28818],
  ['$unwind with an unknown option', { $unwind: { path: '$a', x: 1 } }, 28811],
  ['$unwind of a number', { $unwind: 1 }, 15981],
  ['$unset of a number', { $unset: 1 }, 31002],
  ['$addFields of a scalar', { $addFields: 1 }, 40272],
  ['$replaceRoot without newRoot', { $replaceRoot: {} }, 40231],
  ['$bucket with unsorted boundaries', { $bucket: { groupBy: '$a', boundaries: [2, 1] } }, 40194],
  ['an unknown variable', { $project: { a: '$$x' } }, 17276],
  ['an expression with two operators', { $project: { a: { $add: [1], $abs: 1 } } }, 16410],
  ['a wrong number of arguments', { $project: { a: { $eq: [1] } } }, 16020],
];

/** A branch of `$switch`. */
function branch(when: unknown, answer: unknown): Plain {
  return Object.fromEntries([
    ['case', when],
    ['then', answer],
  ]);
}

const expressions: [string, unknown, unknown, Plain?][] = [
  ['missing below null', { $lt: ['$missing', null] }, true],
  ['missing unequal to null', { $eq: ['$missing', null] }, false],
  ['comparison across types', { $gt: ['x', 5] }, true],
  ['1 equal to a decimal 1', { $eq: [1, Decimal128.fromString('1.0')] }, true],
  ['a path through arrays', '$a.b', [new Int32(1), new Int32(2)], { a: [{ b: 1 }, 5, { b: 2 }, {}] }],
  ['a number in a path as a name', '$a.0', [], { a: [7, 8] }],
  ['$add of int and long', { $add: [1, Long.fromNumber(2)] }, Long.fromNumber(3)],
  ['$add past int32', { $add: [2147483647, 1] }, Long.fromNumber(2147483648)],
  [
    '$add of decimals',
    { $add: [Decimal128.fromString('0.1'), Decimal128.fromString('0.2')] },
    Decimal128.fromString('0.3'),
  ],
  ['$add of a date', { $add: [new Date(5), 10] }, new Date(15)],
  ['$add with null', { $add: [1, null] }, null],
  ['$subtract of dates', { $subtract: [new Date(15), new Date(5)] }, Long.fromNumber(10)],
  ['$multiply', { $multiply: [2, 2.5] }, new Double(5)],
  ['$divide gives a double', { $divide: [6, 3] }, new Double(2)],
  [
    '$divide of decimals',
    { $divide: [Decimal128.fromString('1'), Decimal128.fromString('3')] },
    Decimal128.fromString('0.3333333333333333333333333333333333'),
  ],
  ['$mod', { $mod: [-7, 3] }, new Int32(-1)],
  ['$round half to even', { $round: [2.5] }, new Double(2)],
  ['$round to places', { $round: [19.256, 1] }, new Double(19.3)],
  ['$round to tens', { $round: [15, -1] }, new Int32(20)],
  ['$trunc', { $trunc: [-2.7] }, new Double(-2)],
  ['$pow of integers', { $pow: [2, 40] }, Long.fromNumber(2 ** 40)],
  ['$sum of an array', { $sum: '$a' }, new Int32(6), { a: [1, 2, 3, 'x'] }],
  ['$avg', { $avg: [1, 2] }, new Double(1.5)],
  ['$max of arguments', { $max: [1, 'x', null] }, 'x'],
  ['$cond', { $cond: [{ $gte: ['$a', 5] }, 'yes', 'no'] }, 'yes', { a: 5 }],
  ['$ifNull of several', { $ifNull: ['$a', null, 3] }, new Int32(3)],
  [
    '$switch',
    {
      $switch: {
        branches: [branch(false, 1), branch(true, 2)],
      },
    },
    new Int32(2),
  ],
  ['$let', { $let: { vars: { x: 2 }, in: { $multiply: ['$$x', '$$x'] } } }, new Int32(4)],
  ['$literal', { $literal: '$a' }, '$a'],
  ['$concat', { $concat: ['a', 'b'] }, 'ab'],
  ['$toUpper changes ASCII only', { $toUpper: 'aé' }, 'Aé'],
  ['$substrBytes', { $substrBytes: ['hello', 1, 3] }, 'ell'],
  ['$strLenCP', { $strLenCP: '\u{1f600}a' }, new Int32(2)],
  ['$strLenBytes', { $strLenBytes: '\u{1f600}a' }, new Int32(5)],
  ['$split', { $split: ['a-b', '-'] }, ['a', 'b']],
  ['$trim', { $trim: { input: '  a ' } }, 'a'],
  [
    '$replaceAll is literal',
    { $replaceAll: { input: 'a.a', find: '.', replacement: { $literal: '$&' } } },
    'a$&a',
  ],
  ['$size', { $size: '$a' }, new Int32(2), { a: [1, 2] }],
  ['$arrayElemAt from the end', { $arrayElemAt: [[1, 2, 3], -1] }, new Int32(3)],
  ['$in over types', { $in: [1, [Long.fromNumber(1)]] }, true],
  ['$slice', { $slice: [[1, 2, 3], 1, 2] }, [new Int32(2), new Int32(3)]],
  ['$map', { $map: { input: [1, 2], as: 'n', in: { $add: ['$$n', 1] } } }, [new Int32(2), new Int32(3)]],
  ['$filter', { $filter: { input: [1, 2, 3], cond: { $gt: ['$$this', 1] } } }, [new Int32(2), new Int32(3)]],
  [
    '$reduce',
    { $reduce: { input: ['a', 'b'], initialValue: '', in: { $concat: ['$$value', '$$this'] } } },
    'ab',
  ],
  ['$objectToArray', { $objectToArray: { a: 1 } }, [{ k: 'a', v: new Int32(1) }]],
  ['$arrayToObject', { $arrayToObject: [[['a', 1]]] }, { a: new Int32(1) }],
  [
    '$setUnion over types',
    { $setUnion: [[1], [Decimal128.fromString('1'), 2]] },
    [new Int32(1), new Int32(2)],
  ],
  [
    '$mergeObjects',
    { $mergeObjects: [{ a: 1 }, null, { a: 2, b: 3 }] },
    { a: new Int32(2), b: new Int32(3) },
  ],
  ['$type of missing', { $type: '$x' }, 'missing'],
  [
    '$toString of an ObjectId',
    { $toString: new ObjectId('0123456789abcdef01234567') },
    '0123456789abcdef01234567',
  ],
  ['$toObjectId', { $toObjectId: '0123456789abcdef01234567' }, new ObjectId('0123456789abcdef01234567')],
  ['$toInt', { $toInt: '42' }, new Int32(42)],
  ['$toLong of a double', { $toLong: 4.9 }, Long.fromNumber(4)],
  ['$toDecimal', { $toDecimal: '1.50' }, Decimal128.fromString('1.50')],
  ['$toDate', { $toDate: '2024-02-29T12:00:00Z' }, new Date('2024-02-29T12:00:00Z')],
  ['$convert with onError', { $convert: { input: 'x', to: 'int', onError: 'bad' } }, 'bad'],
  ['$$NOW', '$$NOW', NOW],
  ['$regexMatch', { $regexMatch: { input: 'Abc', regex: '^a', options: 'i' } }, true],
  [
    '$regexFindAll',
    { $regexFindAll: { input: '\u{1f600}a1b2', regex: '([a-z])\\d' } },
    [
      { match: 'a1', idx: new Int32(1), captures: ['a'] },
      { match: 'b2', idx: new Int32(3), captures: ['b'] },
    ],
  ],
  [
    '$year in a time zone',
    { $year: { date: new Date('2023-12-31T23:00:00Z'), timezone: 'Asia/Kolkata' } },
    new Int32(2024),
  ],
  ['$dayOfWeek from Sunday', { $dayOfWeek: new Date('2024-02-25T00:00:00Z') }, new Int32(1)],
  ['$week from Sundays', { $week: new Date('2024-01-07T00:00:00Z') }, new Int32(1)],
  [
    '$dateToString',
    { $dateToString: { date: new Date('2024-02-29T12:30:05.007Z') } },
    '2024-02-29T12:30:05.007Z',
  ],
  [
    '$dateToString with a format and an offset',
    {
      $dateToString: {
        date: new Date('2024-02-29T12:30:05Z'),
        format: '%d.%m.%Y %H:%M %z %j',
        timezone: '+05:30',
      },
    },
    '29.02.2024 18:00 +0530 060',
  ],
  [
    '$dateAdd at the end of a month',
    { $dateAdd: { startDate: new Date('2024-01-31T00:00:00Z'), unit: 'month', amount: 1 } },
    new Date('2024-02-29T00:00:00Z'),
  ],
  [
    '$dateDiff counts boundaries',
    {
      $dateDiff: {
        startDate: new Date('2023-12-31T23:59:00Z'),
        endDate: new Date('2024-01-01T00:01:00Z'),
        unit: 'year',
      },
    },
    Long.fromNumber(1),
  ],
  [
    '$dateTrunc to a week in a zone',
    {
      $dateTrunc: {
        date: new Date('2024-02-29T12:00:00Z'),
        unit: 'week',
        timezone: 'Asia/Kolkata',
        startOfWeek: 'mon',
      },
    },
    new Date('2024-02-25T18:30:00Z'),
  ],
  [
    '$dateFromParts with a carry',
    { $dateFromParts: { year: 2024, month: 14, day: 1 } },
    new Date('2025-02-01T00:00:00Z'),
  ],
  [
    '$dateFromString',
    { $dateFromString: { dateString: '2024-02-29T10:00:00', timezone: 'Asia/Kolkata' } },
    new Date('2024-02-29T04:30:00Z'),
  ],
  ['$setIsSubset', { $setIsSubset: [[1], [1, 2]] }, true],
];

const wrongExpressions: [string, unknown, number][] = [
  ['$add of text', { $add: ['x', 1] }, 14],
  ['$arrayToObject of arrays and a document', { $arrayToObject: [[['a', 1], { k: 'b', v: 2 }]] }, 40396],
  ['$arrayToObject of documents and an array', { $arrayToObject: [[{ k: 'b', v: 2 }, ['a', 1]]] }, 40391],
  ['$regexMatch with u', { $regexMatch: { input: 'a', regex: 'a', options: 'u' } }, 51108],
  ['$divide by zero', { $divide: [1, 0] }, 2],
  ['$mod by zero', { $mod: [1, 0] }, 16610],
  ['$concat of a number', { $concat: ['a', 1] }, 16702],
  ['$size of a scalar', { $size: 1 }, 17124],
  ['$in without an array', { $in: [1, 1] }, 40081],
  ['$toInt of text', { $toInt: 'x' }, 241],
  ['$toInt out of range', { $toInt: Long.fromNumber(2 ** 40) }, 241],
  ['$toObjectId of text', { $toObjectId: 'x' }, 241],
  ['$switch without a match', { $switch: { branches: [branch(false, 1)] } }, 40066],
  ['$setUnion of a scalar', { $setUnion: [1] }, 17043],
  ['a script', { $function: { body: '', args: [], lang: 'js' } }, 115],
  ['$year of text', { $year: 'x' }, 16006],
  ['an unknown time zone', { $year: { date: new Date(0), timezone: 'Mars/One' } }, 40485],
  ['an unknown unit', { $dateAdd: { startDate: new Date(0), unit: 'moon', amount: 1 } }, 9],
  ['a bad date format', { $dateToString: { date: new Date(0), format: '%q' } }, 18536],
  ['an unknown argument', { $trim: { input: 'a', char: 'x' } }, 50694],
  ['$sqrt of a negative', { $sqrt: -1 }, 28714],
];

describe('a pipeline', () => {
  it.each(stages)('runs %s', (_name, pipeline, expected) => {
    expectBson(run(pipeline, SALES), expected);
  });

  it.each(wrongStages)('refuses %s before reading a document', (_name, stage, code) => {
    expect(codeOf(() => runPipeline([typed(stage as Plain)], [], { now: NOW }))).toBe(code);
  });

  it('is lazy: a limit stops the reading', () => {
    let read = 0;
    function* source() {
      for (;;) yield { _id: ++read };
    }
    const items = runPipeline([{ $match: {} }, { $limit: 3 }], source(), { now: NOW });
    expect([...items].filter((item) => item !== PAUSE)).toHaveLength(3);
    expect(read).toBe(3);
  });

  it('pauses while it gathers', () => {
    const docs = Array.from({ length: 20_000 }, (_, i) => ({
      _id: new Int32(i),
      k: new Int32((i * 7919) % 1000),
    }));
    for (const pipeline of [[{ $group: { _id: '$k' } }], [{ $sort: { k: 1 } }], [{ $count: 'n' }]]) {
      const items = [...runPipeline(pipeline, docs, { now: NOW })];
      expect(items.slice(0, 100)).toContain(PAUSE);
    }
  });

  it('sorts many documents stably, with and without a limit', () => {
    const docs = Array.from({ length: 20_000 }, (_, i) => ({
      _id: new Int32(i),
      k: new Int32((i * 7919) % 100),
    }));
    const expected = [...docs].sort((a, b) => a.k.value - b.k.value || a._id.value - b._id.value);
    const ids = (pipeline: Plain[]) =>
      [...runPipeline(pipeline, docs, { now: NOW })].flatMap((item) => (item === PAUSE ? [] : [item['_id']]));
    expect(ids([{ $sort: { k: 1 } }])).toEqual(expected.map((doc) => doc._id));
    expect(ids([{ $sort: { k: 1 } }, { $limit: new Int32(50) }])).toEqual(
      expected.slice(0, 50).map((doc) => doc._id),
    );
  });

  it('sums without losing integers or cents', () => {
    const docs = [{ v: Long.fromString('9007199254740993') }, { v: 1 }, { v: 0.1 }, { v: 0.2 }, { v: -0.3 }];
    expectBson(run([{ $limit: 2 }, { $group: { _id: null, s: { $sum: '$v' } } }], docs), [
      { _id: null, s: Long.fromString('9007199254740994') },
    ]);
    expectBson(run([{ $skip: 2 }, { $group: { _id: null, s: { $sum: '$v' } } }], docs), [
      { _id: null, s: new Double(2.7755575615628914e-17) },
    ]);
  });

  it('hands the leading stages to the planner', () => {
    expect(
      splitPushdown([
        { $match: { a: 1 } },
        { $match: { b: 2 } },
        { $sort: { c: 1 } },
        { $skip: 1 },
        { $limit: 5 },
        { $count: 'n' },
      ]),
    ).toEqual({
      filter: { $and: [{ a: 1 }, { b: 2 }] },
      sort: { c: 1 },
      skip: 1,
      limit: 5,
      rest: [{ $count: 'n' }],
    });
    expect(splitPushdown([{ $group: { _id: 1 } }])).toEqual({ filter: {}, rest: [{ $group: { _id: 1 } }] });
    expect(splitPushdown([{ $limit: 5 }, { $match: { a: 1 } }])).toEqual({
      filter: {},
      limit: 5,
      rest: [{ $match: { a: 1 } }],
    });
  });
});

describe('an expression', () => {
  it.each(expressions)('answers %s', (_name, expression, expected, doc) => {
    expectBson([{ r: evaluate(expression, doc) }], [{ r: expected }]);
  });

  it.each(wrongExpressions)('refuses %s with its code', (_name, expression, code) => {
    expect(codeOf(() => evaluate(expression))).toBe(code);
  });
});

describe('a pipeline update', () => {
  const update = (doc: Plain, pipeline: Plain[]): Plain =>
    compileUpdate(pipeline.map(typed), { filter: {}, now: NOW })(typed(doc), false);

  it('computes from the old document', () => {
    expectBson(
      [update({ _id: 1, a: 2 }, [{ $set: { b: { $add: ['$a', 1] }, at: '$$NOW' } }, { $unset: 'a' }])],
      [{ _id: 1, b: 3, at: NOW }],
    );
    expectBson([update({ _id: 1, a: { c: 1 } }, [{ $replaceWith: '$a' }])], [{ _id: 1, c: 1 }]);
  });

  it('refuses other stages, another _id, and array filters', () => {
    expect(codeOf(() => update({}, [{ $match: {} }]))).toBe(72);
    expect(codeOf(() => update({ _id: 1 }, [{ $set: { _id: 2 } }]))).toBe(66);
    expect(
      codeOf(() => compileUpdate([{ $set: { a: 1 } }], { filter: {}, now: NOW, arrayFilters: [{ x: 1 }] })),
    ).toBe(9);
  });
});

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/graphLookup/ */
describe('$graphLookup', () => {
  const line = (options: Plain, doc: Plain): unknown =>
    run(
      [{ $graphLookup: { ...PARENTS, ...options } }, { $project: { line: { _id: 1, at: 1 } } }],
      [doc],
    )[0]?.['line'];
  const depth = (at: number) => Long.fromNumber(at);

  it('follows references through arrays and finds each document once, also in circles', () => {
    expectBson([{ r: line({}, { parent: 'c' }) }], [{ r: [3, 2, 4, 1].map((_id) => ({ _id })) }]);
  });

  it('stops at its depth, and says how deep each document lies', () => {
    const found = line({ maxDepth: 1, depthField: 'at' }, { parent: 'c' });
    expectBson(
      [{ r: found }],
      [
        {
          r: [
            { _id: 3, at: depth(0) },
            { _id: 2, at: depth(1) },
            { _id: 4, at: depth(1) },
          ],
        },
      ],
    );
  });

  it('goes through no document that its condition leaves out', () => {
    const found = line({ restrictSearchWithMatch: { name: { $ne: 'b' } } }, { parent: 'c' });
    expectBson([{ r: found }], [{ r: [{ _id: 3 }, { _id: 4 }] }]);
  });

  it('starts with each value of an array, and finds nothing for a value nobody has', () => {
    expectBson([{ r: line({}, { parent: ['a', 'b'] }) }], [{ r: [{ _id: 1 }, { _id: 2 }] }]);
    expect(line({}, { parent: 'x' })).toEqual([]);
  });
});
