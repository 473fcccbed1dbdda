// What the outbox promises when a process dies or is given up for dead in the middle of a delivery.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { destinationId } from '../../src/outbox/wake.ts';
import { stores } from '../support/stores.ts';
import { createGate } from './support/gate.ts';
import { createManualClock } from './support/manual-clock.ts';
import { card, createOutboxWorld, message, outboxDefinitions } from './support/outbox-world.ts';
import { createRecordingChannel } from './support/recording-channel.ts';

const LEASE_MS = 30_000;
const never = (): Promise<void> => new Promise(() => undefined);

describe.each(stores)('a delivery that is cut off, over the $name store', ({ create }) => {
  it('is taken up after the lease and counted: it may be shown twice, and never more often than counted', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const dying = createRecordingChannel('chat');
    const gate = createGate();
    dying.after = () => {
      void gate.pass();
      return never();
    };
    await world.write('pst_1', message('chat:ops', 'one'));
    void world.process([dying], { clock: createManualClock() }).drain();
    await gate.reached;
    const chat = createRecordingChannel('chat');
    const next = world.process([chat]);

    world.clock.advance(LEASE_MS - 1);
    await next.drain();
    expect(chat.seen).toEqual([]);
    world.clock.advance(1);
    await next.drain();

    expect([...dying.seen, ...chat.seen].map(({ text }) => text)).toEqual(['one', 'one']);
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ status: 'sent', ambiguities: 1, attempts: 1 });
  });

  it('is not sent again when only the letting go was lost', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    await world.write('pst_1', message('chat:ops', 'one'));
    await world.process([chat]).drain();
    const destination = await world.destinations.get(destinationId('default', 'chat:ops'));
    if (!destination) throw new Error('no destination');
    const now = world.clock.now();
    await world.destinations.compareAndSet(destination, {
      holder: 'gone',
      leaseUntil: now,
      wakeAt: now,
      sending: { kind: 'row', id: 'pst_1:1:1', marks: 0 },
    });

    await world.process([chat]).drain();

    expect(chat.seen).toHaveLength(1);
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ ambiguities: 0 });
  });

  it('changes nothing when a holder that was given up for dead comes back with its outcome', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const slow = createRecordingChannel('chat');
    const gate = createGate();
    slow.before = () => gate.pass();
    await world.write('pst_1', message('chat:ops', 'one'), message('chat:ops', 'two'));
    const zombie = world.process([slow], { clock: createManualClock() }).drain();
    await gate.reached;
    const rival = createRecordingChannel('chat', { send: async () => ({ messageId: 'rival' }) });
    world.clock.advance(LEASE_MS);
    slow.before = () => undefined;
    await world.process([rival]).drain();

    gate.open();
    await zombie;

    expect(slow.seen.map(({ text }) => text)).toEqual(['one']);
    expect(await world.rows.get('pst_1:1:1')).toMatchObject({
      status: 'sent',
      messageId: 'rival',
      ambiguities: 1,
    });
    expect(await world.rows.get('pst_1:1:2')).toMatchObject({
      status: 'sent',
      messageId: 'rival',
      ambiguities: 0,
    });
  });

  it('counts a lost answer as one that may have arrived, and a refusal as one that did not', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    chat.after = () => {
      throw new AppError('remote.unavailable', 'The connection broke.');
    };
    chat.before = ({ address }) => {
      if (address === 'ops') return;
      throw new AppError('remote.unavailable', 'Nobody listens.', { neverArrived: true });
    };
    await world.write('pst_1', message('chat:ops', 'maybe'), message('chat:team', 'no'));

    await world.process([chat]).drain();

    expect(await world.rows.get('pst_1:1:1')).toMatchObject({ status: 'waiting', ambiguities: 1 });
    expect(await world.rows.get('pst_1:1:2')).toMatchObject({ status: 'waiting', ambiguities: 0 });
  });

  it('gives a platform that never answers up after 20 seconds, and tries again', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const gate = createGate();
    chat.before = () => {
      void gate.pass();
      return never();
    };
    await world.write('pst_1', message('chat:ops', 'one'));
    const outbox = world.process([chat]);
    const drained = outbox.drain();
    await gate.reached;

    world.clock.advance(20_000);
    await drained;

    expect(await world.rows.get('pst_1:1:1')).toMatchObject({
      status: 'waiting',
      ambiguities: 1,
      problem: 'No answer within 20 seconds.',
    });
  });

  it('hands its destinations back when it is stopped, after the message in hand', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const gate = createGate();
    chat.before = () => gate.pass();
    await world.write('pst_1', message('chat:ops', 'one'), message('chat:ops', 'two'));
    const outbox = world.process([chat]);
    outbox.start();
    await gate.reached;
    const stopped = outbox.stop();

    gate.open();
    await stopped;

    expect(chat.seen.map(({ text }) => text)).toEqual(['one']);
    const held = await world.destinations.get(destinationId('default', 'chat:ops'));
    expect(held).toMatchObject({ holder: null, leaseUntil: null, sending: null, wakeAt: world.clock.now() });
    await world.process([chat]).drain();
    expect(chat.seen.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('wakes a destination that fell asleep over rows that wait', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    chat.before = () => {
      throw new AppError('remote.unavailable', 'Down.');
    };
    await world.write('pst_1', message('chat:ops', 'one'));
    const outbox = world.process([chat]);
    await outbox.drain();
    const asleep = await world.destinations.get(destinationId('default', 'chat:ops'));
    if (asleep) await world.destinations.compareAndSet(asleep, { wakeAt: null });
    chat.before = () => undefined;
    world.clock.advance(120_000);
    await outbox.drain();
    expect(chat.seen).toEqual([]);

    await outbox.sweep();
    await outbox.drain();

    expect(chat.seen).toHaveLength(1);
  });
});

