// The product's parts over the fake of Telegram: people type and press there, and see what comes back.
import { expect } from 'vitest';
import { createChatActions } from '../../bots/actions.ts';
import { createConversations } from '../../bots/conversations.ts';
import { createInbox, type Inbox } from '../../bots/inbox.ts';
import { createRegistry } from '../../bots/registry.ts';
import { createTelegramApi, type TelegramApi } from '../../bots/telegram/api.ts';
import { createTelegramChannel } from '../../bots/telegram/channel.ts';
import { type Chats, createChats } from '../../bots/telegram/chats.ts';
import { createPace } from '../../bots/telegram/pace.ts';
import { createPost } from '../../bots/telegram/post.ts';
import { botNameFrom, createReader } from '../../bots/telegram/read.ts';
import { createReceiver, type Receiver, updatesIn } from '../../bots/telegram/receive.ts';
import { chatActions } from '../../models/chat-action.ts';
import { type ChatUpdate, chatInbox } from '../../models/chat-inbox.ts';
import { conversations } from '../../models/conversation.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';
import { telegramChats } from '../../models/telegram-chat.ts';
import { telegramSends } from '../../models/telegram-send.ts';
import type { Principal } from '../../src/core/actor.ts';
import type { Channel } from '../../src/core/channel.ts';
import { createDispatcher, type Dispatcher } from '../../src/core/dispatcher.ts';
import { createLogger } from '../../src/core/logger.ts';
import type { Operation } from '../../src/core/operation.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { svgToPng } from '../../src/ui/png.ts';
import type { Talker } from './conversation.ts';
import { TelegramFake } from './fakes/telegram/telegram-fake.ts';
import type { TelegramChat, TelegramMessage, TelegramUser } from './fakes/telegram/types.ts';
import { createSteppingClock, type SteppingClock } from './stepping-clock.ts';

const SECRET = 'the-secret-of-the-webhook';
const PACE_MS = 3_100;
const TIME_LIMIT_MS = 10_000;

export interface TelegramTalker extends Talker {
  readonly account: TelegramUser;
  /** The newest answer as the platform keeps it. */
  newest(): TelegramMessage | undefined;
}

export interface TelegramWorld {
  readonly fake: TelegramFake;
  readonly store: Store;
  readonly clock: SteppingClock;
  readonly api: TelegramApi;
  readonly chats: Chats;
  readonly channel: Channel;
  readonly receiver: Receiver;
  readonly inbox: Inbox;
  readonly dispatcher: Dispatcher;
  /** Rooms that are bound to the tenant. */
  readonly bound: Set<string>;
  /** Accounts that are linked to people. */
  readonly linked: Map<string, Principal>;
  /** The destination of a chat. */
  room(chat: TelegramChat | TelegramUser): string;
  /** Somebody with an account: linked when a principal is given. */
  account(name: string, principal?: Principal): TelegramUser;
  /** Their talk with the bot: in private, or in a group. */
  talker(account: TelegramUser, group?: TelegramChat): TelegramTalker;
  /** Takes in what people did, works on it and delivers what it left. */
  settle(): Promise<void>;
  rows(): Promise<ChatUpdate[]>;
  stop(): Promise<void>;
}

