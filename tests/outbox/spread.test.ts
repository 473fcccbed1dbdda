// What is meant for the team's rooms: one item for each room there is when it is relayed, and a farewell where it left.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { TEAM_ROOMS } from '../../src/core/outbox-item.ts';
import { stores } from '../support/stores.ts';
import { card, createOutboxWorld, message, outboxDefinitions } from './support/outbox-world.ts';
import { createRecordingChannel } from './support/recording-channel.ts';

describe.each(stores)('announcements over the $name store', ({ create }) => {
  async function begin(...given: readonly string[]) {
    const world = createOutboxWorld(await create(outboxDefinitions));
    const chat = createRecordingChannel('chat');
    const rooms = [...given];
    const outbox = world.process([chat], { rooms: async () => [...rooms] });
    const seen = () => chat.seen.splice(0).map(({ address, text }) => `${address}: ${text}`);
    return { ...world, chat, rooms, outbox, seen };
  }

  it('reach each room once, however often they are relayed', async () => {
    const { write, process, chat, rooms, outbox, seen } = await begin('chat:ops', 'chat:team');
    await write('pst_1', message(TEAM_ROOMS, 'one'), card(TEAM_ROOMS, 'run', 1));
    const other = process([chat], { rooms: async () => [...rooms] });
    await Promise.all([outbox.drain(), other.drain()]);
    await outbox.drain();
    expect(seen().sort()).toEqual(['ops: one', 'ops: run at 1', 'team: one', 'team: run at 1']);
  });

  it('reach a room from when it belongs to the team, and a card that is shown there late is its newest', async () => {
    const { write, rooms, outbox, seen } = await begin('chat:ops');
    await write('pst_1', card(TEAM_ROOMS, 'run', 1));
    await outbox.drain();
    rooms.push('chat:team');
    await write('pst_1', card(TEAM_ROOMS, 'run', 2));
    await outbox.drain();
    expect(seen().sort()).toEqual(['ops: run at 1', 'ops: run at 2', 'team: run at 2']);
  });

  it('take leave of a room once, whatever is said afterwards, and come back with it', async () => {
    const { write, rooms, outbox, seen } = await begin('chat:ops', 'chat:team');
    await write('pst_1', card(TEAM_ROOMS, 'run', 1));
    await outbox.drain();
    seen();
    rooms.pop();
    for (const revision of [2, 3, 4]) {
      await write('pst_1', message(TEAM_ROOMS, `said ${revision}`), card(TEAM_ROOMS, 'run', revision));
      await outbox.drain();
    }
    expect(seen().filter((line) => line.startsWith('team'))).toEqual([
      'team: This room is not told of it any more.',
    ]);
    rooms.push('chat:team');
    await write('pst_1', card(TEAM_ROOMS, 'run', 5));
    await outbox.drain();
    expect(seen().sort()).toEqual(['ops: run at 5', 'team: run at 5']);
  });

  it('say no farewell where nothing was shown', async () => {
    const { write, chat, rooms, outbox, seen } = await begin('chat:ops', 'chat:team');
    chat.before = ({ address }) => {
      if (address === 'team') throw new AppError('remote.refused', 'The room is not there.');
    };
    await write('pst_1', card(TEAM_ROOMS, 'run', 1));
    await outbox.drain();
    rooms.pop();
    chat.before = () => undefined;
    await write('pst_1', card(TEAM_ROOMS, 'run', 2));
    await outbox.drain();
    expect(seen()).toEqual(['ops: run at 1', 'ops: run at 2']);
  });

  it('leave what is for one room alone', async () => {
    const { write, outbox, seen } = await begin('chat:ops');
    await write('pst_1', message('chat:team', 'one'), card('chat:team', 'run', 1));
    await outbox.drain();
    expect(seen().sort()).toEqual(['team: one', 'team: run at 1']);
  });
});
