// What becomes of messages that cannot be delivered: kept, explained, and sent again when somebody asks for it.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { stores } from '../support/stores.ts';
import { contextAt, createOutboxWorld, message, outboxDefinitions } from './support/outbox-world.ts';
import { createRecordingChannel } from './support/recording-channel.ts';

const DELAYS = [1_000, 10_000, 60_000];

describe.each(stores)('dead letters over the $name store', ({ create }) => {
  async function worldWithDeadLetters(count = 1) {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    chat.before = () => {
      throw new AppError('remote.refused', 'The room is archived.');
    };
    for (let n = 1; n <= count; n += 1) await world.write(`pst_${n}`, message('chat:ops', `text ${n}`));
    const outbox = world.process([chat]);
    await outbox.drain();
    return { world, chat, outbox };
  }

  it('are kept after the last attempt, each attempt at its time within ten percent', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const tried: number[] = [];
    chat.before = () => {
      tried.push(world.clock.now().getTime());
      throw new AppError('remote.unavailable', 'Down for good.', { neverArrived: true });
    };
    await world.write('pst_1', message('chat:ops', 'one'), message('chat:ops', 'two'));
    const outbox = world.process([chat], { random: () => 0.75 });
    for (let step = 0; step < 400; step += 1) {
      await outbox.drain();
      if ((await world.rows.get('pst_1:1:1'))?.status === 'dead') break;
      world.clock.advance(250);
    }

    const gaps = tried.slice(1, 4).map((at, n) => at - (tried[n] ?? 0));
    for (const [n, gap] of gaps.entries()) {
      expect(gap).toBeGreaterThanOrEqual((DELAYS[n] ?? 0) * 1.05);
      expect(gap).toBeLessThanOrEqual((DELAYS[n] ?? 0) * 1.05 + 250);
    }
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({
      status: 'dead',
      attempts: 4,
      problem: 'Down for good.',
    });
    expect(await outbox.health()).toMatchObject({ dead: 1, waiting: 1 });
  });

  it('let what stands behind them pass', async () => {
    const { world, chat, outbox } = await worldWithDeadLetters();
    chat.before = () => undefined;
    await world.write('pst_2', message('chat:ops', 'next'));
    await outbox.drain();

    expect(chat.seen.map(({ text }) => text)).toEqual(['next']);
  });

  it('are sent again when asked, one or all, and audited', async () => {
    const { world, chat, outbox } = await worldWithDeadLetters(3);
    chat.before = () => undefined;
    const now = world.clock.now();

    expect(await outbox.replay(contextAt(now, 'again-1'), { item: 'pst_2:1:1' })).toBe(1);
    await outbox.drain();
    expect(chat.seen.map(({ text }) => text)).toEqual(['text 2']);
    expect(await outbox.replay(contextAt(now, 'again-2'), 'all')).toBe(2);
    await outbox.drain();

    expect(chat.seen.map(({ text }) => text).sort()).toEqual(['text 1', 'text 2', 'text 3']);
    expect([...world.auditRows.values()].map((row) => row.entry.effectKey)).toEqual(
      expect.arrayContaining(['again-1', 'again-2']),
    );
    expect(await outbox.health()).toMatchObject({ dead: 0, waiting: 0 });
  });

  it('are sent again once for one effect key, however often it is asked', async () => {
    const { world, outbox } = await worldWithDeadLetters();
    const ctx = contextAt(world.clock.now(), 'again');
    expect(await outbox.replay(ctx, { item: 'pst_1:1:1' })).toBe(1);
    await outbox.drain();
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ status: 'dead', attempts: 1 });

    expect(await outbox.replay(ctx, { item: 'pst_1:1:1' })).toBe(1);
    expect(await outbox.replay(ctx, 'all')).toBe(1);
    await outbox.drain();

    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ status: 'dead', attempts: 1 });
  });

  it('are refused another try while they are not dead, or not there, or of another tenant', async () => {
    const { world, chat, outbox } = await worldWithDeadLetters();
    chat.before = () => undefined;
    await world.write('pst_9', message('chat:ops', 'fine'));
    await outbox.drain();
    const now = world.clock.now();

    await expect(outbox.replay(contextAt(now, 'a'), { item: 'pst_9:1:1' })).rejects.toMatchObject({
      code: 'record.conflict',
    });
    await expect(outbox.replay(contextAt(now, 'b'), { item: 'nothing' })).rejects.toMatchObject({
      code: 'record.not_found',
    });
    await expect(outbox.replay(contextAt(now, 'c', 'acme'), { item: 'pst_1:1:1' })).rejects.toMatchObject({
      code: 'record.not_found',
    });
    expect(await outbox.replay(contextAt(now, 'd', 'acme'), 'all')).toBe(0);
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ status: 'dead' });
  });

  it('name the channel that is missing, once nobody had it for ten minutes', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    await world.write('pst_1', message('pigeon:ops', 'one'));
    const outbox = world.process([createRecordingChannel('chat')]);
    await outbox.drain();
    world.clock.advance(9 * 60_000);
    await outbox.sweep();
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ status: 'waiting' });

    world.clock.advance(60_000);
    await outbox.sweep();

    expect(await world.rows.get('pst_1:1:1')).toMatchObject({
      status: 'dead',
      problem: 'No channel “pigeon” is set up here. Set it up, then send this again.',
    });
  });

  it('are told apart from what only waits, with the age of the oldest', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    chat.before = () => {
      throw new AppError('remote.unavailable', 'Down.', { neverArrived: true });
    };
    await world.write('pst_1', message('chat:ops', 'one'));
    world.clock.advance(5_000);
    await world.write('pst_2', message('chat:team', 'two'));
    const outbox = world.process([chat]);
    await outbox.drain();
    world.clock.advance(500);

    expect(await outbox.health()).toEqual({ waiting: 2, dead: 0, ambiguous: 0, oldestMs: 5_500 });
  });
});
