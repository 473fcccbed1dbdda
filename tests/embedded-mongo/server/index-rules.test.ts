/** What createIndexes and dropIndexes refuse, by MongoDB's codes (its jstests/core/index). */
import type { Document } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUri'));
});
afterEach(() => database.db.dropCollection('c'));
afterAll(() => database.drop());

const create = (...indexes: Document[]) => database.db.command({ createIndexes: 'c', indexes });
const partial = (partialFilterExpression: Document) =>
  create({ key: { a: 1 }, name: 'a', partialFilterExpression });

describe('createIndexes', () => {
  it.each<[string, number, Document]>([
    ['a key that is no document', 14, { key: 1, name: 'a' }],
    ['a name that is no string', 14, { key: { a: 1 }, name: 1 }],
    ['the name of all indexes', 2, { key: { a: 1 }, name: '*' }],
    ['a flag that is no boolean', 14, { key: { a: 1 }, name: 'a', unique: 'x' }],
    ['a filter that is no document', 14, { key: { a: 1 }, name: 'a', partialFilterExpression: 5 }],
    ['a time to live that is no number', 67, { key: { a: 1 }, name: 'a', expireAfterSeconds: 'x' }],
    ['a version that is none', 67, { key: { a: 1 }, name: 'a', v: 3 }],
  ])('refuses %s (%i)', async (_, code, index) => {
    await expect(create(index)).rejects.toMatchObject({ code });
  });

  it.each<Document>([
    { x: /abc/ },
    { $expr: { $eq: ['$x', 5] } },
    { x: { $ne: 1 } },
    { x: { $exists: false } },
    { x: { $not: { $gt: 1 } } },
    { $and: [{ y: 1 }, { $or: [{ x: { $size: 1 } }] }] },
    { $nor: [{ x: 1 }] },
  ])('refuses a partial filter of %j (67)', async (filter) => {
    await expect(partial(filter)).rejects.toMatchObject({ code: 67 });
  });

  it.each<Document>([
    { x: null },
    { x: { y: 1 } },
    { x: { $gt: 1, $lte: 5, $exists: true } },
    { $or: [{ x: { $in: [1, 2] } }, { $and: [{ x: { $type: 'string' } }] }] },
  ])('takes a partial filter of %j', async (filter) => {
    await expect(partial(filter)).resolves.toMatchObject({ numIndexesAfter: 2 });
  });

  it('makes 64 indexes on a collection and no more', async () => {
    const indexes = Array.from({ length: 63 }, (_, at) => ({ key: { [`a${at}`]: 1 }, name: `a${at}` }));
    await create(...indexes);
    await expect(create({ key: { b: 1 }, name: 'b' })).rejects.toMatchObject({ code: 67 });
    await expect(create({ key: { a0: 1 }, name: 'a0' })).resolves.toMatchObject({ numIndexesAfter: 64 });
  });
});

describe('dropIndexes', () => {
  it('takes no pattern that several indexes have (181)', async () => {
    await create({ key: { a: 1 }, name: 'plain' }, { key: { a: 1 }, name: 'sparse', sparse: true });
    await expect(database.db.command({ dropIndexes: 'c', index: { a: 1 } })).rejects.toMatchObject({
      code: 181,
      codeName: 'AmbiguousIndexKeyPattern',
    });
    await database.db.command({ dropIndexes: 'c', index: 'plain' });
    await expect(database.db.command({ dropIndexes: 'c', index: { a: 1 } })).resolves.toMatchObject({
      ok: 1,
    });
  });
});
