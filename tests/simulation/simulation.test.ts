// The simulation in short: the design keeps its promises in 300 seeded worlds, and each broken version of it is caught.
import { describe, expect, it } from 'vitest';
import { mutants } from './mutants.ts';
import { simulate } from './simulate.ts';

const SEEDS = 300;
const MOST_SEEDS = 1_000;
/** Rare faults are looked for where they show soon; from seed 1 each mutant is caught within 1,000 seeds as well. */
const lookFrom: Readonly<Record<string, number>> = {
  'lazy-wake': 240,
  'unfenced-mark': 858,
  'no-settling': 150,
};

describe('the simulation', () => {
  it(`finds every promise kept in ${SEEDS} seeded worlds of crashes, lost answers, limits and wrong clocks`, async () => {
    const total = { crashes: 0, duplicates: 0, ambiguities: 0, dead: 0, items: 0 };
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const verdict = await simulate(seed);
      expect(verdict.violations, `npm run simulate -- --from ${seed} --seeds 1`).toEqual([]);
      for (const count of ['crashes', 'duplicates', 'ambiguities', 'dead', 'items'] as const)
        total[count] += verdict[count];
    }

    expect(total.crashes).toBeGreaterThan(SEEDS);
    expect(total.duplicates).toBeGreaterThan(SEEDS / 2);
    expect(total.dead).toBeGreaterThan(SEEDS / 10);
    expect(total.items).toBeGreaterThan(SEEDS * 50);
  }, 300_000);

  it.each(Object.entries(mutants))(
    'catches the mutant %s',
    async (name) => {
      const from = lookFrom[name] ?? 1;
      let caughtAt: number | null = null;
      for (let seed = from; seed < from + MOST_SEEDS && caughtAt === null; seed += 1)
        if ((await simulate(seed, name)).violations.length > 0) caughtAt = seed;

      expect(caughtAt).not.toBeNull();
    },
    300_000,
  );

  it('runs the same world from the same seed', async () => {
    expect(await simulate(17)).toEqual(await simulate(17));
    expect(await simulate(17)).not.toEqual({ ...(await simulate(18)), seed: 17 });
  });
});
