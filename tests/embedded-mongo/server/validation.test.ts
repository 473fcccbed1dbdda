/** Collections with a rule for their documents: https://www.mongodb.com/docs/manual/core/schema-validation/ */
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startEmbedded } from '../../../src/embedded-mongo/start.ts';
import { ENGINE_BINARY, startTestEngine, type TestDatabase, testDatabase } from '../../support/engine.ts';

const FAILED = { code: 121 };

describe('a collection with a validator', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase(inject('mongodbUri'));
  });
  afterEach(() => database.db.dropCollection('c'));
  afterAll(() => database.drop());

  const made = async (options: object) =>
    database.db.createCollection<{ _id: number; a?: unknown }>('c', options);

  it('refuses what does not fit on insert, update, replacement and upsert, and stores none of it', async () => {
    const collection = await made({ validator: { a: { $gt: 0 } } });
    await collection.insertOne({ _id: 1, a: 1 });
    await expect(collection.insertOne({ _id: 2 })).rejects.toMatchObject({
      ...FAILED,
      errInfo: { failingDocumentId: 2 },
    });
    await expect(collection.updateOne({ _id: 1 }, { $set: { a: -1 } })).rejects.toMatchObject(FAILED);
    await expect(collection.replaceOne({ _id: 1 }, { a: 'x' })).rejects.toMatchObject(FAILED);
    const upsert = { upsert: true };
    await expect(collection.findOneAndUpdate({ _id: 3 }, { $set: { a: 0 } }, upsert)).rejects.toMatchObject(
      FAILED,
    );
    expect(await collection.find().toArray()).toEqual([{ _id: 1, a: 1 }]);
  });

  it('lets a writer bypass it who asks for that', async () => {
    const collection = await made({ validator: { a: 1 } });
    await collection.insertOne({ _id: 1 }, { bypassDocumentValidation: true });
    await collection.updateOne({ _id: 1 }, { $set: { a: 2 } }, { bypassDocumentValidation: true });
    expect(await collection.countDocuments({ a: 2 })).toBe(1);
  });

  it('is told by validate how many documents are older than it, which makes none of them invalid', async () => {
    const collection = await made({ validator: { a: 1 } });
    const bypass = { bypassDocumentValidation: true };
    await collection.insertMany([{ _id: 1 }, { _id: 2, a: 1 }, { _id: 3, a: 2 }], bypass);
    expect(await database.db.command({ validate: 'c' })).toMatchObject({
      valid: true,
      nrecords: 3,
      nInvalidDocuments: 0,
      nNonCompliantDocuments: 2,
      warnings: [expect.stringContaining('not compliant')],
    });
  });

  it('is changed and taken away by collMod, and shown by listCollections', async () => {
    const collection = await made({});
    await collection.insertOne({ _id: 1 });
    const rules = { validator: { a: { $exists: true } }, validationLevel: 'moderate' };
    await database.db.command({ collMod: 'c', ...rules });
    expect(await database.db.listCollections({ name: 'c' }).next()).toMatchObject({ options: rules });
    await collection.updateOne({ _id: 1 }, { $set: { a: 1 } });
    await expect(collection.updateOne({ _id: 1 }, { $unset: { a: 1 } })).rejects.toMatchObject(FAILED);
    await database.db.command({ collMod: 'c', validator: {} });
    await collection.insertOne({ _id: 2 });
  });

  it('with the action warn takes everything', async () => {
    const collection = await made({ validator: { a: 1 }, validationAction: 'warn' });
    await collection.insertOne({ _id: 1 });
    expect(await collection.countDocuments({})).toBe(1);
  });

  it.each([
    [{ validator: { a: { $foo: 1 } } }, 2],
    [{ validator: { $where: '1' } }, 224],
    [{ validator: { $jsonSchema: { foo: 1 } } }, 9],
    [{ validator: {}, validationLevel: 'x' }, 2],
  ])('refuses the rule %j', async (options, code) => {
    await expect(made(options)).rejects.toMatchObject({ code });
  });

  it('keeps its rule through a restart', async () => {
    const engine = await startTestEngine();
    const { db, client } = await testDatabase(engine.uri);
    await db.createCollection('kept', { validator: { $jsonSchema: { required: ['a'] } } });
    await db.command({ collMod: 'kept', validationLevel: 'moderate' });
    await client.close();
    await engine.stop();
    const restarted = await startEmbedded({ binaryPath: ENGINE_BINARY, dataDir: engine.dataDir });
    const again = await testDatabase(restarted.uri);
    const kept = again.client.db(db.databaseName);
    await expect(kept.collection('kept').insertOne({ b: 1 })).rejects.toMatchObject(FAILED);
    await again.client.close();
    await restarted.stop();
    rmSync(engine.dataDir, { recursive: true, force: true });
  });
});
