// Guarantees of the definitions: each gives what its source's example gives, over facts that came in as facts do.
import { beforeEach, describe, expect, it } from 'vitest';
import { formulaIn } from '../../src/features/metrics/formula-words.ts';
import { type MetricWorld, metricWorld } from '../support/metric-world.ts';

let world: MetricWorld;
beforeEach(() => {
  world = metricWorld();
});

let changes = 0;

/** A change of a subscription: `paise` a month from that day on; 0 ends it. */
function change(customer: string, day: string, paise: number, more: object = {}) {
  changes += 1;
  const terms =
    paise === 0 ? { status: 'cancelled', pricePaise: 100 } : { status: 'active', pricePaise: paise };
  return {
    id: `s${changes}`,
    at: `2026-${day}T10:00:00+05:30`,
    subscription: `sub-${customer}`,
    customer,
    plan: 'Pro',
    tier: 'pro',
    ...terms,
    ...more,
  };
}

const OCTOBER = 'october 2026';

describe('recurring revenue', () => {
  it('MRR is Stripe’s example: 100 at 100 a month and 50 at 600 a year', async () => {
    await world.bring('subscriptions', [
      change('a', '09-01', 10_000, { quantity: 100 }),
      change('b', '09-01', 60_000, { quantity: 50, interval: 'year' }),
    ]);

    expect(await world.value('mrr', OCTOBER)).toBe(1_250_000);
    expect(await world.value('arr', OCTOBER)).toBe(15_000_000);
    expect(await world.value('arpa', OCTOBER)).toBe(625_000);
  });

  it('gross and net churn are ChartMogul’s: start 100, churn 10, contraction 10, expansion 10', async () => {
    await world.bring('subscriptions', [
      ...[change('a', '09-01', 1_000), change('b', '09-01', 5_000), change('c', '09-01', 4_000)],
      ...[change('a', '10-05', 0), change('b', '10-06', 4_000), change('c', '10-07', 5_000)],
    ]);

    expect(await world.value('gross-mrr-churn', OCTOBER)).toBeCloseTo(0.2, 12);
    expect(await world.value('net-mrr-churn', OCTOBER)).toBeCloseTo(0.1, 12);
    expect(await world.value('grr', OCTOBER)).toBeCloseTo(0.8, 12);
    expect(await world.value('nrr', OCTOBER)).toBeCloseTo(0.9, 12);
  });

  it('churn by days is ChartMogul’s for B2C: start 100, end 120, new 10 is −10 %', async () => {
    await world.bring('subscriptions', [
      change('a', '09-01', 10_000),
      change('a', '10-05', 11_000),
      change('new', '10-05', 1_000),
    ]);

    expect(await world.value('daily-mrr-churn', '2026-10-05')).toBeCloseTo(-0.1, 12);
    expect(await world.value('daily-mrr-churn', OCTOBER)).toBeCloseTo(-0.1, 12);
  });

  it('churn by days adds up what each day lost of its own start, and leaves days without MRR out', async () => {
    await world.bring('subscriptions', [
      ...[change('a', '10-03', 5_000), change('b', '10-03', 5_000), change('a', '10-04', 0)],
      ...[change('b', '10-20', 0), change('c', '10-25', 1_000)],
    ]);

    expect(await world.value('daily-mrr-churn', OCTOBER)).toBeCloseTo(0.5 + 1, 12);
    expect(await world.value('daily-mrr-churn', '2026-10-03')).toBeNull();
    const { parts } = await world.figure('daily-mrr-churn', OCTOBER, 'tier');
    expect(parts.map(({ name }) => name)).toEqual(['pro']);
    expect(parts[0]?.value).toBeCloseTo(1.5, 12);
    const { steps } = await world.figure('daily-mrr-churn', 'from 2026-10-03 to 2026-10-06');
    expect(steps.map(({ value }) => value)).toEqual([null, 0.5, 0, 0]);
    await expect(world.value('daily-mrr-churn', 'last 3 hours')).rejects.toThrow('whole days');
  });

  it('churn by days of a month that is not over counts up to now and is compared with nothing', async () => {
    await world.bring('subscriptions', [
      ...[change('a', '10-01', 5_000), change('b', '10-01', 5_000), change('b', '11-01', 0)],
    ]);
    const figure = await world.figure('daily-mrr-churn', 'this month');
    expect([figure.value, figure.range.partial, figure.change.withheld]).toEqual([0.5, true, 'partial']);
  });

  it('customer churn is ChartMogul’s: of 100, 12 left, one came back, and who joined inside does not count', async () => {
    const start = Array.from({ length: 100 }, (_, n) => change(`c${n}`, '09-01', 1_000));
    const left = Array.from({ length: 11 }, (_, n) => change(`c${n}`, '10-05', 0));
    await world.bring('subscriptions', [
      ...start,
      ...left,
      change('c0', '10-20', 1_000),
      change('new', '10-03', 1_000),
      change('new', '10-09', 0),
    ]);

    expect(await world.value('customer-churn', OCTOBER)).toBeCloseTo(10 / 100, 12);
    expect(await world.value('customer-churn-stripe', OCTOBER)).toBeCloseTo(12 / 101, 12);
  });

  it('net retention leaves out who came back after an earlier churn, so that it is not 1 − net churn', async () => {
    await world.bring('subscriptions', [
      ...[change('a', '08-01', 1_000), change('b', '08-01', 1_000), change('b', '08-20', 0)],
      change('b', '10-10', 1_000),
    ]);

    expect(await world.value('nrr', OCTOBER)).toBe(1);
    expect(await world.value('net-mrr-churn', OCTOBER)).toBe(-1);
  });

  it('lifetime value is ChartMogul’s: 100 at 5 % churn is 2,000; without churn it has no value', async () => {
    const paying = Array.from({ length: 20 }, (_, n) => change(`c${n}`, '02-10', 10_000));
    await world.bring('subscriptions', paying);
    expect(await world.value('ltv', OCTOBER)).toBeNull();

    // One of twenty in each of the six months before October, and one comes in its place.
    for (const [n, month] of ['04', '05', '06', '07', '08', '09'].entries()) {
      await world.bring('subscriptions', [change(`c${n}`, `${month}-10`, 0)]);
      await world.bring('subscriptions', [change(`n${n}`, `${month}-20`, 10_000)]);
    }
    expect(await world.value('ltv', OCTOBER)).toBeCloseTo(200_000, 6);
  });

  it('has no share of nothing', async () => {
    await world.bring('subscriptions', [change('a', '10-05', 1_000)]);

    for (const id of ['gross-mrr-churn', 'net-mrr-churn', 'grr', 'nrr', 'customer-churn'])
      expect([id, await world.value(id, OCTOBER)]).toEqual([id, null]);
  });

  it('splits by tier, and the tiers add up', async () => {
    await world.bring('subscriptions', [
      change('a', '09-01', 1_000, { tier: 'starter' }),
      change('b', '09-01', 3_000),
      change('a', '10-05', 2_500),
    ]);
    const { parts, value } = await world.figure('mrr', OCTOBER, 'tier');

    expect(parts.map(({ name, value }) => [name, value])).toEqual([
      ['pro', 5_500],
      ['starter', 0],
    ]);
    expect(value).toBe(5_500);
  });
});

