// Files of facts: judged whole, read exactly, and written so that a second run changes nothing.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { testCtx } from '../support/context.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { Killed, Life, livedBy } from '../support/killed-store.ts';

const request = (content: string, given: Partial<Parameters<World['ingestion']['importFile']>[2]> = {}) => ({
  content,
  map: [],
  source: 'own',
  makeIds: false,
  dryRun: false,
  acceptGood: false,
  ...given,
});

type World = ReturnType<typeof ingestionWorld>;

const all = { from: new Date('1990-01-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') };
const newWorld = (): World => ingestionWorld(createMemoryStore());

async function sums(world: World, measure = 'netPaise') {
  await world.folding.drain();
  const cells = await world.reader.read('default', { stream: 'transactions', measure, ...all });
  return cells.map(({ start, total }) => [start.toISOString(), total]);
}

const three = `order_no,paid_on,total,customer,note
A1,2026-10-01,499.50,c1,hello
A2,2026-10-02,20,c2,
A3,2026-10-02 18:30,0.05,c1,
`;
const mapped = { map: ['order_no=id', 'paid_on=at', 'total=amount'] };

describe('a file of facts', () => {
  it('is read by its columns: amounts exactly, days as midnight of the zone, which is said', async () => {
    const world = newWorld();
    const outcome = await world.ingestion.importFile(testCtx(), 'transactions', request(three, mapped));

    expect(outcome.counts).toMatchObject({ accepted: 3, rejected: 0 });
    expect(outcome.notes).toEqual([
      'Columns that were left out: note.',
      'Days without a time were taken as midnight in Asia/Kolkata.',
      'Times without a zone were taken as those of Asia/Kolkata.',
    ]);
    expect(await sums(world)).toEqual([
      ['2026-09-30T18:30:00.000Z', 49_950],
      ['2026-10-01T18:30:00.000Z', 2_000],
      ['2026-10-02T13:00:00.000Z', 5],
    ]);
  });

  it('changes nothing when it comes again', async () => {
    const world = newWorld();
    await world.ingestion.importFile(testCtx(), 'transactions', request(three, mapped));
    const before = await sums(world);
    const again = await world.ingestion.importFile(testCtx(), 'transactions', request(three, mapped));

    expect(again.counts).toMatchObject({ accepted: 0, duplicate: 3 });
    expect(await sums(world)).toEqual(before);
  });

  it('is refused whole for one bad row, naming line and field; its good rows are taken on demand', async () => {
    const world = newWorld();
    const bad = `${three}A4,2026-10-03,free,c1,\n`;
    const run = (given: object) =>
      world.ingestion.importFile(testCtx(), 'transactions', request(bad, { ...mapped, ...given }));

    await expect(run({})).rejects.toThrow(/1 of 4 rows.*\nline 5: amount: “free” is no amount/);
    expect(await sums(world)).toEqual([]);
    expect((await run({ acceptGood: true })).counts).toMatchObject({ accepted: 3, rejected: 1 });
    expect(await sums(world)).toHaveLength(3);
    const rejects = await world.stores.rejects.scoped('default').find({ where: {}, limit: 9 });
    expect(rejects.map(({ field }) => field)).toEqual(['amount']);
  });

  it('writes nothing in a dry run', async () => {
    const world = newWorld();
    const given = request(three, { ...mapped, dryRun: true });
    const outcome = await world.ingestion.importFile(testCtx(), 'transactions', given);

    expect(outcome.counts.accepted).toBe(3);
    expect(await sums(world)).toEqual([]);
  });

  it('may not say two things of one id, unless it says which is newer', async () => {
    const world = newWorld();
    const twice = 'id,at,amount,updatedAt\nA,2026-10-01,1,\nA,2026-10-01,2,\n';
    const stated = twice.replace(',1,', ',1,2026-10-02').replace(',2,', ',2,2026-10-01');
    const run = (content: string) => world.ingestion.importFile(testCtx(), 'transactions', request(content));

    await expect(run(twice)).rejects.toThrow(/line 3: id: “A” stands on line 2 already/);
    await run(stated);
    await run(stated);
    expect(await sums(world)).toEqual([['2026-09-30T18:30:00.000Z', 100]]);
  });

  it('of columns parted by spaces, without header and ids, needs both to be said', async () => {
    const world = newWorld();
    const cdnow =
      ' 00004 0001 19970101  2   29.33\r\n 00004 0001 19970101  2   29.33\r\n 00021 0002 19970101  3   63.34\r\n';
    const map = ['1=customer', '3=at', '4=quantity', '5=amount'];
    const run = (given: object) =>
      world.ingestion.importFile(testCtx(), 'transactions', request(cdnow, { map, ...given }));

    await expect(run({})).rejects.toThrow(/--make-ids/);
    expect((await run({ makeIds: true })).counts).toMatchObject({ accepted: 3 });
    expect((await run({ makeIds: true })).counts).toMatchObject({ accepted: 0, duplicate: 3 });
    expect(await sums(world)).toEqual([['1996-12-31T18:30:00.000Z', 2933 + 2933 + 6334]]);
    expect(await sums(world, 'quantity')).toEqual([['1996-12-31T18:30:00.000Z', 7]]);
  });

  it('may be NDJSON, with a bad line told by its number', async () => {
    const world = newWorld();
    const content = '{"id":"A","at":"2026-10-01T00:00:00Z","amountPaise":5}\nnot json\n';

    await expect(world.ingestion.importFile(testCtx(), 'transactions', request(content))).rejects.toThrow(
      /line 2: row: “not json” is not JSON/,
    );
  });

  it.each([
    ['', /has no rows/],
    ['a,b\n1,2\n', /no column/],
    ['id,at,amount\n', /has no rows/],
    ['id,ID,at\nx,y,2026-01-01\n', /two columns hold id/],
  ])('%j is refused in words', async (content, said) => {
    await expect(
      newWorld().ingestion.importFile(testCtx(), 'transactions', request(content)),
    ).rejects.toThrow(said);
  });

  it('is finished by running it again, wherever it was cut off', async () => {
    for (let at = 1; at <= 8; at += 1) {
      for (const moment of ['before', 'after'] as const) {
        const store = createMemoryStore();
        const whole = ingestionWorld(store);
        const life = new Life(at, moment);
        const cut = ingestionWorld(store, undefined, (stores) => ({
          ...stores,
          facts: livedBy(life, stores.facts),
          rejects: livedBy(life, stores.rejects),
        }));
        const ctx = testCtx();
        const given = request(`${three}A4,2026-10-03,free,c1,\n`, { ...mapped, acceptGood: true });
        await cut.ingestion.importFile(ctx, 'transactions', given).catch((thrown: unknown) => {
          if (!(thrown instanceof Killed)) throw thrown;
        });
        await whole.ingestion.importFile(ctx, 'transactions', given);

        expect(await sums(whole)).toHaveLength(3);
      }
    }
  });
});
