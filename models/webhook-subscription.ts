// The collection of endpoints set by staff: where events are sent, which ones, and the sealed secrets that sign them.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export const ENDPOINT_SCHEME = 'endpoint';

/** `standard`: any program that verifies Standard Webhooks; n8n is one of those under its own name. */
export const endpointKinds = ['standard', 'n8n', 'slack', 'discord', 'teams'] as const;
export type EndpointKind = (typeof endpointKinds)[number];

/** What a stored kind is today: rows of the first version say `generic` where it is now `standard`. */
export const kindOf = (stored: string): EndpointKind =>
  endpointKinds.find((kind) => kind === stored) ?? 'standard';

export interface EndpointSecret {
  readonly sealed: string;
  /** The last instant it signs; null for the current one. */
  readonly until: Date | null;
}

export interface WebhookSubscription extends Fact {
  /** One of `endpointKinds`; read it by `kindOf`. */
  readonly kind: string;
  readonly description: string;
  /** The types that are sent; empty means all. */
  readonly events: readonly string[];
  /** Host and port: all of the address that is ever shown, since its path may hold a token. */
  readonly host: string;
  /** The whole address, sealed; empty once removed. */
  readonly address: string;
  /** The current secret first; none for chat platforms, which cannot check a signature. */
  readonly secrets: readonly EndpointSecret[];
  /** `operator`: the address stands in the environment; the row holds the history of its tests alone. */
  readonly status: 'active' | 'disabled' | 'removed' | 'operator';
  /** Why it is disabled. */
  readonly reason: string | null;
}

export const webhookSubscriptions = defineFacts<WebhookSubscription>({
  name: 'webhook_subscriptions',
  fields: {
    kind: { type: String, required: true },
    description: { type: String },
    events: [String],
    host: { type: String, required: true },
    address: { type: String },
    secrets: [{ type: { sealed: String, until: Date } }],
    status: { type: String, required: true, enum: ['active', 'disabled', 'removed', 'operator'] },
    reason: String,
  },
  indexes: [{ keys: { status: 1 } }],
  about: {
    holds: 'One endpoint set by staff: what it is told, and the sealed address and secrets.',
    writer: 'the verbs of endpoints; src/outbox disables one that is gone or fails for five days',
    retention: 'kept; address and secrets are wiped when it is removed',
  },
});

/** Where the outbox sends what is for this endpoint. */
export const endpointDestination = (id: string): string => `${ENDPOINT_SCHEME}:${id}`;

/** What a sealed text of this endpoint is bound to: it opens for no other. */
export const sealingPlace = (tenant: string, id: string): string => `${tenant}/${id}`;
