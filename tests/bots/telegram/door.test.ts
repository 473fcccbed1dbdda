// The connection to Telegram: nothing is confirmed before it is stored, one process polls, outages end by themselves.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RawUpdate } from '../../../bots/adapter.ts';
import { createLease } from '../../../bots/lease.ts';
import { createTelegramApi } from '../../../bots/telegram/api.ts';
import { createTelegramDoor, type TelegramDoor } from '../../../bots/telegram/door.ts';
import { createReceiver } from '../../../bots/telegram/receive.ts';
import { leases } from '../../../models/lease.ts';
import { createMemoryStore } from '../../../models/memory-store.ts';
import type { Store } from '../../../models/store.ts';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { AppError } from '../../../src/core/errors.ts';
import { createLogger } from '../../../src/core/logger.ts';
import { createScrubber } from '../../../src/core/scrub.ts';
import { TelegramFake } from '../../support/fakes/telegram/telegram-fake.ts';

const logger = createLogger({ level: 'silent', sink: { write: () => undefined }, scrub: createScrubber() });
const SECRET = 'the-secret-of-the-webhook';

let fake: TelegramFake;
let store: Store;
const doors: TelegramDoor[] = [];

beforeEach(async () => {
  fake = await TelegramFake.start();
  store = createMemoryStore();
});
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.stop()));
  await fake.stop();
});

/** The machine's clock, with its waits cut short: backing off is not what is waited for here. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) };

interface Process {
  readonly door: TelegramDoor;
  /** What was stored, by key. */
  readonly stored: Map<string, RawUpdate>;
  /** Thrown by the next attempts to store, one each. */
  readonly faults: unknown[];
}

function process(mode: 'polling' | 'webhook' = 'polling', token = fake.token): Process {
  const stored = new Map<string, RawUpdate>();
  const faults: unknown[] = [];
  const receive = async (raw: RawUpdate) => {
    const fault = faults.shift();
    if (fault) throw fault;
    const repeated = stored.has(raw.key);
    stored.set(raw.key, raw);
    return { id: raw.key, repeated };
  };
  const api = createTelegramApi({ token, apiRoot: fake.apiRoot });
  const onFailure = (): void => undefined;
  const door = createTelegramDoor({
    api,
    receiver: createReceiver({ api, inbox: { receive }, secret: SECRET, tenant: 'default', onFailure }),
    lease: createLease({
      leases: store.records(leases),
      tenant: 'default',
      name: 'telegram:7000000001',
      holder: `process ${doors.length}`,
      clock: hurried,
    }),
    menus: { refresh: async () => undefined },
    mode,
    webhook: { url: () => 'http://127.0.0.1:9/telegram/webhook', secret: SECRET },
    clock: hurried,
    logger,
  });
  doors.push(door);
  door.start();
  return { door, stored, faults };
}

const texts = ({ stored }: Process): unknown[] =>
  [...stored.values()].map(({ body }) => (body as { message: { text: string } }).message.text);
const polls = (): number => fake.callsOf('getUpdates').length;

