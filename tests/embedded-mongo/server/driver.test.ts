/** The MongoDB driver, unchanged, against the engine as the suite runs it. */
import { Double, Long, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

describe('the driver on the engine', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase(inject('mongodbUri'));
  });
  afterAll(() => database.drop());

  it('stores a document and gives the same one back', async () => {
    const collection = database.db.collection('round');
    const doc = {
      name: 'Asha',
      big: Long.fromString('9007199254740993'),
      at: new Date(5),
      list: [1, { a: null }],
    };
    const { insertedId } = await collection.insertOne(doc);
    const found = await collection.findOne({ _id: insertedId }, { promoteLongs: false });
    expect(found).toEqual({ _id: insertedId, ...doc });
    expect(Object.keys(found ?? {})[0]).toBe('_id');
  });

  /** A driver of another language took an answer whose `ok` was an int for one that was cut off. */
  it.each([{ ping: 1 }, { insert: 'oks', documents: [{}] }, { find: 'oks' }, { dropDatabase: 1 }])(
    'says ok as a double to %o',
    async (command) => {
      const answer = await database.db.command(command, { promoteValues: false });
      expect(answer['ok']).toEqual(new Double(1));
    },
  );

  /** https://www.mongodb.com/docs/manual/reference/command/validate/ */
  it('holds the indexes of a collection against its documents', async () => {
    const collection = database.db.collection<{ a: number[] }>('validated');
    await collection.createIndex({ a: 1 });
    await collection.insertMany([{ a: [1, 2, 2] }, { a: [] }]);
    await collection.updateOne({ a: 1 }, { $push: { a: 3 } });
    expect(await database.db.command({ validate: 'validated' })).toMatchObject({
      valid: true,
      nrecords: 2,
      keysPerIndex: { _id_: 2, a_1: 4 },
      errors: [],
    });
  });

  /** https://www.mongodb.com/docs/manual/reference/command/createIndexes/ */
  it('takes the index options that MongoDB no longer heeds, and sees no other index in them', async () => {
    const collection = database.db.collection('heeded');
    await collection.createIndex({ a: 1 }, { background: true });
    await collection.createIndex({ a: 1 });
    await database.db.command({
      createIndexes: 'heeded',
      indexes: [{ key: { b: 1 }, name: 'b', unique: true, dropDups: true }],
    });
    expect(await collection.indexes()).toMatchObject([
      { name: '_id_' },
      { name: 'a_1', background: true },
      { name: 'b', unique: true },
    ]);
  });

  it('refuses a second document with the same unique key and changes nothing', async () => {
    const collection = database.db.collection<{ a: number; b?: number }>('unique');
    await collection.createIndex({ a: 1 }, { unique: true });
    await collection.insertOne({ a: 1 });
    const error = await collection.insertOne({ a: 1, b: 2 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MongoServerError);
    expect(error).toMatchObject({ code: 11000, keyPattern: { a: 1 }, keyValue: { a: 1 } });
    expect(await collection.countDocuments({})).toBe(1);
  });

  it('writes all it can of an unordered batch and names each duplicate', async () => {
    const collection = database.db.collection<{ _id: number }>('unordered');
    await collection.insertOne({ _id: 2 });
    const error = await collection
      .insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }], { ordered: false })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 11000, writeErrors: [{ index: 1 }] });
    expect(
      await collection
        .find()
        .sort({ _id: 1 })
        .map((doc) => doc._id)
        .toArray(),
    ).toEqual([1, 2, 3]);
  });

  it('refuses what nests deeper than 180 levels, on insert and on update, and takes 180', async () => {
    const collection = database.db.collection<{ _id: number; d?: object }>('deep');
    const nested = (levels: number): object => (levels === 1 ? { end: 1 } : { n: nested(levels - 1) });
    await collection.insertOne({ _id: 1, d: nested(179) });
    await expect(collection.insertOne({ _id: 2, d: nested(180) })).rejects.toMatchObject({ code: 15 });
    const deeper = collection.updateOne({ _id: 1 }, { $set: { d: { more: nested(179) } } });
    await expect(deeper).rejects.toMatchObject({ code: 15 });
    expect(await collection.find({}, { projection: { _id: 1 } }).toArray()).toEqual([{ _id: 1 }]);
  });

  it('refuses a result that is larger than a document may be', async () => {
    const collection = database.db.collection('large');
    await collection.insertMany(Array.from({ length: 18 }, () => ({ text: 'x'.repeat(1_000_000) })));
    const all = collection.aggregate([{ $group: { _id: null, texts: { $push: '$text' } } }]).toArray();
    await expect(all).rejects.toMatchObject({ code: 10334 });
    await collection.drop();
  });

  it('keeps one database from another that differs by case alone', async () => {
    await database.db.collection('here').insertOne({});
    const other = database.client.db(database.name.toUpperCase()).collection('there').insertOne({});
    await expect(other).rejects.toMatchObject({ code: 13297 });
  });

  it('refuses other options for an index that exists, under its name and under another', async () => {
    const collection = database.db.collection('options');
    await collection.createIndex({ at: 1 }, { expireAfterSeconds: 60, name: 'at' });
    const changed = collection.createIndex({ at: 1 }, { expireAfterSeconds: 5, name: 'at' });
    await expect(changed).rejects.toMatchObject({ code: 85 });
    const renamed = collection.createIndex({ at: 1 }, { expireAfterSeconds: 60, name: 'other' });
    await expect(renamed).rejects.toMatchObject({ code: 85 });
    await expect(collection.createIndex({ b: 1 }, { name: 'at' })).rejects.toMatchObject({ code: 86 });
  });

  it('gives every document once through a cursor of many batches', async () => {
    const collection = database.db.collection<{ _id: number }>('batches');
    await collection.insertMany(Array.from({ length: 1000 }, (_, _id) => ({ _id })));
    const seen: number[] = [];
    for await (const doc of collection.find().batchSize(7)) seen.push(doc._id);
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, id) => id));
  });

  it('evaluates the variables of let as expressions', async () => {
    const collection = database.db.collection<{ _id: number; x: number; y?: string }>('let');
    await collection.insertMany([
      { _id: 1, x: 1 },
      { _id: 2, x: 3 },
    ]);
    const options = { let: { limit: { $add: [1, 1] }, word: { $literal: '$x' } } };
    const update = [{ $set: { y: '$$word' } }];
    await collection.updateMany({ $expr: { $gt: ['$x', '$$limit'] } }, update, options);
    expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, x: 1 },
      { _id: 2, x: 3, y: '$x' },
    ]);
  });
});
