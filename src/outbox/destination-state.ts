// The life of a destination as a pure machine: asleep → awake → held by one deliverer → asleep or awake again.
import type { Destination, Sending } from '../../models/destination.ts';
import type { Body } from '../core/store.ts';
import type { Step } from './row-state.ts';

export type DestinationEvent =
  /** The relay has brought something. */
  | { readonly kind: 'woken'; readonly at: Date }
  | { readonly kind: 'claimed'; readonly at: Date; readonly holder: string }
  /** Written before the channel is called, so that a crash in between is noticed by the next holder. */
  | { readonly kind: 'sending'; readonly at: Date; readonly sending: Sending; readonly paceMs: number }
  /** The destination itself named a time before which it takes nothing. */
  | { readonly kind: 'limited'; readonly until: Date }
  /** The holder lets go; null means that nothing waits, `unmarked` that the outcome of its last send is unknown. */
  | { readonly kind: 'released'; readonly wakeAt: Date | null; readonly unmarked: boolean };

export type DestinationEffect =
  /** The last holder started this and never said what became of it. */
  { readonly kind: 'look-into'; readonly sending: Sending };

type DestinationState = Body<Destination>;
export type DestinationStep = Step<DestinationState, DestinationEffect>;

/** A lease outlives the longest send and the marking of its outcome; it is renewed by every send. */
export const LEASE_MS = 30_000;

/** What an event makes of a destination; a claim of one that sleeps or is held changes nothing. */
export function destinationAfter(now: DestinationState, event: DestinationEvent): DestinationStep {
  switch (event.kind) {
    case 'woken':
      return { change: woken(now, event.at), effects: [] };
    case 'claimed':
      return claimed(now, event.at, event.holder);
    case 'sending': {
      const { at, sending, paceMs } = event;
      const pace = paceMs > 0 ? { nextAllowedAt: after(at, paceMs) } : {};
      return { change: { sending, ...leased(at), ...pace }, effects: [] };
    }
    case 'limited': {
      const longer = now.nextAllowedAt === null || now.nextAllowedAt < event.until;
      return { change: longer ? { nextAllowedAt: event.until } : null, effects: [] };
    }
    case 'released': {
      const sending = event.unmarked ? now.sending : null;
      return {
        change: { holder: null, leaseUntil: null, sending, wakeAt: event.wakeAt },
        effects: [],
      };
    }
  }
}

/** A destination nobody has written to before, as the relay first brings it something. */
export function newDestination(name: string, at: Date): DestinationState {
  return {
    name,
    scheme: schemeOf(name),
    wakeAt: at,
    nextAllowedAt: null,
    holder: null,
    leaseUntil: null,
    fence: 0,
    sending: null,
    wokenAt: at,
  };
}

/** Whether somebody delivers there at this moment. */
export function isHeld(state: DestinationState, at: Date): boolean {
  return state.holder !== null && state.leaseUntil !== null && state.leaseUntil > at;
}

/** Until when the destination takes nothing, or null when it takes something now. */
export function closedUntil(state: DestinationState, at: Date): Date | null {
  return state.nextAllowedAt !== null && state.nextAllowedAt > at ? state.nextAllowedAt : null;
}

export const schemeOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':')));
export const addressOf = (name: string): string => name.slice(name.indexOf(':') + 1);

/** A held destination only takes note: its lease wakes it at the latest, its holder when it lets go. */
function woken(state: DestinationState, at: Date): Partial<DestinationState> {
  if (isHeld(state, at)) return { wokenAt: at };
  const open = closedUntil(state, at) ?? at;
  const wakeAt = state.wakeAt !== null && state.wakeAt < open ? state.wakeAt : open;
  return { wokenAt: at, wakeAt };
}

function claimed(state: DestinationState, at: Date, holder: string): DestinationStep {
  const asleep = state.wakeAt === null || state.wakeAt > at;
  if (asleep || isHeld(state, at)) return { change: null, effects: [] };
  const { sending } = state;
  return {
    change: { holder, fence: state.fence + 1, ...leased(at) },
    effects: sending ? [{ kind: 'look-into', sending }] : [],
  };
}

const leased = (at: Date): Partial<DestinationState> => {
  const leaseUntil = after(at, LEASE_MS);
  return { leaseUntil, wakeAt: leaseUntil };
};

const after = (at: Date, waitMs: number): Date => new Date(at.getTime() + waitMs);
