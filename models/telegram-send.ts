// The collection of answers on their way to Telegram that take several messages: which of them are sent.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface TelegramSend extends Stored {
  /** The platform's references of the messages that were sent, in their order. */
  readonly sent: readonly string[];
  readonly at: Date;
}

export const telegramSends = defineRecords<TelegramSend>({
  name: 'telegram_sends',
  fields: { sent: { type: mixed, required: true }, at: { type: Date, required: true } },
  expireAfter: { field: 'at', seconds: 30 * 86_400 },
  about: {
    holds: 'How far an answer of several messages has come, so that trying again goes on where it stopped.',
    writer: 'bots/telegram/channel.ts',
    retention: '30 days',
  },
});
