// Approvals in short: they keep their promises in 60 seeded worlds, and each broken version of them is caught.
import { describe, expect, it } from 'vitest';
import { simulateApprovals } from './approvals.ts';
import { approvalMutants } from './approvals-mutants.ts';

const SEEDS = 60;
const MOST_SEEDS = 40;

describe('the simulation of approvals', () => {
  it(`finds every promise kept in ${SEEDS} seeded worlds of crashes, lost answers, leavers and wrong clocks`, async () => {
    const total = { requests: 0, votes: 0, crashes: 0, done: 0, ended: 0 };
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const verdict = await simulateApprovals(seed);
      expect(verdict.violations, `seed ${seed}`).toEqual([]);
      for (const count of ['requests', 'votes', 'crashes', 'done', 'ended'] as const)
        total[count] += verdict[count];
    }

    expect(total.requests).toBeGreaterThan(SEEDS * 4);
    expect(total.votes).toBeGreaterThan(SEEDS * 40);
    expect(total.crashes).toBeGreaterThan(SEEDS);
    expect(total.done).toBeGreaterThan(SEEDS);
    expect(total.ended).toBeGreaterThan(SEEDS);
  }, 300_000);

  it.each(Object.keys(approvalMutants))(
    'catches the mutant %s',
    async (name) => {
      let caughtAt: number | null = null;
      for (let seed = 1; seed <= MOST_SEEDS && caughtAt === null; seed += 1)
        if ((await simulateApprovals(seed, name)).violations.length > 0) caughtAt = seed;

      expect(caughtAt).not.toBeNull();
    },
    300_000,
  );

  it('runs the same world from the same seed', async () => {
    expect(await simulateApprovals(7)).toEqual(await simulateApprovals(7));
  });
});
