// The port of a chat platform: how an update reaches us, and what the platform does with it before it is answered.

import type { ChatContent } from '../models/chat-inbox.ts';
import type { Door, Principal } from '../src/core/actor.ts';

export type { ChatContent } from '../models/chat-inbox.ts';

/** One update, recognised and stored: its id names the effect of answering it. */
export interface Update {
  readonly id: string;
  readonly principal: Principal;
  readonly door: Door;
  /** The destination of the room it came from, such as `console:person:usr_1`. */
  readonly room: string;
  readonly content: ChatContent;
  readonly receivedAt: Date;
}

/** An update as a platform hands it in; `key` is the platform's own name of it and makes repeats harmless. */
export interface Incoming {
  readonly platform: string;
  readonly principal: Principal;
  readonly room: string;
  readonly content: ChatContent;
  readonly key: string;
}

/** The part of a platform that the inbox calls. */
export interface Adapter {
  readonly platform: string;
  readonly door: Door;
  /** Called each time before an update is worked on, so it must bear repetition: the console shows what was said. */
  noticed(update: Update): Promise<void>;
}
