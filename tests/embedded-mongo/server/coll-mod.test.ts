/** collMod: an index made unique in two steps, and what it refuses. */
import type { Db } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestDatabase, type TestEngine, testDatabase } from '../../support/engine.ts';

type Plain = { [field: string]: unknown };

describe('collMod', () => {
  let engine: TestEngine;
  let database: TestDatabase;
  let db: Db;

  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine.remove());
  beforeEach(async () => {
    database = await testDatabase(engine.uri);
    db = database.db;
    await db.collection('c').createIndex({ a: 1 });
    await db.collection<{ _id: number; a: number }>('c').insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
      { _id: 3, a: 2 },
    ]);
  });
  afterEach(() => database.drop());

  const change = (index: Plain, more: Plain = {}) => db.command({ collMod: 'c', index, ...more });
  const keyPattern = { a: 1 };
  const indexes = () => db.collection('c').indexes();

  it('makes an index unique in two steps: no more duplicates, then none at all', async () => {
    await expect(change({ keyPattern, unique: true })).rejects.toMatchObject({ code: 72 });
    expect(await change({ keyPattern, prepareUnique: true })).toMatchObject({
      prepareUnique_old: false,
      prepareUnique_new: true,
    });
    expect(await indexes()).toContainEqual(expect.objectContaining({ name: 'a_1', prepareUnique: true }));
    await expect(db.collection('c').insertOne({ a: 2 })).rejects.toMatchObject({ code: 11000 });

    const refused = change({ keyPattern, unique: true });
    await expect(refused).rejects.toMatchObject({
      code: 359,
      codeName: 'CannotConvertIndexToUnique',
      errorResponse: { violations: [{ ids: [1, 2] }] },
    });
    await db.collection<{ _id: number }>('c').deleteOne({ _id: 2 });
    await change({ keyPattern, unique: true }, { dryRun: true });
    expect(await indexes()).toContainEqual(expect.objectContaining({ name: 'a_1', prepareUnique: true }));
    expect(await change({ name: 'a_1', unique: true })).toMatchObject({ unique_new: true });
    const [, index] = await indexes();
    expect(index).toEqual({ v: 2, key: { a: 1 }, name: 'a_1', unique: true });
  });

  it.each<[string, Plain, number]>([
    ['an index that is not there', { index: { name: 'b_1', hidden: true } }, 27],
    ['name and pattern at once', { index: { name: 'a_1', keyPattern, hidden: true } }, 72],
    ['neither', { index: { hidden: true } }, 72],
    ['no change', { index: { name: 'a_1' } }, 72],
    ['the index on _id hidden', { index: { name: '_id_', hidden: true } }, 2],
    ['a unique index made common', { index: { name: 'a_1', unique: false } }, 2],
    ['an unknown change', { index: { name: 'a_1', colour: 1 } }, 40415],
    ['a trial of what is no conversion', { dryRun: true }, 72],
    ['a size', { cappedSize: 100 }, 72],
    ['a number of documents', { cappedMax: 100 }, 72],
    ['a view', { viewOn: 'd', pipeline: [] }, 72],
    ['an end of documents', { expireAfterSeconds: 1 }, 72],
    ['a granularity', { timeseries: { granularity: 'hours' } }, 72],
    ['images of changes', { changeStreamPreAndPostImages: { enabled: true } }, 115],
    ['a wrong level of validation', { validationLevel: 'some' }, 2],
  ])('refuses %s', async (_, command, code) => {
    await expect(db.command({ collMod: 'c', ...command })).rejects.toMatchObject({ code });
  });

  it('refuses a collection that is not there', async () => {
    await expect(db.command({ collMod: 'none' })).rejects.toMatchObject({ code: 26 });
  });

  it('takes images of changes that are off', async () => {
    await db.command({ collMod: 'c', changeStreamPreAndPostImages: { enabled: false } });
  });
});
