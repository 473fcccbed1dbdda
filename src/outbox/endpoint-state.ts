// The circuit breaker of an endpoint as a pure machine: closed → open for a while → one try → closed, or open for longer.
import { type EndpointHealth, healthy } from '../../models/endpoint-health.ts';
import type { Body } from '../core/store.ts';

export type HealthState = Body<EndpointHealth>;

export type HealthEvent =
  | { readonly kind: 'delivered' }
  /** `busy`: it answered, and asked for less; that is no reason to open the breaker. */
  | { readonly kind: 'failed'; readonly at: Date; readonly problem: string; readonly busy: boolean };

export interface HealthStep {
  /** Null when nothing changes, so that a healthy endpoint costs no write. */
  readonly change: Partial<HealthState> | null;
  /** It has only failed for so long that it is to be disabled. */
  readonly givenUp: boolean;
}

const MINUTE_MS = 60_000;
/** Failures in a row that open the breaker. */
const TRIPS_AT = 5;
const FIRST_PAUSE_MS = MINUTE_MS;
const LONGEST_PAUSE_MS = 15 * MINUTE_MS;
/** Only failures for this long disable an endpoint. Source: the practice of Svix, 120 hours. */
export const GIVE_UP_MS = 5 * 24 * 60 * MINUTE_MS;

/**
 * What an attempt makes of an endpoint's health. Half open needs no state of its own: one deliverer holds the
 * destination, so after the pause exactly one attempt goes out, and its failure opens the breaker again.
 */
export function healthAfter(state: HealthState, event: HealthEvent): HealthStep {
  if (event.kind !== 'failed') {
    const clean = state.failures === 0 && state.failingSince === null;
    return { change: clean ? null : healthy, givenUp: false };
  }
  const { at, problem, busy } = event;
  const failingSince = state.failingSince ?? at;
  const failures = busy ? state.failures : state.failures + 1;
  const trips = failures >= TRIPS_AT && !busy;
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(state.trips, 10), LONGEST_PAUSE_MS);
  const opened = trips
    ? { trips: state.trips + 1, openUntil: new Date(at.getTime() + pauseMs) }
    : { openUntil: null };
  return {
    change: { failures, failingSince, problem, ...opened },
    givenUp: at.getTime() - failingSince.getTime() >= GIVE_UP_MS,
  };
}
