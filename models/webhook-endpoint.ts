// The collection of webhook sources that staff set up: a name, a scheme and sealed secrets.
import type { Fact } from '../src/core/store.ts';
import { type WebhookScheme, webhookSchemes } from '../src/core/webhook-source.ts';
import { defineFacts, mixed } from './define.ts';

export interface SealedSecret {
  /** Encrypted; see src/features/webhooks/sealing.ts. */
  readonly sealed: string;
  /** When it ceases to be taken; null while it is the newer one. */
  readonly endsAt: Date | null;
}

/** How events of a foreign shape become ours: where in the body each field stands. */
export interface WebhookMapping {
  /** `events`, or the stream whose rows they are. */
  readonly to: string;
  /** Path of the list whose elements are the rows; null where the body is one row. */
  readonly each: string | null;
  /** A path such as `data.order.id`, or a constant in single quotes. */
  readonly fields: readonly { readonly field: string; readonly from: string }[];
  /** The sender's words for ours, in fields that know a few words only. */
  readonly words: readonly { readonly theirs: string; readonly ours: string }[];
}

export interface WebhookEndpoint extends Fact {
  /** The name in `/webhooks/<name>`; that of a known source gives the tenant its own secret for it. */
  readonly name: string;
  readonly scheme: WebhookScheme;
  /** The newest first; at most two are live. */
  readonly secrets: readonly SealedSecret[];
  readonly createdBy: string;
  /** Absent or null: its events are of our own shape. */
  readonly mapping?: WebhookMapping | null;
  /** How many of its events are worked on in a minute; absent or null for the preset. */
  readonly perMinute?: number | null;
  /** Removed sources take nothing; the name may be given again. */
  readonly removedAt?: Date | null;
}

export const webhookEndpoints = defineFacts<WebhookEndpoint>({
  name: 'webhook_endpoints',
  fields: {
    name: { type: String, required: true },
    scheme: { type: String, required: true, enum: webhookSchemes },
    secrets: { type: [{ type: { sealed: { type: String, required: true }, endsAt: Date } }], required: true },
    createdBy: { type: String, required: true },
    mapping: mixed,
    perMinute: Number,
    removedAt: Date,
  },
  indexes: [{ keys: { name: 1 } }],
  about: {
    holds:
      'A webhook source that staff set up: encrypted secrets, mapping and limit; of a removed one the name.',
    writer: 'the verbs of webhooks',
    retention: 'kept',
  },
});
