// Active customers are those with a sale, counted once in their days of the zone; how sticky they are follows from that.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MetricWorld, metricWorld, ZONE } from '../support/metric-world.ts';

let world: MetricWorld;
beforeEach(() => {
  world = metricWorld();
});

let sales = 0;
const sale = (customer: string, at: string, more: object = {}) => {
  sales += 1;
  return { id: `T${sales}`, at, customer, amountPaise: 100, ...more };
};
const noon = (day: string): string => `${day}T12:00:00+05:30`;
const all = ['dau', 'wau', 'mau', 'stickiness'] as const;

async function values(range: string): Promise<Record<string, number | null>> {
  return Object.fromEntries(await Promise.all(all.map(async (id) => [id, await world.value(id, range)])));
}

describe('active customers', () => {
  it('are counted once in the last day, 7 days and 30 days of the period, by sales and nothing else', async () => {
    await world.bring('transactions', [
      ...[sale('a', noon('2026-11-01')), sale('a', noon('2026-11-01')), sale('b', noon('2026-11-01'))],
      sale('c', noon('2026-10-26')),
      sale('d', noon('2026-10-25')),
      sale('e', noon('2026-10-03')),
      sale('f', noon('2026-10-02')),
      sale('g', noon('2026-11-01'), { kind: 'refund' }),
      { id: 'nobody', at: noon('2026-11-01'), amountPaise: 100 },
    ]);
    await world.bring('payments', [
      { id: 'P1', at: noon('2026-11-01'), customer: 'h', status: 'captured', amountPaise: 100 },
    ]);

    expect(await values('yesterday')).toMatchObject({ dau: 2, wau: 3, mau: 5 });
    expect(await values('last 7 days')).toEqual(await values('yesterday'));
    expect(await values('last month')).toMatchObject({ dau: 0, wau: 2, mau: 4 });
  });

  it('are those of days in the zone of the reader, not of UTC', async () => {
    await world.bring('transactions', [
      sale('early', '2026-10-31T18:30:00Z'),
      sale('late', '2026-11-01T18:29:59Z'),
      sale('before', '2026-10-31T18:29:59Z'),
      sale('after', '2026-11-01T18:30:00Z'),
    ]);
    expect(await world.value('dau', 'yesterday')).toBe(2);
    const utc = world.ctxNow({ zone: 'UTC' });
    expect((await world.figure('dau', 'yesterday', undefined, utc)).value).toBe(2);
    expect((await world.figure('dau', '2026-10-31', undefined, utc)).value).toBe(2);
  });

  it('of a period that is not over count up to now, are marked, and are compared with nothing', async () => {
    await world.bring('transactions', [
      sale('a', noon('2026-11-02')),
      sale('b', noon('2026-11-01')),
      sale('c', noon('2026-10-27')),
      sale('d', noon('2026-10-26')),
    ]);
    for (const range of ['today', 'this month', 'this year']) {
      const dau = await world.figure('dau', range);
      expect([dau.value, dau.range.partial, dau.change.withheld]).toEqual([1, true, 'partial']);
      expect(await world.value('wau', range)).toBe(3);
    }
  });

  it('have a line with a point for each day, each of them trailing', async () => {
    await world.bring('transactions', [sale('a', noon('2026-10-27')), sale('b', noon('2026-10-30'))]);
    const line = async (id: string) =>
      (await world.figure(id, 'last 7 days')).steps.map(({ value }) => value);

    expect(await line('dau')).toEqual([0, 1, 0, 0, 1, 0, 0]);
    expect(await line('wau')).toEqual([0, 1, 1, 1, 2, 2, 2]);
  });

  it('are 0 without a sale in the time, and say that there are no facts where there are none at all', async () => {
    for (const id of all) expect((await world.figure(id, 'last 7 days')).state).toBe('empty');
    await world.bring('transactions', [sale('a', noon('2026-08-01'))]);

    expect(await values('yesterday')).toEqual({ dau: 0, wau: 0, mau: 0, stickiness: null });
    const other = world.ctxNow({ tenant: 'other' });
    expect(await world.figure('mau', 'august 2026', undefined, other)).toMatchObject({
      value: 0,
      state: 'empty',
    });
  });

  it('have no count of hours', async () => {
    await expect(world.value('dau', 'last 3 hours')).rejects.toThrow('whole days');
    await expect(world.value('stickiness', 'last 3 hours')).rejects.toThrow('whole days');
  });

  it('lead to the sales of the days that they are counted in', async () => {
    await world.bring('transactions', [
      sale('a', noon('2026-11-01')),
      sale('b', noon('2026-10-27')),
      sale('c', noon('2026-10-25')),
    ]);
    const { metrics, ctxNow } = world;
    const { range } = metrics.ask(ctxNow(), { range: 'yesterday' });
    const behind = async (id: string) =>
      (await metrics.rows(ctxNow(), metrics.named(id), range, { limit: 10 })).rows.length;
    expect(await Promise.all(['dau', 'wau', 'mau'].map(behind))).toEqual([1, 2, 3]);
  });
});

describe('stickiness', () => {
  const days = Array.from({ length: 30 }, (_, n) =>
    DateTime.fromISO('2026-11-01', { zone: ZONE }).minus({ days: n }).toISODate(),
  );

  it('is 100 % where the same customers come every day, and 1/30 where each comes on one of 30', async () => {
    await world.bring(
      'transactions',
      days.map((day) => sale('a', noon(day ?? ''))),
    );
    expect(await world.value('stickiness', 'yesterday')).toBe(1);

    world = metricWorld();
    await world.bring(
      'transactions',
      days.map((day, n) => sale(`c${n}`, noon(day ?? ''))),
    );
    expect(await world.value('stickiness', 'yesterday')).toBeCloseTo(1 / 30, 12);
  });

  it('is the mean over 30 days, whatever the period: not over the days of the period', async () => {
    await world.bring('transactions', [sale('a', noon('2026-11-01')), sale('b', noon('2026-10-20'))]);
    for (const range of ['yesterday', 'last 7 days', 'last 30 days'])
      expect([range, await world.value('stickiness', range)]).toEqual([range, 2 / 30 / 2]);
  });

  it('is what counting by hand gives, for any sales', async () => {
    const anySale = fc.record({ day: fc.nat(40), customer: fc.nat(6) });
    await fc.assert(
      fc.asyncProperty(fc.array(anySale, { minLength: 1, maxLength: 60 }), async (given) => {
        world = metricWorld();
        const last = DateTime.fromISO('2026-11-01T12:00:00', { zone: ZONE });
        await world.bring(
          'transactions',
          given.map(({ day, customer }) => sale(`c${customer}`, last.minus({ days: day }).toISO() ?? '')),
        );
        const within = (first: number, count: number): number =>
          new Set(given.filter(({ day }) => day >= first && day < first + count).map((one) => one.customer))
            .size;
        const daily = Array.from({ length: 30 }, (_, n) => within(n, 1)).reduce((sum, n) => sum + n, 0);
        const month = within(0, 30);
        const expected = { dau: within(0, 1), wau: within(0, 7), mau: month };
        const found = await values('yesterday');
        expect(found).toMatchObject(expected);
        if (month === 0) expect(found['stickiness']).toBeNull();
        else expect(found['stickiness']).toBeCloseTo(daily / 30 / month, 12);
      }),
      { numRuns: 25 },
    );
  });
});
