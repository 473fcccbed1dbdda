/** What the server says when it refuses, word for word: clients and their users read it. */
import { Binary, type Document, Double, MinKey, Timestamp, UUID } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

type Case = readonly [what: string, command: Document, code: number, message: RegExp | string];

const RUNNING = 'PlanExecutor error during aggregation :: caused by :: ';
const CONSTANT = 'Failed to optimize pipeline :: caused by :: ';

const aggregate = (...pipeline: Document[]): Document => ({ aggregate: 'things', pipeline, cursor: {} });
const project = (expression: unknown): Document => aggregate({ $project: { x: expression } });
const index = (key: Document, name: string, options: Document = {}): Document => ({
  createIndexes: 'things',
  indexes: [{ key, name, ...options }],
});
const findAndModify = (update: Document): Document => ({
  findAndModify: 'things',
  query: { _id: 1 },
  update,
});
const bucket = (more: Document): Document =>
  aggregate({ $bucket: { groupBy: '$_id', boundaries: [0, 400], ...more } });

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase(inject('mongodbUri'));
  const things = database.db.collection<{ _id: number; n: number; twin: string }>('things');
  await things.insertMany([
    { _id: 1, n: 5, twin: 'b' },
    { _id: 2, n: 0, twin: 'b' },
  ]);
  await things.createIndex({ n: 1 }, { unique: true });
});
afterAll(() => database.drop());

const CASES: readonly Case[] = [
  [
    'an expression that fails at a document',
    project({ $objectToArray: '$n' }),
    40390,
    `${RUNNING}$objectToArray requires a document input, found: int`,
  ],
  [
    'an expression of constants that fails',
    project({ $arrayToObject: 'text' }),
    40386,
    `${CONSTANT}$arrayToObject requires an array input, found: string`,
  ],
  [
    'a wrong $project',
    project({ $substrCP: 'abc' }),
    16020,
    'Invalid $project :: caused by :: Expression $substrCP takes exactly 3 arguments. 1 were passed in.',
  ],
  [
    'a wrong $set',
    aggregate({ $set: { x: '$a.' } }),
    40353,
    "Invalid $set :: caused by :: FieldPath must not end with a '.'.",
  ],
  [
    'a new root that is no document',
    aggregate({ $match: { _id: 1 } }, { $replaceRoot: { newRoot: '$n' } }),
    40228,
    `${RUNNING}'newRoot' expression must evaluate to an object, but resulting value was: 5. Type of ` +
      `resulting value: 'int'. Input document: {_id: 1, n: 5, twin: "b"}`,
  ],
  [
    'a range that is not whole',
    project({ $range: [0, 1.5] }),
    34446,
    `${CONSTANT}$range requires a ending value that can be represented as a 32-bit integer, found value: 1.5`,
  ],
  [
    'a set of something else',
    project({ $setDifference: [[1], 'a'] }),
    17049,
    `${CONSTANT}both operands of $setDifference must be arrays. Second argument is of type: string`,
  ],
  [
    'a start that is no number',
    project({ $substr: ['abc', 'abc', 3] }),
    16034,
    `${CONSTANT}$substrBytes:  starting index must be a numeric type (is BSON type string)`,
  ],
  [
    'a pipeline that is none',
    { aggregate: 'things', pipeline: 123, cursor: {} },
    14,
    "'pipeline' option must be specified as an array",
  ],
  [
    'a stage that is none',
    { aggregate: 'things', pipeline: [1], cursor: {} },
    14,
    "Each element of the 'pipeline' array must be an object",
  ],
  [
    'a bucket nothing falls into',
    bucket({ boundaries: [100, 200] }),
    40066,
    `${RUNNING}$switch could not find a matching branch for an input, and no default was specified.`,
  ],
  [
    'a default among the buckets',
    bucket({ default: 200 }),
    40199,
    "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the " +
      'highest boundary.',
  ],
  [
    'buckets out of order',
    bucket({ boundaries: [0, 400, 200] }),
    40194,
    "The 'boundaries' option to $bucket must be sorted, but elements 1 and 2 are not in ascending order " +
      '(400 is not less than 200).',
  ],
  [
    'buckets of two types',
    bucket({ boundaries: ['abc', 123] }),
    40193,
    "All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting types " +
      'string and int.',
  ],
  [
    'a let that is no document',
    aggregate({ $lookup: { from: 'others', let: 'abc', pipeline: [], as: 'x' } }),
    9,
    `$lookup argument 'let: "abc"' must be an object, is type string`,
  ],
  [
    'a change of _id by findAndModify',
    findAndModify({ $inc: { _id: 1 } }),
    66,
    "Plan executor error during findAndModify :: caused by :: Performing an update on the path '_id' would " +
      "modify the immutable field '_id'",
  ],
  [
    'an index to drop that is not there',
    { dropIndexes: 'things', index: { z: 1 } },
    27,
    "can't find index with key: { z: 1 }",
  ],
  [
    'an index name that is taken',
    index({ n: 1 }, 'n_1', { unique: true, sparse: true }),
    86,
    /^An existing index has the same name as the requested index\. .* Requested index: \{ v: 2, unique: true, key: \{ n: 1 \}, name: "n_1", sparse: true \}, existing index: \{ v: 2, unique: true, key: \{ n: 1 \}, name: "n_1" \}$/,
  ],
  [
    'an index that documents contradict',
    index({ twin: 1 }, 'twin_1', { unique: true }),
    11000,
    /^Index build failed: [0-9a-f-]{36}: Collection \S+\.things \( [0-9a-f-]{36} \) :: caused by :: E11000 duplicate key error collection: \S+\.things index: twin_1 dup key: \{ twin: "b" \}$/,
  ],
  [
    'a collection to validate that is not there',
    { validate: 'none' },
    26,
    /^Collection '\S+\.none' does not exist to validate\.$/,
  ],
  [
    'a write to a system collection',
    { delete: 'system.other', deletes: [{ q: {}, limit: 0 }] },
    73,
    /^Invalid system namespace: \S+\.system\.other$/,
  ],
  [
    'a projection under a path that is kept whole',
    { find: 'things', projection: { 'a.b': 1, 'a.b.c.d': 1 } },
    31249,
    'Path collision at a.b.c.d remaining portion b.c.d',
  ],
  [
    'a $slice that neither find nor expressions know',
    { find: 'things', projection: { a: { $slice: 'abc' } } },
    28667,
    'Invalid $slice syntax. The given syntax { $slice: "abc" } did not match the find() syntax because :: ' +
      'Location31273: $slice only supports numbers and [skip, limit] arrays :: The given syntax did not match ' +
      'the expression $slice syntax. :: caused by :: Expression $slice takes at least 2 arguments, and at most ' +
      '3, but 1 were passed in.',
  ],
  [
    'a $type of nothing',
    { find: 'things', filter: { 'a.b': { $type: [] } } },
    9,
    'a.b must match at least one type',
  ],
  [
    'a reference without an id',
    { find: 'things', filter: { a: { $ref: 'others' } } },
    2,
    'unknown operator: $ref',
  ],
];

