// What people meet in Telegram: in private, in groups, behind masks, and with buttons.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operationsOf } from '../../../src/core/operation.ts';
import { reply } from '../../../src/core/reply.ts';
import { person } from '../../support/conversation.ts';
import type { TelegramUser } from '../../support/fakes/telegram/types.ts';
import { createShelf, type Shelf, sampleOperations } from '../../support/sample-operations.ts';
import { createTelegramWorld, type TelegramWorld } from '../../support/telegram-world.ts';

const operation = operationsOf<{ readonly shelf: Shelf }>();

/** Answers for the asker alone, and about the room it is said in. */
const own = [
  operation({
    name: 'me.show',
    summary: { en: 'Show who you are', hi: 'आप कौन हैं' },
    permission: 'room.use',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    input: z.strictObject({}),
    output: z.strictObject({ name: z.string() }),
    chat: { aliases: ['me'], examples: ['me'] },
    run: async ({ actor }) => ({ name: actor.name }),
    reply: ({ name }) => reply(`Your salary, ${name}: 12`),
  }),
  operation({
    name: 'room.bind',
    summary: { en: 'Bind a room', hi: 'कमरा जोड़ें' },
    permission: 'people.manage',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({ room: z.string().exactOptional() }),
    output: z.strictObject({ room: z.string() }),
    chat: { positional: ['room'], examples: ['room bind'] },
    run: async ({ room: here = '' }, { room }) => ({ room: room ?? here }),
    reply: ({ room }) => reply(`Bound: ${room}`),
  }),
];

let shelf: Shelf;
let world: TelegramWorld;
let asha: TelegramUser;
let ravi: TelegramUser;

beforeEach(async () => {
  shelf = createShelf();
  world = await createTelegramWorld([...sampleOperations, ...own], { shelf });
  asha = world.account('Asha', person('Asha', 'owner'));
  ravi = world.account('Ravi', person('Ravi', 'user'));
});
afterEach(() => world.stop());

describe('in private', () => {
  it.each(['/task_add Fix receipts', '/task add Fix receipts', '/task_add@wardroom_bot Fix receipts'])(
    'a command is carried out once, however it is written: %s',
    async (line) => {
      const talk = world.talker(asha);
      await talk.says(line);

      await talk.sees('● Task added: Fix receipts\nId: tsk_1');
      expect(shelf.applied).toBe(1);
      expect(await talk.offered()).toEqual(['Drop task', 'List tasks']);
    },
  );

  it('an update that comes again has no second effect and no second answer', async () => {
    const { update } = world.fake.says(asha, '/task add Fix receipts');
    await world.settle();
    if (update) world.fake.queue.repeat(update);
    await world.receiver.polled({ update_id: update?.update_id ?? 0, ...update });
    await world.settle();

    expect(shelf.applied).toBe(1);
    expect(world.fake.said(asha.id)).toHaveLength(1);
  });

  it('missing arguments are asked for one by one, by buttons or words', async () => {
    const talk = world.talker(asha);
    await talk.says('/task_assess');
    await talk.sees('Which task do you assess?');
    await talk.says('tsk_1');
    await talk.sees('How much effort is it?');
    await talk.says('7');
    await talk.sees('7');
    await talk.says('3');
    expect(await talk.offered()).toEqual(['none', 'some', 'much']);
    await talk.presses('some');
    await talk.sees('tsk_1: effort 3, risk some');
  });

  it('a press is answered to Telegram at once and carried out once', async () => {
    const talk = world.talker(asha);
    await talk.says('/task add Fix receipts');
    await talk.presses('Drop task');

    await talk.sees('Task tsk_1 dropped.');
    expect([...world.fake.callbacks.values()].map(({ answer }) => answer)).toEqual([
      { text: '', alert: false },
    ]);
  });

  it('a stranger is told the way in, and nothing else', async () => {
    const talk = world.talker(world.account('Eve'));
    await talk.says('/task add Fix receipts');

    await talk.sees('I do not know you here yet.');
    expect(shelf.applied).toBe(0);
  });

  it('start is where help begins, and a link into the chat may carry a code', async () => {
    world.fake.says(asha, '/start');
    world.fake.says(asha, '/start link_K7Q2-9FXM');
    await world.settle();

    expect((await world.rows()).map(({ content }) => content)).toEqual([
      { kind: 'text', text: '/help' },
      { kind: 'text', text: '/link K7Q2-9FXM' },
    ]);
  });

  it('a picture comes as a photo with its words', async () => {
    const talk = world.talker(asha);
    await talk.says('/audit');

    expect(talk.newest()).toMatchObject({
      caption: 'The audit log is whole.\na chain without a break',
      photo: { width: 16, height: 16 },
    });
  });
});