describe('polling', () => {
  it('stores what people say, in its order, keyed by bot and update', async () => {
    const one = process();
    const asha = fake.user('Asha');
    fake.says(asha, 'one');
    fake.says(asha, 'two');

    await expect.poll(() => texts(one)).toEqual(['one', 'two']);
    const [raw] = one.stored.values();
    expect(raw).toMatchObject({ platform: 'telegram', lane: `telegram:${fake.bot.id}/${asha.id}` });
    expect(raw?.key).toMatch(new RegExp(`^${fake.bot.id}:\\d+$`));
    expect(one.door.state()).toMatchObject({ status: 'up', mode: 'polling' });
  });

  it('confirms nothing that is not stored', async () => {
    const one = process();
    one.faults.push(new AppError('database.unavailable', 'The database does not answer.'));
    fake.says(fake.user('Asha'), 'hello');

    await expect.poll(() => texts(one)).toEqual(['hello']);
    await expect.poll(() => fake.queue.waiting()).toBe(0);
    const offsets = fake.callsOf('getUpdates').map(({ params }) => params['offset']);
    expect(offsets.filter((offset) => offset !== undefined).length).toBeGreaterThan(0);
    // It was handed out twice before an offset moved past it.
    expect(offsets.findIndex((offset) => offset !== undefined)).toBeGreaterThanOrEqual(2);
  });

  it('takes a webhook away that stands in its way', async () => {
    fake.queue.setWebhook({ url: 'http://127.0.0.1:9/gone', secret: undefined, maxConnections: 1 }, false);
    const one = process();
    await expect.poll(() => one.door.state().status).toBe('up');
    fake.says(fake.user('Asha'), 'hello');

    await expect.poll(() => texts(one)).toEqual(['hello']);
  });

  it('is done by one process, and by another when that one is gone', async () => {
    const one = process();
    await expect.poll(polls).toBeGreaterThan(0);
    const two = process();
    await expect.poll(() => two.door.state().status).toBe('standby');
    await one.door.stop();
    fake.says(fake.user('Asha'), 'hello');

    await expect.poll(() => texts(two)).toEqual(['hello']);
    expect(texts(one)).toEqual([]);
    expect(fake.callsOf('getUpdates').some(({ status }) => status === 409)).toBe(false);
  });

  it('survives an outage, says so meanwhile, and misses nothing', async () => {
    const one = process();
    await expect.poll(() => one.door.state().status).toBe('up');
    fake.outage();
    // A poll that waits is answered with what is said; the next one is cut.
    fake.says(fake.user('Ravi'), 'before');
    await expect.poll(() => one.door.state()).toMatchObject({ status: 'down', problem: /did not answer/ });
    fake.says(fake.user('Asha'), 'meanwhile');
    fake.mend();

    await expect.poll(() => texts(one)).toEqual(['before', 'meanwhile']);
    expect(one.door.state().status).toBe('up');
  });

  it('says what is wrong with a token that Telegram does not know', async () => {
    const one = process('polling', '7000000001:another');

    await expect
      .poll(() => one.door.state())
      .toMatchObject({ status: 'down', problem: /check TELEGRAM_BOT_TOKEN/ });
  });

  it('answers a press once, as soon as it is stored', async () => {
    process();
    const asha = fake.user('Asha');
    fake.says(asha, '/start');
    const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'k1' }]] };
    const api = createTelegramApi({ token: fake.token, apiRoot: fake.apiRoot });
    await api.call('sendMessage', { chat_id: asha.id, text: 'a', reply_markup });
    const [message] = fake.said(asha.id);
    if (message) fake.presses(asha, message, 'Go');

    await expect.poll(() => [...fake.callbacks.values()][0]?.answer).toEqual({ text: '', alert: false });
    expect(fake.callsOf('answerCallbackQuery')).toHaveLength(1);
  });
});

describe('a webhook', () => {
  it('is set with its secret and the kinds of updates that are read', async () => {
    const one = process('webhook');
    await expect.poll(() => one.door.state().status).toBe('up');

    expect(fake.queue.webhook).toMatchObject({ url: 'http://127.0.0.1:9/telegram/webhook', secret: SECRET });
    expect(fake.queue.info().allowed_updates).toEqual(['message', 'callback_query', 'my_chat_member']);
  });

  it('takes an update with the secret once, and nothing without it', async () => {
    const { door, stored } = process('webhook');
    const post = async (secret: string | undefined, body: string) =>
      (
        await door.webhook({
          headers: { 'x-telegram-bot-api-secret-token': secret },
          body: Buffer.from(body),
        })
      ).status;
    const update = JSON.stringify({ update_id: 7, message: { text: 'hello', chat: { id: 5 } } });
    expect(await post(undefined, update)).toBe(401);
    expect(await post('another', update)).toBe(401);
    expect(stored.size).toBe(0);
    expect([await post(SECRET, update), await post(SECRET, update)]).toEqual([200, 200]);
    expect([await post(SECRET, '{"hello": 1}'), await post(SECRET, 'hello')]).toEqual([400, 400]);
    expect([...stored.keys()]).toEqual([`${fake.bot.id}:7`]);
  });
});
