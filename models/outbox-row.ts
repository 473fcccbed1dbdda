// One message on its way to one destination: what is sent, how often it was tried, and what became of it.
import type { SendBody } from '../src/core/outbox-item.ts';
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

/** `stale`: its turn came when it was no news any more. */
export const rowStatuses = ['waiting', 'sent', 'dead', 'stale'] as const;
export type RowStatus = (typeof rowStatuses)[number];

/** Its `_id` is the id of the outbox item, so relaying an item again meets the row that is there. */
export interface OutboxRow extends Stored {
  /** `<scheme>:<address>`. */
  readonly destination: string;
  readonly scheme: string;
  /** The fact the item was written with: rows of one fact never overtake each other. */
  readonly aggregate: string;
  /** Where the row stands among those of its fact. */
  readonly position: number;
  /** When the fact was written. */
  readonly at: Date;
  readonly body: SendBody;
  readonly status: RowStatus;
  /** Attempts that ended without success. */
  readonly attempts: number;
  readonly dueAt: Date;
  /** Attempts of which nobody knows whether they arrived. */
  readonly ambiguities: number;
  /** Outcomes marked so far; see `Sending`. */
  readonly marks: number;
  readonly messageId: string | null;
  /** Why the last attempt failed. */
  readonly problem: string | null;
  /** When it was over: sent, or found to be no news any more. */
  readonly sentAt: Date | null;
  readonly diedAt: Date | null;
  /** The effect key of the last replay, so that one replay revives a row once. */
  readonly replayKey: string | null;
}

export const outboxRows = defineRecords<OutboxRow>({
  name: 'outbox',
  fields: {
    destination: { type: String, required: true },
    scheme: { type: String, required: true },
    aggregate: { type: String, required: true },
    position: { type: Number, required: true },
    at: { type: Date, required: true },
    body: { type: mixed, required: true },
    status: { type: String, required: true, enum: rowStatuses },
    attempts: { type: Number, required: true, min: 0 },
    dueAt: { type: Date, required: true },
    ambiguities: { type: Number, required: true, min: 0 },
    marks: { type: Number, required: true, min: 0 },
    messageId: String,
    problem: String,
    sentAt: Date,
    diedAt: Date,
    replayKey: String,
  },
  indexes: [
    { keys: { destination: 1, status: 1, at: 1 } },
    { keys: { destination: 1, status: 1, dueAt: 1 } },
    { keys: { status: 1, at: -1 } },
    { keys: { status: 1, at: 1 }, acrossTenants: true },
    { keys: { ambiguities: 1 }, acrossTenants: true },
  ],
  expireAfter: { field: 'sentAt', seconds: 30 * 86_400 },
  about: {
    holds: 'One message on its way to one destination, with its attempts and what became of it.',
    writer: 'src/outbox: the relay inserts, the deliverer marks',
    retention: '30 days after it was sent; dead letters stay until they are sent',
  },
});
