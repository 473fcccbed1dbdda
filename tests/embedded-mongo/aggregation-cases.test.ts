/** Aggregation expressions and stages, each as its page of MongoDB's manual says. */
import { Decimal128, Double, Long, ObjectId, serialize } from 'bson';
import { describe, expect, it } from 'vitest';
import { PAUSE, runPipeline } from '../../src/embedded-mongo/aggregate.ts';
import { encodeBson } from '../../src/embedded-mongo/bson-codec.ts';
import { typed } from './values/generators.ts';

type Plain = { [field: string]: unknown };

const MANUAL = 'https://www.mongodb.com/docs/manual/reference/operator/aggregation/';
/** An object with this field is taken for a promise by linters; MongoDB calls it so. */
const THEN = 'then';
const NOW = new Date('2024-01-15T10:30:45.123Z');
const DECIMAL = Decimal128.fromString;

function run(pipeline: Plain[], docs: Plain[]): Plain[] {
  const stages = (typed({ pipeline }) as { pipeline: Plain[] }).pipeline;
  const others = [
    { _id: 1, sku: 'almonds', instock: 120 },
    { _id: 2, sku: 'pecans', instock: 70 },
  ];
  const items = runPipeline(stages, docs.map(typed), { now: NOW, lookup: () => others.map(typed) });
  return [...items].filter((item): item is Plain => item !== PAUSE);
}

