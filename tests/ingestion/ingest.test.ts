// What becomes of rows: taken once, corrected by newer statements, refused with the field named, and told row by row.
import { describe, expect, it } from 'vitest';
import { streamNames } from '../../src/core/rollups.ts';
import { createJudge, isRefusal } from '../../src/features/ingestion/judge-row.ts';
import { streams } from '../../src/features/ingestion/streams.ts';
import { testCtx } from '../support/context.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { stores } from '../support/stores.ts';

const NOW = new Date('2026-11-02T09:30:00Z');
const own = { source: 'own' };
const sale = { id: 'T-1', at: '2026-11-02T09:00:00+05:30', customer: 'c1', amountPaise: 500 };
const range = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-03T00:00:00Z') };
const net = { stream: 'transactions', measure: 'netPaise', ...range };

describe.each(stores)('facts in a store in $name', ({ create }) => {
  const world = async () => ingestionWorld(await create());
  const totalOf = async ({ folding, reader }: Awaited<ReturnType<typeof world>>) => {
    await folding.drain();
    return (await reader.read('default', net)).reduce((sum, { total }) => sum + total, 0);
  };

  it('come in once, however often the same row is sent', async () => {
    const it = await world();
    const first = await it.ingestion.ingest(testCtx(), 'transactions', [sale], own);
    const again = await it.ingestion.ingest(testCtx(), 'transactions', [sale], own);

    expect(first.rows).toEqual([{ row: 1, id: 'T-1', result: 'accepted' }]);
    expect(again.rows).toEqual([{ row: 1, id: 'T-1', result: 'duplicate' }]);
    expect(await totalOf(it)).toBe(500);
  });

  it('answer the same to the same effect, also after newer facts', async () => {
    const it = await world();
    const ctx = testCtx();
    const first = await it.ingestion.ingest(ctx, 'transactions', [sale, { id: 'T-2' }], own);
    await it.ingestion.ingest(testCtx(), 'transactions', [{ ...sale, amountPaise: 700 }], own);
    const again = await it.ingestion.ingest(ctx, 'transactions', [sale, { id: 'T-2' }], own);

    expect(again).toEqual(first);
    expect(await totalOf(it)).toBe(700);
  });

  it('are corrected by what comes later, and not by what is older at its source', async () => {
    const it = await world();
    const at = (updatedAt: string, amountPaise: number) => [{ ...sale, amountPaise, updatedAt }];
    const results: string[] = [];
    for (const [updatedAt, amount] of [
      ['2026-11-02T04:00:00Z', 500],
      ['2026-11-02T06:00:00Z', 800],
      ['2026-11-02T05:00:00Z', 600],
    ] as const) {
      const { rows } = await it.ingestion.ingest(testCtx(), 'transactions', at(updatedAt, amount), own);
      results.push(...rows.map(({ result }) => result));
      await it.folding.drain();
    }

    expect(results).toEqual(['accepted', 'corrected', 'older']);
    expect(await totalOf(it)).toBe(800);
    const rows = await it.reader.rows('default', { stream: 'transactions', ...range, limit: 10 });
    expect(rows.map(({ data }) => data['amountPaise'])).toEqual([800]);
  });

  it('leave no trace in a quarter that a correction took them out of', async () => {
    const it = await world();
    await it.ingestion.ingest(testCtx(), 'transactions', [sale], own);
    await it.folding.drain();
    await it.ingestion.ingest(testCtx(), 'transactions', [{ ...sale, at: '2026-11-02T09:15:00+05:30' }], own);
    await it.folding.drain();

    expect(await it.reader.read('default', net)).toEqual([
      { start: new Date('2026-11-02T03:45:00Z'), value: '', total: 500 },
    ]);
  });

  it('are told apart by their source, and never seen by another tenant', async () => {
    const it = await world();
    await it.ingestion.ingest(testCtx(), 'transactions', [sale], own);
    await it.ingestion.ingest(testCtx(), 'transactions', [sale], { source: 'shop' });
    await it.ingestion.ingest(testCtx({ tenant: 'other' }), 'transactions', [sale], own);

    expect(await totalOf(it)).toBe(1_000);
    const rows = await it.reader.rows('other', { stream: 'transactions', ...range, limit: 10 });
    expect(rows.map(({ source }) => source)).toEqual(['own']);
  });

  it('are chosen by the newest where one call names a thing twice', async () => {
    const it = await world();
    const twice = [
      { ...sale, amountPaise: 100 },
      { ...sale, amountPaise: 200 },
    ];
    const { rows } = await it.ingestion.ingest(testCtx(), 'transactions', twice, own);

    expect(rows.map(({ result }) => result)).toEqual(['older', 'accepted']);
    expect(await totalOf(it)).toBe(200);
  });

  it('go on after many corrections of one thing', async () => {
    const it = await world();
    for (let n = 1; n <= 70; n += 1)
      await it.ingestion.ingest(testCtx(), 'transactions', [{ ...sale, amountPaise: n }], own);

    expect(await totalOf(it)).toBe(70);
  });

  it('are read page by page without a gap or a repeat', async () => {
    const it = await world();
    const rows = Array.from({ length: 45 }, (_, n) => ({
      ...sale,
      id: `T-${n}`,
      at: n < 20 ? sale.at : '2026-11-02T08:00:00Z',
    }));
    await it.ingestion.ingest(testCtx(), 'transactions', rows, own);
    await it.folding.drain();
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await it.reader.rows('default', {
        stream: 'transactions',
        ...range,
        limit: 7,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...page.map(({ externalId }) => externalId));
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }

    expect(seen).toHaveLength(45);
    expect(new Set(seen).size).toBe(45);
  });

  it('keep a bad row with its reason, once, and take the good ones beside it', async () => {
    const it = await world();
    const bad = { ...sale, id: 'T-9', amountPaise: 'free' };
    for (let times = 0; times < 2; times += 1)
      await it.ingestion.ingest(testCtx(), 'transactions', [sale, bad, 7], own);

    const kept = await it.stores.rejects.scoped('default').find({ where: {}, limit: 10 });
    expect(kept.map(({ field, row }) => [field, JSON.parse(row)]).sort()).toEqual([
      ['amountPaise', bad],
      ['row', 7],
    ]);
    expect(await totalOf(it)).toBe(500);
  });
});

