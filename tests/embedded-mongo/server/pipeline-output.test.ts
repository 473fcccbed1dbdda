/** Pipelines that write, and pipelines that start without a collection. */
import { type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startEmbedded } from '../../../src/embedded-mongo/start.ts';
import { ENGINE_BINARY, startTestEngine, type TestDatabase, testDatabase } from '../../support/engine.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase(inject('mongodbUri'));
});
afterAll(() => database.drop());

type Numbered = { _id: number; [field: string]: unknown };

const source = () => database.db.collection<Numbered>('source');
const target = () => database.db.collection<Numbered>('target');
const stored = () => target().find().sort({ _id: 1 }).toArray();

beforeEach(async () => {
  await source().deleteMany({});
  await source().insertMany([
    { _id: 1, n: 10 },
    { _id: 2, n: 20 },
  ]);
  await target()
    .drop()
    .catch(() => undefined);
});

// https://www.mongodb.com/docs/manual/reference/operator/aggregation/out/
describe('$out', () => {
  it('replaces the collection, keeps its indexes, and answers with nothing', async () => {
    await target().insertOne({ _id: 9, n: 0 });
    await target().createIndex({ n: 1 }, { unique: true, name: 'n' });

    const answer = await source()
      .aggregate([{ $match: { _id: 2 } }, { $out: 'target' }])
      .toArray();

    expect(answer).toEqual([]);
    expect(await stored()).toEqual([{ _id: 2, n: 20 }]);
    expect((await target().indexes()).map(({ name }) => name)).toEqual(['_id_', 'n']);
    expect(await target().countDocuments({ n: 20 }, { hint: 'n' })).toBe(1);
  });

  it('changes nothing when a unique index refuses a document', async () => {
    await target().insertOne({ _id: 9, same: 0 });
    await target().createIndex({ same: 1 }, { unique: true });

    const writing = source()
      .aggregate([{ $set: { same: 1 } }, { $out: 'target' }])
      .toArray();

    await expect(writing).rejects.toMatchObject({ code: 11000 });
    expect(await stored()).toEqual([{ _id: 9, same: 0 }]);
  });

  it('writes into another database, and makes the collection also for no document', async () => {
    const other = `${database.name}_o`;
    await source()
      .aggregate([{ $match: { _id: 7 } }, { $out: { db: other, coll: 'empty' } }])
      .toArray();
    const made = await database.client.db(other).listCollections().toArray();
    await database.client.db(other).dropDatabase();

    expect(made.map(({ name }) => name)).toEqual(['empty']);
  });

  it('writes nothing for a reader who wants it linearizable', async () => {
    const options = { readConcern: { level: 'linearizable' as const } };
    await expect(
      source()
        .aggregate([{ $out: 'target' }], options)
        .toArray(),
    ).rejects.toMatchObject({ code: 72 });
    expect(await stored()).toEqual([]);
  });

  it('stands last and nowhere else', async () => {
    const early = source()
      .aggregate([{ $out: 'target' }, { $match: {} }])
      .toArray();
    const within = source()
      .aggregate([{ $facet: { a: [{ $out: 'target' }] } }])
      .toArray();

    await expect(early).rejects.toMatchObject({ code: 40601 });
    await expect(within).rejects.toMatchObject({ code: 40600 });
    expect(await stored()).toEqual([]);
  });
});

