/** What shells, monitors and test suites ask a server about itself, answered with MongoDB's fields. */
import { Double, Int32, Long } from 'bson';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestDatabase, type TestEngine, testDatabase } from '../../support/engine.ts';
import { WireClient } from '../../support/wire-client.ts';

describe('about itself', () => {
  let engine: TestEngine;
  let database: TestDatabase;
  let wire: WireClient;
  let address: string;

  beforeAll(async () => {
    engine = await startTestEngine(['--setParameter', 'enableTestCommands=1']);
    address = new URL(engine.uri).host;
  });
  afterAll(() => engine.remove());
  beforeEach(async () => {
    database = await testDatabase(engine.uri);
    wire = await WireClient.connect(Number(new URL(engine.uri).port));
    await database.db.collection<{ _id: number; a: number }>('c').insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    await database.db.collection('c').createIndex({ a: 1 });
  });
  afterEach(async () => {
    wire.close();
    await database.drop();
  });

  const admin = (command: object) => database.client.db('admin').command(command);

  it('gives the sizes of a collection by the command and by the stage alike, scaled when asked', async () => {
    const stats = await database.db.command({ collStats: 'c' });
    expect(stats).toMatchObject({
      ns: `${database.name}.c`,
      count: 2,
      avgObjSize: stats['size'] / 2,
      capped: false,
      nindexes: 2,
      indexSizes: { _id_: expect.any(Number), a_1: expect.any(Number) },
      scaleFactor: 1,
    });
    const pipeline = [
      { $collStats: { storageStats: { scale: 4096 }, count: {} } },
      { $project: { localTime: 0 } },
    ];
    const [stage] = await database.db.collection('c').aggregate(pipeline).toArray();
    expect(stage).toMatchObject({
      ns: `${database.name}.c`,
      host: address,
      count: 2,
      storageStats: { count: 2, size: 0, storageSize: 1, scaleFactor: 4096 },
    });
  });

  it('has no sizes for a collection there is not, and refuses to count it', async () => {
    expect(await database.db.command({ collStats: 'none' })).toMatchObject({
      size: 0,
      count: 0,
      nindexes: 0,
    });
    const counting = database.db.collection('none').aggregate([{ $collStats: { count: {} } }]);
    await expect(counting.toArray()).rejects.toMatchObject({ code: 26 });
  });

  it('takes stages about a collection at the front of a pipeline only', async () => {
    const late = database.db.collection('c').aggregate([{ $match: {} }, { $collStats: {} }]);
    await expect(late.toArray()).rejects.toMatchObject({ code: 40602 });
  });

  it('counts the scans of an index', async () => {
    await database.db.collection('c').find({ a: 2 }).toArray();
    const found = await database.db
      .collection('c')
      .aggregate([{ $indexStats: {} }, { $match: { name: 'a_1' } }])
      .toArray();
    expect(found).toMatchObject([
      {
        name: 'a_1',
        key: { a: 1 },
        host: address,
        accesses: { ops: 1, since: expect.any(Date) },
        spec: { v: 2 },
      },
    ]);
  });

  it('gives the sizes of a database in the types MongoDB has them', async () => {
    const stats = await database.db.command({ dbStats: 1 }, { promoteValues: false });
    expect(stats).toMatchObject({
      collections: Long.fromNumber(1),
      views: Long.ZERO,
      objects: Long.fromNumber(2),
    });
    expect(Object.keys(stats).slice(0, 13)).toEqual([
      ...['db', 'collections', 'views', 'objects', 'avgObjSize', 'dataSize', 'storageSize', 'indexes'],
      ...['indexSize', 'totalSize', 'scaleFactor', 'fsUsedSize', 'fsTotalSize'],
    ]);
    expect(stats['avgObjSize']).toEqual(new Double(21));
  });

  it('keeps the UUID of a collection through a change of its name, and gives a new one a new UUID', async () => {
    const uuidOf = async (name: string) => {
      const { cursor } = await database.db.command({ listCollections: 1, filter: { name } });
      return cursor.firstBatch[0].info.uuid;
    };
    const before = await uuidOf('c');
    await database.db.renameCollection('c', 'd');
    expect(await uuidOf('d')).toEqual(before);
    await database.db.createCollection('c');
    expect(await uuidOf('c')).not.toEqual(before);
  });

  it('shows the operation that asks for operations, on the admin database alone', async () => {
    const [found] = await database.client
      .db('admin')
      .aggregate([{ $currentOp: {} }])
      .toArray();
    expect(found).toMatchObject({ type: 'op', active: true, ns: 'admin.$cmd.aggregate' });
    const elsewhere = database.db.aggregate([{ $currentOp: {} }]);
    await expect(elsewhere.toArray()).rejects.toMatchObject({ code: 73 });
    expect(await admin({ currentOp: 1 })).toMatchObject({ inprog: [{ command: { currentOp: 1 } }] });
  });

  it('calls itself a primary by the name the greeting is asked in', async () => {
    const modern = await wire.command({ hello: 1, helloOk: true, $db: 'admin' });
    expect(modern).toMatchObject({ helloOk: true, isWritablePrimary: true, hosts: [address], me: address });
    expect(modern).not.toHaveProperty('ismaster');
    const legacy = await wire.command({ isMaster: 1, $db: 'admin' });
    expect(legacy).toMatchObject({
      ismaster: true,
      setVersion: expect.anything(),
      lastWrite: expect.anything(),
    });
    expect(legacy).not.toHaveProperty('isWritablePrimary');
    expect(legacy).not.toHaveProperty('helloOk');
  });

  it('gives the configuration of its replica set with MongoDB’s defaults, and keeps its id', async () => {
    const { config } = await admin({ replSetGetConfig: 1 });
    expect(config).toMatchObject({
      members: [{ _id: 0, host: address, arbiterOnly: false, priority: 1, votes: 1 }],
      settings: { heartbeatTimeoutSecs: 10, replicaSetId: expect.anything() },
    });
    await admin({ replSetReconfig: { ...config, version: config.version + 1 } });
    const changed = await admin({ replSetGetConfig: 1 });
    expect(changed['config'].settings).toEqual(config.settings);
    expect(await admin({ replSetGetStatus: 1 })).toMatchObject({
      myState: 1,
      members: [{ stateStr: 'PRIMARY' }],
    });
  });

  it('tells how it was started', async () => {
    expect(await admin({ getCmdLineOpts: 1 })).toMatchObject({
      parsed: { setParameter: { enableTestCommands: '1' }, replication: { replSet: expect.any(String) } },
    });
  });

  it('keeps parameters without effect, and refuses those it could not honour', async () => {
    expect(await admin({ setParameter: 1, logLevel: 2 })).toMatchObject({ was: 0 });
    expect(await admin({ getParameter: 1, logLevel: 1 })).toMatchObject({ logLevel: 2 });
    await expect(admin({ setParameter: 1, notablescan: true })).rejects.toMatchObject({ code: 115 });
    await expect(admin({ setParameter: 1, nothingLikeIt: 1 })).rejects.toMatchObject({ code: 72 });
  });

  it('counts operations by kind and commands by name', async () => {
    const before = await admin({ serverStatus: 1 });
    await database.db.collection('c').findOne({ a: 1 });
    const after = await admin({ serverStatus: 1 });
    expect(after['opcounters'].query).toBe(before['opcounters'].query + 1);
    expect(after['metrics'].commands.find.total).toBe(before['metrics'].commands.find.total + 1);
    expect(await admin({ serverStatus: 1, repl: 0, metrics: 0 })).not.toHaveProperty('repl');
  });

  it.each([
    [{ createUser: 'u', pwd: 'p', roles: [] }, 115],
    [{ mapReduce: 'c', map: 'm', reduce: 'r', out: { inline: 1 } }, 115],
    [{ convertToCapped: 'c', size: 1000 }, 115],
    [{ reIndex: 'c' }, 20],
    [{ compact: 'c' }, 20],
    [{ notACommand: 1 }, 59],
  ])('refuses %j with MongoDB’s code', async (command, code) => {
    await expect(database.db.command(command)).rejects.toMatchObject({ code });
  });

  it.each([
    { hostInfo: 1 },
    { whatsmyuri: 1 },
    { getDefaultRWConcern: 1 },
    { fsync: 1 },
    { getLog: 'startupWarnings' },
    { startSession: 1 },
    { killOp: 1, op: new Int32(1) },
    { lockInfo: 1 },
  ])('answers %j', async (command) => {
    expect(await admin(command)).toMatchObject({ ok: 1 });
  });
});

