// The collection of receipts: what one call brought to a stream, row by row, so that the same call answers the same.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export interface StreamReceipt extends Fact {
  readonly stream: string;
  readonly source: string;
  readonly door: string;
  readonly receivedAt: Date;
  readonly rows: number;
  readonly accepted: number;
  readonly corrected: number;
  readonly duplicate: number;
  readonly older: number;
  readonly rejected: number;
  /** One letter for each row in its order: a(ccepted), c(orrected), d(uplicate), o(lder), r(ejected). */
  readonly results: string;
}

export const streamReceipts = defineFacts<StreamReceipt>({
  name: 'stream_receipts',
  fields: {
    stream: { type: String, required: true },
    source: { type: String, required: true },
    door: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    rows: { type: Number, required: true, min: 0 },
    accepted: { type: Number, required: true, min: 0 },
    corrected: { type: Number, required: true, min: 0 },
    duplicate: { type: Number, required: true, min: 0 },
    older: { type: Number, required: true, min: 0 },
    rejected: { type: Number, required: true, min: 0 },
    results: { type: String },
  },
  indexes: [{ keys: { stream: 1, receivedAt: -1 } }],
  about: {
    holds: 'What one call brought to a stream; webhooks leave none, since their inbox is the receipt.',
    writer: 'src/features/ingestion, after the facts of the call',
    retention: 'kept',
  },
});
