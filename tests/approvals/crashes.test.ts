// A process that dies before or after any call on the store, and the one that carries on: each effect once, every card at the end.
import { describe, expect, it } from 'vitest';
import type { Store } from '../../models/store.ts';
import { wrapStore } from '../simulation/wrap-store.ts';
import { testCtx } from '../support/context.ts';
import { Life } from '../support/killed-store.ts';
import { approvalProcess, approvalWorld, asha, clerk, ROOMS, ravi, TEA } from './approval-world.ts';

const MOST_CALLS = 40;
const moments = ['before', 'after'] as const;

/** One call in a process that dies, and once more in another; then the clock does the rest. */
async function dieAndCarryOn(
  call: { readonly actor: typeof asha; readonly operation: string; readonly raw: (id: string) => object },
  death: { readonly at: number; readonly moment: 'before' | 'after' },
  again: boolean,
) {
  const world = await approvalWorld();
  const id = call.operation === 'price.set' ? '' : await world.ask(clerk, 900, 1);
  const ctx = () => testCtx({ actor: call.actor, effectKey: 'the-call', now: world.clock.now() });
  const processOver = (store: Store, worker: string) =>
    approvalProcess({ store, clock: world.clock, worker });
  const life = new Life(death.at, death.moment);
  const doomed = processOver(
    wrapStore(world.store, (_, run) => life.step(run)),
    'doomed',
  );
  const made = { operation: call.operation, raw: call.raw(id) };
  const outcome = await doomed.dispatcher.run({ ...made, ctx: ctx() }).then(
    (answered) => ({ died: false, id: answered.approval ?? id }),
    () => ({ died: true, id }),
  );
  const heir = processOver(world.store, 'heir');
  if (again) await heir.dispatcher.run({ ...made, ctx: ctx() }).catch(() => undefined);
  for (let n = 0; n < 3; n += 1) {
    world.clock.advance(2 * 60_000);
    await heir.approvals.sweep();
  }
  const { approvals } = await world.approvals.list(world.ctxOf(asha), 'all', 10);
  return { world, died: outcome.died, approvals, ends: [...doomed.deeds.ends, ...heir.deeds.ends] };
}

async function newestCards(world: Awaited<ReturnType<typeof approvalWorld>>, id: string): Promise<string[]> {
  const items = await world.itemsOf(id);
  return ROOMS.map((room) => {
    const cards = items.flatMap((item) => (item.kind === 'card' && item.destination === room ? [item] : []));
    return JSON.stringify(cards.toSorted((a, b) => a.revision - b.revision).at(-1)?.reply);
  });
}

describe.each(moments)('a process that dies %s any call', (moment) => {
  it.each([true, false])('of the deciding vote carries it out once (said again: %s)', async (again) => {
    let deaths = 0;
    for (let at = 1; at <= MOST_CALLS; at += 1) {
      const raw = (approval: string) => ({ approval });
      const vote = { actor: asha, operation: 'approval.approve', raw };
      const { world, died, approvals } = await dieAndCarryOn(vote, { at, moment }, again);
      deaths += died ? 1 : 0;
      const [request] = approvals;
      const wasCounted = request?.votes.length === 1;
      const price = await world.price();

      expect([at, again ? wasCounted : true]).toEqual([at, true]);
      expect([at, request?.state]).toEqual([at, wasCounted ? 'done' : 'open']);
      expect([
        at,
        price.paise,
        price.history.filter(({ effectKey }) => effectKey === request?._id).length,
      ]).toEqual(wasCounted ? [at, 900, 1] : [at, 500, 0]);
      const shown = await newestCards(world, request?._id ?? '');
      for (const card of shown) expect(card).toContain(wasCounted ? 'Set tea to 900: done' : 'Approve price');
    }
    expect(deaths).toBeGreaterThan(5);
    expect(deaths).toBeLessThan(MOST_CALLS);
  });

  it('of a no ends it once, and what else must happen happens', async () => {
    let deaths = 0;
    for (let at = 1; at <= MOST_CALLS; at += 1) {
      const raw = (approval: string) => ({ approval, reason: 'too dear' });
      const vote = { actor: ravi, operation: 'approval.reject', raw };
      const { world, died, approvals } = await dieAndCarryOn(vote, { at, moment }, true);
      deaths += died ? 1 : 0;
      const [request] = approvals;
      const told = (await world.price()).history.filter(
        ({ effectKey }) => effectKey === `${request?._id}:ended`,
      );

      expect([at, request?.state, request?.votes.length, told.length]).toEqual([at, 'rejected', 1, 1]);
      expect([at, (await world.price()).paise]).toEqual([at, 500]);
    }
    expect(deaths).toBeGreaterThan(3);
  });

  it('of the asking leaves one request', async () => {
    for (let at = 1; at <= MOST_CALLS; at += 1) {
      const asking = { actor: clerk, operation: 'price.set', raw: () => ({ item: TEA, paise: 900 }) };
      const { approvals } = await dieAndCarryOn(asking, { at, moment }, true);

      expect([at, approvals.map(({ state }) => state)]).toEqual([at, ['open']]);
    }
  });
});
