/** Cursors as MongoDB keeps them: whose they are, how long they last, how they end, and answers in a stream. */
import { Long, UUID } from 'bson';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from '../../../src/embedded-mongo/pace.ts';
import { startTestEngine, type TestDatabase, type TestEngine, testDatabase } from '../../support/engine.ts';
import { WireClient } from '../../support/wire-client.ts';

type Plain = { [field: string]: unknown };
const EXHAUST_ALLOWED = 1 << 16;

describe('a cursor', () => {
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
    await database.db.collection<{ _id: number }>('c').insertMany([1, 2, 3, 4, 5].map((_id) => ({ _id })));
  });
  afterEach(async () => {
    wire.close();
    await database.drop();
  });

  const run = (command: Plain) => wire.command({ ...command, $db });
  const open = async (more: Plain = {}): Promise<Long> => {
    const answer = await run({ find: 'c', batchSize: 2, ...more });
    return Long.fromValue(answer['cursor'].id);
  };
  const more = (id: Long, rest: Plain = {}) => run({ getMore: id, collection: 'c', ...rest });
  const isOpen = async (command: Plain) => (await run(command))['cursor'].id.toString() !== '0';

  it('takes no time limit of its own on getMore, and is still there after that was refused', async () => {
    const id = await open();
    expect(await more(id, { maxTimeMS: 100 })).toMatchObject({ ok: 0, code: 2, codeName: 'BadValue' });
    expect(await more(id)).toMatchObject({
      ok: 1,
      cursor: { nextBatch: [{ _id: 3 }, { _id: 4 }, { _id: 5 }] },
    });
  });

  it('is used in the session it was opened in, and in no other', async () => {
    const [one, other] = [{ id: new UUID() }, { id: new UUID() }];
    const free = await open();
    const bound = await open({ lsid: one });
    expect(await more(free, { lsid: one })).toMatchObject({ ok: 0, code: 50736 });
    expect(await more(bound)).toMatchObject({ ok: 0, code: 50737 });
    const refused = await more(bound, { lsid: other });
    expect(refused).toMatchObject({ ok: 0, code: 50738 });
    expect(refused['errmsg']).toMatch(/in session .{36} - .{44} - {2}- , in session .{36} - .{44} - {2}- $/);
    expect(await more(bound, { lsid: one })).toMatchObject({ ok: 1 });
  });

  it('is used with the API parameters it was opened with', async () => {
    const id = await open({ apiVersion: '1' });
    expect(await more(id)).toMatchObject({ ok: 0, code: 347, codeName: 'APIMismatchError' });
    expect(await more(id, { apiVersion: '1', apiStrict: true })).toMatchObject({ ok: 0, code: 347 });
    expect(await more(id, { apiVersion: '1' })).toMatchObject({ ok: 1 });
  });

  it('outlives the connection that opened it', async () => {
    const id = await open();
    wire.close();
    wire = await WireClient.connect(Number(new URL(engine.uri).port));
    expect(await more(id)).toMatchObject({ ok: 1 });
  });

  it('goes on where it was, in batches of any size', async () => {
    const id = await open({ skip: 1 });
    expect((await more(id, { batchSize: 1 }))['cursor'].nextBatch).toEqual([{ _id: 4 }]);
    expect((await more(id, { batchSize: 1 }))['cursor']).toMatchObject({ nextBatch: [{ _id: 5 }], id });
    expect((await more(id, { batchSize: 1 }))['cursor']).toMatchObject({ nextBatch: [] });
  });

  it('names the field it misses', async () => {
    expect(await run({ getMore: Long.ONE })).toMatchObject({ ok: 0, code: 40414 });
  });

  it.each<[string, Plain, boolean]>([
    ['a scan whose last document filled the batch', { find: 'c', batchSize: 5 }, true],
    ['a scan that was asked for one more', { find: 'c', batchSize: 6 }, false],
    ['a limit that was reached', { find: 'c', batchSize: 5, limit: 5 }, false],
    ['a limit beyond the last document', { find: 'c', batchSize: 5, limit: 9 }, true],
    ['a sort in memory', { find: 'c', batchSize: 5, sort: { x: 1 } }, false],
    ['a find by _id', { find: 'c', batchSize: 1, filter: { _id: 3 } }, false],
    ['a single batch', { find: 'c', batchSize: 2, singleBatch: true }, false],
    ['an empty first batch', { find: 'c', batchSize: 0 }, true],
    ['no such collection', { find: 'none', batchSize: 0 }, false],
    ['a pipeline whose last document filled the batch', pipeline([{ $project: { a: 1 } }], 5), true],
    ['a pipeline that only matches', pipeline([{ $match: { _id: { $gt: 0 } } }], 5), true],
    ['a listing', { listCollections: 1, cursor: { batchSize: 1 } }, false],
  ])('is open or closed after %s as with MongoDB', async (_, command, expected) => {
    expect(await isOpen(command)).toBe(expected);
  });

  function pipeline(stages: Plain[], batchSize: number): Plain {
    return { aggregate: 'c', pipeline: stages, cursor: { batchSize } };
  }

  it('sends 101 documents first, whatever the limit is', async () => {
    await database.db.collection('many').insertMany(Array.from({ length: 200 }, (_, n) => ({ n })));
    const { cursor } = await run({ find: 'many', limit: 150 });
    expect(cursor.firstBatch).toHaveLength(101);
    const next = await run({ getMore: Long.fromValue(cursor.id), collection: 'many' });
    expect(next['cursor'].nextBatch).toHaveLength(49);
    expect(next['cursor'].id.toString()).toBe('0');
  });

  it('streams all batches to a client that allows it, each answering the one before', async () => {
    const id = await open({ batchSize: 1 });
    const getMore = { getMore: id, collection: 'c', batchSize: 1, $db };
    const answers = await wire.answers(getMore, { flags: EXHAUST_ALLOWED });
    expect(answers.map(({ body }) => body['cursor'].nextBatch.length)).toEqual([1, 1, 1, 1, 0]);
    expect(answers.map(({ moreToCome }) => moreToCome)).toEqual([true, true, true, true, false]);
    expect(answers.slice(1).map(({ responseTo }) => responseTo)).toEqual(
      answers.slice(0, -1).map(({ id: before }) => before),
    );
    expect(await run({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('ends a stream with the error', async () => {
    const getMore = { getMore: Long.fromNumber(77), collection: 'c', $db };
    const answers = await wire.answers(getMore, { flags: EXHAUST_ALLOWED });
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({ moreToCome: false, body: { ok: 0, code: 43 } });
  });

  it('answers once to a client that allows a stream where there is nothing to stream', async () => {
    const answers = await wire.answers({ find: 'c', batchSize: 1, $db }, { flags: EXHAUST_ALLOWED });
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({ moreToCome: false, body: { ok: 1 } });
  });
});

describe('the time limit of a cursor', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());
  const here = { closed: false };
  const gone = { closed: true };

  it('goes on through its getMores, and stands still between them', () => {
    const pace = new Pace(100, here);
    vi.advanceTimersByTime(60);
    pace.check();
    pace.suspend();
    vi.advanceTimersByTime(10_000);
    pace.resume(here);
    vi.advanceTimersByTime(39);
    pace.check();
    vi.advanceTimersByTime(2);
    expect(() => pace.check()).toThrow(expect.objectContaining({ code: 50 }));
  });

  it('is whose command runs now: the one that opened it may be gone', () => {
    const pace = new Pace(undefined, gone);
    pace.suspend();
    pace.resume(here);
    pace.check();
    expect(() => pace.resume(gone)).toThrow(expect.objectContaining({ code: 11601 }));
  });
});
