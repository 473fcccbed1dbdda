// Trials are counted where they ended, by what came next, whatever order their facts come in and however late.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type TrialFact, trialsOf } from '../../src/features/metrics/recurring/trials.ts';
import { type MetricWorld, metricWorld } from '../support/metric-world.ts';

let world: MetricWorld;
beforeEach(() => {
  world = metricWorld();
});

let changes = 0;
function change(customer: string, day: string, status: string, more: object = {}) {
  changes += 1;
  return {
    id: `s${changes}`,
    at: `2026-${day}T10:00:00+05:30`,
    subscription: `sub-${customer}`,
    customer,
    plan: 'Pro',
    tier: 'pro',
    pricePaise: 10_000,
    status,
    ...more,
  };
}

const trial = (customer: string, day: string, ends?: string, more: object = {}) =>
  change(customer, day, 'trialing', {
    ...(ends === undefined ? {} : { trialEndsAt: `2026-${ends}T10:00:00+05:30` }),
    ...more,
  });

const OCTOBER = 'october 2026';
const conversion = (range: string) => world.value('trial-conversion', range);

describe('trial conversion', () => {
  it('is trials turned paid over trials that ended in the period, not over those that began in it', async () => {
    await world.bring('subscriptions', [
      ...[trial('a', '09-20', '10-04'), change('a', '10-04', 'active')],
      ...[trial('b', '10-01'), change('b', '10-08', 'past_due')],
      ...[trial('c', '10-01', '10-15'), change('c', '10-10', 'cancelled')],
      trial('d', '10-02', '10-16'),
      ...[trial('september', '09-01', '09-15'), change('september', '09-15', 'active')],
      trial('open', '10-20'),
      trial('november', '10-25', '11-20'),
      change('never', '10-05', 'active'),
    ]);

    expect(await conversion(OCTOBER)).toBe(2 / 4);
    expect(await conversion('september 2026')).toBe(1);
    expect((await world.figure('trial-conversion', OCTOBER)).steps.length).toBeGreaterThan(0);
  });

  it('turns paid by its first state after it alone: not free, not paused, not months later', async () => {
    await world.bring('subscriptions', [
      ...[trial('free', '10-01'), change('free', '10-05', 'active', { pricePaise: 0 })],
      ...[trial('paused', '10-01'), change('paused', '10-05', 'paused'), change('paused', '10-09', 'active')],
      ...[trial('back', '10-01'), change('back', '10-05', 'cancelled'), change('back', '10-20', 'active')],
    ]);
    expect(await conversion(OCTOBER)).toBe(0);
  });

  it('that is extended stays one trial', async () => {
    await world.bring('subscriptions', [
      trial('a', '09-20', '09-30'),
      trial('a', '09-29', '10-10'),
      change('a', '10-10', 'active'),
    ]);
    expect(await conversion('september 2026')).toBeNull();
    expect(await conversion(OCTOBER)).toBe(1);
    expect((await world.figure('trial-conversion', OCTOBER)).value).toBe(1);
  });

  it('counts a trial whose time is over once it is over, without a word from anybody, and not before', async () => {
    await world.bring('subscriptions', [
      trial('a', '10-20', '11-02', { trialEndsAt: '2026-11-02T16:00:00+05:30' }),
      ...[trial('b', '10-20'), change('b', '11-01', 'active')],
    ]);
    expect(await conversion('this month')).toBe(1);
    world.clock.advance(61 * 60_000);
    expect(await conversion('this month')).toBe(1 / 2);
  });

  it('is mended when the state that ended it is told late', async () => {
    await world.bring('subscriptions', [trial('a', '10-01', '10-15')]);
    expect(await conversion(OCTOBER)).toBe(0);
    await world.bring('subscriptions', [change('a', '10-17', 'active')]);
    expect(await conversion(OCTOBER)).toBe(1);
    await world.bring('subscriptions', [change('a', '10-16', 'cancelled')]);
    expect(await conversion(OCTOBER)).toBe(0);
  });

  it('splits by the tier that was tried, and leaves the period marked while it is not over', async () => {
    await world.bring('subscriptions', [
      ...[trial('a', '10-20', undefined, { tier: 'starter' }), change('a', '11-01', 'active')],
      ...[trial('b', '10-20'), change('b', '11-01', 'cancelled')],
    ]);
    const figure = await world.figure('trial-conversion', 'this month', 'tier');
    expect(figure.parts.map(({ name, value }) => [name, value])).toEqual([
      ['starter', 1],
      ['pro', 0],
    ]);
    expect([figure.value, figure.range.partial, figure.change.withheld]).toEqual([1 / 2, true, 'partial']);
  });

  it('has no value without a trial that ended, and says so of a tenant that has none of the stream', async () => {
    expect(await world.figure('trial-conversion', OCTOBER)).toMatchObject({ value: null, state: 'empty' });
    await world.bring('subscriptions', [trial('a', '10-01'), change('b', '10-01', 'active')]);
    expect(await conversion(OCTOBER)).toBeNull();
    const other = world.ctxNow({ tenant: 'other' });
    expect(await world.figure('trial-conversion', OCTOBER, undefined, other)).toMatchObject({
      value: null,
      state: 'empty',
    });
  });
});

describe('the trials of a customer', () => {
  const anyFact: fc.Arbitrary<TrialFact> = fc.record({
    subscription: fc.constantFrom('a', 'b'),
    at: fc.nat(9).map((day) => new Date(Date.UTC(2026, 0, 1 + day))),
    order: fc.string({ minLength: 4, maxLength: 4 }),
    status: fc.constantFrom('trialing', 'active', 'past_due', 'paused', 'cancelled'),
    trialEndsAt: fc.option(fc.nat(20).map((day) => new Date(Date.UTC(2026, 0, 1 + day)))),
    tier: fc.constantFrom('starter', 'pro'),
    pricePaise: fc.nat(2),
    quantity: fc.nat(2),
    interval: fc.constant('month' as const),
    intervalCount: fc.constant(1),
    discountPaise: fc.constant(0),
    discountBasisPoints: fc.constant(0),
    discountDuration: fc.constant('forever' as const),
    metered: fc.boolean(),
  });
  const anyFacts = fc.uniqueArray(anyFact, {
    maxLength: 20,
    selector: ({ subscription, order }) => subscription + order,
  });

  it('are the same in whatever order their facts come, never end before they begin, and never overlap', () => {
    fc.assert(
      fc.property(anyFacts, fc.infiniteStream(fc.nat()), (facts, places) => {
        const trials = trialsOf(facts);
        const shuffled = facts
          .map((fact) => ({ fact, place: places.next().value ?? 0 }))
          .sort((a, b) => a.place - b.place)
          .map(({ fact }) => fact);
        const sorted = (some: typeof trials) =>
          some.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        expect(sorted(trialsOf(shuffled))).toEqual(sorted(trials));
        for (const subscription of ['a', 'b']) {
          const own = trials.filter((one) => one.subscription === subscription);
          for (const [place, { startedAt, endedAt }] of own.entries()) {
            expect(endedAt >= startedAt).toBe(true);
            const next = own[place + 1];
            if (next) expect(next.startedAt >= endedAt).toBe(true);
          }
        }
      }),
    );
  });
});
