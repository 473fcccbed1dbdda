// One place that messages go to: who delivers there now, from when it may be sent to, and what is in flight.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

/** What was handed to the channel, written before it is: found there later, its outcome is unknown. */
export interface Sending {
  readonly kind: 'row' | 'card';
  readonly id: string;
  /** The record's `marks` at that moment: when it has more now, the outcome was marked. */
  readonly marks: number;
}

export interface Destination extends Stored {
  /** `<scheme>:<address>`. */
  readonly name: string;
  readonly scheme: string;
  /** When somebody should look here next; null while there is nothing to deliver. */
  readonly wakeAt: Date | null;
  /** The destination takes nothing before then: its pace, or what it asked for. */
  readonly nextAllowedAt: Date | null;
  readonly holder: string | null;
  readonly leaseUntil: Date | null;
  /** Grows with every new holder: an earlier one can start nothing more. */
  readonly fence: number;
  readonly sending: Sending | null;
  /** The last time the relay brought something: every waking is a write, so that a holder notices it. */
  readonly wokenAt: Date;
}

export const destinations = defineRecords<Destination>({
  name: 'destinations',
  fields: {
    name: { type: String, required: true },
    scheme: { type: String, required: true },
    wakeAt: Date,
    nextAllowedAt: Date,
    holder: String,
    leaseUntil: Date,
    fence: { type: Number, required: true, min: 0 },
    sending: mixed,
    wokenAt: { type: Date, required: true },
  },
  indexes: [
    { keys: { name: 1 }, unique: true },
    { keys: { scheme: 1, wakeAt: 1 }, acrossTenants: true },
  ],
  about: {
    holds: 'One place that messages go to, with the lease of who delivers there and its limits.',
    writer: 'src/outbox',
    retention: 'for good: one small row for each place',
  },
});
