// How an endpoint has been answering lately: what its circuit breaker knows, apart from the fact that staff edit.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

/** Its `_id` is the endpoint's. */
export interface EndpointHealth extends Stored {
  /** Failures since the last success. */
  readonly failures: number;
  /** How often the breaker opened since the last success. */
  readonly trips: number;
  /** Nothing is sent before then; null while the breaker is closed. */
  readonly openUntil: Date | null;
  readonly failingSince: Date | null;
  readonly problem: string | null;
}

export const endpointHealth = defineRecords<EndpointHealth>({
  name: 'webhook_subscription_health',
  fields: {
    failures: { type: Number, required: true, min: 0 },
    trips: { type: Number, required: true, min: 0 },
    openUntil: Date,
    failingSince: Date,
    problem: String,
  },
  about: {
    holds: 'How one endpoint has been answering: failures in a row and its circuit breaker.',
    writer: 'src/outbox/endpoint-book.ts',
    retention: 'for good: one small row for each endpoint',
  },
});

/** How the breaker stands at that moment, for people. */
export function breakerOf(
  { openUntil }: Pick<EndpointHealth, 'openUntil'>,
  now: Date,
): 'closed' | 'open' | 'half open' {
  if (openUntil === null) return 'closed';
  return openUntil > now ? 'open' : 'half open';
}

/** Of an endpoint that has not failed, or not since its last success. */
export const healthy = {
  failures: 0,
  trips: 0,
  openUntil: null,
  failingSince: null,
  problem: null,
} as const;
