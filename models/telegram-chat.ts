// The collection of what is known of chats in Telegram: their present number, whether they may be written to, their menu.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export interface TelegramChat extends Stored {
  /** `<bot>/<chat>` as destinations name it: for good, although a group that is upgraded gets another number. */
  readonly address: string;
  /** The number that Telegram knows it by now. */
  readonly chat: string;
  /** For private chats: whether the person has begun it and not blocked the bot. */
  readonly reachable: boolean;
  /** The language and verbs that the menu of commands shows, as a digest; null when none was set. */
  readonly menu: string | null;
  /** How the person of a private chat calls themselves. */
  readonly name: string;
}

export const telegramChats = defineRecords<TelegramChat>({
  name: 'telegram_chats',
  fields: {
    address: { type: String, required: true },
    chat: { type: String, required: true },
    reachable: { type: Boolean, required: true },
    menu: String,
    name: { type: String },
  },
  indexes: [{ keys: { address: 1 }, unique: true }, { keys: { chat: 1 } }],
  about: {
    holds: 'One chat of Telegram: its present number, whether it may be written to, and the menu it shows.',
    writer: 'bots/telegram/chats.ts',
    retention: 'for good: one small row for each chat',
  },
});
