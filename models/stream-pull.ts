// The collection of scheduled pulls: where rows are fetched from, how often, and how the last time went.
import type { Fact } from '../src/core/store.ts';
import { defineFacts, mixed } from './define.ts';

export interface StreamPull extends Fact {
  readonly name: string;
  readonly stream: string;
  readonly url: string;
  /** Where the rows stand in the answer, such as `data.items`; empty where the answer is the list. */
  readonly rowsAt: string;
  /** Which field of ours is which of theirs, as `theirs=ours`. */
  readonly map: readonly string[];
  readonly everyMs: number;
  /** The query parameter that asks for what is newer, and the field of theirs whose greatest value it gets. */
  readonly cursorParameter: string | null;
  readonly cursorField: string | null;
  readonly cursor: string | null;
  /** A header for the other side, sealed. */
  readonly sealedAuthorization: string | null;
  readonly status: 'active' | 'paused' | 'removed';
  readonly nextAt: Date;
  readonly lastAt: Date | null;
  /** Null when the last pull went well. */
  readonly lastError: string | null;
  readonly failures: number;
  /** What the last pull that went well brought. */
  readonly lastCounts: Readonly<Record<string, number>> | null;
}

export const streamPulls = defineFacts<StreamPull>({
  name: 'stream_pulls',
  fields: {
    name: { type: String, required: true },
    stream: { type: String, required: true },
    url: { type: String, required: true },
    rowsAt: { type: String },
    map: [{ type: String }],
    everyMs: { type: Number, required: true, min: 1 },
    cursorParameter: String,
    cursorField: String,
    cursor: String,
    sealedAuthorization: String,
    status: { type: String, required: true, enum: ['active', 'paused', 'removed'] },
    nextAt: { type: Date, required: true },
    lastAt: Date,
    lastError: String,
    failures: { type: Number, required: true, min: 0 },
    lastCounts: mixed,
  },
  indexes: [{ keys: { status: 1, nextAt: 1 }, acrossTenants: true }],
  about: {
    holds: 'One address that rows of a stream are fetched from, with its cursor and how the last time went.',
    writer: 'src/features/ingestion',
    retention: 'kept; a removed one keeps its name and forgets its header',
  },
});
