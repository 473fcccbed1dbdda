// A deliverer's hold on one destination: every change goes through it, and fails once another has taken over.
import type { Destination } from '../../models/destination.ts';
import type { RecordCollection } from '../core/store.ts';
import {
  closedUntil,
  type DestinationEffect,
  type DestinationEvent,
  destinationAfter,
} from './destination-state.ts';

export interface Hold {
  readonly tenant: string;
  /** `<scheme>:<address>`. */
  readonly name: string;
  /** The destination as last seen. */
  state(): Destination;
  /** Call before reading what waits: from here on a waking is noticed. */
  beginLook(): void;
  /** False when the hold is lost; nothing is changed then. */
  change(event: DestinationEvent): Promise<boolean>;
  /** Lets go. If something arrived since the last look, the destination stays awake whatever `wakeAt` says. */
  release(options: {
    readonly wakeAt: Date | null;
    readonly at: Date;
    readonly unmarked?: boolean;
  }): Promise<void>;
}

export interface Claimed {
  readonly hold: Hold;
  /** What the last holder left unsaid. */
  readonly effects: readonly DestinationEffect[];
}

/** Takes a destination for `holder`, or null when it sleeps, is held, or somebody was faster. */
export async function claim(
  destinations: RecordCollection<Destination>,
  candidate: Destination,
  holder: string,
  at: Date,
): Promise<Claimed | null> {
  const step = destinationAfter(candidate, { kind: 'claimed', at, holder });
  if (!step.change) return null;
  const held = await destinations.scoped(candidate.tenant).compareAndSet(candidate, step.change);
  return held ? { hold: holdOf(destinations, held), effects: step.effects } : null;
}

function holdOf(destinations: RecordCollection<Destination>, held: Destination): Hold {
  const { tenant, name, holder, fence } = held;
  const scoped = destinations.scoped(tenant);
  let current = held;
  let noticed = false;

  async function changeTo(eventNow: () => DestinationEvent): Promise<boolean> {
    for (;;) {
      const { change } = destinationAfter(current, eventNow());
      if (!change) return true;
      const changed = await scoped.compareAndSet(current, change);
      if (changed) {
        current = changed;
        return true;
      }
      const fresh = await scoped.get(current._id);
      if (!fresh || fresh.holder !== holder || fresh.fence !== fence) return false;
      current = fresh;
      noticed = true;
    }
  }

  return {
    tenant,
    name,
    state: () => current,
    beginLook: () => {
      noticed = false;
    },
    change: (event) => changeTo(() => event),
    release: async ({ wakeAt, at, unmarked = false }) => {
      await changeTo(() => {
        const wanted = noticed ? at : wakeAt;
        const closed = closedUntil(current, at);
        const later = wanted !== null && closed !== null && closed > wanted ? closed : wanted;
        return { kind: 'released', wakeAt: later, unmarked };
      });
    },
  };
}