describe('revenue, customers and cost', () => {
  const sale = (id: string, day: string, amountPaise: number, more: object = {}) => ({
    id,
    at: `2026-10-${day}T10:00:00+05:30`,
    amountPaise,
    ...more,
  });

  it('revenue is sales less refunds; an order is averaged over sales', async () => {
    await world.bring('transactions', [
      sale('1', '02', 50_000, { customer: 'a', source: 'app', costPaise: 20_000 }),
      sale('2', '02', 30_000, { customer: 'a', source: 'web', costPaise: 20_000 }),
      sale('3', '09', 20_000, { customer: 'b', source: 'app' }),
      sale('4', '10', 20_000, { customer: 'b', source: 'app', kind: 'refund' }),
    ]);

    expect(await world.value('revenue', OCTOBER)).toBe(80_000);
    expect(await world.value('refunds', OCTOBER)).toBe(20_000);
    expect(await world.value('transactions', OCTOBER)).toBe(3);
    expect(await world.value('average-order', OCTOBER)).toBeCloseTo(100_000 / 3, 6);
    expect(await world.value('profit-margin', OCTOBER)).toBeCloseTo(0.5, 12);
    expect(await world.value('customers', OCTOBER)).toBe(2);
    expect(await world.value('customers', '2 oct')).toBe(1);
    const { parts } = await world.figure('revenue', OCTOBER, 'source');
    expect(parts.map(({ name, value }) => [name, value])).toEqual([
      ['app', 50_000],
      ['web', 30_000],
    ]);
  });

  it('invites, their rate, and what a customer costs', async () => {
    const invite = (id: string, status: string) => sale(id, '03', 0, { status, costPaise: 500 });
    await world.bring(
      'invites',
      [invite('1', 'sent'), invite('2', 'claimed'), invite('3', 'claimed'), invite('4', 'expired')].map(
        ({ amountPaise: _, ...row }) => row,
      ),
    );
    await world.bring('marketing_costs', [sale('m', '04', 8_000, { source: 'google' })]);
    await world.bring('customers', [
      { id: 'c1', at: '2026-10-05T10:00:00+05:30' },
      { id: 'c2', at: '2026-10-06T10:00:00+05:30' },
    ]);

    expect(await world.value('invites-sent', OCTOBER)).toBe(4);
    expect(await world.value('invites-claimed', OCTOBER)).toBe(2);
    expect(await world.value('invite-rate', OCTOBER)).toBe(0.5);
    expect(await world.value('cost-per-invite', OCTOBER)).toBe(1_000);
    expect(await world.value('cac', OCTOBER)).toBe(5_000);
  });

  it('a payment that was given back later was a success', async () => {
    const payment = (id: string, status: string, method = 'upi') => sale(id, '03', 100, { status, method });
    await world.bring('payments', [
      payment('1', 'captured'),
      payment('2', 'refunded'),
      payment('3', 'failed'),
      payment('4', 'created'),
      payment('5', 'failed', 'card'),
    ]);

    expect(await world.value('payment-success', OCTOBER)).toBe(0.5);
    const { parts } = await world.figure('payment-success', OCTOBER, 'method');
    expect(parts.map(({ name, value }) => [name, value])).toEqual([
      ['upi', 2 / 3],
      ['card', 0],
    ]);
  });
});

