// What the rest of the program knows of the outbox: its handle, its health, and the ports it is given.
import type { Ctx } from '../core/context.ts';
import type { AuditEntry, OutgoingEvent } from '../core/outbox-item.ts';

/** A number from 0 (inclusive) to 1 (exclusive): spreads retries, so that they do not all come at once. */
export type Random = () => number;

/** An audit item on its way to the audit log; its id makes inserting it again harmless. */
export interface AuditRow {
  readonly id: string;
  readonly tenant: string;
  readonly at: Date;
  readonly entry: AuditEntry;
}

/** Takes audit rows any number of times and keeps each once. */
export interface AuditSink {
  insertRows(rows: readonly AuditRow[]): Promise<void>;
}

/** The destinations that shall be told of an event, as things stand now. */
export type Subscribers = (tenant: string, event: OutgoingEvent) => Promise<readonly string[]>;

/** The rooms that a tenant's announcements go to, as things stand now; each once. */
export type TeamRooms = (tenant: string) => Promise<readonly string[]>;

export interface OutboxHealth {
  readonly waiting: number;
  readonly dead: number;
  /** Messages and cards that may have been shown twice. */
  readonly ambiguous: number;
  /** Age of the oldest message that waits, in milliseconds; 0 when none does. */
  readonly oldestMs: number;
}

/**
 * What to send again: one dead letter by its id, all there are, or, of one destination, its dead letters, one row
 * whatever became of it, or all that was written within a time.
 */
export type ReplayChoice =
  | 'all'
  | { readonly item: string; readonly destination?: string }
  | { readonly destination: string; readonly from?: Date; readonly to?: Date };

export interface Outbox {
  /** Starts the loops that relay and deliver. */
  start(): void;
  /** Takes nothing new on, finishes what is being sent, and hands its destinations back. */
  stop(): Promise<void>;
  /** Says that something was written, to that collection: the loops look at once instead of at their next poll. */
  nudge(collection?: string): void;
  /** Relays and delivers until nothing is due now. */
  drain(): Promise<void>;
  /** Mends what a crash may have left: rows nobody was woken for, replays half done. Run every 30 seconds. */
  sweep(): Promise<void>;
  /**
   * Sends again, once for each effect key; returns how many.
   * @throws AppError `record.not_found` when there is no such message, `record.conflict` when it is not dead,
   * `input.invalid` when a time holds more than 1,000.
   */
  replay(ctx: Ctx, choice: ReplayChoice): Promise<number>;
  health(): Promise<OutboxHealth>;
}
