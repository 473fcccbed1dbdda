/** What parts of an index a find may ask for, and how a plan is shown. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestDatabase, type TestEngine, testDatabase } from '../../support/engine.ts';

type Item = { _id: number; a: number; b: string; tags: number[] };

const items: Item[] = [1, 2, 3, 4, 5, 6].map((n) => ({ _id: n, a: 7 - n, b: `x${n}`, tags: [n, n * 10] }));

describe('a find', () => {
  let engine: TestEngine;
  let database: TestDatabase;

  beforeAll(async () => {
    engine = await startTestEngine();
    database = await testDatabase(engine.uri);
    await database.db.collection<Item>('c').insertMany(items);
    await database.db.collection('c').createIndex({ a: 1 });
    await database.db.collection('c').createIndex({ tags: 1, b: -1 });
  });
  afterAll(async () => {
    await database.drop();
    await engine.remove();
  });

  const find = () => database.db.collection<Item>('c').find();
  const ids = async (found: Promise<Item[]>) => (await found).map(({ _id }) => _id);

  it('takes the part of an index from one key to before another', async () => {
    expect(await ids(find().hint({ a: 1 }).min({ a: 2 }).max({ a: 4 }).toArray())).toEqual([5, 4]);
    const compound = find().hint({ tags: 1, b: -1 }).min({ tags: 10, b: 'x1' }).max({ tags: 30, b: 'x9' });
    expect(await ids(compound.toArray())).toEqual([1, 2]);
  });

  it('refuses a part of an index it is not told of, or that does not fit it', async () => {
    await expect(find().min({ a: 2 }).toArray()).rejects.toMatchObject({ code: 51173 });
    await expect(find().hint({ a: 1 }).min({ b: 2 }).toArray()).rejects.toMatchObject({ code: 51174 });
    const empty = find().hint({ a: 1 }).min({ a: 4 }).max({ a: 4 });
    await expect(empty.toArray()).rejects.toMatchObject({ code: 51175 });
  });

  it('gives the keys of the index instead of documents when asked to', async () => {
    expect(await database.db.collection('c').find({ a: 5 }).returnKey(true).toArray()).toEqual([{ a: 5 }]);
    const byTag = database.db.collection('c').find({ tags: 30 }).returnKey(true);
    expect(await byTag.toArray()).toEqual([{ tags: 30, b: 'x3' }]);
    expect(await database.db.collection('c').find({ b: 'x1' }).returnKey(true).toArray()).toEqual([{}]);
  });

  it('gives the number of the record when asked to', async () => {
    const found = database.db
      .collection('c')
      .find({ a: 1 }, { projection: { a: 1 } })
      .showRecordId(true);
    expect(await found.toArray()).toEqual([{ _id: 6, a: 1, $recordId: expect.any(Number) }]);
  });

  const plan = async (command: Document) =>
    (await database.db.command({ explain: command, verbosity: 'executionStats' }))['executionStats']
      .executionStages;

  it.each([
    [{ find: 'c', filter: { a: 1 } }, ['FETCH', 'IXSCAN']],
    [{ find: 'c', filter: { b: 'x' } }, ['COLLSCAN']],
    [{ find: 'c', filter: { _id: 1 } }, ['IDHACK']],
    [{ find: 'none', filter: { a: 1 } }, ['EOF']],
    [{ find: 'c', sort: { b: 1 }, skip: 1, limit: 2 }, ['SKIP', 'SORT', 'COLLSCAN']],
    [{ find: 'c', limit: 2, projection: { a: 1 } }, ['LIMIT', 'PROJECTION_SIMPLE', 'COLLSCAN']],
    [{ count: 'c', query: { a: 1 } }, ['COUNT', 'FETCH', 'IXSCAN']],
    [{ update: 'c', updates: [{ q: { b: 1 }, u: { $set: { b: 2 } } }] }, ['UPDATE', 'COLLSCAN']],
    [{ delete: 'c', deletes: [{ q: { a: 1 }, limit: 1 }] }, ['DELETE', 'FETCH', 'IXSCAN']],
    [{ findAndModify: 'c', query: { a: 1 }, remove: true }, ['DELETE', 'FETCH', 'IXSCAN']],
    [
      { aggregate: 'c', pipeline: [{ $match: { a: 1 } }, { $group: { _id: 1 } }], cursor: {} },
      ['FETCH', 'IXSCAN'],
    ],
  ])('shows the plan of %j', async (command, stages) => {
    const seen: string[] = [];
    for (let stage = await plan(command); stage !== undefined; stage = stage.inputStage)
      seen.push(stage.stage);
    expect(seen).toEqual(stages);
  });

  it('shows a pipeline that is not planned whole as stages behind a cursor', async () => {
    const pipeline = [{ $match: { a: 1 } }, { $project: { a: 1 } }, { $group: { _id: '$a' } }];
    const explained = await database.db.command({ aggregate: 'c', pipeline, explain: true });
    expect(explained['stages']).toMatchObject([
      { $cursor: { queryPlanner: { parsedQuery: { a: { $eq: 1 } } } } },
      { $project: { a: 1 } },
      { $group: { _id: '$a' } },
    ]);
  });

  it('refuses to explain as verbosely as nobody knows how', async () => {
    const explaining = database.db.command({ explain: { find: 'c' }, verbosity: 'loudly' });
    await expect(explaining).rejects.toMatchObject({ code: 2 });
  });
});
