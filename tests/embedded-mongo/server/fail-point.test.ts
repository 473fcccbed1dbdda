/** The fail points of MongoDB's own tests, and retries through them. */
import { MongoClient } from 'mongodb';
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

  it.each([
    { errorCode: 10107 },
    { errorCode: 91 },
    { writeConcernError: { code: 91, errmsg: 'going' } },
    { writeConcernError: { code: 189, errmsg: 'stepped down' } },
  ])(
    'a client that is told %j goes on at once: it hears of the set before its heartbeat',
    async (failure) => {
      const client = await MongoClient.connect(engine.uri, { serverSelectionTimeoutMS: 5000 });
      try {
        const data = { failCommands: ['insert'], ...failure, errorLabels: ['RetryableWriteError'] };
        await failOn({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });
        const { acknowledged } = await client.db(database.name).collection('going').insertOne({});
        expect(acknowledged).toBe(true);
      } finally {
        await client.close();
      }
    },
  );

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

  it('strikes the first greeting of the application it names, and no other', async () => {
    const data = { failCommands: ['isMaster', 'hello'], closeConnection: true, appName: 'victim' };
    await failOn({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
    try {
      const victim = { appName: 'victim', serverSelectionTimeoutMS: 200 };
      await expect(MongoClient.connect(engine.uri, victim)).rejects.toThrow();
      await (await MongoClient.connect(engine.uri, { appName: 'bystander' })).close();
    } finally {
      await failOn({ configureFailPoint: 'failCommand', mode: 'off' });
    }
  });

  it('strikes one namespace when it names one', async () => {
    const namespace = `${database.name}.struck`;
    const data = { failCommands: ['insert'], errorCode: 8, namespace };
    await failOn({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data });
    try {
      await database.db.collection('spared').insertOne({});
      await expect(database.db.collection('struck').insertOne({})).rejects.toMatchObject({ code: 8 });
    } finally {
      await failOn({ configureFailPoint: 'failCommand', mode: 'off' });
    }
  });

  it('fails a getMore whose cursor is there, and one whose cursor has a time limit', async () => {
    const collection = database.db.collection<{ _id: number }>('more');
    await collection.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    const names = ['failGetMoreAfterCursorCheckout', 'maxTimeAlwaysTimeOut'];
    for (const [at, code] of [43, 50].entries()) {
      const cursor = collection.find({}, { batchSize: 1, maxTimeMS: 60_000 });
      expect(await cursor.next()).toEqual({ _id: 1 });
      const data = at === 0 ? { errorCode: code } : {};
      await failOn({ configureFailPoint: names[at], mode: { times: 1 }, data });
      await expect(cursor.next()).rejects.toMatchObject({ code });
    }
  });

  it('refuses a fail point it does not know', async () => {
    await expect(failOn({ configureFailPoint: 'other', mode: 'alwaysOn' })).rejects.toMatchObject({
      code: 2,
    });
  });
});
