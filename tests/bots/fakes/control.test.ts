// The program of both fakes: what scripts drive it with, and the page on which a person watches and types.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTelegramApi } from '../../../bots/telegram/api.ts';
import { createControl } from '../../fakes/control.ts';
import type { FakePlatform } from '../../fakes/platform.ts';
import { startSlack } from '../../fakes/slack.ts';
import { startTelegram } from '../../fakes/telegram.ts';
import { axeViolations, browserForTests, sidewaysOverflow } from '../../support/browser.ts';

const browser = browserForTests();

let platforms: readonly FakePlatform[];
let control: Server;
let url: string;

beforeEach(async () => {
  platforms = [await startSlack(0, 'http://127.0.0.1:9/slack/events'), await startTelegram(0)];
  control = createControl(platforms);
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
});
afterEach(async () => {
  control.closeAllConnections();
  control.close();
  await Promise.all(platforms.map((platform) => platform.stop()));
});

async function post(
  path: string,
  body: object,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`${url}/control/${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

async function messages(query = ''): Promise<readonly Record<string, unknown>[]> {
  const { messages: all } = (await (await fetch(`${url}/control/messages${query}`)).json()) as {
    messages: Record<string, unknown>[];
  };
  return all;
}

/** The bot of the program's environment, as the program itself would reach it. */
function bot() {
  const telegram = platforms.find(({ name }) => name === 'telegram');
  const env = new Map(
    telegram?.environment().map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    }),
  );
  const token = env.get('TELEGRAM_BOT_TOKEN') ?? '';
  const chat = Number(env.get('TELEGRAM_CHAT_ID'));
  return { api: createTelegramApi({ token, apiRoot: env.get('TELEGRAM_API_ROOT') ?? '' }), chat };
}

const keyboard = { inline_keyboard: [[{ text: 'Approve', callback_data: 'k1' }]] };

describe('the control door', () => {
  it('says and presses for accounts, known or new, on both platforms', async () => {
    expect(await post('say', { platform: 'telegram', user: 'Asha', text: '/help' })).toMatchObject({
      status: 200,
    });
    expect(
      await post('say', { platform: 'telegram', user: 'Nila', text: '/help', chat: 'ops' }),
    ).toMatchObject({
      status: 200,
    });
    await post('say', { platform: 'slack', user: 'asha', text: 'hello', chat: '#ops' });
    const { api, chat } = bot();
    await api.call('sendMessage', { chat_id: chat, text: 'Do it?', reply_markup: keyboard });
    expect(await messages('?platform=telegram')).toMatchObject([
      { from: 'Asha', text: '/help', chatName: 'private: Asha' },
      { from: 'Nila', text: '/help', chatName: 'ops' },
      { from: 'Wardroom', text: 'Do it?', buttons: ['Approve'], byBot: true },
    ]);
    expect(await messages('?platform=slack')).toMatchObject([
      { from: 'Asha', text: 'hello', chatName: '#ops' },
    ]);
    await post('press', { platform: 'telegram', user: 'Nila', button: 'Approve' });

    expect(await api.call('getUpdates')).toMatchObject([
      { message: { from: { first_name: 'Asha' } } },
      { message: { from: { first_name: 'Nila' } } },
      { callback_query: { data: 'k1', from: { first_name: 'Nila' } } },
    ]);
  });

  it.each([
    ['say', { platform: 'irc', user: 'Asha', text: 'x' }, 'platform is one of slack, telegram.'],
    ['say', { platform: 'telegram', text: 'x' }, 'Name an account, such as Asha.'],
    ['say', { platform: 'slack', user: 'Asha', text: 'x', chat: 'lounge' }, /no channel “lounge”/],
    ['press', { platform: 'telegram', user: 'Asha', button: 'Go' }, /no message with a button “Go”/],
    ['fail', { platform: 'telegram', kind: 'flood' }, /kind is one of/],
    ['dance', { platform: 'telegram' }, /Nothing is done at/],
  ])('says what is wrong with %s %j', async (path, body, words) => {
    const { status, answer } = await post(path, body);

    expect(status).toBe(400);
    if (typeof words === 'string') expect(answer['error']).toBe(words);
    else expect(answer['error']).toMatch(words);
  });

  it('makes a platform fail, and work again', async () => {
    const { api, chat } = bot();
    const send = { chat_id: chat, text: 'x' };
    await post('fail', { platform: 'telegram', kind: 'rate', retryAfter: 9 });
    await expect(api.call('sendMessage', send)).rejects.toMatchObject({ retryAfterMs: 9_000 });
    await post('fail', { platform: 'telegram', kind: 'none' });
    await expect(api.call('sendMessage', send)).resolves.toMatchObject({ text: 'x' });
  });
});

describe('the page', () => {
  it.each([true, false])('shows both chats and takes lines, with script: %s', async (script) => {
    const { page, complaints } = await browser().openPage(url, { script });
    await page.getByLabel('Message as Asha').last().fill('/help & <more>');
    await page.getByRole('button', { name: 'Send' }).last().click();

    await page.getByRole('log').last().getByText('/help & <more>').waitFor();
    expect(complaints).toEqual([]);
  });

  it.each([
    ['light', 1_280],
    ['dark', 320],
  ] as const)('can be used by everybody, in %s and %s pixels wide', async (theme, width) => {
    const { api, chat } = bot();
    await api.call('sendMessage', { chat_id: chat, text: 'Do it?', reply_markup: keyboard });
    const opened = await browser().openPage(`${url}/?telegram-chat=ops`, { theme, width });
    await opened.page.getByRole('button', { name: 'Approve' }).waitFor();

    expect(await axeViolations(opened)).toEqual([]);
    expect(await sidewaysOverflow(opened)).toBe(0);
  });
});
