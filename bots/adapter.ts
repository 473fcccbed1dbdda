// The port of a chat platform: how an update reaches us, and what the platform does with it before it is answered.

import type { ChatContent } from '../models/chat-inbox.ts';
import type { Door, Principal } from '../src/core/actor.ts';
import type { Place } from '../src/core/outbox-item.ts';
import type { Reply } from '../src/core/reply.ts';

export type { ChatContent } from '../models/chat-inbox.ts';

/** A destination, such as `slack:T1/C1`, and where in it. */
export interface Spot {
  readonly room: string;
  readonly place?: Place;
}

/** Who said what, and where answers go: what a platform reads out of an update. */
export interface Recognised extends Spot {
  readonly principal: Principal;
  readonly content: ChatContent;
  /** Where an answer for this person alone goes; absent where nobody else reads the room anyway. */
  readonly aside?: Spot | { readonly invitation: Reply };
  /** Said in place of any answer: an invitation to where one may be given. Nothing is carried out. */
  readonly instead?: Reply;
  /** Where a form opens at once; absent where questions are asked one by one. */
  readonly form?: Spot;
}

/** One update, recognised and stored: its id names the effect of answering it. */
export interface Update extends Recognised {
  readonly id: string;
  readonly door: Door;
  readonly receivedAt: Date;
}

/** Where an update came from, for an answer that belongs there. */
export function spotOf({ room, place }: Spot): Spot {
  return place === undefined ? { room } : { room, place };
}

/** An answer and where it belongs. */
export interface Answer extends Spot {
  readonly reply: Reply;
}

/** An update that is read already; `key` is the caller's own name of it and makes repeats harmless. */
export interface Incoming {
  readonly platform: string;
  readonly principal: Principal;
  readonly room: string;
  readonly content: ChatContent;
  readonly key: string;
}

/** An update as a platform sent it, proved to be from there. */
export interface RawUpdate {
  readonly platform: string;
  readonly tenant: string;
  /** The platform's name of it, the same however often it is sent. */
  readonly key: string;
  /** Updates of one lane are worked on one after the other: a room, or what is known of it. */
  readonly lane: string;
  readonly body: unknown;
}

/** A raw update as the worker meets it. */
export interface StoredUpdate {
  readonly id: string;
  readonly tenant: string;
  readonly body: unknown;
  readonly receivedAt: Date;
}

/** The part of a platform that the inbox calls. */
export interface Adapter {
  readonly platform: string;
  readonly door: Door;
  /** Called each time before an update is worked on, so it must bear repetition: the console shows what was said. */
  noticed?(update: Update): Promise<void>;
  /**
   * Reads an update that was stored as it came; a text says why it is nobody's to answer. Absent where updates
   * come in read.
   */
  read?(stored: StoredUpdate): Promise<Recognised | { readonly ignored: string }>;
}

/** Who is behind an account of a platform: a person of the team, or a stranger. */
export interface Accounts {
  /** @param account as the platform names it, such as `T1/U1` or `12345`; `name` is how it calls itself. */
  principalOf(account: {
    readonly tenant: string;
    readonly platform: string;
    readonly account: string;
    readonly name: string;
  }): Promise<Principal>;
}
