/** What commands hand to expressions, and documents that only a foreign client can have written. */
import { deserialize, serialize } from 'bson';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { decodeBson, encodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

describe('the time and let variables of a command', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase(inject('mongodbUri'));
    await database.db.collection('times').insertMany([
      { at: new Date(0), n: 1 },
      { at: new Date('9999-01-01'), n: 2 },
    ]);
  });
  afterAll(() => database.drop());

  // https://www.mongodb.com/docs/manual/reference/aggregation-variables/#mongodb-variable-variable.NOW
  it('reads $$NOW in filters, projections, updates, deletes and pipelines', async () => {
    const times = database.db.collection('times');
    const past = { $expr: { $lt: ['$at', '$$NOW'] } };

    expect(await times.countDocuments(past)).toBe(1);
    const found = await times.findOne(past, { projection: { _id: 0, isOver: { $lt: ['$at', '$$NOW'] } } });
    expect(found).toEqual({ isOver: true });
    const updated = await times.findOneAndUpdate(past, [{ $set: { seen: '$$NOW' } }], {
      returnDocument: 'after',
    });
    expect(updated?.['seen']).toBeInstanceOf(Date);
    expect(await times.deleteMany({ $expr: { $gt: ['$at', '$$NOW'] } })).toMatchObject({ deletedCount: 1 });
  });

  it('evaluates let over the time, and refuses a variable nobody gave', async () => {
    const times = database.db.collection('times');
    const given = { let: { limit: { $add: ['$$NOW', 1000] } } };

    expect(await times.find({ $expr: { $lt: ['$at', '$$limit'] } }, given).toArray()).toHaveLength(1);
    await expect(times.find({ $expr: { $lt: ['$at', '$$other'] } }, given).toArray()).rejects.toMatchObject({
      code: 17276,
    });
  });
});

describe('a field named like a mark of the client library', () => {
  it('is written and read as any other, at any depth', () => {
    const doc = {
      _id: 1,
      _bsontype: 'ObjectId',
      inner: [{ _bsontype: 'Int32', value: 'x' }],
      gone: undefined,
    };

    const bytes = encodeBson(doc);

    expect(deserialize(bytes, { promoteValues: false })).toEqual(decodeBson(bytes));
    expect(Object.keys(decodeBson(bytes))).toEqual(['_id', '_bsontype', 'inner']);
    expect(decodeBson(bytes)['inner']).toEqual([{ _bsontype: 'Int32', value: 'x' }]);
    expect(() => serialize(doc)).toThrow();
  });
});
