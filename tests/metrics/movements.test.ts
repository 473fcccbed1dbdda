// Guarantees of recurring revenue: the published fixtures, and that movements always add up to balances.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Movement,
  movementsOf,
  type SubscriptionFact,
} from '../../src/features/metrics/recurring/movements.ts';
import {
  billingIntervals,
  discountDurations,
  monthlyPaise,
  subscriptionStatuses,
  type Terms,
} from '../../src/features/metrics/recurring/normalise.ts';
import { type CustomerMovement, cohortChange } from '../../src/features/metrics/recurring/retention.ts';

const monthly: Terms = {
  status: 'active',
  tier: 'pro',
  pricePaise: 10_000,
  quantity: 1,
  interval: 'month',
  intervalCount: 1,
  discountPaise: 0,
  discountBasisPoints: 0,
  discountDuration: 'forever',
  metered: false,
};

function fact(subscription: string, at: string, terms: Partial<Terms> = {}, order = at): SubscriptionFact {
  return { ...monthly, ...terms, subscription, order, at: new Date(`2026-${at}T00:00:00Z`) };
}

const seen = (facts: readonly SubscriptionFact[]) =>
  movementsOf(facts).map(({ kind, tier, deltaPaise }) => [kind, tier, deltaPaise]);

describe('what a subscription is worth a month', () => {
  it('is Stripe’s example: 100 at 100 a month and 50 at 600 a year are 12,500', () => {
    const hundred = monthlyPaise({ ...monthly, quantity: 100 });
    const yearly = monthlyPaise({ ...monthly, pricePaise: 60_000, quantity: 50, interval: 'year' });

    expect(hundred + yearly).toBe(1_250_000);
  });

  it.each([
    ['year', 200_000, 1, 16_667],
    ['quarter', 30_000, 1, 10_000],
    ['week', 1_200, 1, 5_200],
    ['day', 1_200, 1, 36_500],
    ['month', 60_000, 6, 10_000],
  ] as const)('of %s at %i paise every %i is %i', (interval, pricePaise, intervalCount, expected) => {
    expect(monthlyPaise({ ...monthly, interval, pricePaise, intervalCount })).toBe(expected);
  });

  it('leaves out what does not recur, and takes off only what is taken off for ever', () => {
    expect(monthlyPaise({ ...monthly, status: 'past_due' })).toBe(10_000);
    for (const status of ['trialing', 'paused', 'cancelled'] as const)
      expect(monthlyPaise({ ...monthly, status })).toBe(0);
    expect(monthlyPaise({ ...monthly, metered: true })).toBe(0);
    const discounts = discountDurations.map((discountDuration) =>
      monthlyPaise({ ...monthly, discountPaise: 2_500, discountDuration }),
    );
    expect(discounts).toEqual([7_500, 10_000, 10_000]);
    expect(monthlyPaise({ ...monthly, discountPaise: 2_000, discountBasisPoints: 2_500 })).toBe(6_000);
    expect(monthlyPaise({ ...monthly, discountPaise: 20_000, discountDuration: 'forever' })).toBe(0);
  });
});

describe('movements', () => {
  it('know the yearly plan of 2,000 as 166.67 new (ChartMogul)', () => {
    expect(seen([fact('a', '01-01', { pricePaise: 200_000, interval: 'year' })])).toEqual([
      ['new', 'pro', 16_667],
    ]);
  });

  it('name the life of a customer', () => {
    const life = [
      fact('a', '01-01', { status: 'trialing' }),
      fact('a', '01-15'),
      fact('a', '02-01', { quantity: 3 }),
      fact('a', '03-01', { quantity: 2 }),
      fact('a', '04-01', { status: 'cancelled' }),
      fact('b', '06-01'),
    ];

    expect(seen(life)).toEqual([
      ['new', 'pro', 10_000],
      ['expansion', 'pro', 20_000],
      ['contraction', 'pro', -10_000],
      ['churn', 'pro', -20_000],
      ['reactivation', 'pro', 10_000],
    ]);
    expect(seen(life.toReversed())).toEqual(seen(life));
  });

  it('take the loss of one of two subscriptions for a contraction, and of both for churn', () => {
    const both = [fact('a', '01-01'), fact('b', '01-01', {}, 'z')];
    const one = fact('a', '02-01', { status: 'cancelled' });

    expect(seen([...both, one]).at(-1)).toEqual(['contraction', 'pro', -10_000]);
    expect(seen([...both, one, fact('b', '03-01', { status: 'cancelled' })]).at(-1)).toEqual([
      'churn',
      'pro',
      -10_000,
    ]);
  });

  it('take a change of plan at one instant for one movement with a row for each tier', () => {
    const switched = movementsOf([
      fact('a', '01-01', { tier: 'starter' }),
      fact('a', '02-01', { status: 'cancelled', tier: 'starter' }),
      fact('b', '02-01', { tier: 'pro', pricePaise: 25_000 }),
    ]).slice(1);

    expect(switched.map(({ kind, tier, deltaPaise }) => [kind, tier, deltaPaise])).toEqual([
      ['expansion', 'pro', 25_000],
      ['expansion', 'starter', -10_000],
    ]);
    expect(switched.map((movement) => movement.customers)).toEqual([0, 0]);
  });

  it('hold the later of two facts of one instant', () => {
    const two = [fact('a', '01-01', { quantity: 2 }, '2'), fact('a', '01-01', {}, '1')];

    expect(seen(two)).toEqual([['new', 'pro', 20_000]]);
  });
});

