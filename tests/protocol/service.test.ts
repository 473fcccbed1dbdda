import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { ProtocolStep } from '../../src/core/protocol-step.ts';
import { slotOf, slotsBetween } from '../../src/features/protocol/slots.ts';
import { TestClock, testCtx } from '../support/context.ts';
import { HOUR_MS, protocolProcess } from '../support/protocol-world.ts';

const never = new AbortController().signal;

function counting(run: ProtocolStep['run'] = async () => ({ status: 'ok', summary: 'looked' })) {
  const effects: string[] = [];
  const step: ProtocolStep = {
    name: 'experiments',
    run: async (context) => {
      effects.push(context.run);
      return run(context);
    },
  };
  return { step, effects };
}

function newWorld(step = counting()) {
  const store = createMemoryStore();
  const clock = new TestClock();
  return {
    store,
    clock,
    effects: step.effects,
    step: step.step,
    ...protocolProcess({ store, clock, steps: [step.step] }),
  };
}

describe('slots', () => {
  it('begin at whole multiples of their length since the epoch, in UTC', () => {
    expect(slotOf(new Date('2026-03-29T01:59:59.999Z'), 2 * HOUR_MS).toISOString()).toBe(
      '2026-03-29T00:00:00.000Z',
    );
    expect(slotOf(new Date('2026-03-29T02:00:00Z'), 2 * HOUR_MS).toISOString()).toBe(
      '2026-03-29T02:00:00.000Z',
    );
  });

  it('name every slot that passed, and only the newest of very many', () => {
    const at = (hour: number) => new Date(hour * HOUR_MS);

    expect(slotsBetween(at(0), at(2), 2 * HOUR_MS, 10)).toEqual([]);
    expect(slotsBetween(at(0), at(8), 2 * HOUR_MS, 10)).toEqual([at(2), at(4), at(6)]);
    expect(slotsBetween(at(0), at(100), 2 * HOUR_MS, 2)).toEqual([at(96), at(98)]);
    expect(slotsBetween(at(8), at(2), 2 * HOUR_MS, 10)).toEqual([]);
  });
});

