// The collection of units: on which days one customer, or whatever a stream counts, had facts.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export interface StreamUnit extends Stored {
  readonly stream: string;
  /** What is counted, such as `customer`. */
  readonly unit: string;
  readonly value: string;
  readonly lastBatch: number;
  /** For each day (since the epoch, in the zone of the stream's state): the day, then how many facts. */
  readonly days: readonly number[];
  /** What its last batch changed in the counts of days: day, gap, by how many. Read when that batch is resumed. */
  readonly delta: readonly number[];
}

export const streamUnits = defineRecords<StreamUnit>({
  name: 'stream_units',
  fields: {
    stream: { type: String, required: true },
    unit: { type: String, required: true },
    value: { type: String, required: true },
    lastBatch: { type: Number, required: true, min: 0 },
    days: [{ type: Number }],
    delta: [{ type: Number }],
  },
  about: {
    holds: 'One unit of a stream, such as a customer: a flat list of its days and how many facts each has.',
    writer: 'the fold of src/features/ingestion',
    retention: 'kept; can be made again from the facts',
  },
});

export function streamUnitId(tenant: string, stream: string, unit: string, value: string): string {
  return `${tenant}:${stream}:${unit}:${value}`;
}
