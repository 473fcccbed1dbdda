import { describe, expect, it } from 'vitest';
import type { Approval } from '../../models/approval.ts';
import type { Experiment } from '../../models/experiment.ts';
import { decide } from '../../src/features/experiments/decide.ts';
import { lookInputOf, lookVerdict } from '../../src/features/experiments/observe.ts';
import { reportReply } from '../../src/features/experiments/report-reply.ts';
import { reportShape, shownReport } from '../../src/features/experiments/shapes.ts';
import { asha, testCtx, ravi as user } from '../support/context.ts';
import { addMembers } from '../support/members.ts';
import { armsCsv, protocolWorld, ROOM } from '../support/protocol-world.ts';

const ravi = { ...user, role: 'manager' } as const;
const winning = armsCsv({ old: [2000, 300], neu: [2000, 400] });
const never = new AbortController().signal;

async function worldWith(
  csv: string,
  given: { default?: string; max?: number; costPaise?: Map<string, number>; valuePaise?: number } = {},
) {
  const world = protocolWorld();
  await addMembers(world.store, asha, ravi);
  await world.experiments.importFile(testCtx(), {
    experiment: 'offer',
    content: csv,
    columns: {},
    default: given.default ?? 'old',
    max: given.max,
    costPaise: given.costPaise ?? new Map(),
    valuePaise: given.valuePaise,
    dryRun: false,
    acceptGood: false,
  });
  const runStep = async () => {
    const run = await world.service.start(testCtx({ now: world.clock.now() }), ['experiments']);
    return world.service.finish('default', run._id, never);
  };
  const experiment = () => world.experiments.get(testCtx(), 'offer');
  const looks = () =>
    world.options.looks.scoped('default').find({ where: {}, sort: [['look', 1]], limit: 100 });
  return { ...world, runStep, experiment, looks };
}

const eventsOf = (experiment: Experiment) =>
  experiment.outbox.flatMap(({ content }) =>
    content.kind === 'send' && content.body.kind === 'event' ? [content.body.event] : [],
  );
const cardsOf = (approval: Approval | undefined) =>
  (approval?.outbox ?? []).flatMap(({ content }) => (content.kind === 'card' ? [content] : []));

