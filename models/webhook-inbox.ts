// The collection of what webhooks brought: each authentic event once, from its receipt until it is acted on.
import type { Fact } from '../src/core/store.ts';
import { type WebhookScheme, webhookSchemes } from '../src/core/webhook-source.ts';
import { defineFacts } from './define.ts';

export const webhookEventStatuses = ['received', 'done', 'dead'] as const;
export type WebhookEventStatus = (typeof webhookEventStatuses)[number];

/** Its `_id` is made of what the sender signed alone, so that a repeat under a new id header is a repeat. */
export interface WebhookEvent extends Fact {
  /** The name in `/webhooks/<source>`. */
  readonly source: string;
  readonly scheme: WebhookScheme;
  /** The id by which the sender knows it; proof of nothing unless the scheme signs it. */
  readonly senderId: string | null;
  /** A test event: checked and ended like any other, and acted on by nobody. */
  readonly test: boolean;
  /** The body as it came, as text; null once it was forgotten. */
  readonly body: string | null;
  readonly bytes: number;
  /** SHA-256 of the body, in hex. */
  readonly digest: string;
  readonly status: WebhookEventStatus;
  /** How often work on it was begun since it came or was replayed. */
  readonly attempts: number;
  /** When it may be taken: the next attempt, or the end of the lease of whoever works on it; null when ended. */
  readonly nextAt: Date | null;
  /** Who took it last. The row's version is the fence: whoever was overtaken can no longer end it. */
  readonly worker: string | null;
  /** What was done with it. */
  readonly note: string | null;
  /** Why the last attempt failed. */
  readonly problem: string | null;
  readonly doneAt: Date | null;
  readonly diedAt: Date | null;
  /** The effect that revived it last. */
  readonly replayKey: string | null;
  /** When its body is forgotten; null once it is. */
  readonly forgetAt: Date | null;
}

export const webhookInbox = defineFacts<WebhookEvent>({
  name: 'webhook_inbox',
  fields: {
    source: { type: String, required: true },
    scheme: { type: String, required: true, enum: webhookSchemes },
    senderId: String,
    test: { type: Boolean, required: true },
    body: String,
    bytes: { type: Number, required: true, min: 0 },
    digest: { type: String, required: true },
    status: { type: String, required: true, enum: webhookEventStatuses },
    attempts: { type: Number, required: true, min: 0 },
    nextAt: Date,
    worker: String,
    note: String,
    problem: String,
    doneAt: Date,
    diedAt: Date,
    replayKey: String,
    forgetAt: Date,
  },
  indexes: [
    { keys: { status: 1, nextAt: 1 }, acrossTenants: true },
    { keys: { forgetAt: 1 }, acrossTenants: true },
    { keys: { source: 1, createdAt: -1 } },
    { keys: { status: 1, source: 1, createdAt: 1 } },
    { keys: { replayKey: 1 } },
  ],
  about: {
    holds: 'One authentic event that a webhook brought, with its attempts and what became of it.',
    writer: 'src/features/webhooks: the door stores, the worker ends',
    retention: 'kept; the body is forgotten after 30 days',
  },
});