describe.each(stores)('a live card over the $name store', ({ create }) => {
  it('is one message, edited in place', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const outbox = world.process([chat]);
    for (const revision of [1, 2, 3]) {
      await world.write('pst_1', card('chat:ops', 'run', revision));
      await outbox.drain();
    }

    expect([...chat.cards.values()]).toEqual([{ key: 'run', revision: 3, text: 'run at 3' }]);
    expect(chat.seen).toHaveLength(3);
  });

  it('collapses to the newest revision after an outage', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    chat.before = () => {
      throw new AppError('remote.unavailable', 'Down.', { neverArrived: true });
    };
    const outbox = world.process([chat]);
    for (let revision = 1; revision <= 50; revision += 1) {
      await world.write('pst_1', card('chat:ops', 'run', revision));
      await outbox.drain();
    }
    chat.before = () => undefined;

    world.clock.advance(60_000);
    await outbox.drain();

    expect(chat.seen.map(({ text }) => text)).toEqual(['run at 50']);
  });

  it('does not go back to an older revision that is relayed late', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const outbox = world.process([chat]);
    await world.write('pst_1', card('chat:ops', 'run', 7));
    await outbox.drain();
    await world.write('pst_2', card('chat:ops', 'run', 6));
    await outbox.drain();

    expect(chat.seen.map(({ text }) => text)).toEqual(['run at 7']);
  });

  it('shows a revision that came while an earlier one was on its way', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const gate = createGate();
    chat.before = () => gate.pass();
    await world.write('pst_1', card('chat:ops', 'run', 1));
    const outbox = world.process([chat]);
    const drained = outbox.drain();
    await gate.reached;
    await world.write('pst_1', card('chat:ops', 'run', 2));
    const other = world.process([chat]);
    await other.drain();
    gate.open();
    await drained;
    await outbox.drain();

    expect([...chat.cards.values()]).toEqual([{ key: 'run', revision: 2, text: 'run at 2' }]);
  });

  it('is shown once more when an edit of unknown outcome may still arrive late', async () => {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const outbox = world.process([chat]);
    await world.write('pst_1', card('chat:ops', 'run', 1));
    await outbox.drain();
    chat.after = () => {
      throw new AppError('remote.unavailable', 'No answer.');
    };
    await world.write('pst_1', card('chat:ops', 'run', 2));
    await outbox.drain();
    chat.after = () => undefined;
    world.clock.advance(1_000);
    await outbox.drain();
    const shown = [...chat.cards.entries()][0];
    if (shown) chat.cards.set(shown[0], { key: 'run', revision: 1, text: 'a late arrival' });

    world.clock.advance(60_000);
    await outbox.drain();

    expect([...chat.cards.values()]).toEqual([{ key: 'run', revision: 2, text: 'run at 2' }]);
    expect(await outbox.health()).toMatchObject({ ambiguous: 0, waiting: 0 });
  });
});
