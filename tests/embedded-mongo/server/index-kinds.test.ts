/** Indexes of other kinds than ordered ones: what is taken, listed and refused. */
import type { Document, IndexSpecification } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestDatabase, type TestEngine, testDatabase } from '../../support/engine.ts';

describe('an index of another kind', () => {
  let engine: TestEngine;
  let database: TestDatabase;

  beforeAll(async () => {
    engine = await startTestEngine();
    database = await testDatabase(engine.uri);
  });
  afterAll(async () => {
    await database.drop();
    await engine.remove();
  });

  const create = (key: Document, options: Document = {}) =>
    database.db.command({
      createIndexes: 'kinds',
      indexes: [{ key, name: JSON.stringify(key), ...options }],
    });

  it.each<[Document, Document]>([
    [{ '$**': 1 }, {}],
    [{ 'a.$**': 1 }, {}],
    [{ a: 1, '$**': 1 }, { wildcardProjection: { a: 0 } }],
    [{ a: 1, 'b.$**': -1 }, {}],
    [{ '$**': 1 }, { name: 'with _id', wildcardProjection: { _id: 1, a: 0 } }],
    [{ '$**': 1 }, { name: 'partial', partialFilterExpression: { a: { $gt: 0 } } }],
    [{ h: 'hashed' }, {}],
    [{ h: 'hashed', a: 1 }, { sparse: true }],
    [{ old: 1 }, { v: 1 }],
    [
      { p: 1 },
      { partialFilterExpression: { $or: [{ a: { $in: [1, 2] } }, { b: { $exists: true, $type: 2 } }] } },
    ],
    [{ q: 1 }, { partialFilterExpression: { $and: [{ a: null }, { 'b.c': { $gte: 1, $lt: 5 } }] } }],
  ])('is made and listed with all it was given: %j %j', async (key, options) => {
    await create(key, options);
    expect(await database.db.collection('kinds').indexes()).toContainEqual(
      expect.objectContaining({ key, ...options }),
    );
  });

  it.each<[Document, Document, number]>([
    [{ '$**': 0 }, {}, 67],
    [{ '$**': -1 }, {}, 67],
    [{ '$**': 1 }, { sparse: true }, 67],
    [{ '$**': 1 }, { unique: true }, 67],
    [{ '$**': 1 }, { expireAfterSeconds: 5 }, 67],
    [{ '$**': 'hashed' }, {}, 67],
    [{ '$**': 'wildcard' }, {}, 67],
    [{ a: 'wildcard' }, {}, 67],
    [{ 'a.$**': 'text' }, {}, 67],
    [{ 'a.$**.$**': 1 }, {}, 67],
    [{ '$**.$**': 1 }, {}, 67],
    [{ 'a.$**': 1, 'b.$**': 1 }, {}, 7246201],
    [{ '$**': 1 }, { wildcardProjection: { a: 1, b: 0 } }, 31254],
    [{ '$**': 1 }, { wildcardProjection: { a: 1, b: 'x' } }, 51271],
    [{ '$**': 1 }, { wildcardProjection: {} }, 9],
    [{ 'a.$**': 1 }, { wildcardProjection: { a: 1 } }, 9],
    [{ 'a.$**': 1 }, { wildcardProjection: 'x' }, 14],
    [{ a: 1 }, { wildcardProjection: { a: 1 } }, 2],
    [{ a: 'hashed' }, { unique: true }, 16764],
    [{ a: 'hashed', b: 'hashed' }, {}, 31303],
    [{ a: 1 }, { v: 0 }, 67],
    [{ a: 1 }, { v: 'x' }, 14],
    [{ _id: 1 }, { unique: true }, 197],
    [{ _id: 1 }, { background: true }, 197],
    [{ a: 1 }, { name: '_id_' }, 2],
    [{ _id: -1 }, { name: '_id_' }, 2],
    [{ _id: 1 }, { sparse: true }, 197],
    [{ a: 1 }, { partialFilterExpression: { a: { $exists: false } } }, 67],
    [{ a: 1 }, { partialFilterExpression: { a: { $ne: 1 } } }, 67],
    [{ a: 1 }, { partialFilterExpression: { a: { $gt: 1, $regex: 'x' } } }, 67],
    [{ a: 1 }, { partialFilterExpression: { $nor: [{ a: 1 }] } }, 67],
    [{ a: 1 }, { partialFilterExpression: { $or: [{ a: 1 }, { b: { $not: { $gt: 1 } } }] } }, 67],
    [{ a: 'text' }, {}, 115],
    [{ a: '2dsphere' }, {}, 115],
  ])('is refused when it cannot be: %j %j', async (key, options, code) => {
    await expect(create(key, options)).rejects.toMatchObject({ code });
  });

  it('finds what a scan finds, by a wildcard and by a hash', async () => {
    const collection = database.db.collection<{ _id: number; h: unknown }>('found');
    await collection.createIndexes([{ key: { '$**': 1 } }, { key: { h: 'hashed' } }] as {
      key: Document;
    }[] as never);
    await collection.insertMany([1, 1.5, '1', null].map((h, _id) => ({ _id, h })));
    const ids = async (filter: Document, hint: IndexSpecification) =>
      (await collection.find(filter, { hint }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    expect(await ids({ h: 1 }, { '$**': 1 } as never)).toEqual([0]);
    expect(await ids({ h: { $in: [1.5, null] } }, { h: 'hashed' })).toEqual([1, 3]);
    const { queryPlanner } = await collection.find({ h: 1 }).explain('queryPlanner');
    expect(queryPlanner.winningPlan.inputStage).toMatchObject({ stage: 'IXSCAN', indexName: 'h_hashed' });
  });

  it('takes no arrays when it is hashed, neither then nor later', async () => {
    const collection = database.db.collection('arrays');
    await collection.createIndex({ h: 'hashed' });
    await expect(collection.insertOne({ h: [1] })).rejects.toMatchObject({ code: 16766 });
    await collection.dropIndexes();
    await collection.insertOne({ h: [1] });
    await expect(collection.createIndex({ h: 'hashed' })).rejects.toMatchObject({ code: 16766 });
  });
});
