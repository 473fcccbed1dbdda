// What leaves for Telegram: messages, cards and files, and what each refusal of the platform means.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../../src/core/errors.ts';
import { buttons, code, list, picture, type Reply, reply, text } from '../../../src/core/reply.ts';
import { person } from '../../support/conversation.ts';
import type { TelegramUser } from '../../support/fakes/telegram/types.ts';
import { createShelf, sampleOperations } from '../../support/sample-operations.ts';
import { createTelegramWorld, type TelegramWorld } from '../../support/telegram-world.ts';

let world: TelegramWorld;
let asha: TelegramUser;
let address: string;

beforeEach(async () => {
  world = await createTelegramWorld(sampleOperations, { shelf: createShelf() });
  asha = world.account('Asha', person('Asha', 'owner'));
  world.fake.says(asha, '/start');
  address = `${world.api.botId}/${asha.id}`;
});
afterEach(() => world.stop());

const svg = (width: number, height: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="9" height="9"/></svg>`;
const lines = (count: number): Reply =>
  reply('Many lines', list(Array.from({ length: count }, (_, at) => `line ${at} ${'x'.repeat(90)}`)));

const send = (id: string, body: Reply, to = address) =>
  world.channel.send({ id, tenant: 'default', address: to, body: { kind: 'reply', reply: body } });
const card = (body: Reply, messageId: string | null, revision = 1, to = address) => {
  if (!world.channel.showCard) throw new Error('there are no cards');
  const ref = { tenant: 'default', address: to, key: 'alert:1', revision };
  return world.channel.showCard(ref, body, messageId);
};
const said = (): readonly string[] =>
  world.fake.said(asha.id).map((one) => one.text ?? one.caption ?? `file ${one.document?.name}`);

async function failure(sending: Promise<unknown>): Promise<AppError> {
  return sending.then(
    () => {
      throw new Error('this was to fail');
    },
    (error: AppError) => error,
  );
}

describe('a message', () => {
  it('of several parts goes on where it stopped, and shows nothing twice', async () => {
    const long = lines(80);
    await send('obx:1', long);
    const whole = said();
    expect(whole.length).toBeGreaterThan(1);

    const { sent } = await interrupted('obx:2', long);
    expect(sent).toBe(1);
    await send('obx:2', long);
    expect(said().slice(whole.length)).toEqual(whole);
  });

  async function interrupted(id: string, long: Reply): Promise<{ sent: number }> {
    const before = said().length;
    const calls = world.fake.callsOf('sendMessage').length;
    const sending = failure(send(id, long));
    // The second part meets a limit.
    while (world.fake.callsOf('sendMessage').length === calls) await new Promise((go) => setImmediate(go));
    world.fake.fail({ kind: 'rate', retryAfter: 9, times: 1 });
    expect(await sending).toMatchObject({ code: 'rate.limited', retryAfterMs: 9_000, neverArrived: true });
    return { sent: said().length - before };
  }

  it('that would flood the chat is a file below its first part', async () => {
    await send('obx:1', lines(900));

    const messages = world.fake.said(asha.id);
    expect(messages).toHaveLength(2);
    expect(Buffer.from(messages[1]?.document?.bytes ?? []).toString()).toContain('line 899');
  });

  it('too thin or too large a picture goes as a file, one that cannot be drawn as its words', async () => {
    await send('obx:1', reply('Thin', picture('a very thin line', svg(900, 9))));
    await send('obx:2', reply('Broken', picture('no picture', 'not svg')));

    expect(world.fake.said(asha.id)).toMatchObject([
      { document: { name: 'picture.png' }, caption: 'Thin\na very thin line' },
      { text: 'Broken\nno picture' },
    ]);
  });

  it('shows its buttons once, under the last part', async () => {
    const button = { label: 'List tasks', operation: 'task.list', input: {} };
    await send(
      'obx:1',
      reply('Pick', picture('a chart', svg(40, 40)), text('x'.repeat(3_000)), buttons(button)),
    );

    const keyboards = world.fake.said(asha.id).map((one) => one.reply_markup?.inline_keyboard.length ?? 0);
    expect(keyboards.at(-1)).toBe(1);
    expect(keyboards.slice(0, -1).every((rows) => rows === 0)).toBe(true);
  });

  it('hangs under the card it belongs to', async () => {
    const { messageId } = await card(reply('An alert'), null);
    const body = { kind: 'reply' as const, reply: reply('It was acknowledged') };
    await world.channel.send({ id: 'obx:1', tenant: 'default', address, body, under: messageId });

    expect(world.fake.said(asha.id).at(-1)?.reply_to_message).toMatchObject({ text: 'An alert' });
  });

  it('for another bot’s chat is refused for good', async () => {
    expect(await failure(send('obx:1', reply('x'), '42/1001'))).toMatchObject({ retryable: false });
  });
});

describe('what the platform refuses', () => {
  it('for a while is tried again after the time it names', async () => {
    world.fake.fail({ kind: 'rate', chat: asha.id, retryAfter: 30 });

    expect(await failure(send('obx:1', reply('x')))).toMatchObject({ retryable: true, retryAfterMs: 30_000 });
  });

  it('because of a block or an unknown chat is never tried again', async () => {
    await world.settle();
    expect(await world.chats.isReachable('default', String(asha.id))).toBe(true);
    world.fake.blocks(asha);
    expect(await failure(send('obx:1', reply('x')))).toMatchObject({
      code: 'remote.refused',
      retryable: false,
    });
    expect(await world.chats.isReachable('default', String(asha.id))).toBe(false);
    expect(await failure(send('obx:2', reply('x'), `${world.api.botId}/99`))).toMatchObject({
      retryable: false,
    });
  });

  it('by failing may have arrived; by not being there cannot', async () => {
    world.fake.fail({ kind: 'accept-then-reset', method: 'sendMessage', times: 1 });
    expect(await failure(send('obx:1', reply('x')))).toMatchObject({ retryable: true, neverArrived: false });
    world.fake.fail({ kind: 'status', status: 502, times: 1 });
    expect(await failure(send('obx:2', reply('x')))).toMatchObject({ retryable: true, neverArrived: false });
    await world.fake.stop();
    // The connection that was kept alive ends first.
    await failure(send('obx:3', reply('x')));
    expect(await failure(send('obx:3', reply('x')))).toMatchObject({ retryable: true, neverArrived: true });
  });

  it('since a group has another number now goes there', async () => {
    const group = world.fake.group('Ops', { type: 'group', members: [asha] });
    const upgraded = world.fake.upgrades(group);
    const old = `${world.api.botId}/${group.id}`;
    await send('obx:1', reply('first'), old);
    await send('obx:2', reply('second'), old);

    expect(world.fake.said(upgraded.id).map((one) => one.text)).toEqual(['first', 'second']);
    expect(await world.chats.addressOf('default', String(upgraded.id))).toBe(old);
    expect(world.fake.calls.filter((call) => call.chat === group.id)).toHaveLength(1);
  });
});

describe('a live card', () => {
  it('is edited in place, and the same again is no failure', async () => {
    const { messageId } = await card(reply('3 of 10'), null);
    expect(await card(reply('7 of 10'), messageId, 2)).toEqual({ messageId });
    expect(await card(reply('7 of 10'), messageId, 2)).toEqual({ messageId });

    expect(said()).toEqual(['7 of 10']);
  });

  it('that somebody deleted is sent anew', async () => {
    const { messageId } = await card(reply('3 of 10'), null);
    await world.api.call('deleteMessage', { chat_id: asha.id, message_id: Number(messageId) });
    const again = await card(reply('7 of 10'), messageId, 2);

    expect(again.messageId).not.toBe(messageId);
    expect(said()).toEqual(['7 of 10']);
  });

  it('that was sent and not marked is found again, not sent twice', async () => {
    await card(reply('3 of 10'), null);
    await card(reply('4 of 10'), null, 2);

    expect(said()).toEqual(['4 of 10']);
  });

  it('grows and shrinks, and changes from words to a picture', async () => {
    const { messageId } = await card(reply('one'), null);
    const long = await card(reply('two', code('y'.repeat(6_000))), messageId, 2);
    expect(said()).toHaveLength(2);
    const drawn = await card(reply('three', picture('a chart', svg(40, 40))), long.messageId, 3);
    expect(said()).toEqual(['three\na chart']);
    await card(reply('four', picture('a chart', svg(50, 40))), drawn.messageId, 4);

    expect(said()).toEqual(['four\na chart']);
    expect(world.fake.said(asha.id)[0]?.photo).toMatchObject({ width: 100 });
  });

  it('loses its buttons when it has none any more', async () => {
    const button = { label: 'Approve', operation: 'task.list', input: {} };
    const { messageId } = await card(reply('Do it?', buttons(button)), null);
    await card(reply('Approved by Asha'), messageId, 2);

    expect(world.fake.said(asha.id)[0]?.reply_markup).toBeUndefined();
  });
});

describe('the pace', () => {
  it('is a second for a person and three for a group', () => {
    const { paceMs } = world.channel;
    if (typeof paceMs === 'number') throw new Error('one pace for all');
    expect([paceMs(address), paceMs(`${world.api.botId}/-1001`)]).toEqual([1_000, 3_000]);
  });
});
