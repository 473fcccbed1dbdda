// The collection of leases: what one process of all may do at a time, such as asking Telegram for updates.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export interface Lease extends Stored {
  readonly name: string;
  /** The process that holds it; null when it was handed back. */
  readonly holder: string | null;
  readonly until: Date;
}

export const leases = defineRecords<Lease>({
  name: 'leases',
  fields: {
    name: { type: String, required: true },
    holder: String,
    until: { type: Date, required: true },
  },
  about: {
    holds: 'What one process of all does at a time, which one that is, and until when.',
    writer: 'bots/lease.ts',
    retention: 'for good: one small row for each connection to a chat platform',
  },
});