// https://www.mongodb.com/docs/manual/reference/operator/aggregation/merge/
describe('$merge', () => {
  const merge = (spec: Document) =>
    source()
      .aggregate([{ $merge: { into: 'target', ...spec } }])
      .toArray();

  beforeEach(async () => {
    await target().insertOne({ _id: 1, n: 1, kept: true });
  });

  it.each<[Document, Document[]]>([
    [
      {},
      [
        { _id: 1, n: 10, kept: true },
        { _id: 2, n: 20 },
      ],
    ],
    [
      { whenMatched: 'replace' },
      [
        { _id: 1, n: 10 },
        { _id: 2, n: 20 },
      ],
    ],
    [
      { whenMatched: 'keepExisting' },
      [
        { _id: 1, n: 1, kept: true },
        { _id: 2, n: 20 },
      ],
    ],
    [{ whenNotMatched: 'discard' }, [{ _id: 1, n: 10, kept: true }]],
    [
      { whenMatched: [{ $set: { n: { $add: ['$n', '$$new.n', '$$plus'] } } }], let: { plus: '$_id' } },
      [
        { _id: 1, n: 12, kept: true },
        { _id: 2, n: 20 },
      ],
    ],
  ])('with %j leaves %j', async (spec, expected) => {
    await merge(spec);
    expect(await stored()).toEqual(expected);
  });

  it('fails where it says so, naming key and value', async () => {
    await expect(merge({ whenMatched: 'fail' })).rejects.toMatchObject({
      code: 11000,
      errorResponse: { keyPattern: { _id: 1 }, keyValue: { _id: 1 } },
    });
    await expect(merge({ whenNotMatched: 'fail' })).rejects.toMatchObject({ code: 13113 });
  });

  it('joins on other fields only where a unique index stands behind them', async () => {
    await expect(merge({ on: 'n' })).rejects.toMatchObject({ code: 51183 });
    await target().createIndex({ n: 1 }, { unique: true });
    await target().insertOne({ _id: 5, n: 20, five: true });
    await source()
      .aggregate([{ $project: { _id: 0, n: 1, seen: '$_id' } }, { $merge: { into: 'target', on: 'n' } }])
      .toArray();

    const found = await target().findOne({ n: 20 });
    expect(found).toEqual({ _id: 5, n: 20, five: true, seen: 2 });
    await expect(
      source()
        .aggregate([{ $unset: 'n' }, { $merge: { into: 'target', on: 'n' } }])
        .toArray(),
    ).rejects.toMatchObject({ code: 51132 });
  });

  it('may go into the collection it reads, each document once', async () => {
    await source()
      .aggregate([{ $set: { _id: { $add: ['$_id', 10] } } }, { $merge: 'source' }])
      .toArray();
    expect(await source().distinct('_id')).toEqual([1, 2, 11, 12]);
  });
});

// https://www.mongodb.com/docs/manual/reference/method/db.aggregate/
describe('a pipeline over the database', () => {
  it('starts with documents or sessions, and not with a stage that needs a collection', async () => {
    const given = [{ $documents: [{ a: 1 }, { a: '$$x' }] }, { $match: { a: { $gt: 1 } } }];
    expect(await database.db.aggregate(given, { let: { x: 2 } }).toArray()).toEqual([{ a: 2 }]);
    expect((await database.db.aggregate([{ $listLocalSessions: {} }, { $limit: 1 }]).toArray()).length).toBe(
      1,
    );
    await expect(database.db.aggregate([{ $match: {} }]).toArray()).rejects.toMatchObject({ code: 73 });
    await expect(
      source()
        .aggregate([{ $documents: [] }])
        .toArray(),
    ).rejects.toMatchObject({ code: 73 });
  });
});

// https://www.mongodb.com/docs/manual/reference/command/update/
it('a wrong statement fails the command before any other is run', async () => {
  const updates = [
    { q: { _id: 1 }, u: { $set: { n: 99 } } },
    { q: { _id: 2 }, u: { $set: { n: 99 } }, sort: { _id: 1 } },
  ];
  await expect(database.db.command({ update: 'source', updates })).rejects.toMatchObject({ code: 40415 });
  expect(await source().countDocuments({ n: 99 })).toBe(0);
});

it('what $out and $merge wrote is there after a restart', async () => {
  const engine = await startTestEngine();
  const client = await MongoClient.connect(engine.uri);
  const db = client.db('kept');
  await db.collection<Numbered>('source').insertMany([{ _id: 1 }, { _id: 2 }]);
  await db.collection<Numbered>('target').insertOne({ _id: 9 });
  await db.collection('target').createIndex({ n: 1 });
  await db
    .collection('source')
    .aggregate([{ $set: { n: 5 } }, { $out: 'target' }])
    .toArray();
  await db
    .collection('source')
    .aggregate([{ $merge: 'merged' }])
    .toArray();
  await client.close();
  await engine.stop();

  const again = await startEmbedded({ binaryPath: ENGINE_BINARY, dataDir: engine.dataDir });
  const second = await MongoClient.connect(again.uri);
  const found = await second
    .db('kept')
    .collection('target')
    .find({ n: 5 }, { hint: { n: 1 } })
    .toArray();
  const merged = await second.db('kept').collection('merged').countDocuments({});
  await second.close();
  await again.stop();

  expect(found.map(({ _id }) => Number(_id))).toEqual([1, 2]);
  expect(merged).toBe(2);
});