/** Page, expression, what it gives (as BSON, so types count), and the document. */
const expressions: [string, unknown, unknown, Plain?][] = [
  ['abs', { $abs: -5 }, 5],
  ['abs', { $abs: '$missing' }, null],
  ['add', { $add: [1, Long.fromNumber(2)] }, Long.fromNumber(3)],
  ['add', { $add: [new Date(1000), 500] }, new Date(1500)],
  ['add', { $add: [DECIMAL('0.1'), DECIMAL('0.2')] }, DECIMAL('0.3')],
  ['allElementsTrue', { $allElementsTrue: [[true, 1, 'x']] }, true],
  ['anyElementTrue', { $anyElementTrue: [[null, 0, false]] }, false],
  ['and', { $and: [1, 'green'] }, true],
  ['and', { $and: [] }, true],
  ['arrayElemAt', { $arrayElemAt: [[1, 2, 3], -2] }, 2],
  [
    'arrayToObject',
    {
      $arrayToObject: [
        [
          { k: 'item', v: 'abc' },
          { k: 'qty', v: 25 },
        ],
      ],
    },
    { item: 'abc', qty: 25 },
  ],
  ['avg', { $avg: ['$a', '$b'] }, new Double(2.5), { a: 2, b: 3 }],
  ['ceil', { $ceil: 7.8 }, new Double(8)],
  ['cmp', { $cmp: [300, 250] }, 1],
  ['concat', { $concat: ['ABC', ' - ', '$missing'] }, null],
  ['concatArrays', { $concatArrays: [['hello', ' '], ['world']] }, ['hello', ' ', 'world']],
  ['cond', { $cond: [{ $gte: ['$qty', 250] }, 30, 20] }, 30, { qty: 300 }],
  ['convert', { $convert: { input: 'x', to: 'int', onError: 'bad' } }, 'bad'],
  ['convert', { $convert: { input: null, to: 'int', onNull: 0 } }, 0],
  [
    'dateAdd',
    { $dateAdd: { startDate: new Date('2020-10-31T12:10:05Z'), unit: 'month', amount: 1 } },
    new Date('2020-11-30T12:10:05Z'),
  ],
  [
    'dateDiff',
    { $dateDiff: { startDate: new Date('2020-12-31'), endDate: new Date('2021-01-01'), unit: 'year' } },
    Long.fromNumber(1),
  ],
  [
    'dateFromParts',
    { $dateFromParts: { year: 2017, month: 2, day: 8, hour: 12 } },
    new Date('2017-02-08T12:00:00Z'),
  ],
  [
    'dateFromString',
    { $dateFromString: { dateString: '2017-02-08T12:10:40.787' } },
    new Date('2017-02-08T12:10:40.787Z'),
  ],
  [
    'dateSubtract',
    { $dateSubtract: { startDate: new Date('2020-12-31T12:10:05Z'), unit: 'month', amount: 1 } },
    new Date('2020-11-30T12:10:05Z'),
  ],
  [
    'dateToParts',
    { $dateToParts: { date: new Date('2017-01-01T01:29:09.123Z') } },
    { year: 2017, month: 1, day: 1, hour: 1, minute: 29, second: 9, millisecond: 123 },
  ],
  [
    'dateToString',
    { $dateToString: { format: '%Y-%m-%d', date: new Date('2014-01-01T08:15:39.736Z') } },
    '2014-01-01',
  ],
  [
    'dateTrunc',
    { $dateTrunc: { date: new Date('2021-03-20T11:30:05Z'), unit: 'month' } },
    new Date('2021-03-01T00:00:00Z'),
  ],
  ['dayOfMonth', { $dayOfMonth: new Date('2014-01-01T08:15:39.736Z') }, 1],
  ['dayOfWeek', { $dayOfWeek: new Date('2014-01-01T08:15:39.736Z') }, 4],
  ['dayOfYear', { $dayOfYear: new Date('2014-01-01T08:15:39.736Z') }, 1],
  ['divide', { $divide: [80, 8] }, new Double(10)],
  ['eq', { $eq: [1, DECIMAL('1.0')] }, true],
  ['eq', { $eq: ['$missing', null] }, false],
  ['exp', { $exp: 0 }, new Double(1)],
  ['filter', { $filter: { input: [1, 'a', 2, null], cond: { $isNumber: '$$this' } } }, [1, 2]],
  ['first', { $first: '$a' }, 1, { a: [1, 2] }],
  ['floor', { $floor: -2.8 }, new Double(-3)],
  ['getField', { $getField: { field: 'a.b', input: { $literal: { 'a.b': 5 } } } }, 5],
  ['gt', { $gt: ['a', 5] }, true],
  ['gte', { $gte: [250, 250] }, true],
  ['hour', { $hour: { date: new Date('2014-01-01T08:15:39.736Z'), timezone: '+0530' } }, 13],
  ['ifNull', { $ifNull: ['$description', 'Unspecified'] }, 'Unspecified', { description: null }],
  ['in', { $in: [2, [1, 2, 3]] }, true],
  ['indexOfArray', { $indexOfArray: [['a', 'abc', 'b'], 'b'] }, 2],
  ['indexOfBytes', { $indexOfBytes: ['cafétéria', 'é'] }, 3],
  ['indexOfCP', { $indexOfCP: ['cafétéria', 't'] }, 4],
  ['isArray', { $isArray: [['x']] }, true],
  ['isNumber', { $isNumber: DECIMAL('NaN') }, true],
  ['isoWeek', { $isoWeek: new Date('2016-01-04') }, 1],
  ['isoWeekYear', { $isoWeekYear: new Date('2016-01-01') }, Long.fromNumber(2015)],
  ['last', { $last: '$a' }, 2, { a: [1, 2] }],
  ['let', { $let: { vars: { x: 3 }, in: { $multiply: ['$$x', '$n'] } } }, 12, { n: 4 }],
  ['literal', { $literal: '$1' }, '$1'],
  ['ln', { $ln: 1 }, new Double(0)],
  ['log', { $log: [100, 10] }, new Double(2)],
  ['log10', { $log10: 1000 }, new Double(3)],
  ['lt', { $lt: ['$missing', null] }, true],
  ['lte', { $lte: [1, 1.5] }, true],
  ['ltrim', { $ltrim: { input: ' ggggoodbye', chars: ' gd' } }, 'oodbye'],
  ['map', { $map: { input: [5, 6], as: 'g', in: { $add: ['$$g', 2] } } }, [7, 8]],
  ['max', { $max: [1, 'x', 3] }, 'x'],
  ['mergeObjects', { $mergeObjects: [{ a: 1 }, { a: 2, b: 2 }, null] }, { a: 2, b: 2 }],
  ['min', { $min: [null, 4, 2] }, 2],
  ['mod', { $mod: [-7, 5] }, -2],
  ['multiply', { $multiply: [2147483647, 2] }, Long.fromString('4294967294')],
  ['ne', { $ne: [250, 300] }, true],
  ['not', { $not: [0] }, true],
  ['objectToArray', { $objectToArray: '$d' }, [{ k: 'length', v: 25 }], { d: { length: 25 } }],
  ['or', { $or: [null, 0, 'x'] }, true],
  ['pow', { $pow: [5, 2] }, 25],
  ['range', { $range: [10, 0, -3] }, [10, 7, 4, 1]],
  [
    'reduce',
    { $reduce: { input: ['a', 'b'], initialValue: '', in: { $concat: ['$$value', '$$this'] } } },
    'ab',
  ],
  [
    'regexFind',
    { $regexFind: { input: 'Simple Example', regex: /ex(am)/i } },
    { match: 'Exam', idx: 7, captures: ['am'] },
  ],
  ['regexMatch', { $regexMatch: { input: 'line\nLine', regex: '^l.*e$', options: 's' } }, true],
  ['replaceAll', { $replaceAll: { input: 'a.b.c', find: '.', replacement: '-' } }, 'a-b-c'],
  ['replaceOne', { $replaceOne: { input: 'a.b.c', find: '.', replacement: '-' } }, 'a-b.c'],
  ['reverseArray', { $reverseArray: [[1, 2, 3]] }, [3, 2, 1]],
  ['round', { $round: [new Double(2.5), 0] }, new Double(2)],
  ['round', { $round: [1234, -2] }, 1200],
  ['rtrim', { $rtrim: { input: 'good bye  ' } }, 'good bye'],
  [
    'setDifference',
    {
      $setDifference: [
        [1, 'a'],
        ['a', 'b'],
      ],
    },
    [1],
  ],
  [
    'setEquals',
    {
      $setEquals: [
        [1, 2, 1],
        [2, 1],
      ],
    },
    true,
  ],
  ['setField', { $setField: { field: 'x.y', input: '$$ROOT', value: 1 } }, { a: 1, 'x.y': 1 }, { a: 1 }],
  ['setIntersection', { $setIntersection: [['a', 'b'], ['b']] }, ['b']],
  ['setIsSubset', { $setIsSubset: [['a'], ['b', 'a']] }, true],
  ['setUnion', { $setUnion: [[1], [DECIMAL('1'), 2]] }, [1, 2]],
  ['size', { $size: '$a' }, 3, { a: [1, null, []] }],
  ['slice', { $slice: [[1, 2, 3], 1, 2] }, [2, 3]],
  ['sortArray', { $sortArray: { input: [3, 'a', 1], sortBy: 1 } }, [1, 3, 'a']],
  [
    'sortArray by a path',
    { $sortArray: { input: [{ a: { b: 2 } }, { a: { b: 1 } }], sortBy: { 'a.b': 1 } } },
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ],
  ['split', { $split: ['June-15-2013', '-'] }, ['June', '15', '2013']],
  ['sqrt', { $sqrt: 25 }, new Double(5)],
  ['strcasecmp', { $strcasecmp: ['13Q1', '13q4'] }, -1],
  ['strLenBytes', { $strLenBytes: 'cafétéria' }, 11],
  ['strLenCP', { $strLenCP: 'cafétéria' }, 9],
  ['substrBytes', { $substrBytes: ['cafétéria', 0, 5] }, 'café'],
  ['substrCP', { $substrCP: ['cafétéria', 3, 3] }, 'été'],
  ['subtract', { $subtract: [new Date(2000), new Date(500)] }, Long.fromNumber(1500)],
  ['sum', { $sum: [1, 'x', 2] }, 3],
  ['switch', { $switch: { branches: [{ case: { $eq: [1, 2] }, [THEN]: 'a' }], default: 'b' } }, 'b'],
  ['toBool', { $toBool: 'false' }, true],
  ['toDate', { $toDate: new ObjectId('5ab9c3da31c2ab715d421285') }, new Date('2018-03-27T04:08:58Z')],
  ['toDecimal', { $toDecimal: '-5.5' }, DECIMAL('-5.5')],
  ['toDouble', { $toDouble: true }, new Double(1)],
  ['toInt', { $toInt: DECIMAL('5.9') }, 5],
  ['toLong', { $toLong: '8' }, Long.fromNumber(8)],
  ['toLower', { $toLower: null }, ''],
  ['toObjectId', { $toObjectId: '5ab9cbfa31c2ab715d42129e' }, new ObjectId('5ab9cbfa31c2ab715d42129e')],
  ['toString', { $toString: new Date('2018-03-27T16:58:51.538Z') }, '2018-03-27T16:58:51.538Z'],
  ['toUpper', { $toUpper: 'abc' }, 'ABC'],
  ['trim', { $trim: { input: ' \n good  bye \t ' } }, 'good  bye'],
  ['trunc', { $trunc: [19.25, 1] }, new Double(19.2)],
  ['type', { $type: '$missing' }, 'missing'],
  ['unsetField', { $unsetField: { field: 'a', input: '$$ROOT' } }, { b: 2 }, { a: 1, b: 2 }],
  ['week', { $week: new Date('2016-01-04') }, 1],
  ['year', { $year: new Date('2014-01-01T08:15:39.736Z') }, 2014],
  [
    'zip',
    { $zip: { inputs: [['a', 'b'], [1]], useLongestLength: true, defaults: ['z', 0] } },
    [
      ['a', 1],
      ['b', 0],
    ],
  ],
];

