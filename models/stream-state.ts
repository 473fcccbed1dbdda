// The collection of what each stream's fold has done: its last batch, the open one, and who folds.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface StreamState extends Stored {
  readonly stream: string;
  readonly lastBatch: number;
  /** The batch being folded: its content is fixed here first, so that folding it twice adds nothing. */
  readonly openBatch: { readonly number: number; readonly ids: readonly string[] } | null;
  /** How many facts were folded, those that were replaced included. */
  readonly folded: number;
  readonly foldedAt: Date | null;
  /** When the newest of the folded facts came in. */
  readonly receivedAt: Date | null;
  /** The zone in whose days units are counted. */
  readonly zone: string;
  readonly leasedBy: string | null;
  readonly leasedUntil: Date | null;
}

export const streamStates = defineRecords<StreamState>({
  name: 'stream_states',
  fields: {
    stream: { type: String, required: true },
    lastBatch: { type: Number, required: true, min: 0 },
    openBatch: mixed,
    folded: { type: Number, required: true, min: 0 },
    foldedAt: Date,
    receivedAt: Date,
    zone: { type: String, required: true },
    leasedBy: String,
    leasedUntil: Date,
  },
  about: {
    holds:
      'How far one stream is folded: its last batch, the batch that is open, and the lease of who folds.',
    writer: 'the fold of src/features/ingestion',
    retention: 'kept; one record for each stream',
  },
});

export function streamStateId(tenant: string, stream: string): string {
  return `${tenant}:${stream}`;
}
