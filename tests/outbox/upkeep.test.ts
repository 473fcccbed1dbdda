// The verbs of the outbox through the one way in: what a manager sees, and what only an admin may send again.
import { describe, expect, it } from 'vitest';
import { cards } from '../../models/card.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import type { Actor } from '../../src/core/actor.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { AppError } from '../../src/core/errors.ts';
import { upkeepOperations } from '../../src/features/upkeep/operations.ts';
import { createUpkeep } from '../../src/features/upkeep/service.ts';
import { plainText } from '../../src/outbox/plain-text.ts';
import { stores } from '../support/stores.ts';
import { card, contextAt, createOutboxWorld, message, outboxDefinitions } from './support/outbox-world.ts';
import { createRecordingChannel } from './support/recording-channel.ts';

const manager: Actor = { kind: 'person', id: 'usr_asha', name: 'Asha', role: 'manager' };
const admin: Actor = { ...manager, id: 'usr_meera', name: 'Meera', role: 'admin' };

describe.each(stores)('the verbs of the outbox over the $name store', ({ create }) => {
  async function world() {
    const outside = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    chat.before = ({ address }) => {
      if (address === 'archived') throw new AppError('remote.refused', 'The room is archived.');
      if (address === 'down') throw new AppError('remote.unavailable', 'Down.', { neverArrived: true });
    };
    await outside.write('pst_1', message('chat:archived', 'lost one'), card('chat:archived', 'run', 1));
    await outside.write('pst_2', message('chat:ops', 'fine'), message('chat:down', 'later'));
    const outbox = outside.process([chat]);
    await outbox.drain();
    outside.clock.advance(500);
    const upkeep = createUpkeep({
      rows: outside.store.records(outboxRows),
      cards: outside.store.records(cards),
      outbox,
    });
    const denied: string[] = [];
    const dispatcher = createDispatcher({
      operations: upkeepOperations,
      services: { upkeep },
      auditDirectly: async (_tenant, _at, entry) => void denied.push(`${entry.actor.id} ${entry.operation}`),
    });
    const run = (operation: string, raw: unknown, actor: Actor = admin, key = `${operation}-1`) =>
      dispatcher.run({ operation, raw, ctx: { ...contextAt(outside.clock.now(), key), actor } });
    return { ...outside, chat, outbox, denied, run };
  }

  it('show what was given up, why, and how much waits', async () => {
    const { run } = await world();
    const { output, reply } = await run('outbox.list', {}, manager);

    expect(output).toMatchObject({ counts: { waiting: 1, dead: 2, ambiguous: 0, oldestMs: 500 } });
    expect(output).toMatchObject({
      entries: expect.arrayContaining([
        expect.objectContaining({ id: 'pst_1:1:1', says: 'lost one', problem: 'The room is archived.' }),
        expect.objectContaining({ kind: 'card', says: 'run at 1', problem: 'The room is archived.' }),
      ]),
    });
    expect(plainText(reply)).toMatch(/^■ 1 waiting, 2 given up, 0 perhaps shown twice\n/);
  });

  it('show what waits and what was sent when asked', async () => {
    const { run } = await world();
    const waiting = await run('outbox.list', { status: 'waiting' }, manager);
    const sent = await run('outbox.list', { status: 'sent' }, manager);

    expect(waiting.output).toMatchObject({ entries: [{ says: 'later', attempts: 1, problem: 'Down.' }] });
    expect(sent.output).toMatchObject({ entries: [{ says: 'fine', status: 'sent' }] });
  });

  it('send one again, once for one effect key, with an audit row', async () => {
    const { run, chat, outbox, auditRows } = await world();
    chat.before = () => undefined;

    expect((await run('outbox.retry', { item: 'pst_1:1:1' })).output).toEqual({ sent: 1 });
    expect((await run('outbox.retry', { item: 'pst_1:1:1' })).output).toEqual({ sent: 1 });
    await outbox.drain();

    expect(chat.seen.filter(({ text }) => text === 'lost one')).toHaveLength(1);
    expect([...auditRows.values()].filter(({ entry }) => entry.operation === 'outbox.retry')).toMatchObject([
      { entry: { actor: { id: 'usr_meera' }, target: 'pst_1:1:1', outcome: 'done' } },
    ]);
  });

  it('send all again, messages and cards', async () => {
    const { run, chat, outbox } = await world();
    chat.before = () => undefined;

    expect((await run('outbox.retry', { item: 'all' })).output).toEqual({ sent: 2 });
    await outbox.drain();

    expect(chat.seen.map(({ text }) => text)).toEqual(expect.arrayContaining(['lost one', 'run at 1']));
  });

  it('refuse a manager the sending, and leave the denial in the audit', async () => {
    const { run, chat, outbox, denied } = await world();
    chat.before = () => undefined;

    await expect(run('outbox.retry', { item: 'all' }, manager)).rejects.toMatchObject({
      code: 'permission.denied',
    });
    await outbox.drain();

    expect(denied).toEqual(['usr_asha outbox.retry']);
    expect(chat.seen.map(({ text }) => text)).toEqual(['fine']);
  });

  it('name what is wrong with what they are given', async () => {
    const { run } = await world();

    await expect(run('outbox.list', { status: 'lost' })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(run('outbox.retry', {})).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(run('outbox.retry', { item: 'pst_2:1:1' })).rejects.toMatchObject({
      code: 'record.conflict',
    });
  });
});
