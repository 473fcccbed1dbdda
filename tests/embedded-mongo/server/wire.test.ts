/** Bytes on the wire: framing, retries, cursors, limits, and answers MongoDB would give. */
import { Long, UUID } from 'bson';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestDatabase, type TestEngine, testDatabase } from '../../support/engine.ts';
import { WireClient } from '../../support/wire-client.ts';

describe('on the wire', () => {
  let engine: TestEngine;
  let database: TestDatabase;
  let wire: WireClient;
  let $db: string;

  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.remove());
  beforeEach(async () => {
    database = await testDatabase(engine.uri);
    $db = database.name;
    wire = await WireClient.connect(Number(new URL(engine.uri).port));
  });
  afterEach(async () => {
    wire.close();
    await database.drop();
  });

  const nested = (levels: number): object => (levels === 0 ? {} : { n: nested(levels - 1) });
  const lsid = { id: new UUID() };
  const numbers = (n: number): { _id: number }[] => Array.from({ length: n }, (_, _id) => ({ _id }));

  it('takes documents as a section of their own and a checksum behind them', async () => {
    const answer = await wire.command(
      { insert: 'c', $db },
      { flags: 1, trailer: Buffer.alloc(4), sequence: { name: 'documents', documents: numbers(3) } },
    );
    expect(answer).toMatchObject({ ok: 1, n: 3 });
  });

  it('gives no answer to a message that wants none, but does what it says', async () => {
    wire.send({ insert: 'c', documents: [{ _id: 1 }], $db, writeConcern: { w: 0 } }, { flags: 2 });
    expect(await wire.command({ count: 'c', $db })).toMatchObject({ ok: 1, n: 1 });
  });

  it('hangs up on bytes that are no message', async () => {
    wire.sendRaw(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await wire.closed();
  });

  it('answers a repeated write from memory and refuses an older number', async () => {
    const write = (n: number) => ({
      update: 'c',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }],
      $db,
      lsid,
      txnNumber: Long.fromNumber(n),
    });
    const first = await wire.command(write(5));
    expect(first).toMatchObject({ ok: 1, n: 1, upserted: [{ index: 0, _id: 1 }] });
    const { $clusterTime: _, ...told } = first;
    expect(await wire.command(write(5))).toMatchObject(told);
    expect(await wire.command(write(6))).toMatchObject({ n: 1, nModified: 1 });
    expect(await wire.command(write(5))).toMatchObject({ ok: 0, code: 225 });
    expect(await database.db.collection('c').findOne({})).toEqual({ _id: 1, n: 2 });
  });

  it('repeats only the statements of a batch that had not happened', async () => {
    const insert = (documents: object[]) => ({
      insert: 'c',
      documents,
      $db,
      txnNumber: Long.ONE,
    });
    const session = { id: new UUID() };
    const half = await wire.command({ ...insert([{ _id: 1 }, { _id: 2 }]), lsid: session });
    expect(half).toMatchObject({ n: 2 });
    const again = await wire.command({ ...insert([{ _id: 1 }, { _id: 2 }, { _id: 3 }]), lsid: session });
    expect(again).toMatchObject({ ok: 1, n: 3 });
    expect(again['writeErrors']).toBeUndefined();
    expect(await database.db.collection('c').countDocuments({})).toBe(3);
  });

  it('keeps a cursor until it is killed or its session ends', async () => {
    await database.db.collection<{ _id: number }>('c').insertMany(numbers(10));
    const open = () => wire.command({ find: 'c', batchSize: 2, $db, lsid });
    const raw = (id: unknown) => (id instanceof Long ? id : Long.fromBigInt(BigInt(String(id))));
    const first = await open();
    const id = raw(first['cursor'].id);
    const next = await wire.command({ getMore: id, collection: 'c', batchSize: 3, $db, lsid });
    expect(next['cursor'].nextBatch).toEqual([{ _id: 2 }, { _id: 3 }, { _id: 4 }]);
    expect(await wire.command({ killCursors: 'c', cursors: [id], $db })).toMatchObject({
      cursorsKilled: [id],
    });
    expect(await wire.command({ getMore: id, collection: 'c', $db })).toMatchObject({ ok: 0, code: 43 });
    const second = raw((await open())['cursor'].id);
    await wire.command({ endSessions: [lsid], $db: 'admin' });
    expect(await wire.command({ getMore: second, collection: 'c', $db })).toMatchObject({ ok: 0, code: 43 });
  });

  it.each([
    [{ makeCoffee: 1 }, 59],
    [{ find: 'c', filter: { a: { $near: 1 } } }, [2, 115]],
    [{ find: 'c', sugar: true }, 40415],
    [{ find: 'c', collation: { locale: 'hi' } }, 115],
    [{ find: 'c', readConcern: { level: 'snapshot' } }, 72],
    [{ createIndexes: 'c', indexes: [{ key: { t: 'text' }, name: 't', default_language: 'english' }] }, 115],
    [{ aggregate: 'c', pipeline: [{ $changeStream: {} }], cursor: {} }, 115],
    [{ aggregate: 'c', pipeline: [{ $made: 1 }], cursor: {} }, 40324],
    [{ create: 'c', capped: true, size: 10 }, 115],
    [{ create: 'v', viewOn: 'c', pipeline: [] }, 115],
    [{ createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 't' }] }, 115],
    [{ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', colour: 1 }] }, 197],
    [{ update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } }, sugar: 1 }] }, 40415],
    [{ delete: 'c', deletes: [{ q: {} }] }, 40414],
    [{ insert: 'a$b', documents: [{}] }, 73],
    [{ saslStart: 1 }, 18],
    [{ configureFailPoint: 'other', mode: 'off' }, 59],
    [
      { insert: 'c', documents: [{}], startTransaction: true, autocommit: false, txnNumber: Long.ONE, lsid },
      263,
    ],
    [{ count: 'c', txnNumber: Long.ONE, lsid }, 50768],
    [{ find: 'c', filter: nested(210) }, 15],
    [{ profile: 2 }, 115],
    [{ ping: 1, apiVersion: '2' }, 322],
    [{ distinct: 'c', key: 'a', apiVersion: '1', apiStrict: true }, 323],
    [{ validate: 'none' }, 26],
  ])('refuses %j with MongoDB’s code', async (command, code) => {
    const answer = await wire.command({ ...command, $db });
    const codes = Array.isArray(code) ? code : [code];
    const seen = answer['ok'] === 1 ? answer['writeErrors']?.[0]?.code : answer['code'];
    expect(codes).toContain(seen);
  });

  it('stops at the time limit, and answers others while a long scan runs', async () => {
    const collection = database.db.collection('c');
    const batch = Array.from({ length: 5000 }, (_, n) => ({ n, text: 'x'.repeat(50) }));
    for (let i = 0; i < 6; i += 1) await collection.insertMany(batch.map((doc) => ({ ...doc })));
    const slow = [
      { $group: { _id: { $concat: ['$text', { $toString: '$n' }] }, all: { $push: '$n' } } },
      { $sort: { _id: 1 } },
    ];
    await expect(collection.aggregate(slow, { maxTimeMS: 5 }).toArray()).rejects.toMatchObject({ code: 50 });
    const order: string[] = [];
    const long = collection
      .aggregate([...slow, { $limit: 1 }])
      .toArray()
      .then(() => order.push('long'));
    const short = wire.command({ ping: 1, $db }).then(() => order.push('short'));
    await Promise.all([long, short]);
    expect(order).toEqual(['short', 'long']);
  });

  it('deletes what is over by a TTL index, and only that', async () => {
    const collection = database.db.collection<{ _id: number; at: unknown }>('c');
    await collection.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await collection.insertMany([
      { _id: 1, at: new Date(Date.now() - 61_000) },
      { _id: 2, at: new Date() },
      { _id: 3, at: 'long ago' },
      { _id: 4, at: [new Date(), new Date(0)] },
    ]);
    const ids = () =>
      collection
        .find()
        .sort({ _id: 1 })
        .map((doc) => doc._id)
        .toArray();
    await expect.poll(ids, { timeout: 8000 }).toEqual([2, 3]);
    await database.db.command({ collMod: 'c', index: { keyPattern: { at: 1 }, expireAfterSeconds: 3600 } });
    expect(await collection.indexes()).toContainEqual(expect.objectContaining({ expireAfterSeconds: 3600 }));
  });

  it('names itself in serverStatus and buildInfo', async () => {
    expect(await wire.command({ serverStatus: 1, $db: 'admin' })).toMatchObject({
      storageEngine: { name: 'embedded-mongo' },
    });
    expect(await wire.command({ buildInfo: 1, $db: 'admin' })).toMatchObject({ modules: ['embedded-mongo'] });
  });
});
