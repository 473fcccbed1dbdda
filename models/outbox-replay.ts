// Somebody's wish to send dead letters again: a fact of its own, so that it is audited and survives a crash.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export interface OutboxReplay extends Fact {
  /** One outbox row or card; null means all that the other conditions leave. */
  readonly item: string | null;
  /** Only what goes there; null means everywhere. */
  readonly destination: string | null;
  /** Also what was sent, of events written within these instants; null means dead letters alone. */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly askedAt: Date;
  readonly status: 'open' | 'done';
  /** How many were sent again; null while open. */
  readonly revived: number | null;
}

export const outboxReplays = defineFacts<OutboxReplay>({
  name: 'outbox_replays',
  fields: {
    item: String,
    destination: String,
    from: Date,
    to: Date,
    askedAt: { type: Date, required: true },
    status: { type: String, required: true, enum: ['open', 'done'] },
    revived: Number,
  },
  indexes: [{ keys: { status: 1 }, acrossTenants: true }],
  about: {
    holds: 'One request to send dead letters, or the events of a time, again.',
    writer: 'src/outbox/replay.ts',
    retention: 'for good',
  },
});
