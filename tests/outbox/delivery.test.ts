// What the outbox promises of messages: each reaches its destination, in order, and none waits for another's trouble.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { stores } from '../support/stores.ts';
import { createGate } from './support/gate.ts';
import { createOutboxWorld, message, outboxDefinitions } from './support/outbox-world.ts';
import { createRecordingChannel } from './support/recording-channel.ts';

const down = (): never => {
  throw new AppError('remote.unavailable', 'The platform is down.');
};
const limited = (retryAfterMs: number): never => {
  throw new AppError('rate.limited', 'Slow down.', { retryable: true, retryAfterMs });
};

describe.each(stores)('delivery over the $name store', ({ create }) => {
  it('hands on every item of a fact: messages to their destinations, its audit row to the log', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    await world.write('pst_1', message('chat:ops', 'one'), message('chat:team', 'two'));

    await world.process([chat]).drain();

    expect(chat.seen.map(({ address, text }) => [address, text])).toEqual(
      expect.arrayContaining([
        ['ops', 'one'],
        ['team', 'two'],
      ]),
    );
    expect([...world.auditRows.keys()]).toEqual(['pst_1:1:0']);
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ status: 'sent', attempts: 0, ambiguities: 0 });
  });

  it('delivers nothing twice when relays and deliverers run again and again', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    await world.write('pst_1', message('chat:ops', 'one'));
    const here = world.process([chat]);
    const there = world.process([chat]);

    await Promise.all([here.drain(), there.drain(), here.drain(), there.drain()]);
    await here.drain();

    expect(chat.seen).toHaveLength(1);
    expect(world.auditRows.size).toBe(1);
  });

  it('keeps the order of writing at one destination, also over versions with two digits', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    for (let n = 1; n <= 12; n += 1) await world.write('pst_1', message('chat:ops', `${n}`));
    world.clock.advance(1);
    await world.write('pst_0', message('chat:ops', 'last'));

    await world.process([chat]).drain();

    expect(chat.seen.map(({ text }) => text)).toEqual([
      ...Array.from({ length: 12 }, (_, n) => `${n + 1}`),
      'last',
    ]);
  });

  it('keeps the order within a fact when a clock goes back between two writes', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    await world.write('pst_1', message('chat:ops', 'first'));
    world.clock.advance(-3_600_000);
    await world.write('pst_1', message('chat:ops', 'second'));
    world.clock.advance(3_600_000);

    await world.process([chat]).drain();

    expect(chat.seen.map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('holds later messages back while an earlier one waits for its retry, at that destination alone', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    chat.before = ({ address }) => (address === 'ops' ? down() : undefined);
    await world.write('pst_1', message('chat:ops', 'one'), message('chat:team', 'other'));
    await world.write('pst_1', message('chat:ops', 'two'));
    const outbox = world.process([chat]);

    await outbox.drain();
    expect(chat.seen.map(({ text }) => text)).toEqual(['other']);

    chat.before = () => undefined;
    await outbox.drain();
    expect(chat.seen).toHaveLength(1);
    world.clock.advance(1_000);
    await outbox.drain();
    expect(chat.seen.map(({ text }) => text)).toEqual(['other', 'one', 'two']);
  });

  it('lets later events pass one that waits for its retry where order was not promised', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const hooks = createRecordingChannel('webhook', { unordered: true });
    hooks.before = ({ id }) => (id === 'pst_1:1:1' ? down() : undefined);
    await world.write('pst_1', message('webhook:n8n', 'one'));
    await world.write('pst_2', message('webhook:n8n', 'two'));

    await world.process([hooks]).drain();

    expect(hooks.seen.map(({ text }) => text)).toEqual(['two']);
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ status: 'waiting', attempts: 1 });
  });

  it('obeys Retry-After at the destination that asked, to the millisecond, and leaves others alone', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    chat.before = ({ address }) => (address === 'ops' ? limited(30_000) : undefined);
    await world.write('pst_1', message('chat:ops', 'one'), message('chat:team', 'a'));
    const outbox = world.process([chat], { random: () => 0 });
    await outbox.drain();
    chat.before = () => undefined;
    await world.write('pst_1', message('chat:ops', 'two'), message('chat:team', 'b'));
    world.clock.advance(29_999);
    await outbox.drain();
    expect(chat.seen.map(({ text }) => text)).toEqual(['a', 'b']);

    world.clock.advance(1);
    await outbox.drain();

    expect(chat.seen.map(({ text }) => text)).toEqual(['a', 'b', 'one', 'two']);
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ ambiguities: 0 });
  });

  it('keeps the pace of a channel', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat', { paceMs: 1_000 });
    for (const text of ['one', 'two', 'three']) await world.write('pst_1', message('chat:ops', text));
    const outbox = world.process([chat]);

    const after = [];
    for (let second = 0; second < 3; second += 1) {
      await outbox.drain();
      after.push(chat.seen.length);
      world.clock.advance(999);
      await outbox.drain();
      after.push(chat.seen.length);
      world.clock.advance(1);
    }

    expect(after).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('works on other destinations while one hangs', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const gate = createGate();
    const delivered = createGate();
    chat.before = ({ address }) => (address === 'ops' ? gate.pass() : undefined);
    chat.after = ({ address }) => (address === 'team' ? void delivered.pass() : undefined);
    const outbox = world.process([chat]);
    outbox.start();
    await world.write('pst_1', message('chat:ops', 'stuck'));
    outbox.nudge();
    await gate.reached;
    await world.write('pst_2', message('chat:team', 'free'));
    outbox.nudge();
    await delivered.reached;
    expect(chat.seen.map(({ text }) => text)).toEqual(['free']);

    gate.open();
    await outbox.stop();
    expect(chat.seen.map(({ text }) => text)).toEqual(['free', 'stuck']);
  });

  it('never lets two deliverers hold one destination at the same time', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    let inside = 0;
    let most = 0;
    chat.before = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    };
    for (let n = 0; n < 20; n += 1) await world.write('pst_1', message('chat:ops', `${n}`));
    const rivals = Array.from({ length: 5 }, () => world.process([chat]));

    await Promise.all(rivals.map((rival) => rival.drain()));
    await rivals[0]?.drain();

    expect(most).toBe(1);
    expect(chat.seen.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`));
  });
});