describe('the experiments step', () => {
  it('proposes a challenger that is better beyond chance, with its evidence and buttons', async () => {
    const world = await worldWith(winning);

    const run = await world.runStep();

    expect(run).toMatchObject({ status: 'completed', steps: [{ name: 'experiments', status: 'waiting' }] });
    const experiment = await world.experiment();
    expect(experiment.proposal).toMatchObject({ winner: 'neu', previous: 'old', status: 'open', look: 1 });
    const [request, ...more] = await world.requests();
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      state: 'open',
      operation: 'experiment.switch',
      requester: { kind: 'system' },
    });
    const [card] = cardsOf(request);
    expect(card?.destination).toBe(ROOM);
    expect(JSON.stringify(card?.reply)).toContain('Approve switch');
    expect(JSON.stringify(card?.reply)).toContain('20.0 % against 15.0 %');
  });

  it('stays with the default when the challenger is worse, and says why', async () => {
    const world = await worldWith(winning, { default: 'neu' });

    await world.runStep();

    const experiment = await world.experiment();
    expect(experiment).toMatchObject({
      proposal: null,
      status: 'ended',
      current: 'neu',
      verdict: { kind: 'stay' },
    });
    expect(experiment.verdict?.sentence).toMatch(/neu stays.*old.*fewer.*not chance/);
    expect(eventsOf(experiment)).toEqual([]);
  });

  it('does not propose on noise', async () => {
    const world = await worldWith(armsCsv({ old: [2000, 300], neu: [2000, 312] }));

    await world.runStep();

    expect(await world.experiment()).toMatchObject({ proposal: null, verdict: { kind: 'no_winner' } });
  });

  it('blocks on a broken split and says so once', async () => {
    const world = await worldWith(armsCsv({ old: [2000, 300], neu: [1500, 400] }));

    await world.runStep();
    await world.runStep();

    const experiment = await world.experiment();
    expect(experiment).toMatchObject({ proposal: null, verdict: { kind: 'blocked', look: 1 } });
    expect(experiment.outbox.filter(({ content }) => content.kind === 'send')).toHaveLength(1);
  });

  it('takes no second look at the same data, and replays every look to the same verdict', async () => {
    const world = await worldWith(armsCsv({ old: [500, 60], neu: [500, 70] }), { max: 4000 });
    await world.runStep();
    await world.runStep();
    const more = armsCsv({ old: [900, 100], neu: [900, 120] });
    await world.experiments.importFile(testCtx(), {
      experiment: 'offer',
      content: more,
      columns: {},
      default: 'old',
      max: undefined,
      costPaise: new Map(),
      valuePaise: undefined,
      dryRun: false,
      acceptGood: false,
    });
    await world.runStep();

    const looks = await world.looks();

    expect(looks.map(({ look }) => look)).toEqual([1, 2]);
    for (const look of looks) expect(decide(lookInputOf(look))).toEqual(lookVerdict(look));
    expect((await world.experiment()).verdict?.kind).toBe('continue');
  });

  it('asks for the value of a conversion where an arm costs money', async () => {
    const world = await worldWith(winning, { costPaise: new Map([['neu', 500_000]]) });

    await world.runStep();

    const experiment = await world.experiment();
    expect(experiment.proposal?.sentence).toMatch(/₹/);
    expect(await world.runStep()).toMatchObject({ steps: [{ status: 'waiting' }] });
  });

  it('keeps the default when the challenger converts more and earns less', async () => {
    const world = await worldWith(winning, { costPaise: new Map([['neu', 500_000]]), valuePaise: 600_000 });

    await world.runStep();

    expect(await world.experiment()).toMatchObject({
      proposal: null,
      current: 'old',
      verdict: { kind: 'stay' },
    });
  });

  it('never switches by itself where the minimum of days is unknown, even under policy auto', async () => {
    const world = await worldWith(winning);
    await world.experiments.setPolicy(testCtx(), 'offer', { mode: 'auto' });

    await world.runStep();

    expect(await world.experiment()).toMatchObject({ current: 'old', proposal: { status: 'open' } });
  });

  it('switches by itself under policy auto when nothing is open, and says so', async () => {
    const world = await worldWith(withDays(winning, 14));
    await world.experiments.setPolicy(testCtx(), 'offer', { mode: 'auto' });

    const run = await world.runStep();

    expect(await world.experiment()).toMatchObject({
      current: 'neu',
      proposal: { status: 'approved', decidedBy: 'Wardroom' },
    });
    expect(run.steps[0]?.summary).toContain('switched to neu');
  });

  it('only watches under policy watch', async () => {
    const world = await worldWith(withDays(winning, 14));
    await world.experiments.setPolicy(testCtx(), 'offer', { mode: 'watch' });

    await world.runStep();

    expect(await world.experiment()).toMatchObject({ current: 'old', proposal: null });
  });

  it('waits for seven full days before the first look is spent', async () => {
    const world = await worldWith(withDays(winning, 3), { max: 100_000 });

    await world.runStep();

    const experiment = await world.experiment();
    expect(experiment.verdict?.kind).toBe('too_early');
    expect(lookVerdict((await world.looks())[0]!).state.looks).toBe(0);
  });
});

