// The fake of Telegram as the page and the control door use it.
import type { FaultRule } from '../support/fakes/telegram/faults.ts';
import { TelegramFake } from '../support/fakes/telegram/telegram-fake.ts';
import {
  ORDER,
  type TelegramChat,
  type TelegramMessage,
  type TelegramUser,
} from '../support/fakes/telegram/types.ts';
import { type FakePlatform, firstAccounts, NotThere, type ShownMessage } from './platform.ts';

const OPS = -1_002_000_000_001;

export async function startTelegram(port: number): Promise<FakePlatform> {
  const fake = await TelegramFake.start({ port });
  const users = new Map<string, TelegramUser>();
  const ops = fake.group('ops', { id: OPS });

  /** Accounts are told apart by their name, whatever its case, or their number. */
  function userOf(account: string): TelegramUser {
    const key = account.trim().toLowerCase();
    const known = users.get(key) ?? [...users.values()].find(({ id }) => String(id) === key);
    if (known) return known;
    if (key === '') throw new NotThere('Name an account, such as Asha.');
    const user = fake.user(account.trim());
    users.set(key, user);
    fake.world.room(OPS).members.set(user.id, 'member');
    fake.world.privateRoom(user);
    return user;
  }
  firstAccounts.forEach(userOf);

  function chatOf(user: TelegramUser, chat: string | undefined): TelegramChat {
    if (chat === undefined || ['', 'private', String(user.id)].includes(chat))
      return fake.world.privateRoom(user).chat;
    const named = chat.replace(/^#/, '').toLowerCase();
    const groups = [...fake.world.rooms.values()].filter((room) => room.chat.type !== 'private');
    const found = groups.find((room) => String(room.chat.id) === chat || room.chat.title === named);
    if (found) return found.chat;
    throw new NotThere(`There is no chat “${chat}” in Telegram; there are private and ${ops.title}.`);
  }

  const all = (): readonly TelegramMessage[] =>
    [...fake.world.rooms.values()].flatMap(({ messages }) => messages).sort((a, b) => a[ORDER] - b[ORDER]);

  function shown(message: TelegramMessage): ShownMessage {
    const { chat, from, sender_chat } = message;
    const file = message.document ? `[file ${message.document.name}]` : message.photo ? '[picture]' : '';
    return {
      id: `${chat.id}:${message.message_id}`,
      platform: 'telegram',
      chat: String(chat.id),
      chatName: chat.title ?? `private: ${fake.world.users.get(chat.id)?.first_name ?? chat.id}`,
      from: sender_chat?.title ?? from?.first_name ?? '',
      byBot: from?.id === fake.bot.id,
      text: [file, message.text ?? message.caption ?? ''].filter((part) => part !== '').join('\n'),
      buttons: message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [],
      onlyFor: null,
      picture: message.photo !== undefined,
      atMs: message.date * 1_000,
    };
  }

  return {
    name: 'telegram',
    environment: () => [
      `TELEGRAM_BOT_TOKEN=${fake.token}`,
      `TELEGRAM_API_ROOT=${fake.apiRoot}`,
      `TELEGRAM_CHAT_ID=${OPS}`,
    ],
    accounts: () => [...users.values()].map(({ first_name }) => first_name),
    chats: (account) => [
      { id: String(userOf(account).id), name: 'private' },
      { id: String(OPS), name: 'ops' },
    ],
    messages: () => all().map(shown),
    async say(account, text, chat) {
      const user = userOf(account);
      const where = chatOf(user, chat);
      // In a group the bot hears commands and replies to itself: a person would reply to its question.
      const last = fake.said(where.id).at(-1);
      const isTalk = where.type !== 'private' && last !== undefined && !text.startsWith('/');
      fake.says(user, text, { chat: where, ...(isTalk ? { replyTo: last.message_id } : {}) });
    },
    async press(account, button, message) {
      const user = userOf(account);
      const labels = (one: TelegramMessage) => shown(one).buttons;
      const mine = all().filter((one) => one.chat.type !== 'private' || one.chat.id === user.id);
      const found =
        message === undefined
          ? mine.findLast((one) => labels(one).includes(button))
          : mine.find((one) => shown(one).id === message);
      if (!found) throw new NotThere(`There is no message ${message ?? `with a button “${button}”`} here.`);
      if (!labels(found).includes(button))
        throw new NotThere(`It has no button “${button}”; it has: ${labels(found).join(', ') || 'none'}.`);
      fake.presses(user, found, button);
    },
    form: () => null,
    submit: async () => {
      throw new NotThere('Telegram has no forms.');
    },
    fail(rule) {
      if (rule['kind'] === 'outage') fake.outage();
      else fake.fail(faultOf(rule));
    },
    mend: () => fake.mend(),
    picture: (id) => all().find((one) => shown(one).id === id)?.photo?.bytes ?? null,
    stop: () => fake.stop(),
  };
}

const kinds = ['status', 'rate', 'reset', 'hang', 'accept-then-reset', 'accept-then-hang'] as const;

function faultOf(rule: Readonly<Record<string, unknown>>): FaultRule {
  const kind = kinds.find((one) => one === rule['kind']);
  if (!kind) throw new NotThere(`kind is one of outage, ${kinds.join(', ')}.`);
  const numbers = ['chat', 'times', 'status', 'retryAfter'].flatMap((name) =>
    rule[name] === undefined ? [] : [[name, Number(rule[name])] as const],
  );
  const method = typeof rule['method'] === 'string' ? { method: rule['method'] } : {};
  return { kind, ...method, ...Object.fromEntries(numbers) };
}
