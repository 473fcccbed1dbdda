// Rollups equal a recompute from zero bit for bit, whatever came in which order, and wherever workers died.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { RollupQuery } from '../../src/core/rollups.ts';
import type { FactData } from '../../src/core/stream.ts';
import { dayIn } from '../../src/features/ingestion/days.ts';
import { TestClock, testCtx } from '../support/context.ts';
import {
  foldedState,
  foldStoresOf,
  type IngestionStores,
  ingestionStores,
  ingestionWorld,
  plainSums,
  standing,
  ZONE,
} from '../support/ingestion-world.ts';
import { Killed, Life } from '../support/killed-store.ts';

const START = Date.UTC(2026, 9, 30);
const END = new Date(Date.UTC(2026, 10, 2));
const QUARTER_MS = 900_000;

const row = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    at: fc.integer({ min: 0, max: 240 }).map((n) => new Date(START + n * QUARTER_MS + 7_000).toISOString()),
    customer: fc.constantFrom('x', 'y', 'z'),
    kind: fc.constantFrom('sale', 'refund'),
    amountPaise: fc.integer({ min: 0, max: 5_000 }),
    source: fc.constantFrom('web', 'app'),
    product: fc.constantFrom('tea', 'mug'),
    updatedAt: fc.integer({ min: 0, max: 5 }).map((n) => new Date(START + n * 1_000).toISOString()),
  },
  { requiredKeys: ['id', 'at', 'amountPaise'] },
);

/** What happens next: rows come in, a worker folds to the end, or one dies at its n-th call. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ folds: fc.constantFrom('one', 'two') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      dies: fc.constantFrom('one', 'two'),
      at: fc.integer({ min: 1, max: 45 }),
      moment: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function play(steps: readonly Step[]) {
  const clock = new TestClock('2026-11-02T09:30:00Z');
  const world = ingestionWorld(createMemoryStore(), clock);
  for (const one of steps) {
    clock.advance(20_000);
    if ('rows' in one) {
      const ctx = testCtx({ now: clock.now() });
      await world.ingestion.ingest(ctx, 'transactions', one.rows, { source: 'own' });
    } else if ('folds' in one) await world.worker(one.folds).drain();
    else await dying(world, one);
  }
  clock.advance(20_000);
  await world.folding.drain();
  return world;
}

async function dying(
  { stores, worker }: ReturnType<typeof ingestionWorld>,
  { dies, at, moment }: Extract<Step, { dies: string }>,
): Promise<void> {
  try {
    await worker(dies, { stores: foldStoresOf(stores, new Life(at, moment)) }).drain();
  } catch (thrown) {
    if (!(thrown instanceof Killed)) throw thrown;
  }
}

/** What stands in the end, in a store of its own, as if it had come at once and never been said otherwise. */
async function fromZero(stores: IngestionStores): Promise<string> {
  const fresh = createMemoryStore();
  const world = ingestionWorld(fresh);
  const rows = (await standing(stores, 'default', 'transactions')).map(
    ({ _id, tenant, version, ...body }) => ({
      id: _id,
      body: { ...body, sequence: 1, replaces: null, batch: 0, current: true },
    }),
  );
  await world.stores.facts.scoped('default').insertMany(rows);
  await world.folding.drain();
  return foldedState(ingestionStores(fresh), 'default');
}

const net = (data: FactData): number => (data['kind'] === 'sale' ? 1 : -1) * Number(data['amountPaise']);

describe('the fold of facts', () => {
  it('equals a recompute from zero bit for bit, over corrections, late facts and deaths between any two writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const { stores } = await play(steps);

        expect(await foldedState(stores, 'default')).toBe(await fromZero(stores));
      }),
      { numRuns: 150 },
    );
  });

  it('reads the sums that counting fact by fact gives, whole and split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 10 }),
        fc.constantFrom(undefined, 'source', 'product', 'city'),
        async (steps, by) => {
          const { stores, reader } = await play(steps);
          const facts = await standing(stores, 'default', 'transactions');
          const range = { from: new Date(START), to: END };
          const query = { stream: 'transactions', measure: 'netPaise', ...range, ...(by ? { by } : {}) };

          const cells = await reader.read('default', query);

          const read = new Map(
            cells.map((cell) => [`${cell.start.toISOString()} ${cell.value}`, cell.total]),
          );
          expect(Object.fromEntries(read)).toEqual(Object.fromEntries(plainSums(facts, net, by)));
          expect(cells.map(({ start }) => start.getTime())).toEqual(
            cells.map(({ start }) => start.getTime()).sort((a, b) => a - b),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads whole days as the sums of their quarters, whatever the range', async () => {
    const quarter = fc.integer({ min: -40, max: 300 }).map((n) => new Date(START + n * QUARTER_MS));
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(undefined, 'source'),
        quarter,
        quarter,
        async (steps, by, from, to) => {
          const { reader } = await play(steps);
          const query = { stream: 'transactions', measure: 'netPaise', from, to, ...(by ? { by } : {}) };
          const daily = async (given: RollupQuery) => {
            const sums = new Map<string, number>();
            for (const { start, value, total } of await reader.read('default', given)) {
              const key = `${dayIn(ZONE, start)} ${value}`;
              sums.set(key, (sums.get(key) ?? 0) + total);
            }
            return Object.fromEntries(sums);
          };

          expect(await daily({ ...query, daysIn: ZONE })).toEqual(await daily(query));
          expect(await daily({ ...query, daysIn: 'America/New_York' })).toEqual(await daily(query));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('counts different customers of any days as a set does', async () => {
    const day = fc.integer({ min: 0, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 10 }),
        day,
        day,
        async (steps, first, more) => {
          const { stores, reader } = await play(steps);
          const facts = await standing(stores, 'default', 'transactions');
          const from = new Date(Date.UTC(2026, 9, 29 + first, 18, 30));
          const to = new Date(from.getTime() + (more + 1) * 86_400_000);
          const inside = facts.filter(({ at, data }) => at >= from && at < to && data['kind'] === 'sale');
          const plain = new Set(inside.flatMap(({ data }) => data['customer'] ?? []));

          const query = { stream: 'transactions', unit: 'customer', from, to };
          expect(await reader.distinct('default', { ...query, zone: ZONE })).toBe(plain.size);
          expect(await reader.distinct('default', { ...query, zone: 'UTC' })).toBe(plain.size);
          const web = inside.filter(({ data }) => data['source'] === 'web');
          const where = { source: 'web' };
          expect(await reader.distinct('default', { ...query, zone: ZONE, where })).toBe(
            new Set(web.flatMap(({ data }) => data['customer'] ?? [])).size,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
