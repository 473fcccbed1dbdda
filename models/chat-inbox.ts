// The collection of what people said or pressed in chat: each update once, until its answer is written.
import type { Principal } from '../src/core/actor.ts';
import type { Reply } from '../src/core/reply.ts';
import type { Fact } from '../src/core/store.ts';
import { defineFacts, mixed } from './define.ts';

/**
 * What came in: words, the press of a stored button, the answers to a stored form, or a call that the platform
 * made out of something, such as a message that shall become a task.
 */
export type ChatContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'press'; readonly button: string }
  | { readonly kind: 'submit'; readonly form: string; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'call'; readonly operation: string; readonly input: Readonly<Record<string, unknown>> };

export interface ChatUpdate extends Fact {
  /** The scheme of the platform, such as `console`. */
  readonly platform: string;
  /** What the platform sent; null where the update came in read. */
  readonly body: unknown;
  /** Updates of one lane are worked on one after the other. */
  readonly lane: string;
  /** Who said it; null until it is read, and for what is nobody's to answer. */
  readonly principal: Principal | null;
  /** The destination that the answer went to, such as `console:person:usr_1`; null until it is read. */
  readonly room: string | null;
  readonly content: ChatContent | null;
  /** Of the content: a key that comes again with another content is refused. Empty for what the platform names. */
  readonly digest: string;
  /** Why it was not answered; null when it was. */
  readonly ignored: string | null;
  readonly status: 'working' | 'done';
  readonly worker: string;
  /** Until when nobody else may take the row; null when it is done. */
  readonly leaseUntil: Date | null;
  /** How often work on it was begun. */
  readonly attempts: number;
  readonly reply: Reply | null;
  /** The id of the outbox item that carries the reply. */
  readonly replyItem: string | null;
  /** From when it may be forgotten; null while it waits. */
  readonly forgetAt: Date | null;
}

export const chatInbox = defineFacts<ChatUpdate>({
  name: 'chat_inbox',
  about: {
    holds: 'One update of a chat platform, such as a message or a pressed button, and the answer it got.',
    writer: 'bots/inbox.ts',
    retention: '30 days after its answer',
  },
  fields: {
    platform: { type: String, required: true },
    body: mixed,
    lane: { type: String, required: true },
    principal: mixed,
    room: String,
    content: mixed,
    digest: String,
    ignored: String,
    status: { type: String, required: true, enum: ['working', 'done'] },
    worker: { type: String, required: true },
    leaseUntil: Date,
    attempts: { type: Number, required: true },
    reply: mixed,
    replyItem: String,
    forgetAt: Date,
  },
  expireAfter: { field: 'forgetAt', seconds: 30 * 86_400 },
  indexes: [{ keys: { status: 1, leaseUntil: 1 }, acrossTenants: true }, { keys: { createdAt: 1 } }],
});