describe('every definition', () => {
  it('says its formula, its source and its owner, in a unit, under an id of its own', () => {
    const { metrics } = world.metrics;
    const names = metrics.flatMap(({ id, aliases }) => [id, ...aliases]);

    expect(new Set(names).size).toBe(names.length);
    for (const { formula, source, owner, name } of metrics)
      expect([formula, source, owner, name.en, name.hi].every((text) => text.length > 1)).toBe(true);
    expect(metrics.filter((one) => !/[\u0900-\u097f]/.test(formulaIn('hi', one)))).toEqual([]);
    expect(metrics.length).toBeGreaterThan(25);
  });

  it('reads streams, measures and dimensions that there are, also split and over its rows', async () => {
    const ctx = world.ctxNow();
    for (const metric of world.metrics.metrics) {
      // What the program holds itself is counted, and may be none.
      const isHeld = metric.section === 'Operations';
      expect((await world.figure(metric.id, OCTOBER)).state).toBe(isHeld ? 'data' : 'empty');
      for (const by of metric.dimensions) await world.figure(metric.id, OCTOBER, by);
      if (metric.rows) {
        const { range } = world.metrics.ask(ctx, { metric: metric.id, range: OCTOBER });
        expect((await world.metrics.rows(ctx, metric, range, { limit: 5 })).rows).toEqual([]);
      }
    }
  });
});
