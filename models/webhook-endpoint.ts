// The collection of webhook sources that staff set up: a name, a scheme and sealed secrets.
import type { Fact } from '../src/core/store.ts';
import { type WebhookScheme, webhookSchemes } from '../src/core/webhook-source.ts';
import { defineFacts } from './define.ts';

export interface SealedSecret {
  /** Encrypted; see src/features/webhooks/sealing.ts. */
  readonly sealed: string;
  /** When it ceases to be taken; null while it is the newer one. */
  readonly endsAt: Date | null;
}

export interface WebhookEndpoint extends Fact {
  /** The name in `/webhooks/<name>`; that of a known source gives the tenant its own secret for it. */
  readonly name: string;
  readonly scheme: WebhookScheme;
  /** The newest first; at most two are live. */
  readonly secrets: readonly SealedSecret[];
  readonly createdBy: string;
}

export const webhookEndpoints = defineFacts<WebhookEndpoint>({
  name: 'webhook_endpoints',
  fields: {
    name: { type: String, required: true },
    scheme: { type: String, required: true, enum: webhookSchemes },
    secrets: { type: [{ type: { sealed: { type: String, required: true }, endsAt: Date } }], required: true },
    createdBy: { type: String, required: true },
  },
  indexes: [{ keys: { name: 1 } }],
  about: {
    holds: 'A webhook source that staff set up, with its secrets, encrypted.',
    writer: 'the verbs of webhooks',
    retention: 'kept',
  },
});
