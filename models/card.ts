// One live message under a key: the revision that is wanted, the one that is shown, and the platform's message.
import type { Reply } from '../src/core/reply.ts';
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

/** `settling`: shown, but an earlier attempt may still arrive late, so it is shown once more. */
export const cardStatuses = ['waiting', 'shown', 'settling', 'dead'] as const;
export type CardStatus = (typeof cardStatuses)[number];

export interface Card extends Stored {
  /** `<scheme>:<address>`. */
  readonly destination: string;
  readonly scheme: string;
  readonly key: string;
  readonly revision: number;
  readonly reply: Reply;
  /** The revision tells of something that is over: it is not shown for the first time. */
  readonly onlyEdits: boolean;
  /** When the oldest revision that nobody has seen was written. */
  readonly since: Date;
  readonly status: CardStatus;
  /** 0 until a first revision is shown. */
  readonly shownRevision: number;
  readonly messageId: string | null;
  readonly attempts: number;
  readonly dueAt: Date;
  /** First showings of which nobody knows whether they arrived: an edit again is seen by no one. */
  readonly ambiguities: number;
  /** Outcomes marked so far; see `Sending`. */
  readonly marks: number;
  /** Until then an attempt of unknown outcome may still reach the platform and show an older revision. */
  readonly unsettledUntil: Date | null;
  readonly problem: string | null;
  readonly shownAt: Date | null;
  readonly diedAt: Date | null;
  readonly replayKey: string | null;
}

export const cards = defineRecords<Card>({
  name: 'cards',
  fields: {
    destination: { type: String, required: true },
    scheme: { type: String, required: true },
    key: { type: String, required: true },
    revision: { type: Number, required: true },
    reply: { type: mixed, required: true },
    onlyEdits: { type: Boolean },
    since: { type: Date, required: true },
    status: { type: String, required: true, enum: cardStatuses },
    shownRevision: { type: Number, required: true },
    messageId: String,
    attempts: { type: Number, required: true, min: 0 },
    dueAt: { type: Date, required: true },
    ambiguities: { type: Number, required: true, min: 0 },
    marks: { type: Number, required: true, min: 0 },
    unsettledUntil: Date,
    problem: String,
    shownAt: Date,
    diedAt: Date,
    replayKey: String,
  },
  indexes: [
    { keys: { destination: 1, key: 1 }, unique: true },
    { keys: { key: 1 } },
    { keys: { destination: 1, status: 1, dueAt: 1 } },
    { keys: { status: 1 }, acrossTenants: true },
    { keys: { ambiguities: 1 }, acrossTenants: true },
  ],
  expireAfter: { field: 'shownAt', seconds: 90 * 86_400 },
  about: {
    holds: 'One live message that is edited in place, with the revision wanted and the one shown.',
    writer: 'src/outbox',
    retention: '90 days after it was last shown',
  },
});
