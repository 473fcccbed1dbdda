// The collection of rollups: what a stream's facts of one UTC day add up to, in quarters of an hour.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

/** The sums of one value of a grouping: for each quarter of an hour its number, then one sum for each measure. */
export interface RollupValue {
  readonly value: string;
  readonly cells: readonly number[];
}

export interface StreamRollup extends Stored {
  readonly stream: string;
  /** Empty in all; else the dimension, or two joined by a comma. */
  readonly grouping: string;
  /** Days since the epoch, in UTC. */
  readonly day: number;
  readonly lastBatch: number;
  readonly values: readonly RollupValue[];
}

export const streamRollups = defineRecords<StreamRollup>({
  name: 'stream_rollups',
  fields: {
    stream: { type: String, required: true },
    grouping: { type: String },
    day: { type: Number, required: true },
    lastBatch: { type: Number, required: true, min: 0 },
    values: mixed,
  },
  indexes: [{ keys: { stream: 1, grouping: 1, day: 1 } }],
  about: {
    holds:
      'Sums of one stream over one UTC day: for each value of the grouping a flat list of quarter-hour (0–95), ' +
      'then the sum of each measure in the order of the stream, and so on.',
    writer: 'the fold of src/features/ingestion',
    retention: 'kept; can be made again from the facts',
  },
});

export function streamRollupId(tenant: string, stream: string, grouping: string, day: number): string {
  return `${tenant}:${stream}:${grouping}:${day}`;
}
