// The collection of what people said or pressed in chat: each update once, until its answer is written.
import type { Principal } from '../src/core/actor.ts';
import type { Reply } from '../src/core/reply.ts';
import type { Fact } from '../src/core/store.ts';
import { defineFacts, mixed } from './define.ts';

/** What came in: words, or the press of a stored button. */
export type ChatContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'press'; readonly button: string };

export interface ChatUpdate extends Fact {
  /** The scheme of the platform, such as `console`. */
  readonly platform: string;
  readonly principal: Principal;
  /** The destination that answers go to, such as `console:person:usr_1`. */
  readonly room: string;
  readonly content: ChatContent;
  /** Of the content: a key that comes again with another content is refused. */
  readonly digest: string;
  readonly status: 'working' | 'done';
  readonly worker: string;
  /** Until when nobody else may take the row; null when it is done. */
  readonly leaseUntil: Date | null;
  /** How often work on it was begun. */
  readonly attempts: number;
  readonly reply: Reply | null;
  /** The id of the outbox item that carries the reply. */
  readonly replyItem: string | null;
}

export const chatInbox = defineFacts<ChatUpdate>({
  name: 'chat_inbox',
  about: {
    holds: 'One update of a chat platform, such as a message or a pressed button, and the answer it got.',
    writer: 'bots/inbox.ts',
    retention: 'kept',
  },
  fields: {
    platform: { type: String, required: true },
    principal: { type: mixed, required: true },
    room: { type: String, required: true },
    content: { type: mixed, required: true },
    digest: { type: String, required: true },
    status: { type: String, required: true, enum: ['working', 'done'] },
    worker: { type: String, required: true },
    leaseUntil: Date,
    attempts: { type: Number, required: true },
    reply: mixed,
    replyItem: String,
  },
  indexes: [{ keys: { status: 1, leaseUntil: 1 }, acrossTenants: true }],
});
