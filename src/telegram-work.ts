// Telegram over one store: reading, sending, its connection and its menus, where a bot's token is set.
import { createHmac } from 'node:crypto';
import type { Inbox } from '../bots/inbox.ts';
import { createLease } from '../bots/lease.ts';
import { createTelegramApi, type TelegramApi } from '../bots/telegram/api.ts';
import { createTelegramChannel } from '../bots/telegram/channel.ts';
import { addressIn, type Chats, createChats, roomOf, TELEGRAM } from '../bots/telegram/chats.ts';
import { createTelegramDoor, type DoorState, type TelegramDoor } from '../bots/telegram/door.ts';
import { createMenus } from '../bots/telegram/menus.ts';
import { createPace } from '../bots/telegram/pace.ts';
import { createPost } from '../bots/telegram/post.ts';
import { botNameFrom, createReader } from '../bots/telegram/read.ts';
import { createReceiver } from '../bots/telegram/receive.ts';
import { leases } from '../models/lease.ts';
import { telegramChats } from '../models/telegram-chat.ts';
import { telegramSends } from '../models/telegram-send.ts';
import type { ChatPlatform, ChatWorkOptions } from './chat-work.ts';
import type { Config } from './config.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import type { HealthReading } from './http/options.ts';
import { svgToPng } from './ui/png.ts';

/** The rooms that the environment names, which announcements go to. */
export function telegramRooms(config: Config): readonly string[] {
  const { TELEGRAM_CHAT_ID: chat } = config;
  const room = telegramPrivately(config);
  return room && chat !== undefined ? [room(chat)] : [];
}

/** The destination of an account's own chat, which has the account's number; null without a bot. */
export function telegramPrivately({ TELEGRAM_BOT_TOKEN: token }: Config) {
  if (token === undefined) return null;
  return (account: string): string => roomOf(addressIn(token.split(':', 1)[0] ?? '', account));
}

export function createTelegramWork(options: ChatWorkOptions): ChatPlatform | null {
  const { config, store, clock, actions, identities: accounts, rooms } = options;
  const token = config.TELEGRAM_BOT_TOKEN;
  if (token === undefined) return null;
  const api = createTelegramApi({ token, apiRoot: config.TELEGRAM_API_ROOT });
  const chats = createChats(store.records(telegramChats), api.botId);
  const post = createPost({ api, chats, draw: svgToPng, pace: createPace(clock) });
  const sends = store.records(telegramSends);
  const bot = botNameFrom(api);
  let door: TelegramDoor | null = null;
  return {
    adapter: {
      platform: TELEGRAM,
      door: 'telegram',
      read: createReader({ token, bot, accounts, rooms, chats }),
    },
    placeOf: async (tenant, room) =>
      `${TELEGRAM}:${await chats.chatOf(tenant, room.slice(TELEGRAM.length + 1))}`,
    channel: createTelegramChannel({ botId: api.botId, post, actions, sends, clock }),
    health: [
      {
        name: 'telegram:connection',
        componentType: 'component',
        read: async () => readingOf(door?.state() ?? null),
      },
    ],
    connect(inbox) {
      door = doorOf(options, { inbox, token, api, chats });
      return [{ path: '/telegram/webhook', receive: door.webhook }];
    },
    start: () => door?.start(),
    stop: async () => {
      await door?.stop();
    },
  };
}

function doorOf(
  options: ChatWorkOptions,
  parts: {
    readonly inbox: Pick<Inbox, 'receive'>;
    readonly token: string;
    readonly api: TelegramApi;
    readonly chats: Chats;
  },
): TelegramDoor {
  const { config, keys, store, clock, logger, identities: accounts, dispatcher, worker, publicUrl } = options;
  const { inbox, token, api, chats } = parts;
  const tenant = DEFAULT_TENANT;
  const secret = config.TELEGRAM_WEBHOOK_SECRET ?? madeSecret(keys.secretKey, token);
  const onFailure = (err: unknown): void => logger.debug({ err }, 'a press was not answered in time');
  const lease = { tenant, name: `telegram:${api.botId}`, holder: worker, clock };
  return createTelegramDoor({
    api,
    receiver: createReceiver({ api, inbox, secret, tenant, onFailure }),
    lease: createLease({ leases: store.records(leases), ...lease }),
    menus: createMenus({
      api,
      chats,
      accounts,
      allowedTo: (actor) => dispatcher().allowedTo(actor),
      tenant,
    }),
    mode: modeOf(config),
    webhook: { url: () => `${publicUrl()}/telegram/webhook`, secret },
    clock,
    logger,
  });
}

/** A door that is down is told and tried again; nobody is refused because of it. */
function readingOf(state: DoorState | null): HealthReading {
  if (state === null) return { status: 'warn', observedValue: 'starting' };
  const { mode, status, problem, since } = state;
  if (status === 'up') return { status: 'pass', observedValue: mode };
  if (status === 'standby') return { status: 'pass', observedValue: 'another process polls' };
  const output = problem ? `${problem} Down since ${since.toISOString()}.` : 'Not connected yet.';
  return { status: 'warn', observedValue: status, output };
}

/** Telegram calls https alone: without such an address it is asked. */
function modeOf({ TELEGRAM_MODE: mode, PUBLIC_URL: url }: Config): 'polling' | 'webhook' {
  if (mode !== 'auto') return mode;
  return url?.startsWith('https:') ? 'webhook' : 'polling';
}

/** The same in every process, and known to nobody who has not the key. */
function madeSecret(secretKey: string, token: string): string {
  return createHmac('sha256', secretKey).update(`telegram-webhook:${token}`).digest('base64url');
}