describe('a row', () => {
  const judge = createJudge(streams.transactions);
  const refusal = (row: unknown) => {
    const judged = judge(row, NOW);
    return isRefusal(judged) ? `${judged.field}: ${judged.reason}` : 'taken';
  };

  it.each([
    [{ ...sale, amountPaise: 12.5 }, /^amountPaise: “12.5” is not a whole number/],
    [{ ...sale, amountPaise: -1 }, /^amountPaise: “-1” is too small/],
    [{ ...sale, amount: '12.345', amountPaise: undefined }, /^amount/],
    [{ ...sale, amount: '5.00' }, /^amount: is given twice/],
    [{ ...sale, at: '2026-11-02' }, /^at: /],
    [{ ...sale, at: '2026-11-02T09:00:00' }, /^at: /],
    [{ ...sale, at: '2026-11-09T09:00:00Z' }, /^at: .*ahead/],
    [{ ...sale, colour: 'red' }, /^colour: is not known here/],
    [{ ...sale, currency: 'USD' }, /^currency: /],
    [{ ...sale, id: '' }, /^id: /],
    [{ ...sale, customer: 'a\u001fb' }, /^customer: /],
    [[sale], /^row: /],
    [null, /^row: /],
  ])('%j is refused by the field that is wrong', (row, said) => {
    expect(refusal(row)).toMatch(said);
  });

  it('may give an amount in rupees, read exactly', () => {
    const { amountPaise, ...rest } = sale;
    const judged = judge({ ...rest, amount: '81985.29' }, NOW);
    expect(isRefusal(judged) ? null : judged.data?.['amountPaise']).toBe(8_198_529);
  });
});

describe('every stream', () => {
  it.each(streamNames)(
    '%s is shown by a row that fits, counts facts first, and splits by fields it has',
    (name) => {
      const stream = streams[name];
      const judged = createJudge(stream)(stream.example, NOW);

      expect(isRefusal(judged)).toBe(false);
      expect(stream.measures[0]?.name).toBe('count');
      const fields = Object.keys(stream.row.shape);
      const named = [
        ...stream.dimensions,
        ...stream.pairs.flat(),
        ...stream.units.map(({ name: unit }) => unit),
        ...stream.measures.flatMap(({ terms }) =>
          terms.flatMap(({ field, when }) => [...(field ? [field] : []), ...Object.keys(when ?? {})]),
        ),
      ];
      expect(named.filter((field) => !fields.includes(field))).toEqual([]);
      expect(stream.pairs.flat().filter((field) => !stream.dimensions.includes(field))).toEqual([]);
      expect(new Set(stream.measures.map((measure) => measure.name)).size).toBe(stream.measures.length);
    },
  );
});