describe('in a group that is the team’s', () => {
  it('answers stand under the question, for everybody', async () => {
    const group = world.fake.group('Ops', { members: [asha, ravi] });
    world.bound.add(world.room(group));
    const talk = world.talker(ravi, group);
    await talk.says('/tasks@Wardroom_Bot');

    await talk.sees('0 tasks pending');
    expect(talk.newest()?.reply_to_message).toMatchObject({ text: '/tasks@Wardroom_Bot' });
  });

  it('a question is answered by a reply, and by the one who was asked', async () => {
    const group = world.fake.group('Ops', { members: [asha, ravi] });
    world.bound.add(world.room(group));
    await world.talker(ravi, group).says('/task_add');
    await world.talker(asha, group).says('Not what Ravi means');
    expect(shelf.applied).toBe(0);
    await world.talker(ravi, group).says('Fix receipts');
    await world.talker(ravi, group).sees('Task added: Fix receipts');
  });

  it('a topic keeps its answers', async () => {
    const group = world.fake.group('Ops', { members: [asha], forum: true });
    world.bound.add(world.room(group));
    world.fake.says(asha, '/tasks', { chat: group, topic: 7 });
    await world.settle();

    expect(world.fake.said(group.id)).toMatchObject([{ message_thread_id: 7 }]);
  });

  it('what is for one person goes to their private chat, or they are shown the way there', async () => {
    const group = world.fake.group('Ops', { members: [asha, ravi] });
    world.bound.add(world.room(group));
    const talk = world.talker(ravi, group);
    await talk.says('/me');
    await talk.sees('This answer is for you alone. Open our private chat, press Start');
    expect(talk.newest()?.entities).toMatchObject([{ url: 'https://t.me/wardroom_bot?start=hello' }]);

    world.fake.says(ravi, '/start');
    await talk.says('/me');
    await talk.neverSees('salary');
    const own = world.talker(ravi);
    await own.sees('Your salary, Ravi: 12');
    expect(own.newest(), 'the number of the question is of another chat').not.toHaveProperty(
      'reply_to_message',
    );
  });

  it('other bots’ commands and people’s talk are left alone', async () => {
    const group = world.fake.group('Ops', { members: [asha] });
    world.bound.add(world.room(group));
    world.fake.says(asha, '/tasks@other_bot', { chat: group });
    world.fake.says(asha, 'tasks, anybody?', { chat: group });
    await world.settle();

    expect(world.fake.said(group.id)).toEqual([]);
    expect((await world.rows()).map(({ ignored }) => ignored)).toEqual(['a command for another bot']);
  });

  it('keeps its name when Telegram gives it another number', async () => {
    const group = world.fake.group('Ops', { type: 'group', members: [asha] });
    world.bound.add(world.room(group));
    const upgraded = world.fake.upgrades(group);
    await world.settle();
    await world.talker(asha, upgraded).says('/tasks');

    await world.talker(asha, upgraded).sees('0 tasks pending');
    expect((await world.rows()).at(-1)?.room).toBe(world.room(group));
  });
});

describe('in a group that nobody vouched for', () => {
  it('nothing is said but how to speak in private', async () => {
    const group = world.fake.group('Friends', { members: [asha] });
    const talk = world.talker(asha, group);
    await talk.says('/tasks');
    await talk.says('/task add Secret plan');

    await talk.sees('This answer is for you alone.');
    await talk.neverSees('tasks pending');
    expect(shelf.applied).toBe(0);
  });

  it('answers go to the private chat, and binding means the group', async () => {
    const group = world.fake.group('Friends', { members: [asha] });
    world.fake.says(asha, '/start');
    const talk = world.talker(asha, group);
    await talk.says('/room_bind');

    expect(await talk.transcript()).toEqual(['> /room_bind']);
    await world.talker(asha).sees(`Bound: ${world.room(group)}`);
  });
});

describe('nobody acts', () => {
  it.each([
    ['as an anonymous administrator', { anonymous: true }, /anonymous administrator/],
    ['with words that were forwarded', { forwarded: true }, /forwarded/],
  ])('%s', async (_how, options, why) => {
    const group = world.fake.group('Ops', { members: [asha] });
    world.bound.add(world.room(group));
    world.fake.says(asha, '/task add Fix receipts', { chat: group, ...options });
    await world.settle();

    expect(shelf.applied).toBe(0);
    expect(world.fake.said(group.id)).toEqual([]);
    expect((await world.rows())[0]?.ignored).toMatch(why);
  });

  it('by forwarding a command to the bot in private', async () => {
    world.fake.says(asha, '/task add Fix receipts', { forwarded: true });
    await world.settle();

    expect(shelf.applied).toBe(0);
  });

  it('as a bot', async () => {
    const robot = world.fake.user('Robot', { isBot: true });
    world.linked.set(String(robot.id), person('Robot', 'owner'));
    const group = world.fake.group('Ops', { members: [robot] });
    world.bound.add(world.room(group));
    world.fake.says(robot, '/task add Fix receipts', { chat: group });
    await world.settle();

    expect(shelf.applied).toBe(0);
    expect((await world.rows())[0]?.ignored).toBe('said by a bot');
  });

  it('by editing what was said, or by posting in a channel', async () => {
    const { message } = world.fake.says(asha, '/tasks');
    await world.settle();
    world.fake.edits(message, '/task add Fix receipts');
    const channel = world.fake.group('News', { type: 'channel', members: [asha] });
    world.fake.says(asha, '/task add Fix receipts', { chat: channel, asChannel: true });
    await world.settle();

    expect(shelf.applied).toBe(0);
  });

  it('by the button of another bot’s message', async () => {
    const talk = world.talker(asha);
    await talk.says('/task add Fix receipts');
    const [said] = world.fake.said(asha.id);
    const key = said?.reply_markup?.inline_keyboard[0]?.[0]?.callback_data ?? '';
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(64);
    world.fake.queue.push('callback_query', {
      id: '1',
      from: asha,
      message: said,
      chat_instance: '1',
      data: 'btn_made_up',
    });
    await world.settle();

    await talk.sees('This button is not known here any more.');
  });
});
