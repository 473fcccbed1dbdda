/** The options of reading commands: what each does, and MongoDB's code for a wrong one. */
import { Double, Long } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestDatabase, type TestEngine, testDatabase } from '../../support/engine.ts';
import { WireClient } from '../../support/wire-client.ts';

type Plain = { [field: string]: unknown };

describe('a reading command', () => {
  let engine: TestEngine;
  let database: TestDatabase;
  let wire: WireClient;

  beforeAll(async () => {
    engine = await startTestEngine();
    database = await testDatabase(engine.uri);
    wire = await WireClient.connect(Number(new URL(engine.uri).port));
    const collection = database.db.collection<{ _id: number; [field: string]: number }>('c');
    await collection.createIndex({ a: 1, b: -1 });
    await collection.createIndex({ s: 1 }, { sparse: true });
    await collection.insertMany([
      { _id: 1, a: 1, b: 1 },
      { _id: 2, a: 1, b: 2 },
      { _id: 3, a: 2, b: 1, s: 1 },
      { _id: 4, a: 2, b: 2 },
    ]);
  });
  afterAll(async () => {
    wire.close();
    await database.drop();
    await engine.remove();
  });

  const run = (command: Plain) => wire.command({ ...command, $db: database.name });
  const find = (options: Plain) => run({ find: 'c', ...options });
  const idsOf = async (options: Plain): Promise<unknown[]> =>
    (await find(options))['cursor'].firstBatch.map(({ _id }: { _id: unknown }) => _id);

  const hint = { a: 1, b: -1 };

  it.each<[string, Plain, number[]]>([
    ['a first key', { hint, min: { a: 1, b: 1 } }, [1, 4, 3]],
    ['a key that no longer counts', { hint, max: { a: 2, b: 1 } }, [2, 1, 4]],
    ['both', { hint: 'a_1_b_-1', min: { a: 1, b: 1.5 }, max: { a: 2, b: 1 } }, [1, 4]],
    ['both, backwards', { hint, min: { a: 1, b: 1 }, max: { a: 2, b: 1 }, sort: { a: -1, b: 1 } }, [4, 1]],
    ['bounds and a filter', { hint, min: { a: 1, b: 2 }, filter: { b: 2 } }, [2, 4]],
    ['bounds that are empty', { min: {}, max: {} }, [1, 2, 3, 4]],
    ['a sparse index, which leaves documents out', { hint: 's_1' }, [3]],
    ['its own order, backwards', { hint: { $natural: -1 } }, [4, 3, 2, 1]],
    ['its own order under a sort', { hint: { $natural: -1 }, sort: { b: 1 } }, [1, 3, 2, 4]],
    ['null for everything', { filter: null, sort: null, limit: null, projection: null }, [1, 2, 3, 4]],
    ['a limit with a fraction', { limit: new Double(2.9) }, [1, 2]],
    ['the simple collation', { collation: { locale: 'simple' } }, [1, 2, 3, 4]],
    ['an empty collation', { collation: {} }, [1, 2, 3, 4]],
    ['flags that are off', { tailable: false, awaitData: false, oplogReplay: true }, [1, 2, 3, 4]],
  ])('finds by %s', async (_, options, expected) => {
    expect(await idsOf(options)).toEqual(expected);
  });

  it.each<[string, Plain, number]>([
    ['bounds without a hint', { min: { a: 1, b: 1 } }, 51173],
    ['bounds for another index', { hint, min: { a: 1 } }, 51174],
    ['bounds that are no range', { hint, min: { a: 1, b: 1 }, max: { a: 1, b: 1 } }, 51175],
    ['bounds of different names', { hint, min: { a: 1, b: 1 }, max: { a: 1 } }, 51176],
    ['bounds in no order', { hint: { $natural: 1 }, min: { a: 1 } }, 2],
    ['a hint that names no index', { hint: 'none' }, 2],
    ['a hint in another order', { hint: { b: -1, a: 1 } }, 2],
    ['a hint that is a number', { hint: 1 }, 9],
    ['a negative limit', { limit: -1 }, 51024],
    ['a negative skip', { skip: Long.fromNumber(-1) }, 51024],
    ['a negative batch size', { batchSize: -1 }, 51024],
    ['a limit of text', { limit: '1' }, 14],
    ['a number for a flag', { singleBatch: 1 }, 14],
    ['a tail of what has no end', { tailable: true }, 2],
    ['waiting without a tail', { awaitData: true }, 9],
    ['a collation without a locale', { collation: { strength: 1 } }, 40414],
    ['a time limit of text', { maxTimeMS: 'soon' }, 14],
    ['a negative time limit', { maxTimeMS: -1 }, 51024],
    ['a time limit with a fraction', { maxTimeMS: 1.5 }, 2],
    ['too long a time limit', { maxTimeMS: 2 ** 31 }, 2],
  ])('refuses %s', async (_, options, code) => {
    expect(await find(options)).toMatchObject({ ok: 0, code });
  });

  it('counts through a hint only what the index has', async () => {
    expect(await run({ count: 'c', hint: 's_1' })).toMatchObject({ n: 1 });
    expect(await run({ count: 'c', limit: -3 })).toMatchObject({ n: 3 });
    expect(await run({ count: 'c', skip: -1 })).toMatchObject({ code: 51024 });
  });

  it('takes no hint for distinct, which MongoDB has since 7.1', async () => {
    expect(await run({ distinct: 'c', key: 'a', hint })).toMatchObject({ ok: 0, code: 40415 });
  });

  it('explains an $or by the index of each branch', async () => {
    const filter = { $or: [{ _id: 1 }, { a: 2 }] };
    await database.db.collection('c').insertMany(Array.from({ length: 100 }, () => ({ a: 9 })));
    const { queryPlanner } = await run({ explain: { find: 'c', filter }, verbosity: 'queryPlanner' });
    const scan = (indexName: string) => ({ stage: 'IXSCAN', indexName });
    expect(queryPlanner.winningPlan).toMatchObject({
      stage: 'SUBPLAN',
      inputStage: {
        stage: 'FETCH',
        inputStage: { stage: 'OR', inputStages: [scan('_id_'), scan('a_1_b_-1')] },
      },
    });
    expect(await idsOf({ filter, returnKey: true })).toEqual([1, undefined, undefined]);
  });
});
