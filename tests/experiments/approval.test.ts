// A proposal as a request to approve: asked by the protocol, stale when its facts are gone, asked anew, taken back under auto.
import { describe, expect, it } from 'vitest';
import { systemActor } from '../../src/core/actor.ts';
import { asha, testCtx, ravi as user } from '../support/context.ts';
import { addMembers } from '../support/members.ts';
import { armsCsv, HOUR_MS, protocolWorld } from '../support/protocol-world.ts';

const ravi = { ...user, role: 'manager' } as const;
const winning = armsCsv({ old: [2000, 300], neu: [2000, 400] });
const never = new AbortController().signal;

async function proposed(csv = winning) {
  const world = protocolWorld();
  await addMembers(world.store, asha, ravi);
  const importCsv = (content: string) =>
    world.experiments.importFile(testCtx(), {
      experiment: 'offer',
      content,
      columns: {},
      default: 'old',
      max: 6000,
      costPaise: new Map(),
      valuePaise: undefined,
      dryRun: false,
      acceptGood: false,
    });
  await importCsv(csv);
  const runStep = async () => {
    const run = await world.service.start(testCtx({ now: world.clock.now() }), ['experiments']);
    return world.service.finish('default', run._id, never);
  };
  await runStep();
  const ctx = (actor: typeof asha = asha) => testCtx({ actor, now: world.clock.now() });
  const experiment = () => world.experiments.get(ctx(), 'offer');
  const requests = async () => (await world.requests()).map(({ state, reason }) => ({ state, reason }));
  return { ...world, importCsv, runStep, ctx, experiment, requests };
}

describe('a proposal', () => {
  it('is one request however often the protocol runs while it waits', async () => {
    const world = await proposed();
    await world.runStep();
    await world.runStep();

    expect(await world.requests()).toEqual([{ state: 'open', reason: '' }]);
  });

  it('is stale once the split of units is broken, and the next look says why', async () => {
    const world = await proposed();
    await world.importCsv(armsCsv({ old: [9000, 1400], neu: [2000, 400] }));

    await expect(world.experiments.approve(world.ctx(), 'offer', 1, '')).rejects.toMatchObject({
      code: 'record.conflict',
      publicMessage: expect.stringMatching(/It no longer fits: “offer” is blocked/),
    });
    expect(await world.experiment()).toMatchObject({ current: 'old', proposal: { status: 'withdrawn' } });

    await world.runStep();
    expect(await world.experiment()).toMatchObject({ current: 'old', verdict: { kind: 'blocked', look: 2 } });
    expect((await world.requests()).map(({ state }) => state)).toEqual(['stale']);
  });

  it('is found stale by the protocol too, without a vote', async () => {
    const world = await proposed();
    await world.importCsv(armsCsv({ old: [9000, 1400], neu: [2000, 400] }));

    await world.runStep();

    expect((await world.requests()).map(({ state }) => state)).toEqual(['stale']);
    expect(await world.experiment()).toMatchObject({ verdict: { kind: 'blocked' } });
  });

  it('is stale when the default changed behind its back', async () => {
    const world = await proposed();
    const facts = world.options.experiments.scoped('default');
    const history = { effectKey: 'by hand', at: world.clock.now(), by: 'usr_x', operation: 'test' };
    await facts.compareAndSet(await world.experiment(), { current: 'neu' }, { history, items: [] });

    await expect(world.experiments.approve(world.ctx(), 'offer', 1, '')).rejects.toMatchObject({
      publicMessage: expect.stringContaining('now gives new units neu, not old'),
    });
    expect((await world.requests()).map(({ state }) => state)).toEqual(['stale']);
  });

  it('that nobody decided in a day is asked anew by the next run, with a card of its own', async () => {
    const world = await proposed();
    world.clock.advance(25 * HOUR_MS);
    await world.approvals.sweep();
    expect(await world.requests()).toEqual([{ state: 'expired', reason: 'nobody decided in time' }]);
    expect(await world.experiment()).toMatchObject({ proposal: { status: 'open' } });

    await world.runStep();
    await world.runStep();
    expect((await world.requests()).map(({ state }) => state).sort()).toEqual(['expired', 'open']);

    await world.experiments.approve(world.ctx(), 'offer', undefined, '');
    expect(await world.experiment()).toMatchObject({ current: 'neu' });
  });

  it('without a request, as an older version left it, gets one when somebody votes on it', async () => {
    const world = await proposed();
    world.clock.advance(25 * HOUR_MS);
    await world.approvals.sweep();

    const after = await world.experiments.approve(world.ctx(), 'offer', 1, '');

    expect(after).toMatchObject({ current: 'neu', proposal: { status: 'approved', decidedBy: 'Asha' } });
  });

  it('is not asked for where the policy is auto, and taken back where it became so', async () => {
    const world = await proposed(withDays(winning, 14));
    const ctx = testCtx({ actor: systemActor, now: world.clock.now() });

    await world.experiments.switchByPolicy(ctx, await world.experiment());
    await world.approvals.sweep();

    expect(await world.experiment()).toMatchObject({
      current: 'neu',
      proposal: { status: 'approved', decidedBy: 'Wardroom' },
    });
    expect((await world.requests()).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  it('asked by a person can be approved by everybody but that person', async () => {
    const world = await proposed();
    const [first] = await world.approvals.list(world.ctx(), 'open', 1).then(({ approvals }) => approvals);
    await world.approvals.reject(world.ctx(ravi), first?._id ?? '', { note: 'not yet' });
    await world.experiments.start(world.ctx(), 'offer');
    await world.importCsv(armsCsv({ old: [2400, 360], neu: [2400, 480] }));
    await world.runStep();
    const request = await world.approvals.find(world.ctx(), 'offer');
    await world.approvals.withdraw({ ...world.ctx(), actor: { ...asha, role: 'admin' } }, request._id, '');
    const look = (await world.experiment()).proposal?.look ?? 0;
    const input = { experiment: 'offer', look, winner: 'neu' };
    const { ticket } = await world.approvals.desk.open(world.ctx(asha), 'experiment.switch', input);

    await expect(world.experiments.approve(world.ctx(asha), 'offer', look, '')).rejects.toMatchObject({
      code: 'permission.denied',
    });
    expect((await world.experiment()).current).toBe('old');
    await world.approvals.approve(world.ctx(ravi), ticket.id, { note: '' });
    expect(await world.experiment()).toMatchObject({ current: 'neu', proposal: { decidedBy: 'Ravi' } });
  });
});

/** The same rows spread evenly over so many days. */
function withDays(csv: string, days: number): string {
  const [, ...rows] = csv.trim().split('\n');
  const from = Date.parse('2026-10-01T00:00:00Z');
  const stamped = rows.map(
    (row, n) =>
      `${row},${new Date(from + (((n * 7919) % rows.length) / (rows.length - 1)) * days * 86_400_000).toISOString()}`,
  );
  return `unit,variant,outcome,at\n${stamped.join('\n')}\n`;
}