/** What an update of the document `{ _id: 1, n: 5, twin: 'b' }` says. */
const UPDATES: readonly Case[] = [
  [
    'a replacement with another _id',
    { _id: 2, n: 1 },
    66,
    "After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2",
  ],
  [
    'a name with a dollar',
    { $set: { $z: 1 } },
    52,
    "The dollar ($) prefixed field '$z' in '$z' is not allowed in the context of an update's replacement " +
      'document. Consider using an aggregation pipeline with $replaceWith.',
  ],
  [
    'a date of no type',
    { $currentDate: { at: { $type: 'foo' } } },
    2,
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  ],
  [
    'a path that begins with a filter',
    { $set: { '$[one]': 1 } },
    2,
    "Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '$[one]'",
  ],
  [
    'a rename of what lies in a number',
    { $rename: { 'n.b': 'c' } },
    28,
    'cannot use the part (n of n.b) to traverse the element ({n: 5})',
  ],
];

describe('a refused update is in the words of MongoDB', () => {
  it.each(UPDATES)('%s', async (_, u, code, message) => {
    const { writeErrors } = await database.db.command({ update: 'things', updates: [{ q: { _id: 1 }, u }] });

    expect(writeErrors).toMatchObject([{ code, errmsg: message }]);
  });

  it('but names with a dollar may be taken away', async () => {
    const things = database.db.collection('things');

    expect(await things.updateOne({ n: 5 }, { $unset: { $z: 1 } })).toMatchObject({ matchedCount: 1 });
  });

  it('names the element that an update of all elements stopped at', async () => {
    const lists = database.db.collection<{ _id: number; list: number[][][] }>('lists');
    await lists.insertOne({ _id: 1, list: [[[1]]] });

    await expect(lists.updateOne({ _id: 1 }, { $inc: { 'list.$[].$[]': 1 } })).rejects.toThrow(
      "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field '0' of non-numeric type array",
    );
  });

  it('names the later path first where two would be set by an upsert', async () => {
    const filter = { $and: [{ sub: 1 }, { 'sub.key': 2 }] };

    await expect(
      database.db.collection('things').updateOne(filter, { $set: { x: 1 } }, { upsert: true }),
    ).rejects.toThrow("cannot infer query fields to set, both paths 'sub.key' and 'sub' are matched");
  });
});

