// The collection of daily counts of the webhook door: how many deliveries were taken or refused, and why.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface WebhookCount extends Stored {
  readonly source: string;
  /** The day in UTC, such as `2026-11-02`. */
  readonly day: string;
  readonly at: Date;
  /** Deliveries by outcome. */
  readonly counts: Readonly<Record<string, number>>;
}

export const webhookCounts = defineRecords<WebhookCount>({
  name: 'webhook_counts',
  fields: {
    source: { type: String, required: true },
    day: { type: String, required: true },
    at: { type: Date, required: true },
    counts: { type: mixed, required: true },
  },
  indexes: [{ keys: { day: 1, source: 1 } }],
  expireAfter: { field: 'at', seconds: 90 * 86_400 },
  about: {
    holds: 'How many deliveries of one source were taken or refused on one day, by reason.',
    writer: 'src/features/webhooks/counts.ts, every few seconds and at the end',
    retention: '90 days',
  },
});
