// What every operation is told of its call: tenant, actor, door, effect key, time, zone and language.
import type { Actor, Door } from './actor.ts';
import type { ApprovalGrant } from './approval.ts';

export type Language = 'en' | 'hi';

export interface Ctx {
  readonly tenant: string;
  readonly actor: Actor;
  readonly door: Door;
  /** The operation's name, for the audit row. */
  readonly operation: string;
  /** Names the effect of this call: the same key again returns the first outcome. */
  readonly effectKey: string;
  /** Finds this call in the logs. */
  readonly requestId: string;
  readonly now: Date;
  /** IANA time zone of the reader. */
  readonly zone: string;
  readonly language: Language;
  /** The room this was asked in, where later messages about it belong. */
  readonly room?: string;
  /** Who allowed it, where people had to: set by the execution of an approved request alone. */
  readonly approval?: ApprovalGrant;
}