describe('an index that is there already', () => {
  let engine: TestEngine;
  let database: TestDatabase;

  beforeAll(async () => {
    engine = await startTestEngine();
    database = await testDatabase(engine.uri);
    const collection = database.db.collection('c');
    await collection.createIndex({ a: 1 });
    await collection.createIndex({ t: 1 }, { expireAfterSeconds: 5 });
  });
  afterAll(async () => {
    await database.drop();
    await engine.remove();
  });

  it.each([
    ['is no error when it is the very same', { a: 1 }, {}, undefined],
    ['has its name for itself, whatever makes the other one different', { a: 1 }, { unique: true }, 86],
    ['has its name for itself against other keys', { b: 1 }, { name: 'a_1' }, 86],
    ['has its keys for itself', { a: 1 }, { name: 'other' }, 85],
    ['lets a unique one stand beside it on the same keys', { a: 1 }, { name: 'u', unique: true }, undefined],
    ['lets a sparse one stand beside it on the same keys', { a: 1 }, { name: 's', sparse: true }, undefined],
    ['does not change its time to live', { t: 1 }, { expireAfterSeconds: 6 }, 85],
  ] as const)('%s', async (_, key, options, code) => {
    const creating = database.db.collection('c').createIndex({ ...key }, options);
    if (code === undefined) expect(await creating).toEqual(expect.any(String));
    else await expect(creating).rejects.toMatchObject({ code });
  });
});
