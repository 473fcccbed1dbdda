// The collection of days of activity: how many units there were, by how long each had been away.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export interface StreamActivity extends Stored {
  readonly stream: string;
  readonly unit: string;
  /** Days since the epoch, in the zone of the stream's state. */
  readonly day: number;
  readonly lastBatch: number;
  /**
   * For each gap: the days since a unit was there before (0 for its first day), then how many units. The number of
   * different units from day a to day b is the sum, over its days d, of those whose gap is 0 or above d − a.
   */
  readonly gaps: readonly number[];
}

export const streamActivity = defineRecords<StreamActivity>({
  name: 'stream_activity',
  fields: {
    stream: { type: String, required: true },
    unit: { type: String, required: true },
    day: { type: Number, required: true },
    lastBatch: { type: Number, required: true, min: 0 },
    gaps: [{ type: Number }],
  },
  indexes: [{ keys: { stream: 1, unit: 1, day: 1 } }],
  about: {
    holds:
      'One day of one unit of a stream: a flat list of days since the unit was there before (0: never) and how ' +
      'many units. Distinct counts of any span of days are sums of these.',
    writer: 'the fold of src/features/ingestion',
    retention: 'kept; can be made again from the facts',
  },
});

export function streamActivityId(tenant: string, stream: string, unit: string, day: number): string {
  return `${tenant}:${stream}:${unit}:${day}`;
}
