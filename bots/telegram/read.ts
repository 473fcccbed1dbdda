// Reads a stored update of Telegram: telegraf's one catch-all picks the words out, then the people and rooms are looked up.
import { Telegraf } from 'telegraf';
import { z } from 'zod';
import type { Language } from '../../src/core/context.ts';
import { type Reply, reply } from '../../src/core/reply.ts';
import type { Accounts, ChatContent, Recognised, StoredUpdate } from '../adapter.ts';
import type { TelegramApi } from './api.ts';
import { addressIn, type Chats, roomOf, TELEGRAM } from './chats.ts';
import { type Picked, type Picking, pickFrom } from './pick.ts';
import { placeOf } from './place.ts';

const botName = z.object({ id: z.int(), first_name: z.string(), username: z.string() });

/** The bot as Telegram names it. */
export type BotName = Readonly<z.output<typeof botName>>;

export type Read = (stored: StoredUpdate) => Promise<Recognised | { readonly ignored: string }>;

export interface ReaderOptions {
  readonly token: string;
  /** @throws AppError `remote.unavailable` while Telegram has not said it yet. */
  readonly bot: () => Promise<BotName>;
  readonly accounts: Accounts;
  readonly rooms: { isBound(tenant: string, room: string): Promise<boolean> };
  readonly chats: Chats;
}

export function createReader(options: ReaderOptions): Read {
  const { bot, accounts, rooms, chats } = options;
  const pick = createPicker(options.token);

  return async ({ tenant, body }) => {
    const name = await bot();
    const picked = await pick(body, name);
    if ('ignored' in picked) return picked;
    if ('movedTo' in picked) {
      const address = await chats.addressOf(tenant, picked.movedFrom);
      await chats.migrated(tenant, address, picked.movedTo);
      return { ignored: 'the group got another number, which is noted' };
    }
    if ('closed' in picked) {
      if (picked.closed) await chats.unreachable(tenant, picked.account);
      return { ignored: 'a private chat was opened or closed, which is noted' };
    }
    return recognise(tenant, picked, name);
  };

  async function recognise(tenant: string, picked: Picked, name: BotName): Promise<Recognised> {
    const { account, content, standing, isPrivate } = picked;
    const principal = await accounts.principalOf({ tenant, platform: TELEGRAM, account, name: picked.name });
    if (isPrivate) {
      await chats.reached(tenant, account, picked.name);
      return { principal, content, room: privateRoom(name, account) };
    }
    const room = roomOf(await chats.addressOf(tenant, picked.chat));
    const here = { principal, content, room, place: placeOf(standing) };
    const aside = await asideFor(tenant, account, name, principal.language);
    if (await rooms.isBound(tenant, room)) return { ...here, aside };
    // Nothing of the business is said where it is not known who reads it.
    if ('invitation' in aside) return { ...here, instead: aside.invitation };
    return { principal, content: aboutRoom(content, room), ...aside };
  }

  async function asideFor(tenant: string, account: string, name: BotName, language: Language) {
    if (await chats.isReachable(tenant, account)) return { room: privateRoom(name, account) };
    return { invitation: invitationTo(name, language) };
  }
}

function privateRoom(name: BotName, account: string): string {
  return roomOf(addressIn(String(name.id), account));
}

/** Telegraf's middleware is told where each update's picking goes: several updates may be under way. */
function createPicker(token: string) {
  const picked = new WeakMap<object, Picking>();
  const telegraf = new Telegraf(token, { telegram: { webhookReply: false } });
  telegraf.use((ctx) => {
    picked.set(ctx.update, pickFrom(ctx));
  });
  telegraf.catch((error) => {
    throw error;
  });

  return async (body: unknown, bot: BotName): Promise<Picking> => {
    if (typeof body !== 'object' || body === null) return { ignored: 'no update at all' };
    telegraf.botInfo ??= {
      ...bot,
      is_bot: true,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    };
    await telegraf.handleUpdate(body as Parameters<typeof telegraf.handleUpdate>[0]);
    return picked.get(body) ?? { ignored: 'an update that could not be read' };
  };
}

/** “Let answers be read here” is answered in private, where “here” would be the private chat. */
function aboutRoom(content: ChatContent, room: string): ChatContent {
  if (content.kind !== 'text') return content;
  const isAboutHere = /^\/?room[ _.](un)?bind$/i.test(content.text.trim());
  return isAboutHere ? { kind: 'text', text: `${content.text.trim()} ${room}` } : content;
}

const invitations = {
  en: ['This answer is for you alone. ', 'Open our private chat', ', press Start, and say it there.'],
  hi: ['यह जवाब सिर्फ़ आपके लिए है। ', 'हमारी निजी चैट खोलें', ', Start दबाएँ, और वहाँ लिखें।'],
} as const;

function invitationTo({ username }: BotName, language: Language): Reply {
  const [before, link, after] = invitations[language];
  return reply([before, { link, href: `https://t.me/${username}?start=hello` }, after]);
}

/** Asks Telegram once how the bot is called. */
export function botNameFrom(api: TelegramApi): () => Promise<BotName> {
  let known: BotName | undefined;
  return async () => {
    known ??= botName.parse(await api.call('getMe'));
    return known;
  };
}