describe('a proposal', () => {
  const proposed = async () => {
    const world = await worldWith(winning);
    await world.runStep();
    return world;
  };

  it('switches once, tells the webhook once, and edits its card', async () => {
    const world = await proposed();
    const press = testCtx({ actor: asha });

    const first = await world.experiments.approve(press, 'offer', 1, '');
    const again = await world.experiments.approve(press, 'offer', 1, '');

    expect(first).toMatchObject({
      current: 'neu',
      status: 'ended',
      proposal: { status: 'approved', decidedBy: 'Asha' },
    });
    expect(again.version).toBe(first.version);
    expect(eventsOf(again)).toMatchObject([
      {
        type: 'experiment.switched',
        payload: { experiment: 'offer', winner: 'neu', previous: 'old', decidedBy: 'Asha' },
      },
    ]);
    const [request] = await world.requests();
    const cards = cardsOf(request);
    expect(new Set(cards.map(({ key }) => key)).size).toBe(1);
    expect(cards.at(-1)?.revision).toBe(request?.version);
    expect(JSON.stringify(cards.at(-1)?.reply)).not.toContain('Approve switch');
  });

  it('is told as decided once it is, and no longer as something to do', async () => {
    const world = await proposed();
    await world.experiments.approve(testCtx({ actor: asha }), 'offer', 1, '');

    const shown = reportShape.parse(shownReport(await world.experiments.report(testCtx(), 'offer')));
    const text = JSON.stringify(reportReply(shown, testCtx()).blocks[1]);

    expect(text).toContain('Asha approved the switch from old to neu.');
    expect(text).not.toContain('Switch from');
  });

  it('tells a second person who decided', async () => {
    const world = await proposed();
    await world.experiments.approve(testCtx({ actor: asha }), 'offer', 1, '');

    await expect(world.experiments.reject(testCtx({ actor: ravi }), 'offer', 1, 'no')).rejects.toMatchObject({
      code: 'record.conflict',
      publicMessage: expect.stringContaining('Asha approved it'),
    });
  });

  it('is decided by one of twenty rivals alone', async () => {
    const world = await proposed();
    const rivals = Array.from({ length: 20 }, (_, n) =>
      testCtx({ actor: { ...ravi, id: `usr_${n}`, name: `Person ${n}` } }),
    );
    await addMembers(world.store, ...rivals.map(({ actor }) => actor));

    const outcomes = await Promise.allSettled(
      rivals.map((ctx, n) =>
        n % 2
          ? world.experiments.approve(ctx, 'offer', 1, '')
          : world.experiments.reject(ctx, 'offer', 1, ''),
      ),
    );

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const experiment = await world.experiment();
    expect(eventsOf(experiment).length).toBeLessThanOrEqual(1);
    expect(
      experiment.decisions.filter(({ kind }) => kind === 'switched' || kind === 'rejected'),
    ).toHaveLength(1);
  });

  it('refuses a button of an older look', async () => {
    const world = await proposed();

    await expect(world.experiments.approve(testCtx(), 'offer', 7, '')).rejects.toMatchObject({
      code: 'record.conflict',
    });
  });

  it('keeps the default when rejected, and goes on only when started again', async () => {
    const world = await proposed();
    await world.experiments.reject(testCtx(), 'offer', undefined, 'too dear');

    expect(await world.runStep()).toMatchObject({ steps: [{ status: 'skipped' }] });
    expect(await world.experiment()).toMatchObject({
      current: 'old',
      status: 'stopped',
      proposal: { status: 'rejected', reason: 'too dear' },
    });

    await world.experiments.start(testCtx(), 'offer');
    await world.runStep();
    expect(await world.experiment()).toMatchObject({ proposal: { status: 'open' } });
  });

  it('can be rolled back once after a switch, and tells the webhook', async () => {
    const world = await proposed();
    await expect(world.experiments.rollBack(testCtx(), 'offer', 'early')).rejects.toMatchObject({
      code: 'record.conflict',
    });
    await world.experiments.approve(testCtx(), 'offer', undefined, '');

    const back = await world.experiments.rollBack(testCtx(), 'offer', 'refunds went up');

    expect(back).toMatchObject({ current: 'old', status: 'stopped' });
    expect(eventsOf(back).at(-1)).toMatchObject({
      type: 'experiment.rolled_back',
      payload: { winner: 'old', previous: 'neu', message: 'refunds went up' },
    });
    await expect(world.experiments.rollBack(testCtx(), 'offer', 'again')).rejects.toMatchObject({
      code: 'record.conflict',
    });
  });
});

describe('assignment', () => {
  it('is stable, follows the weights, and keeps a holdout after a switch', async () => {
    const world = await worldWith(winning);
    const variants = async () =>
      Promise.all(
        Array.from({ length: 2000 }, (_, n) => world.experiments.assign(testCtx(), 'offer', `user-${n}`)),
      );

    const before = await variants();
    expect(await variants()).toEqual(before);
    const share = before.filter((variant) => variant === 'neu').length / before.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.05);

    await world.runStep();
    await world.experiments.approve(testCtx(), 'offer', undefined, '');
    const after = await variants();
    const held = after.filter((variant) => variant === 'old').length / after.length;
    expect(Math.abs(held - 0.05)).toBeLessThan(0.02);
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
