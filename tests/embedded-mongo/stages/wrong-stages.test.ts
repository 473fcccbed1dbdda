/** What stages and commands that run pipelines refuse, with MongoDB 7.0's codes, and two rules of joins. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../support/engine.ts';

type Stored = { _id: unknown; [field: string]: unknown };
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUri'));
  await database.db.collection<Stored>('c').insertMany([{ _id: 0, a: 1 }, { _id: 1, a: [] }, { _id: 2 }]);
  await database.db.collection<Stored>('f').insertMany([{ _id: 0, b: 1 }, { _id: 1, b: null }, { _id: 2 }]);
});
afterAll(() => database.drop());

const run = (pipeline: Document[]): Promise<Document[]> =>
  database.db.collection('c').aggregate(pipeline).toArray();
const graph = (more: Document): Document => ({
  $graphLookup: { from: 'f', startWith: '$a', connectToField: 'a', connectFromField: 'b', as: 'o', ...more },
});
const lookup = (more: Document): Document => ({ $lookup: { from: 'f', as: 'o', ...more } });

describe('a pipeline', () => {
  it.each<[string, Document[], number]>([
    ['$graphLookup that is no document', [{ $graphLookup: 4 }], 9],
    ['$graphLookup from what is no name', [graph({ from: -1 })], 9],
    ['$graphLookup from an empty name', [graph({ from: '' })], 73],
    ['$out within $facet', [{ $facet: { x: [{ $out: 'o' }] } }], 40600],
    [
      '$facet within $lookup within $facet',
      [{ $facet: { x: [lookup({ pipeline: [{ $facet: { y: [] } }] })] } }],
      40600,
    ],
    ['a facet with a dot in its name', [{ $facet: { 'a.b': [] } }], 16412],
    ['$lookup without a name for its result', [{ $lookup: { from: 'f', pipeline: [] } }], 9],
    ['$lookup that writes', [lookup({ pipeline: [{ $out: 'x' }] })], 51047],
    ['$lookup by a path with a dollar', [lookup({ localField: '$a', foreignField: 'b' })], 16410],
    ['$lookup from nothing', [{ $lookup: { as: 'o', pipeline: [{ $match: {} }] } }], 9],
    ['$unionWith that writes', [{ $unionWith: { coll: 'f', pipeline: [{ $merge: 'x' }] } }], 31441],
    ['$unionWith with an unknown argument', [{ $unionWith: { coll: 'f', x: 1 } }], 40415],
    ['$unwind of an empty path', [{ $unwind: '' }], 28812],
    ['$bucket by boundaries of the document', [{ $bucket: { groupBy: '$a', boundaries: ['$a', 1] } }], 40191],
    [
      '$bucket with a default of the document',
      [{ $bucket: { groupBy: '$a', boundaries: [1, 2], default: '$a' } }],
      40195,
    ],
    ['$documents over a collection', [{ $documents: [{ a: 1 }] }], 73],
    ['$documents behind another stage', [{ $limit: 1 }, { $documents: [{ a: 1 }] }], 40602],
    ['$merge on a number', [{ $merge: { into: 'x', on: 1 } }], 51186],
    ['$merge on a list with a number', [{ $merge: { into: 'x', on: ['a', 1] } }], 51134],
    ['$merge into a number', [{ $merge: { into: 1 } }], 51178],
    ['$merge into nothing', [{ $merge: {} }], 40414],
    ['$merge by a number', [{ $merge: { into: 'x', whenMatched: 1 } }], 51191],
    ['$sort by parallel arrays', [{ $set: { b: [] } }, { $sort: { a: 1, b: 1 } }], 2],
    ['$sort by an unknown kind of metadata', [{ $sort: { a: { $meta: 'x' } } }], 31138],
  ])('refuses %s', async (_name, pipeline, code) => {
    await expect(run(pipeline)).rejects.toMatchObject({ code });
  });

  it('joins an empty array like a missing value', async () => {
    const pipeline = [{ $match: { _id: { $ne: 0 } } }, lookup({ localField: 'a', foreignField: 'b' })];
    const ids = (await run(pipeline)).map((doc) => doc['o'].map((other: Stored) => other._id));
    expect(ids).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('joins documents that it brings along', async () => {
    const brought = [{ $documents: [{ x: 1, y: 'one' }, { x: 2 }] }];
    const joined = { $lookup: { localField: 'a', foreignField: 'x', pipeline: brought, as: 'o' } };
    expect(await run([{ $match: { _id: 0 } }, joined])).toEqual([{ _id: 0, a: 1, o: [{ x: 1, y: 'one' }] }]);
    const united = await run([{ $limit: 1 }, { $unionWith: { pipeline: brought } }]);
    expect(united).toHaveLength(3);
  });
});

describe('a command', () => {
  it.each<[string, Document, number]>([
    ['aggregate without a pipeline', { aggregate: 'c', cursor: {} }, 40414],
    ['a cursor with an unknown field', { aggregate: 'c', pipeline: [], cursor: { x: 1 } }, 40415],
    ['allowDiskUse as text', { aggregate: 'c', pipeline: [], cursor: {}, allowDiskUse: 'a' }, 14],
    ['a variable with a capital letter', { aggregate: 'c', pipeline: [], cursor: {}, let: { A: 1 } }, 9],
    ['a find by $natural and a field', { find: 'c', sort: { $natural: 1, a: 1 } }, 2],
    ['a find by $natural two', { find: 'c', sort: { $natural: 2 } }, 2],
    ['distinct of a key with a null byte', { distinct: 'c', key: 'a\0b' }, 31032],
    ['distinct without a key', { distinct: 'c' }, 40414],
    ['an $elemMatch of no document', { find: 'c', projection: { a: { $elemMatch: 1 } } }, 31274],
  ])('is refused: %s', async (_name, command, code) => {
    await expect(database.db.command(command)).rejects.toMatchObject({ code });
  });

  it('takes a limit with a fraction, and one beyond all counting', async () => {
    const found = async (limit: unknown) =>
      (await database.db.command({ find: 'c', limit }))['cursor'].firstBatch.length;
    expect([await found(1.7), await found(9e18)]).toEqual([1, 3]);
  });
});
