// The collection of what buttons in chat do: the message shows an opaque key, the call itself stays here.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

/** The press that settled a question. */
export interface ChatAnswer {
  readonly press: string;
  readonly by: string;
  readonly label: string;
  readonly at: Date;
}

export interface ChatAction extends Stored {
  readonly label: string;
  readonly style: 'primary' | 'danger' | null;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The one person who may press it; null: whoever holds the operation's permission. */
  readonly onlyFor: string | null;
  /** For the buttons of a question, which is answered once: the action that holds the answer. */
  readonly question: string | null;
  readonly answer: ChatAnswer | null;
  readonly expiresAt: Date;
}

export const chatActions = defineRecords<ChatAction>({
  name: 'chat_actions',
  about: {
    holds: 'What one button of a chat message does, who may press it and until when.',
    writer: 'bots/actions.ts',
    retention: '30 days after its expiry, so that a stale press can be answered politely',
  },
  fields: {
    label: { type: String, required: true },
    style: String,
    operation: { type: String, required: true },
    input: { type: mixed, required: true },
    onlyFor: String,
    question: String,
    answer: mixed,
    expiresAt: { type: Date, required: true },
  },
  expireAfter: { field: 'expiresAt', seconds: 30 * 86_400 },
});
