import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experiments } from '../../models/experiment.ts';
import { experimentRollups } from '../../models/experiment-rollup.ts';
import { exposures } from '../../models/exposure.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { fold } from '../../src/features/experiments/fold.ts';
import { type ImportRequest, importExposures } from '../../src/features/experiments/import.ts';
import { testCtx } from '../support/context.ts';
import { Life, livedBy } from '../support/killed-store.ts';

function newStores() {
  const store = createMemoryStore();
  return {
    experiments: store.facts(experiments),
    exposures: store.records(exposures),
    rollups: store.records(experimentRollups),
  };
}

const request = (content: string, given: Partial<ImportRequest> = {}): ImportRequest => ({
  experiment: 'gate',
  content,
  columns: {},
  default: 'a',
  max: undefined,
  costPaise: new Map(),
  valuePaise: undefined,
  dryRun: false,
  acceptGood: false,
  ...given,
});

const totals = (stores: ReturnType<typeof newStores>, tenant = 'default') =>
  fold(stores, tenant, 'gate', new Date('2026-11-02T10:00:00Z'));

const four = 'unit,variant,outcome\n1,a,0\n2,b,1\n3,a,1\n4,b,1\n';

describe('the import of exposures', () => {
  it('counts each unit once per arm', async () => {
    const stores = newStores();

    const outcome = await importExposures(stores, testCtx(), request(four));

    expect(outcome).toMatchObject({ rows: 4, units: 4, added: 4, maxUnits: 4, excluded: 0, repeated: false });
    expect((await totals(stores)).counts).toEqual([
      { variant: 'a', exposed: 2, converted: 1 },
      { variant: 'b', exposed: 2, converted: 2 },
    ]);
  });

  it('changes nothing when the same file comes again', async () => {
    const stores = newStores();
    await importExposures(stores, testCtx(), request(four));
    const before = await totals(stores);

    const again = await importExposures(stores, testCtx(), request(four));

    expect(again.repeated).toBe(true);
    expect(await totals(stores)).toEqual(before);
  });

  it('excludes a unit that saw two variants, in one file or over two', async () => {
    const stores = newStores();
    await importExposures(stores, testCtx(), request(`${four}5,a,0\n5,b,1\n`));
    await importExposures(stores, testCtx(), request('unit,variant,outcome\n2,a,1\n6,b,0\n'));

    const { counts, excluded } = await totals(stores);

    expect(excluded).toBe(2);
    expect(counts).toEqual([
      { variant: 'a', exposed: 2, converted: 1 },
      { variant: 'b', exposed: 2, converted: 1 },
    ]);
  });

  it('takes a later conversion as a correction, once', async () => {
    const stores = newStores();
    await importExposures(stores, testCtx(), request(four));
    const later = 'unit,variant,outcome\n1,a,1\n';

    expect((await importExposures(stores, testCtx(), request(later))).corrected).toBe(1);
    await importExposures(stores, testCtx(), request(`${later}\n`));

    expect((await totals(stores)).counts[0]).toEqual({ variant: 'a', exposed: 2, converted: 2 });
  });

  it('finishes an import that died after any of its writes', async () => {
    const whole = newStores();
    await importExposures(whole, testCtx(), request(four));
    const wanted = (await totals(whole)).counts;
    for (let dieAfter = 0; dieAfter < 30; dieAfter += 1) {
      const stores = newStores();
      await importExposures(dying(stores, dieAfter), testCtx(), request(four)).catch(() => undefined);

      await importExposures(stores, testCtx(), request(four));

      expect((await totals(stores)).counts, `died after ${dieAfter} writes`).toEqual(wanted);
    }
  });

  it('folds a fact once however many fold at the same time', async () => {
    const stores = newStores();
    const rows = Array.from({ length: 3000 }, (_, n) => `u${n},${n % 2 ? 'a' : 'b'},${n % 3 === 0 ? 1 : 0}`);
    await importExposures(
      stores,
      testCtx(),
      request(`unit,variant,outcome\n${rows.slice(0, 10).join('\n')}`),
    );
    const big = importExposures(stores, testCtx(), request(`unit,variant,outcome\n${rows.join('\n')}`));
    await Promise.all([big, ...Array.from({ length: 8 }, () => totals(stores))]);

    const { counts } = await totals(stores);

    expect(counts.map(({ exposed }) => exposed)).toEqual([1500, 1500]);
    expect(counts.reduce((sum, { converted }) => sum + converted, 0)).toBe(1000);
  });

  it('folds a file spread over a thousand quarter hours with few calls, to the last unit', async () => {
    const stores = newStores();
    const start = Date.parse('2026-10-01T00:00:00Z');
    const timeOf = (n: number): string => new Date(start + ((n * 7919) % 1000) * 900_000).toISOString();
    const rows = Array.from(
      { length: 4000 },
      (_, n) => `u${n},${n % 2 ? 'a' : 'b'},${n % 5 ? 0 : 1},${timeOf(n)}`,
    );
    const life = new Life(Number.POSITIVE_INFINITY, 'after');

    await importExposures(
      { ...stores, exposures: livedBy(life, stores.exposures), rollups: livedBy(life, stores.rollups) },
      testCtx(),
      request(`unit,variant,outcome,at\n${rows.join('\n')}`),
    );

    const buckets = await stores.rollups
      .scoped('default')
      .find({ where: { bucket: { gte: 0 } }, limit: 2000 });
    expect(buckets.length).toBe(1000);
    expect(sumOf(buckets.flatMap((bucket) => bucket.counts))).toEqual(sumOf((await totals(stores)).counts));
    expect(life.calls).toBeLessThan(60);
  });

  it('keeps buckets and totals equal to a plain recount of any file', async () => {
    const row = fc.record({
      unit: fc.nat(40),
      variant: fc.constantFrom('a', 'b', 'c'),
      outcome: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 80 }), async (rows) => {
        const all = [
          { unit: 900, variant: 'a', outcome: true },
          { unit: 901, variant: 'b', outcome: false },
          ...rows,
        ];
        const stores = newStores();
        await importExposures(
          stores,
          testCtx(),
          request(
            `unit,variant,outcome\n${all.map((r) => `${r.unit},${r.variant},${r.outcome}`).join('\n')}`,
          ),
        );
        const { counts, excluded } = await totals(stores);
        const buckets = await stores.rollups
          .scoped('default')
          .find({ where: { bucket: { gte: 0 } }, limit: 1000 });

        expect({ counts: [...counts], excluded }).toEqual(recount(all));
        expect(sumOf(buckets.flatMap((bucket) => bucket.counts))).toEqual(sumOf(counts));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps tenants apart', async () => {
    const stores = newStores();
    await importExposures(stores, testCtx(), request(four));
    await importExposures(
      stores,
      testCtx({ tenant: 'other' }),
      request('unit,variant,outcome\n1,a,1\n9,b,0\n'),
    );

    expect((await totals(stores, 'other')).counts).toEqual([
      { variant: 'a', exposed: 1, converted: 1 },
      { variant: 'b', exposed: 1, converted: 0 },
    ]);
  });

  it('says what would change in a dry run, and changes nothing', async () => {
    const stores = newStores();

    expect(await importExposures(stores, testCtx(), request(four, { dryRun: true }))).toMatchObject({
      added: 4,
      dryRun: true,
    });
    expect(await stores.experiments.scoped('default').count({})).toBe(0);
  });

  it('maps columns by name and reads the time where there is one', async () => {
    const stores = newStores();
    const text = 'user_id;group;converted;timestamp\n7;a;1;2017-01-21 22:11:48.556739\n8;b;0;1485040308\n';
    const columns = { unit: 'user_id', variant: 'group', outcome: 'converted', at: 'timestamp' };

    await importExposures(stores, testCtx(), request(text, { columns }));

    const { firstAt, lastAt } = await totals(stores);
    expect([firstAt?.toISOString(), lastAt?.toISOString()]).toEqual([
      '2017-01-21T22:11:48.556Z',
      '2017-01-21T23:11:48.000Z',
    ]);
  });

  it.each([
    ['an empty file', ''],
    ['a header alone', 'unit,variant,outcome\n'],
    ['NUL bytes', 'unit,variant,outcome\n1,a,\u00001\n2,b,0\n'],
    ['a missing column', 'unit,variant\n1,a\n2,b\n'],
    ['two columns of one name', 'unit,variant,outcome,unit\n1,a,0,1\n2,b,1,1\n'],
    ['a short row', 'unit,variant,outcome\n1,a,0\n2,b\n'],
    ['a long row', 'unit,variant,outcome\n1,a,0\n2,b,1,1\n'],
    ['an outcome that is neither', 'unit,variant,outcome\n1,a,0\n2,b,maybe\n'],
    ['an empty unit', 'unit,variant,outcome\n,a,0\n2,b,1\n'],
    ['an unseen character', 'unit,variant,outcome\n1,a\u202E,0\n2,b,1\n'],
    ['an open quote', 'unit,variant,outcome\n1,a,0\n"2,b,1\n'],
    ['one variant', 'unit,variant,outcome\n1,a,0\n2,a,1\n'],
    [
      'as many variants as rows',
      `unit,variant,outcome\n${Array.from({ length: 30 }, (_, n) => `${n},v${n},1`).join('\n')}`,
    ],
    ['a time that is none', 'unit,variant,outcome,at\n1,a,0,yesterday\n2,b,1,2026-11-01\n'],
    ['an order that is none', 'unit,variant,outcome,order\n1,a,0,first\n2,b,1,2\n'],
    ['a cell of a million characters', `unit,variant,outcome\n1,a,0\n${'x'.repeat(1_000_000)},b,1\n`],
  ])('refuses %s and writes nothing', async (_, text) => {
    const stores = newStores();

    await expect(importExposures(stores, testCtx(), request(text))).rejects.toMatchObject({
      code: 'input.bad_file',
    });

    expect(await stores.experiments.scoped('default').count({})).toBe(0);
    expect(await stores.exposures.scoped('default').count({})).toBe(0);
  });

  it('names the line and the reason, and takes the good rows when told to', async () => {
    const stores = newStores();
    const text = `${four}5,b,perhaps\n`;

    await expect(importExposures(stores, testCtx(), request(text))).rejects.toMatchObject({
      fields: [{ field: 'line 6', problem: expect.stringContaining('perhaps') }],
    });
    expect(await importExposures(stores, testCtx(), request(text, { acceptGood: true }))).toMatchObject({
      added: 4,
    });
  });

  it('answers shortly about a header of any length', async () => {
    const long = `${'x'.repeat(50_000)},${'y'.repeat(50_000)}\n1,2\n`;
    const refusal = await importExposures(newStores(), testCtx(), request(long)).catch((error) => error);

    expect(refusal.publicMessage).toContain('there is no column “unit”; the file has xxxx');
    expect(refusal.publicMessage.length).toBeLessThan(2000);
  });

  it('refuses a default, a cost or a plan that does not fit, naming what would', async () => {
    const stores = newStores();
    await expect(importExposures(stores, testCtx(), request(four, { default: 'z' }))).rejects.toMatchObject({
      code: 'input.invalid',
      publicMessage: expect.stringContaining('a, b'),
    });
    await expect(
      importExposures(stores, testCtx(), request(four, { costPaise: new Map([['z', 1]]) })),
    ).rejects.toMatchObject({ code: 'input.invalid' });
    await importExposures(stores, testCtx(), request(four));

    const other = 'unit,variant,outcome\n8,a,0\n9,b,1\n';
    await expect(importExposures(stores, testCtx(), request(other, { default: 'b' }))).rejects.toMatchObject({
      code: 'record.conflict',
    });
    await expect(importExposures(stores, testCtx(), request(other, { max: 99 }))).rejects.toMatchObject({
      code: 'record.conflict',
    });
    await expect(importExposures(stores, testCtx(), request(`${other}10,c,1\n`))).rejects.toMatchObject({
      code: 'record.conflict',
    });
  });
});

type Stores = ReturnType<typeof newStores>;

/** The same stores, whose writes fail for ever after the n-th. */
function dying(stores: Stores, writes: number): Stores {
  let left = writes;
  const mortal = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const value = Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === 'scoped') return mortal(value.apply(object, args));
          if (name === 'get' || name === 'find' || name === 'count') return value.apply(object, args);
          left -= 1;
          return left < 0 ? Promise.reject(new Error('killed')) : value.apply(object, args);
        };
      },
    });
  return {
    experiments: mortal(stores.experiments),
    exposures: mortal(stores.exposures),
    rollups: mortal(stores.rollups),
  };
}

function recount(rows: readonly { unit: number; variant: string; outcome: boolean }[]) {
  const units = new Map<number, { variants: Set<string>; converted: boolean }>();
  for (const { unit, variant, outcome } of rows) {
    const known = units.get(unit) ?? { variants: new Set<string>(), converted: false };
    known.variants.add(variant);
    units.set(unit, { variants: known.variants, converted: known.converted || outcome });
  }
  const single = [...units.values()].filter(({ variants }) => variants.size === 1);
  const variants = [...new Set(single.flatMap((unit) => [...unit.variants]))].sort();
  const counts = variants.map((variant) => {
    const mine = single.filter((unit) => unit.variants.has(variant));
    return { variant, exposed: mine.length, converted: mine.filter((unit) => unit.converted).length };
  });
  return { counts, excluded: units.size - single.length };
}

function sumOf(counts: readonly { variant: string; exposed: number; converted: number }[]) {
  const sums: Record<string, [number, number]> = {};
  for (const { variant, exposed, converted } of counts) {
    const [e, c] = sums[variant] ?? [0, 0];
    sums[variant] = [e + exposed, c + converted];
  }
  return sums;
}
