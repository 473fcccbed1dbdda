/** What a server tells of its commands, its data's hashes, its sessions and its connections. */
import { createHash } from 'node:crypto';
import { Binary, BSON, GridFSBucket, ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

let database: TestDatabase;
const admin = (command: object) => database.client.db('admin').command(command);

beforeAll(async () => {
  database = await testDatabase(inject('mongodbUri'));
});
afterAll(() => database.drop());

describe('the list of commands', () => {
  it('names them in order and says which are of API version 1, and for admin alone', async () => {
    const { commands } = await admin({ listCommands: 1 });
    const names = Object.keys(commands);
    expect(names).toEqual([...names].sort());
    expect(commands.find).toMatchObject({ apiVersions: ['1'], adminOnly: false, secondaryOk: true });
    expect(commands.renameCollection).toMatchObject({ apiVersions: [], adminOnly: true });
  });
});

describe('hashes', () => {
  it('of a database are those of its documents in the order of their ids, and change with them', async () => {
    const things = database.db.collection<{ _id: number; v?: string }>('things');
    await things.insertMany([{ _id: 2 }, { _id: 1, v: 'x' }]);
    const hash = createHash('md5')
      .update(BSON.serialize({ _id: 1, v: 'x' }))
      .update(BSON.serialize({ _id: 2 }));

    const before = await database.db.command({ dbHash: 1, collections: ['things'] });
    expect(before).toMatchObject({ collections: { things: hash.digest('hex') }, capped: [] });
    expect(before['uuids'].things).toBeInstanceOf(Binary);
    await things.updateOne({ _id: 2 }, { $set: { v: 'y' } });
    const after = await database.db.command({ dbhash: 1 });
    expect(after['collections'].things).not.toBe(before['collections'].things);
    expect(after['md5']).not.toBe(before['md5']);
    await expect(database.db.command({ dbHash: 1, collections: [5] })).rejects.toMatchObject({ code: 2 });
  });

  it('of a file are those of its chunks', async () => {
    const content = Buffer.alloc(700_000, 'abc');
    const id = new ObjectId();
    const upload = new GridFSBucket(database.db).openUploadStreamWithId(id, 'file');
    await new Promise((resolve, reject) => upload.on('error', reject).end(content, () => resolve(undefined)));
    expect(await database.db.command({ filemd5: id, root: 'fs' })).toMatchObject({
      numChunks: 3,
      md5: createHash('md5').update(content).digest('hex'),
    });
    expect(await database.db.command({ filemd5: new ObjectId() })).toMatchObject({ numChunks: 0 });
    await database.db.collection('fs.chunks').deleteOne({ files_id: id, n: 0 });
    await expect(database.db.command({ filemd5: id })).rejects.toMatchObject({ code: 10040 });
  });
});

describe('sessions and connections', () => {
  it('no session is stored, and they are asked for in their collection alone', async () => {
    const config = database.client.db('config');
    const listed = config.collection('system.sessions').aggregate([{ $listSessions: {} }]);
    expect(await listed.toArray()).toEqual([]);
    const elsewhere = database.db.collection('things').aggregate([{ $listSessions: {} }]);
    await expect(elsewhere.toArray()).rejects.toMatchObject({ code: 73 });
  });

  it('sessions are ended by a pattern, and their cursors with them', async () => {
    await database.db.collection<{ _id: number }>('many').insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    const session = database.client.startSession();
    const cursor = database.db.collection('many').find({}, { session, batchSize: 2 });
    await cursor.next();
    await admin({ killAllSessionsByPattern: [{ lsid: session.id }] });
    await cursor.next();
    await expect(cursor.next()).rejects.toMatchObject({ code: 43 });
    await session.endSession();
  });

  it('the one member calls no other and shards nothing', async () => {
    expect(await admin({ connPoolStats: 1 })).toMatchObject({ totalInUse: 0, hosts: {} });
    expect(await admin({ shardingState: 1 })).toMatchObject({ enabled: false });
    expect(await admin({ features: 1 })).toMatchObject({ oidMachine: expect.any(Number) });
  });
});
