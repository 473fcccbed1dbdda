// MRR on random ledgers: movements add up for every range, zone and tenant, and what was derived late equals a recompute.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { createIds } from '../../src/core/ids.ts';
import { createDerivation } from '../../src/metrics-work.ts';
import { TestClock } from '../support/context.ts';
import { foldedState, ingestionStores } from '../support/ingestion-world.ts';
import { type MetricWorld, metricWorld } from '../support/metric-world.ts';

const DAYS = 40;
const FIRST = Date.UTC(2026, 9, 1);

/** One statement about a change: a later one of the same id corrects it, also its day and its customer. */
const row = fc.record({
  id: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9'),
  at: fc.integer({ min: 0, max: DAYS * 96 }).map((n) => new Date(FIRST + n * 900_000 + 1_000).toISOString()),
  subscription: fc.constantFrom('s', 't'),
  customer: fc.constantFrom('x', 'y', 'z'),
  plan: fc.constant('Plan'),
  tier: fc.constantFrom('starter', 'pro'),
  status: fc.constantFrom('active', 'active', 'active', 'past_due', 'paused', 'trialing', 'cancelled'),
  pricePaise: fc.integer({ min: 0, max: 99_999 }),
  interval: fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
  quantity: fc.integer({ min: 1, max: 3 }),
  discountBasisPoints: fc.constantFrom(0, 0, 1_500, 10_000),
  revision: fc.nat(20),
});

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      tenant: fc.constantFrom('default', 'other'),
      rows: fc.array(row, { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant('fold' as const) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function play(steps: readonly Step[]): Promise<MetricWorld> {
  const clock = new TestClock('2026-11-20T09:30:00Z');
  const world = metricWorld({ clock });
  for (const one of steps) {
    clock.advance(1_000);
    if (one === 'fold') await world.folding.drain();
    else
      await world.ingestion.ingest(world.ctxNow({ tenant: one.tenant }), 'subscriptions', one.rows, {
        source: 'shop',
      });
  }
  await world.folding.drain();
  return world;
}

/** The value of a metric for a tenant, in a zone, over days. */
async function figureOf(
  world: MetricWorld,
  metric: string,
  range: string,
  given: { tenant: string; zone: string },
) {
  return (await world.figure(metric, range, undefined, world.ctxNow(given))).value ?? 0;
}

describe('on any ledger, with corrections in any order', () => {
  it('MRR at the end is MRR at the start + New + Reactivation + Expansion − Contraction − Churn', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('default', 'other'),
        fc.constantFrom('Asia/Kolkata', 'America/New_York', 'Asia/Kathmandu'),
        fc.nat(DAYS),
        fc.nat(DAYS),
        async (steps, tenant, zone, one, other) => {
          const world = await play(steps);
          const day = (n: number) =>
            DateTime.fromMillis(FIRST, { zone: 'utc' }).plus({ days: n }).toISODate() ?? '';
          const range = `${day(Math.min(one, other))} to ${day(Math.max(one, other))}`;
          const before = day(Math.min(one, other) - 1);
          const of = (metric: string, over = range) => figureOf(world, metric, over, { tenant, zone });

          const moved =
            (await of('new-mrr')) +
            (await of('reactivation-mrr')) +
            (await of('expansion-mrr')) -
            (await of('contraction-mrr')) -
            (await of('churn-mrr'));
          expect((await of('mrr', before)) + moved).toBe(await of('mrr'));
          expect(await of('net-new-mrr')).toBe(moved);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('what was derived and folded bit by bit equals what is derived at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const world = await play([...steps, 'fold']);
        const atOnce = await play(steps.filter((one) => one !== 'fold'));
        for (const tenant of ['default', 'other'])
          expect(await movementsOf(world, tenant)).toEqual(await movementsOf(atOnce, tenant));
      }),
      { numRuns: 25 },
    );
  });

  it('deriving again states nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const world = await play(steps);
        const facts = ingestionStores(world.store).facts;
        const stated = () => facts.scoped('default').count({ stream: 'mrr_movements' });
        const before = await stated();
        const { streams, clock } = world;
        const derive = createDerivation({ facts, streams, clock, ids: createIds(), nudge: () => undefined });
        const all = await facts.scoped('default').find({ where: { stream: 'subscriptions' }, limit: 1_000 });
        await derive('default', 'subscriptions', all);
        expect(await stated()).toBe(before);
      }),
      { numRuns: 10 },
    );
  });
});

/** The rollups of movements, without what came to nothing. */
async function movementsOf(world: MetricWorld, tenant: string): Promise<unknown> {
  const folded: unknown = JSON.parse(await foldedState(ingestionStores(world.store), tenant));
  return folded;
}
