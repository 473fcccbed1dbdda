// The floor: one run at a time per tenant, held by a lease with a fence that grows with every change of hands.
import type { ProtocolState } from '../../../models/protocol-state.ts';
import type { Body, FactCollection } from '../../core/store.ts';
import type { Trace } from '../../core/trace.ts';

/** Longer than any pause a healthy process makes; a dead one is replaced after it. */
export const LEASE_MS = 30_000;

export interface Held {
  readonly tenant: string;
  readonly run: string;
  readonly fence: number;
}

export type Floor = ReturnType<typeof createFloor>;

export function createFloor(states: FactCollection<ProtocolState>) {
  async function stateOf(tenant: string, now: Date): Promise<ProtocolState> {
    const known = await states.scoped(tenant).get(tenant);
    if (known) return known;
    const body: Body<ProtocolState> = {
      activeRun: null,
      activeUntil: null,
      fence: 0,
      lastSlot: null,
      pausedUntil: null,
    };
    return (await states.scoped(tenant).insertOnce(tenant, body, silently(now))).record;
  }

  /** Takes the floor for a run unless another one holds it; null when it is held or somebody was faster. */
  async function take(tenant: string, run: string, now: Date): Promise<Held | null> {
    const state = await stateOf(tenant, now);
    if (holderOf(state, now) !== null) return null;
    const activeUntil = new Date(now.getTime() + LEASE_MS);
    const taken = await states
      .scoped(tenant)
      .compareAndSet(state, { activeRun: run, activeUntil, fence: state.fence + 1 }, silently(now));
    return taken ? { tenant, run, fence: taken.fence } : null;
  }

  /** Keeps the floor; false when it has passed to another. */
  function renew(held: Held, now: Date): Promise<boolean> {
    return changeIfHeld(held, now, { activeUntil: new Date(now.getTime() + LEASE_MS) });
  }

  function release(held: Held, now: Date): Promise<boolean> {
    return changeIfHeld(held, now, { activeRun: null, activeUntil: null });
  }

  async function changeIfHeld(held: Held, now: Date, change: Partial<Body<ProtocolState>>): Promise<boolean> {
    for (;;) {
      const state = await stateOf(held.tenant, now);
      if (state.fence !== held.fence || state.activeRun !== held.run) return false;
      if (await states.scoped(held.tenant).compareAndSet(state, change, silently(now))) return true;
    }
  }

  return { stateOf, take, renew, release };
}

/** The run that holds the floor now; null when none does or its lease has run out. */
export function holderOf(state: ProtocolState, now: Date): string | null {
  return state.activeRun && state.activeUntil && state.activeUntil > now ? state.activeRun : null;
}

/** The trace of bookkeeping that is no business of the audit log. */
export function silently(now: Date): Trace {
  return {
    history: { effectKey: `floor:${now.toISOString()}`, at: now, by: 'system', operation: 'protocol.tick' },
    items: [],
  };
}