export async function createTelegramWorld<S>(
  operations: readonly Operation<S>[],
  services: S,
): Promise<TelegramWorld> {
  const store = createMemoryStore();
  const clock = patientClock();
  const fake = await TelegramFake.start({ nowMs: () => clock.monotonicMs(), callbackLivesMs: 600_000 });
  const sink = { write: () => undefined };
  const logger = createLogger({ level: 'silent', sink, scrub: createScrubber() });
  const linked = new Map<string, Principal>();
  const bound = new Set<string>();
  const api = createTelegramApi({ token: fake.token, apiRoot: fake.apiRoot });
  const chats = createChats(store.records(telegramChats), api.botId);
  const actions = createChatActions(store.records(chatActions));
  const updates = store.facts<ChatUpdate>(chatInbox);
  const dispatcher = createDispatcher({ operations, services, auditDirectly: async () => undefined });
  const parts = { dispatcher, actions, clock, logger };
  const registry = createRegistry({
    ...parts,
    conversations: createConversations(store.records(conversations)),
  });
  const post = createPost({ api, chats, draw: svgToPng, pace: createPace(clock) });
  const channel = createTelegramChannel({
    botId: api.botId,
    post,
    actions,
    sends: store.records(telegramSends),
    clock,
  });
  const principalOf = async ({ account, name, tenant }: { account: string; name: string; tenant: string }) =>
    linked.get(account) ?? strangerOf(account, name, tenant);
  const reader = createReader({
    token: fake.token,
    bot: botNameFrom(api),
    accounts: { principalOf },
    rooms: { isBound: async (_tenant, room) => bound.has(room) },
    chats,
  });
  const adapter = { platform: 'telegram', door: 'telegram' as const, read: reader };
  const inbox = createInbox({
    updates,
    adapters: [adapter],
    answer: registry.answer,
    clock,
    logger,
    worker: 'telegram world',
  });
  const outbox = createOutbox({
    store,
    facts: [updates],
    audit: { insertRows: async () => undefined },
    channels: [channel],
    clock,
    random: () => 0.5,
    logger,
    worker: 'telegram world',
  });
  const onFailure = (): void => undefined;
  const receiver = createReceiver({ api, inbox, secret: SECRET, tenant: 'default', onFailure });
  const rows = (): Promise<ChatUpdate[]> =>
    updates.scoped('default').find({ where: {}, sort: [['createdAt', 1]], limit: 1_000 });
  let offset = 0;

  async function settle(): Promise<void> {
    for (const update of updatesIn(await api.call('getUpdates', { offset, timeout: 0 }))) {
      await receiver.polled(update);
      offset = update.update_id + 1;
    }
    while ((await rows()).some(({ status }) => status === 'working'))
      await new Promise((resolve) => setImmediate(resolve));
    // A few paces, for answers that wait for their turn in a chat.
    for (let turn = 0; turn < 4; turn += 1) {
      clock.pass(PACE_MS);
      await outbox.drain();
    }
  }

  const room = ({ id }: { id: number }): string => `telegram:${api.botId}/${id}`;
  const account = (name: string, principal?: Principal): TelegramUser => {
    const user = fake.user(name);
    if (principal) linked.set(String(user.id), principal);
    return user;
  };
  return {
    fake,
    store,
    clock,
    api,
    chats,
    channel,
    receiver,
    inbox,
    dispatcher,
    bound,
    linked,
    room,
    account,
    talker: (user, group) => talker(fake, settle, user, group),
    settle,
    rows,
    stop: async () => {
      await inbox.stop();
      await fake.stop();
    },
  };
}

/** Calls go over a real network: a time limit does not run out while they do, short waits take no time. */
function patientClock(): SteppingClock {
  const clock = createSteppingClock();
  const { sleep } = clock;
  return {
    ...clock,
    sleep: (durationMs, signal) =>
      durationMs < TIME_LIMIT_MS
        ? sleep(durationMs, signal)
        : new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
  };
}

function strangerOf(account: string, name: string, tenant: string): Principal {
  const actor = { kind: 'stranger' as const, id: `telegram:${account}`, name, role: 'viewer' as const };
  return { tenant, actor, zone: 'Asia/Kolkata', language: 'en' };
}

function talker(
  fake: TelegramFake,
  settle: () => Promise<void>,
  account: TelegramUser,
  group?: TelegramChat,
): TelegramTalker {
  const chat = group?.id ?? account.id;
  const newest = (): TelegramMessage | undefined => fake.said(chat).at(-1);
  const textOf = (message: TelegramMessage | undefined): string => message?.text ?? message?.caption ?? '';
  const matches = (text: string, wanted: string | RegExp): void => {
    if (typeof wanted === 'string') expect(text).toContain(wanted);
    else expect(text).toMatch(wanted);
  };
  return {
    account,
    newest,
    async says(text) {
      // In a group people answer the bot by replying to it: it hears no other talk.
      const last = newest();
      const replyTo = group && last && !text.startsWith('/') ? { replyTo: last.message_id } : {};
      fake.says(account, text, group ? { chat: group, ...replyTo } : {});
      await settle();
    },
    async presses(label) {
      const message = fake
        .said(chat)
        .findLast((one) => one.reply_markup?.inline_keyboard.flat().some((button) => button.text === label));
      if (!message) throw new Error(`no button “${label}” in “${fake.said(chat).map(textOf).join('\n')}”`);
      fake.presses(account, message, label);
      await settle();
    },
    sees: async (wanted) => matches(textOf(newest()), wanted),
    async neverSees(wanted) {
      const all = fake.said(chat).map(textOf).join('\n');
      if (typeof wanted === 'string') expect(all).not.toContain(wanted);
      else expect(all).not.toMatch(wanted);
    },
    offered: async () =>
      newest()
        ?.reply_markup?.inline_keyboard.flat()
        .map(({ text }) => text) ?? [],
    transcript: async () =>
      fake.messages(chat).map((one) => (one.from?.is_bot ? textOf(one) : `> ${textOf(one)}`)),
  };
}
