// Somebody in Telegram's fake: what they say and press arrives as Telegram sends it, what they see stands in the chat.
import type { Principal } from '../../../src/core/actor.ts';
import type { Talker } from '../conversation.ts';
import type { TelegramFake } from '../fakes/telegram/telegram-fake.ts';
import type { TelegramChat, TelegramMessage, TelegramUpdate, TelegramUser } from '../fakes/telegram/types.ts';
import { expectNoWords, expectWords } from './matching.ts';
import type { Stage, Voice } from './scene.ts';

export interface TelegramSeat {
  readonly stage: Pick<Stage, 'settle' | 'clock' | 'bound'>;
  readonly fake: TelegramFake;
  readonly ops: TelegramChat;
  /** The destination of a chat. */
  readonly room: (chat: { readonly id: number }) => string;
  /** Hands an update to the bot; what it did not take before goes first. */
  readonly deliver: (update: TelegramUpdate | null, secret?: string) => Promise<void>;
}

export function telegramVoice(seat: TelegramSeat, user: TelegramUser, principal: Principal | null): Voice {
  const { stage, fake, ops, deliver } = seat;
  const talker = talkerIn(seat, user, null);
  const voice: Voice = {
    ...talker,
    principal,
    room: seat.room(user),
    inTeam: talkerIn(seat, user, ops),
    async answers(values, where) {
      for (const value of Object.values(values)) {
        // In a group people answer the bot by a reply to it: it hears no other talk.
        const last = fake.said(ops.id).at(-1);
        const how = where && last ? { chat: ops, replyTo: last.message_id } : {};
        await deliver(fake.says(user, value, how).update);
        await stage.settle();
      }
    },
    isAsked: async () => false,
    async pressesFor(other, label) {
      const seen = sights.get(other)?.() ?? [];
      const message = seen.findLast((one) => buttonOf(one, label) !== undefined);
      if (!message) throw new Error(`nobody is shown a button “${label}”`);
      const data = buttonOf(message, label)?.callback_data;
      const query = { id: '1', from: user, message, chat_instance: '1', data };
      await deliver(fake.queue.push('callback_query', query));
      await stage.settle();
    },
    async alarms() {
      const marks = fake
        .said(user.id)
        .flatMap(({ entities = [], caption_entities: more = [] }) => [...entities, ...more]);
      return marks.filter(({ type }) => !OURS.has(type)).map((mark) => JSON.stringify(mark));
    },
  };
  sights.set(voice, () => [...fake.said(user.id), ...fake.said(ops.id)]);
  return voice;
}

/** What each voice is shown, for whoever presses it in their place. */
const sights = new WeakMap<Voice, () => readonly TelegramMessage[]>();

/** Marks that lead nowhere and call nobody. */
const OURS: ReadonlySet<string> = new Set(['bold', 'italic', 'code', 'pre', 'blockquote']);

function talkerIn(seat: TelegramSeat, user: TelegramUser, group: TelegramChat | null): Talker {
  const { stage, fake, deliver } = seat;
  const chat = group?.id ?? user.id;
  const known = new Map<string, TelegramUpdate | null>();
  const textOf = (message: TelegramMessage | undefined): string => message?.text ?? message?.caption ?? '';

  /** The same key again is Telegram sending the same update again. */
  async function once(key: string | undefined, act: () => TelegramUpdate | null): Promise<void> {
    const before = key === undefined ? undefined : known.get(key);
    const update = before ?? act();
    if (key !== undefined) known.set(key, update);
    await deliver(update);
    await stage.settle();
  }

  return {
    says: (text, key) =>
      once(key, () => {
        const line = group && !text.startsWith('/') ? `/${text}` : text;
        return fake.says(user, line, group ? { chat: group } : {}).update;
      }),
    presses: (label, key) =>
      once(key, () => {
        const message = fake.said(chat).findLast((one) => buttonOf(one, label) !== undefined);
        if (!message) throw new Error(`no button “${label}” in “${fake.said(chat).map(textOf).join('\n')}”`);
        return fake.presses(user, message, label);
      }),
    sees: async (wanted) => expectWords(textOf(fake.said(chat).at(-1)), wanted),
    neverSees: async (unwanted) => expectNoWords(fake.said(chat).map(textOf).join('\n'), unwanted),
    offered: async () =>
      fake
        .said(chat)
        .at(-1)
        ?.reply_markup?.inline_keyboard.flat()
        .map(({ text }) => text) ?? [],
    transcript: async () =>
      fake.messages(chat).map((one) => (one.from?.id === fake.bot.id ? textOf(one) : `> ${textOf(one)}`)),
  };
}

function buttonOf({ reply_markup: markup }: TelegramMessage, label: string) {
  return markup?.inline_keyboard.flat().find(({ text }) => text === label);
}
