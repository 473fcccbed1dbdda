/** The fail points of MongoDB's own tests, and retries through them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestDatabase, type TestEngine, testDatabase } from '../../support/engine.ts';

describe('with test commands', () => {
  let engine: TestEngine;
  let database: TestDatabase;
  beforeAll(async () => {
    engine = await startTestEngine(['--setParameter', 'enableTestCommands=1']);
    database = await testDatabase(engine.uri);
  });
  afterAll(async () => {
    await database.drop();
    await engine.remove();
  });

  const failOn = (point: object) => database.client.db('admin').command(point);

  it.each([{}, { failBeforeCommitExceptionCode: 1 }])(
    'a write whose answer is lost happens once (%j)',
    async (data) => {
      const collection = database.db.collection<{ _id: number; n: number }>('c');
      await collection.deleteMany({});
      await collection.insertOne({ _id: 1, n: 0 });
      await failOn({ configureFailPoint: 'onPrimaryTransactionalWrite', mode: { times: 1 }, data });
      const result = await collection.updateOne({ _id: 1 }, { $inc: { n: 1 } });
      expect(result.modifiedCount).toBe(1);
      expect(await collection.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1 });
    },
  );

  it('fails the commands it names, as often as it says, with labels for retries', async () => {
    const data = { failCommands: ['insert'], errorCode: 91 };
    await failOn({ configureFailPoint: 'failCommand', mode: { times: 2 }, data });
    const collection = database.db.collection('d');
    await expect(collection.insertOne({ a: 1 })).rejects.toMatchObject({ code: 91 });
    await collection.insertOne({ a: 2 });
    expect(await collection.countDocuments({})).toBe(1);
  });

  it('closes the connection after a batch whose statements are all done', async () => {
    const collection = database.db.collection<{ _id: number }>('batch');
    await failOn({ configureFailPoint: 'onPrimaryTransactionalWrite', mode: 'alwaysOn' });
    try {
      const { insertedCount } = await collection.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
      expect(insertedCount).toBe(3);
    } finally {
      await failOn({ configureFailPoint: 'onPrimaryTransactionalWrite', mode: 'off' });
    }
    expect(await collection.countDocuments({})).toBe(3);
  });

  it('makes commands with a time limit run into it, and no others', async () => {
    const collection = database.db.collection('timed');
    await failOn({ configureFailPoint: 'maxTimeAlwaysTimeOut', mode: 'alwaysOn' });
    try {
      await expect(collection.findOne({}, { maxTimeMS: 1000 })).rejects.toMatchObject({ code: 50 });
      expect(await collection.findOne({})).toBeNull();
    } finally {
      await failOn({ configureFailPoint: 'maxTimeAlwaysTimeOut', mode: 'off' });
    }
    expect(await collection.findOne({}, { maxTimeMS: 1000 })).toBeNull();
  });

  it('refuses a fail point it does not know', async () => {
    await expect(failOn({ configureFailPoint: 'other', mode: 'alwaysOn' })).rejects.toMatchObject({
      code: 2,
    });
  });
});
