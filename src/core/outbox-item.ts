// What a write leaves to be delivered: it travels in the document of the effect and is relayed from there.
import type { ActorKind, Door } from './actor.ts';
import type { OutgoingMail } from './mail.ts';
import type { Reply } from './reply.ts';

/** Who did what to what, from where; `before` and `after` hold only the fields that changed. */
export interface AuditEntry {
  readonly operation: string;
  readonly outcome: 'done' | 'denied' | 'read';
  readonly actor: { readonly kind: ActorKind; readonly id: string; readonly name: string };
  readonly door: Door;
  readonly requestId: string;
  readonly effectKey: string;
  /** The record acted on, such as `tsk_…`; empty where there is none. */
  readonly target: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
}

/** An event for other systems: the type is in the past tense and its payload is versioned. */
export interface OutgoingEvent {
  readonly type: string;
  /** Of the payload's shape, after src/core/event-catalogue.ts. */
  readonly version: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Where in a destination a message belongs; each platform knows its own words and leaves the others alone. */
export interface Place {
  /** The platform's name of the thread, topic or message it answers. */
  readonly thread?: string;
  /** The platform's account that alone may see it, where others read too. */
  readonly onlyFor?: string;
  /** The key of the live card it stands under. */
  readonly underCard?: string;
  /** An open form or an answer address of the platform, which passes. */
  readonly handle?: string;
}

/** A message delivered once, an event posted to a webhook, or a mail. */
export type SendBody =
  | {
      readonly kind: 'reply';
      readonly reply: Reply;
      readonly inReplyTo?: string;
      readonly place?: Place;
      /** After then it is no news any more and is not sent. */
      readonly freshUntil?: Date;
    }
  | { readonly kind: 'mail'; readonly mail: OutgoingMail }
  | { readonly kind: 'event'; readonly event: OutgoingEvent };

/** The destination of announcements: every room of the tenant; the relay finds out which those are. */
export const TEAM_ROOMS = 'rooms:team';

/**
 * `event` goes to every endpoint that subscribes to it: the relay finds out which those are. `send` goes out once. `card` is one live message under a key: the sender shows the newest revision and
 * edits the message that is there. A destination is `<channel>:<address>`, such as `console:room:usr_1`.
 */
export type OutboxContent =
  | { readonly kind: 'audit'; readonly entry: AuditEntry }
  | { readonly kind: 'event'; readonly event: OutgoingEvent }
  | { readonly kind: 'send'; readonly destination: string; readonly body: SendBody }
  | {
      readonly kind: 'card';
      readonly destination: string;
      readonly key: string;
      readonly revision: number;
      readonly reply: Reply;
      /** It tells of something that is over: whoever never saw the card is not shown it now. */
      readonly onlyEdits?: true;
    };

/** An item as stored: its id is `<aggregate>:<version>:<n>`, so a relay may insert it any number of times. */
export interface OutboxItem {
  readonly id: string;
  readonly at: Date;
  readonly content: OutboxContent;
}