describe('a key that is there already', () => {
  const SHOWN: readonly (readonly [unknown, string])[] = [
    [new UUID('00000000-0000-0000-0000-000000000001'), 'UUID("00000000-0000-0000-0000-000000000001")'],
    [new Binary(Buffer.from('202122', 'hex')), 'BinData(0, 202122)'],
    [new Binary(Buffer.from('a2ff', 'hex'), 3), 'BinData(3, A2FF)'],
    [new Timestamp({ t: 1, i: 2 }), 'Timestamp(1, 2)'],
    [new MinKey(), 'MinKey'],
    [new Double(1), '1.0'],
    [new Double(-0), '-0.0'],
  ];

  it.each(SHOWN)('is shown as MongoDB shows it: %o', async (_id, shown) => {
    const keys = database.db.collection<{ _id: unknown }>('keys');
    await keys.deleteMany({});
    await keys.insertOne({ _id });

    await expect(keys.insertOne({ _id })).rejects.toThrow(`index: _id_ dup key: { _id: ${shown} }`);
  });
});

describe('a refusal is in the words of MongoDB', () => {
  it.each(CASES)('%s', async (_, command, code, message) => {
    const error: unknown = await database.db.command(command).catch((given: unknown) => given);

    expect(error).toMatchObject({ code });
    const said = error instanceof Error ? error.message : '';
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});

describe('indexes that differ in what is unique or sparse', () => {
  it('exist beside each other under two names', async () => {
    const both = database.db.collection('both');
    await both.createIndex({ a: 1 }, { name: 'plain' });
    await both.createIndex({ a: 1 }, { name: 'unique', unique: true });
    await both.createIndex({ a: 1 }, { name: 'sparse', unique: true, sparse: true });

    expect((await both.listIndexes().toArray()).map((each) => each.name)).toEqual([
      '_id_',
      'plain',
      'unique',
      'sparse',
    ]);
  });
});

describe('a read concern that one member fulfils', () => {
  it.each(['local', 'available', 'majority', 'linearizable'])('%s is taken', async (level) => {
    const found = await database.db.command({ find: 'things', filter: { _id: 1 }, readConcern: { level } });

    expect(found['cursor'].firstBatch).toHaveLength(1);
  });
});

describe('what tells about the server', () => {
  it('counts the open cursors and knows the machine and the caller', async () => {
    const cursor = database.db.collection('things').find().batchSize(1);
    await cursor.next();
    const status = await database.db.command({ serverStatus: 1 });
    expect(status['metrics'].cursor.open.total).toBeGreaterThanOrEqual(1);
    await cursor.close();

    expect((await database.db.command({ whatsmyuri: 1 }))['you']).toMatch(/^[\d.]+:\d+$/);
    expect(Object.keys(await database.db.command({ hostInfo: 1 }))).toEqual(
      expect.arrayContaining(['system', 'os', 'extra']),
    );
    const missing = await database.db.command({ collStats: 'nothing' });
    expect(missing).toMatchObject({ count: 0, size: 0 });
    expect(missing).not.toHaveProperty('avgObjSize');
  });

  it('begins listings with what they are', async () => {
    const { cursor } = await database.db.command({ listCollections: 1, filter: { name: 'things' } });

    expect(Object.keys(cursor)).toEqual(['id', 'ns', 'firstBatch']);
    expect(cursor.firstBatch[0].info.uuid.toString()).toMatch(/^[0-9a-f-]{36}$/);
  });
});