const anyFact: fc.Arbitrary<SubscriptionFact> = fc.record({
  subscription: fc.constantFrom('a', 'b', 'c'),
  at: fc.integer({ min: 0, max: 12 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day))),
  order: fc.string({ minLength: 4, maxLength: 4 }),
  status: fc.constantFrom(...subscriptionStatuses),
  tier: fc.constantFrom('starter', 'pro', 'enterprise'),
  pricePaise: fc.integer({ min: 0, max: 999_999 }),
  quantity: fc.integer({ min: 0, max: 5 }),
  interval: fc.constantFrom(...billingIntervals),
  intervalCount: fc.integer({ min: 1, max: 3 }),
  discountPaise: fc.integer({ min: 0, max: 50_000 }),
  discountBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  discountDuration: fc.constantFrom(...discountDurations),
  metered: fc.boolean(),
});

const anyFacts = fc.uniqueArray(anyFact, {
  maxLength: 25,
  selector: ({ subscription, order }) => subscription + order,
});

/** The balance at an instant, worked out anew from the terms that hold then. */
function balanceAt(facts: readonly SubscriptionFact[], at: Date): number {
  const holding = new Map<string, SubscriptionFact>();
  const key = (one: SubscriptionFact): string => one.at.toISOString() + one.order;
  for (const one of facts) {
    const known = holding.get(one.subscription);
    if (one.at <= at && (!known || key(known) <= key(one))) holding.set(one.subscription, one);
  }
  return [...holding.values()].reduce((sum, one) => sum + monthlyPaise(one), 0);
}

const total = (movements: readonly Movement[]): number =>
  movements.reduce((sum, movement) => sum + movement.deltaPaise, 0);

describe('on any ledger', () => {
  it('MRR at the end is MRR at the start + New + Reactivation + Expansion − Contraction − Churn', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(13), fc.nat(13), (facts, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)].map(
          (day) => new Date(Date.UTC(2026, 0, day, 12)),
        ) as [Date, Date];
        const inside = movementsOf(facts).filter(({ at }) => at > from && at <= to);
        const of = (kind: Movement['kind']) => total(inside.filter((movement) => movement.kind === kind));

        expect(
          balanceAt(facts, from) +
            of('new') +
            of('reactivation') +
            of('expansion') +
            of('contraction') +
            of('churn'),
        ).toBe(balanceAt(facts, to));
        expect(of('new') >= 0 && of('reactivation') >= 0 && of('expansion') >= 0).toBe(true);
        expect(of('contraction') <= 0 && of('churn') <= 0).toBe(true);
      }),
    );
  });

  it('the order in which facts come in makes no difference', () => {
    fc.assert(
      fc.property(
        anyFacts.chain((facts) =>
          fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })),
        ),
        ([facts, shuffled]) => {
          expect(movementsOf(shuffled)).toEqual(movementsOf(facts));
        },
      ),
    );
  });

  it('a customer is new at most once, and customers are 0 or 1 at every instant', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const movements = movementsOf(facts);
        const began = movements.filter((one) => one.kind === 'new' && one.customers === 1);
        expect(began.length).toBeLessThanOrEqual(1);
        let customers = 0;
        for (const movement of movements) {
          customers += movement.customers;
          expect([0, 1]).toContain(customers);
        }
        expect(customers).toBe(balanceAt(facts, new Date('2027-01-01')) > 0 ? 1 : 0);
      }),
    );
  });

  it('what became of a cohort is what balances say of its customers', () => {
    const world = fc.array(anyFacts, { maxLength: 5 });
    fc.assert(
      fc.property(world, fc.nat(13), fc.nat(13), (customers, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)].map(
          (day) => new Date(Date.UTC(2026, 0, day, 12)),
        ) as [Date, Date];
        const inside: CustomerMovement[] = customers.flatMap((facts, customer) =>
          movementsOf(facts)
            .filter(({ at }) => at > from && at <= to)
            .map((movement) => ({ ...movement, customer: `c${customer}` })),
        );
        const paying = customers.filter((facts) => balanceAt(facts, from) > 0);

        expect(cohortChange(inside.toReversed())).toEqual({
          deltaPaise: paying.reduce((sum, facts) => sum + balanceAt(facts, to) - balanceAt(facts, from), 0),
          lostCustomers: paying.filter((facts) => balanceAt(facts, to) === 0).length,
        });
      }),
    );
  });
});
