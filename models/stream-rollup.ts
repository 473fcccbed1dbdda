// The collection of rollups: what a stream's facts add up to, by quarters of an hour and by days.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

/** `quarter`: the 96 quarters of an hour of one UTC day. `day`: 32 days of the zone of the stream's state. */
export const rollupSpans = ['quarter', 'day'] as const;
export type RollupSpan = (typeof rollupSpans)[number];

/** How many slots one record of a span has. */
export const slotsOf: Readonly<Record<RollupSpan, number>> = { quarter: 96, day: 32 };

export interface StreamRollup extends Stored {
  readonly stream: string;
  /** Empty in all; else the dimension, or two joined by a comma. */
  readonly grouping: string;
  readonly span: RollupSpan;
  /** Which record of the span: slots since the epoch, divided by the slots that one record has. */
  readonly block: number;
  readonly lastBatch: number;
  /** JSON, in one canonical order: for each value of the grouping a flat list of slot, then a sum for each measure. */
  readonly sums: string;
}

export const streamRollups = defineRecords<StreamRollup>({
  name: 'stream_rollups',
  fields: {
    stream: { type: String, required: true },
    grouping: { type: String },
    span: { type: String, required: true, enum: rollupSpans },
    block: { type: Number, required: true },
    lastBatch: { type: Number, required: true, min: 0 },
    sums: { type: String, required: true },
  },
  indexes: [{ keys: { stream: 1, grouping: 1, span: 1, block: 1 } }],
  about: {
    holds:
      'Sums of one stream over one UTC day in quarters of an hour, or over 32 days of the zone, as JSON: for each ' +
      'value of the grouping a flat list of slot, then the sum of each measure in the order of the stream.',
    writer: 'the fold of src/features/ingestion',
    retention: 'kept; can be made again from the facts',
  },
});

export function streamRollupId(
  tenant: string,
  stream: string,
  grouping: string,
  span: RollupSpan,
  block: number,
): string {
  return `${tenant}:${stream}:${grouping}:${span}:${block}`;
}