const ORDERS: Plain[] = [
  { _id: 1, item: 'almonds', qty: 2, sizes: ['S', 'M'] },
  { _id: 2, item: 'pecans', qty: 1, sizes: [] },
  { _id: 3, item: 'almonds', qty: 5 },
];

/** Page, pipeline, and what it gives for the orders. */
const stages: [string, Plain[], Plain[]][] = [
  [
    'addFields',
    [{ $addFields: { 'a.b': '$qty' } }, { $project: { a: 1 } }, { $limit: 1 }],
    [{ _id: 1, a: { b: 2 } }],
  ],
  [
    'bucket',
    [{ $bucket: { groupBy: '$qty', boundaries: [0, 2, 10] } }],
    [
      { _id: 0, count: 1 },
      { _id: 2, count: 2 },
    ],
  ],
  ['count', [{ $match: { qty: { $gt: 1 } } }, { $count: 'n' }], [{ n: 2 }]],
  [
    'facet',
    [{ $facet: { few: [{ $limit: 1 }, { $project: { _id: 1 } }], n: [{ $count: 'n' }] } }],
    [{ few: [{ _id: 1 }], n: [{ n: 3 }] }],
  ],
  [
    'group',
    [{ $group: { _id: '$item', n: { $sum: '$qty' }, all: { $push: '$_id' } } }, { $sort: { _id: 1 } }],
    [
      { _id: 'almonds', n: 7, all: [1, 3] },
      { _id: 'pecans', n: 1, all: [2] },
    ],
  ],
  [
    'lookup',
    [
      { $match: { _id: 2 } },
      { $lookup: { from: 'stock', localField: 'item', foreignField: 'sku', as: 's' } },
      { $project: { s: 1 } },
    ],
    [{ _id: 2, s: [{ _id: 2, sku: 'pecans', instock: 70 }] }],
  ],
  [
    'project',
    [{ $project: { _id: 0, item: 1, twice: { $multiply: ['$qty', 2] } } }, { $limit: 1 }],
    [{ item: 'almonds', twice: 4 }],
  ],
  ['replaceRoot', [{ $replaceRoot: { newRoot: { i: '$item' } } }, { $limit: 1 }], [{ i: 'almonds' }]],
  ['skip', [{ $skip: 2 }, { $project: { _id: 1 } }], [{ _id: 3 }]],
  [
    'sort',
    [{ $sort: { item: -1, qty: -1 } }, { $project: { _id: 1 } }],
    [{ _id: 2 }, { _id: 3 }, { _id: 1 }],
  ],
  [
    'sortByCount',
    [{ $sortByCount: '$item' }],
    [
      { _id: 'almonds', count: 2 },
      { _id: 'pecans', count: 1 },
    ],
  ],
  ['unionWith', [{ $project: { _id: 1 } }, { $unionWith: 'stock' }, { $count: 'n' }], [{ n: 5 }]],
  ['unset', [{ $unset: ['item', 'sizes'] }, { $limit: 1 }], [{ _id: 1, qty: 2 }]],
  [
    'unwind',
    [{ $unwind: '$sizes' }, { $project: { sizes: 1 } }],
    [
      { _id: 1, sizes: 'S' },
      { _id: 1, sizes: 'M' },
    ],
  ],
  [
    'unwind',
    [
      { $unwind: { path: '$sizes', includeArrayIndex: 'at', preserveNullAndEmptyArrays: true } },
      { $skip: 2 },
      { $project: { at: 1 } },
    ],
    [
      { _id: 2, at: null },
      { _id: 3, at: null },
    ],
  ],
];

describe('an expression gives what its page says', () => {
  it.each(expressions)(`${MANUAL}%s/ for %j`, (_page, expression, expected, doc = {}) => {
    const [result] = run([{ $replaceWith: { r: expression } }], [doc]);
    expect(encodeBson(result ?? {})).toEqual(Buffer.from(serialize({ r: expected })));
  });
});

describe('a stage gives what its page says', () => {
  it.each(stages)(`${MANUAL}%s/ for %j`, (_page, pipeline, expected) => {
    expect(encodeBson({ r: run(pipeline, ORDERS) })).toEqual(Buffer.from(serialize({ r: expected })));
  });
});
