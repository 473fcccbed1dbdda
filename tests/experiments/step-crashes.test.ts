// A process that dies anywhere in the experiments step, and the one that takes its run over: each look and action once.
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { StepAction } from '../../src/core/protocol-step.ts';
import { createExperimentsStep } from '../../src/features/experiments/step.ts';
import { testCtx } from '../support/context.ts';
import { Killed, Life, livedBy } from '../support/killed-store.ts';
import { armsCsv, experimentWorld, ROOM } from '../support/protocol-world.ts';

const MOST_CALLS = 20;

async function worldToLookAt() {
  const { options, service, requests } = experimentWorld(createMemoryStore());
  await service.importFile(testCtx(), {
    experiment: 'offer',
    content: armsCsv({ old: [400, 110], neu: [400, 190] }),
    columns: {},
    default: 'old',
    max: undefined,
    costPaise: new Map(),
    valuePaise: undefined,
    dryRun: false,
    acceptGood: false,
  });
  const actions = new Map<string, StepAction>();

  /** One process at work on the run; what it records counts as a call of its life. */
  async function live(life: Life): Promise<void> {
    const mortal = {
      ...options,
      looks: livedBy(life, options.looks),
      rollups: livedBy(life, options.rollups),
    };
    await createExperimentsStep(mortal, service).run({
      run: 'run_1',
      rooms: [ROOM],
      signal: new AbortController().signal,
      ctxFor: (action) => testCtx({ effectKey: `run_1:experiments:${action}` }),
      record: (action) =>
        life.step(async () => {
          if (!actions.has(action.action)) actions.set(action.action, action);
        }),
    });
  }
  return { options, service, requests, actions, live };
}

describe('the experiments step of a process that dies', () => {
  it.each(['before', 'after'] as const)(
    '%s any call leaves one look, one action and one card',
    async (moment) => {
      let deaths = 0;
      for (let call = 1; call <= MOST_CALLS; call += 1) {
        const world = await worldToLookAt();
        await world.live(new Life(call, moment)).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          deaths += 1;
        });
        await world.live(new Life(Number.POSITIVE_INFINITY, 'after'));
        const looks = await world.options.looks.scoped('default').find({ where: {}, limit: 10 });
        const offer = await world.service.get(testCtx(), 'offer');
        const asked = await world.requests();
        const cards = asked.flatMap(({ outbox }) => outbox).filter(({ content }) => content.kind === 'card');

        expect([call, [...world.actions.keys()]]).toEqual([call, ['look:offer']]);
        expect([looks.length, offer.proposal?.status]).toEqual([1, 'open']);
        expect([asked.length, cards.length]).toEqual([1, 1]);
      }

      expect(deaths).toBeGreaterThan(3);
      expect(deaths).toBeLessThan(MOST_CALLS);
    },
  );
});
