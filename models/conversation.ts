// The collection of open questions: what a person is being asked in a room, and what they have answered so far.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export const conversationStates = ['asking', 'complete', 'cancelled', 'abandoned'] as const;
export type ConversationState = (typeof conversationStates)[number];

export interface Conversation extends Stored {
  readonly person: string;
  readonly room: string;
  readonly operation: string;
  /** The input as far as it is known. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The argument that is asked for while the state is `asking`. */
  readonly field: string;
  readonly state: ConversationState;
  /** The update that brought this state: working it again must not answer the next question. */
  readonly lastUpdate: string;
  readonly expiresAt: Date;
}

export const conversations = defineRecords<Conversation>({
  name: 'conversations',
  about: {
    holds: 'The questions that one person is answering in one room, and the answers so far.',
    writer: 'bots/conversations.ts',
    retention: '1 day after its last question',
  },
  fields: {
    person: { type: String, required: true },
    room: { type: String, required: true },
    operation: { type: String, required: true },
    raw: { type: mixed, required: true },
    field: { type: String, required: true },
    state: { type: String, required: true, enum: conversationStates },
    lastUpdate: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  expireAfter: { field: 'expiresAt', seconds: 86_400 },
});