describe('the protocol', () => {
  it('runs each slot once, however often the alarm clock beats', async () => {
    const world = newWorld();
    for (let beat = 0; beat < 5; beat += 1) await world.service.tick(never);
    world.clock.advance(2 * HOUR_MS);
    for (let beat = 0; beat < 5; beat += 1) await world.service.tick(never);

    expect(world.effects).toHaveLength(2);
    expect((await world.service.history('default', 10)).map(({ status }) => status)).toEqual([
      'completed',
      'completed',
    ]);
  });

  it('runs each slot once over many processes', async () => {
    const store = createMemoryStore();
    const clock = new TestClock();
    const { step, effects } = counting();
    const processes = Array.from({ length: 5 }, (_, n) =>
      protocolProcess({ store, clock, steps: [step], worker: `w${n}` }),
    );
    for (let slot = 0; slot < 4; slot += 1) {
      await Promise.all(processes.map(({ service }) => service.tick(never)));
      clock.advance(2 * HOUR_MS);
    }

    expect(new Set(effects).size).toBe(4);
    expect(effects).toHaveLength(4);
  });

  it('enters slots that nobody was awake for as missed, and says so once', async () => {
    const world = newWorld();
    await world.service.tick(never);
    world.clock.advance(7 * HOUR_MS);
    await world.service.tick(never);

    const runs = await world.service.history('default', 10);
    expect(runs.map(({ status }) => status).sort()).toEqual([
      'completed',
      'completed',
      'missed',
      'missed',
      'missed',
    ]);
    const said = runs.flatMap(({ outbox }) => outbox.filter(({ content }) => content.kind === 'send'));
    expect(said).toHaveLength(1);
    expect(JSON.stringify(said[0]?.content)).toContain('3 slots');
  });

  it('takes a run over from a process that died, at the first unfinished step', async () => {
    const store = createMemoryStore();
    const clock = new TestClock();
    const stuck = counting(() => new Promise(() => undefined));
    const done = counting();
    const first: ProtocolStep = { name: 'capacity', run: done.step.run };
    const dead = protocolProcess({ store, clock, steps: [first, stuck.step], worker: 'dead' });
    const alive = protocolProcess({ store, clock, steps: [first, counting().step], worker: 'alive' });
    void dead.service.tick(AbortSignal.timeout(1));
    while (stuck.effects.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await store
      .facts((await import('../../models/protocol-state.ts')).protocolStates)
      .scoped('default')
      .get('default');

    const frozen = new TestClock(new Date(clock.now().getTime() + 60_000).toISOString());
    const later = protocolProcess({ store, clock: frozen, steps: [first, counting().step], worker: 'later' });
    await later.service.tick(never);

    const [run] = await alive.service.history('default', 1);
    expect(run).toMatchObject({ status: 'completed', fence: 2 });
    expect(done.effects).toHaveLength(1);
  });

  it('refuses the late writes of a process that was replaced', async () => {
    const store = createMemoryStore();
    const clock = new TestClock();
    let wake: () => void = () => undefined;
    const slow = counting(
      () =>
        new Promise((resolve) => {
          wake = () => resolve({ status: 'ok', summary: 'from the dead' });
        }),
    );
    const zombie = protocolProcess({ store, clock: new TestClock(), steps: [slow.step], worker: 'zombie' });
    const stop = new AbortController();
    const asleep = zombie.service.tick(stop.signal);
    while (slow.effects.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(40 * 60_000);
    await protocolProcess({
      store,
      clock,
      steps: [counting(async () => ({ status: 'ok', summary: 'from the living' })).step],
      worker: 'b',
    }).service.tick(never);
    wake();
    await asleep;

    const [run] = await zombie.service.history('default', 1);
    expect(run?.steps[0]?.summary).toBe('from the living');
  });

  it('gives a started run up as missed when a whole further slot has passed', async () => {
    const store = createMemoryStore();
    const clock = new TestClock();
    const stuck = counting(() => new Promise(() => undefined));
    void protocolProcess({ store, clock: new TestClock(), steps: [stuck.step], worker: 'dead' }).service.tick(
      never,
    );
    while (stuck.effects.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5 * HOUR_MS);
    const alive = protocolProcess({ store, clock, steps: [counting().step], worker: 'alive' });
    await alive.service.tick(never);

    const runs = await alive.service.history('default', 10);
    expect(runs.map(({ status }) => status).sort()).toEqual(['completed', 'missed', 'missed', 'missed']);
  });

  it('tries a failing step three times, records why, and goes on with the next', async () => {
    const failing = counting(async () => {
      throw new Error('secret detail');
    });
    const store = createMemoryStore();
    const after: ProtocolStep = { name: 'tasks', run: async () => ({ status: 'ok', summary: 'done' }) };
    const world = protocolProcess({ store, clock: new TestClock(), steps: [failing.step, after] });
    await world.service.tick(never);

    const [run] = await world.service.history('default', 1);
    expect(run).toMatchObject({
      status: 'completed_with_errors',
      steps: [{ status: 'failed', attempts: 3, error: 'internal.bug' }, { status: 'ok' }],
    });
    expect(JSON.stringify(run)).not.toContain('secret detail');
  });

  it('answers a second start with the run under way', async () => {
    const world = newWorld(counting(() => new Promise(() => undefined)));
    const ctx = testCtx({ now: world.clock.now() });
    const run = await world.service.start(ctx, []);
    void world.service.finish('default', run._id, never);
    while (world.effects.length === 0) await new Promise((resolve) => setImmediate(resolve));

    expect((await world.service.start(ctx, []))._id).toBe(run._id);
    await expect(world.service.start(testCtx({ now: world.clock.now() }), [])).rejects.toMatchObject({
      code: 'run.in_progress',
      publicMessage: expect.stringContaining(run._id),
    });
  });

  it('runs no slot while paused and misses none of them afterwards', async () => {
    const world = newWorld();
    await world.service.pause(
      testCtx({ now: world.clock.now() }),
      new Date(world.clock.now().getTime() + 5 * HOUR_MS),
    );
    for (let hour = 0; hour < 6; hour += 1) {
      await world.service.tick(never);
      world.clock.advance(HOUR_MS);
    }

    const runs = await world.service.history('default', 10);
    expect(runs.map(({ status }) => status)).toEqual(['completed']);
  });

  it('shows one card a run, whose newest revision is the run’s version', async () => {
    const world = newWorld();
    await world.service.tick(never);

    const [run] = await world.service.history('default', 1);
    const cards = run?.outbox.flatMap(({ content }) => (content.kind === 'card' ? [content] : [])) ?? [];
    expect(new Set(cards.map(({ key }) => key))).toEqual(new Set([run?._id]));
    expect(cards.at(-1)?.revision).toBe(run?.version);
  });

  it('takes a clock that jumps back as no reason to run a slot again', async () => {
    const world = newWorld();
    await world.service.tick(never);
    world.clock.advance(-3 * HOUR_MS);
    await world.service.tick(never);
    world.clock.advance(3 * HOUR_MS);
    await world.service.tick(never);

    expect(world.effects).toHaveLength(1);
  });
});
