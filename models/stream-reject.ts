// The collection of rejects: rows that no stream could take, kept as they came with what is wrong with them.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export interface StreamReject extends Stored {
  readonly stream: string;
  readonly source: string;
  /** The row as JSON, cut at 8,000 characters: a row that was cut can be read, not replayed. */
  readonly row: string;
  readonly cut: boolean;
  /** The field that is wrong, and why. */
  readonly field: string;
  readonly reason: string;
  readonly door: string;
  readonly receivedAt: Date;
  /** `mended`: it went in at a replay. */
  readonly status: 'open' | 'mended';
  /** The effect that took it in. */
  readonly mendedBy: string | null;
}

export const streamRejects = defineRecords<StreamReject>({
  name: 'stream_rejects',
  fields: {
    stream: { type: String, required: true },
    source: { type: String, required: true },
    row: { type: String, required: true },
    cut: { type: Boolean, required: true },
    field: { type: String, required: true },
    reason: { type: String, required: true },
    door: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    status: { type: String, required: true, enum: ['open', 'mended'] },
    mendedBy: String,
  },
  indexes: [{ keys: { status: 1, stream: 1, receivedAt: -1 } }],
  expireAfter: { field: 'receivedAt', seconds: 30 * 24 * 60 * 60 },
  about: {
    holds: 'One row that a stream could not take, with the field and the reason; views mask personal fields.',
    writer: 'src/features/ingestion',
    retention: '30 days',
  },
});
