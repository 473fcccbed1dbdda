// The fake of Telegram is as strict as the platform: what it refuses, in whose words, and how it hands out updates.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TelegramFake } from '../../support/fakes/telegram/telegram-fake.ts';

let fake: TelegramFake;
let nowMs = 1_000_000;
const asked: { readonly secret: string | undefined; readonly body: string }[] = [];

beforeEach(async () => {
  nowMs = 1_000_000;
  asked.length = 0;
  fake = await TelegramFake.start({ nowMs: () => nowMs });
});
afterEach(() => fake.stop());

async function call(method: string, params: object = {}): Promise<Record<string, unknown>> {
  const response = await fetch(`${fake.apiRoot}/bot${fake.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return (await response.json()) as Record<string, unknown>;
}

async function refusal(method: string, params: object): Promise<string> {
  return String((await call(method, params))['description']);
}

describe('what the bot sends', () => {
  it.each([
    ['<x>a</x>', 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'],
    ['<b>a', 'Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'],
    ['a</b>', "Bad Request: can't parse entities: Unexpected end tag at byte offset 1"],
    [
      '<b>a</i>',
      'Bad Request: can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ],
    ['  ', 'Bad Request: message text is empty'],
    ['a\ud800', 'Bad Request: strings must be encoded in UTF-8'],
    ['&amp;'.repeat(4_097), 'Bad Request: message is too long'],
  ])('refuses %j in the platform’s words', async (text, words) => {
    const asha = fake.user('Asha');
    fake.says(asha, '/start');

    expect(await refusal('sendMessage', { chat_id: asha.id, parse_mode: 'HTML', text })).toBe(words);
  });

  it('counts after reading the marks: 4,096 units with entities pass', async () => {
    const asha = fake.user('Asha');
    fake.says(asha, '/start');

    const text = `<b>${'&lt;'.repeat(4_096)}</b>`;
    expect(await call('sendMessage', { chat_id: asha.id, parse_mode: 'HTML', text })).toMatchObject({
      ok: true,
    });
  });

  it('refuses keys of more than 64 bytes, however few characters they are', async () => {
    const asha = fake.user('Asha');
    fake.says(asha, '/start');
    const keyboard = (data: string) => ({ inline_keyboard: [[{ text: 'Go', callback_data: data }]] });
    const send = (data: string) => ({ chat_id: asha.id, text: 'a', reply_markup: keyboard(data) });

    expect(await refusal('sendMessage', send('हां'.repeat(8)))).toBe('Bad Request: BUTTON_DATA_INVALID');
    expect(await call('sendMessage', send('x'.repeat(64)))).toMatchObject({ ok: true });
  });

  it('goes nowhere uninvited: no private chat is begun by a bot, and a block holds', async () => {
    const asha = fake.user('Asha');
    fake.group('Ops', { members: [asha] });
    const send = { chat_id: asha.id, text: 'a' };

    expect(await refusal('sendMessage', { chat_id: 42, text: 'a' })).toBe('Bad Request: chat not found');
    expect(await refusal('sendMessage', send)).toBe("Forbidden: bot can't initiate conversation with a user");
    fake.says(asha, '/start');
    expect(await call('sendMessage', send)).toMatchObject({ ok: true });
    fake.blocks(asha);
    expect(await refusal('sendMessage', send)).toBe('Forbidden: bot was blocked by the user');
  });

  it('is held to a message a second a chat and twenty a minute in a group', async () => {
    const asha = fake.user('Asha');
    fake.says(asha, '/start');
    const group = fake.group('Ops', { members: [asha] });
    const refused = [];
    for (let sent = 0; sent < 4; sent += 1)
      refused.push(await call('sendMessage', { chat_id: asha.id, text: 'a' }));
    expect(refused.map((answer) => answer['ok'])).toEqual([true, true, true, false]);
    expect(refused[3]).toMatchObject({ error_code: 429, parameters: { retry_after: 3 } });

    for (let sent = 0; sent < 20; sent += 1) {
      nowMs += 1_000;
      expect(await call('sendMessage', { chat_id: group.id, text: 'a' })).toMatchObject({ ok: true });
    }
    nowMs += 1_000;
    expect(await call('sendMessage', { chat_id: group.id, text: 'a' })).toMatchObject({ error_code: 429 });
  });

  it('is told the new id of a group that was upgraded', async () => {
    const group = fake.group('Ops', { type: 'group' });
    const upgraded = fake.upgrades(group);

    expect(await call('sendMessage', { chat_id: group.id, text: 'a' })).toMatchObject({
      error_code: 400,
      parameters: { migrate_to_chat_id: upgraded.id },
    });
  });

  it('may not be edited into itself, nor when it is gone', async () => {
    const asha = fake.user('Asha');
    fake.says(asha, '/start');
    await call('sendMessage', { chat_id: asha.id, text: 'one' });
    const id = fake.said(asha.id)[0]?.message_id;
    const edit = { chat_id: asha.id, message_id: id, text: 'one' };

    expect(await refusal('editMessageText', edit)).toMatch(/^Bad Request: message is not modified/);
    expect(await call('editMessageText', { ...edit, text: 'two' })).toMatchObject({ ok: true });
    await call('deleteMessage', edit);
    expect(await refusal('editMessageText', edit)).toBe('Bad Request: message to edit not found');
  });
});

describe('what people do', () => {
  it('reaches the bot in groups as commands and replies to it, not as talk', async () => {
    const asha = fake.user('Asha');
    const group = fake.group('Ops', { members: [asha] });
    fake.says(asha, 'lunch?', { chat: group });
    fake.says(asha, '/help', { chat: group });
    await call('sendMessage', { chat_id: group.id, text: 'Which one?' });
    fake.says(asha, 'the second', { chat: group, replyTo: fake.said(group.id)[0]?.message_id ?? 0 });

    const { result } = await call('getUpdates');
    expect(result).toMatchObject([{ message: { text: '/help' } }, { message: { text: 'the second' } }]);
  });

  it('leaves a press to be answered once, and not for long', async () => {
    const asha = fake.user('Asha');
    fake.says(asha, '/start');
    const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'k1' }]] };
    await call('sendMessage', { chat_id: asha.id, text: 'a', reply_markup });
    const press = () => {
      const [message] = fake.said(asha.id);
      if (!message) throw new Error('nothing was said');
      fake.presses(asha, message, 'Go');
      return [...fake.callbacks.keys()].at(-1);
    };
    const first = { callback_query_id: press() };
    expect(await call('answerCallbackQuery', first)).toMatchObject({ ok: true });
    expect(await refusal('answerCallbackQuery', first)).toMatch(/query is too old/);
    const late = { callback_query_id: press() };
    nowMs += 20_000;
    expect(await refusal('answerCallbackQuery', late)).toMatch(/query is too old/);
  });
});

describe('updates', () => {
  it('are handed out again until an offset confirms them', async () => {
    const asha = fake.user('Asha');
    const { update } = fake.says(asha, 'one');
    fake.says(asha, 'two');
    const id = update?.update_id ?? 0;

    expect((await call('getUpdates'))['result']).toHaveLength(2);
    expect((await call('getUpdates', { offset: id }))['result']).toHaveLength(2);
    expect((await call('getUpdates', { offset: id + 1 }))['result']).toHaveLength(1);
  });

  it('wake a long poll; a second poller ends the first', async () => {
    const asha = fake.user('Asha');
    const first = call('getUpdates', { timeout: 30 });
    while (fake.callsOf('getUpdates').length < 1) await new Promise((resolve) => setImmediate(resolve));
    const second = call('getUpdates', { timeout: 30 });
    expect(await first).toMatchObject({ error_code: 409 });
    fake.says(asha, 'hello');
    expect(await second).toMatchObject({ result: [{ message: { text: 'hello' } }] });
  });

  it('go to the webhook with its secret until it answers, and not to getUpdates meanwhile', async () => {
    let status = 500;
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      asked.push({ secret: request.headers['x-telegram-bot-api-secret-token'] as string, body });
      response.writeHead(status).end();
      status = 200;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    await call('setWebhook', { url, secret_token: 's3cret' });
    expect(await call('getUpdates')).toMatchObject({ error_code: 409 });
    fake.says(fake.user('Asha'), 'hello');
    while (fake.queue.waiting() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));

    expect(asked.map(({ secret }) => secret)).toEqual(['s3cret', 's3cret']);
    expect(fake.queue.answers).toEqual([500, 200]);
  });
});

describe('a fake told to fail', () => {
  it('storms one chat and leaves the others alone', async () => {
    const [asha, ravi] = [fake.user('Asha'), fake.user('Ravi')];
    for (const user of [asha, ravi]) fake.says(user, '/start');
    fake.fail({ kind: 'rate', chat: asha.id, retryAfter: 7 });

    expect(await call('sendMessage', { chat_id: asha.id, text: 'a' })).toMatchObject({
      parameters: { retry_after: 7 },
    });
    expect(await call('sendMessage', { chat_id: ravi.id, text: 'a' })).toMatchObject({ ok: true });
  });

  it('can do the work and not say so', async () => {
    const asha = fake.user('Asha');
    fake.says(asha, '/start');
    fake.fail({ kind: 'accept-then-reset', method: 'sendMessage', times: 1 });

    await expect(call('sendMessage', { chat_id: asha.id, text: 'a' })).rejects.toThrow();
    expect(fake.said(asha.id)).toHaveLength(1);
  });

  it('is out for every call, and back', async () => {
    fake.outage();
    await expect(call('getMe')).rejects.toThrow();
    fake.mend();
    expect(await call('getMe')).toMatchObject({ ok: true });
  });
});

describe('command lists', () => {
  it('are checked, and shown by the narrowest scope', async () => {
    const asha = fake.user('Asha', { language: 'hi' });
    const set = (commands: object, scope?: object, language_code?: string) =>
      call('setMyCommands', { commands, scope, language_code });
    const one = [{ command: 'help', description: 'Help' }];

    expect(await set([{ command: 'Help!', description: 'x' }])).toMatchObject({ error_code: 400 });
    expect(await set(Array.from({ length: 101 }, () => one[0]))).toMatchObject({ error_code: 400 });
    await set(one);
    await set([{ command: 'tasks', description: 'Tasks' }], { type: 'chat', chat_id: asha.id });
    expect(fake.menu(asha).map(({ command }) => command)).toEqual(['tasks']);
    expect(fake.menu(fake.user('Ravi')).map(({ command }) => command)).toEqual(['help']);
  });
});
