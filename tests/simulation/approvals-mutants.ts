// Broken versions of approvals, made by wrapping their ports: the simulation must catch each, or it has no teeth.
import type { Store } from '../../models/store.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Fact, Facts } from '../../src/core/store.ts';
import { type AlterFacts, alterFacts } from './wrap-store.ts';

export interface ApprovalMutant {
  readonly breaks: string;
  readonly store?: (store: Store) => Store;
  readonly clock?: (clock: Clock, startMs: number) => Clock;
}

const lastWins: AlterFacts = <T extends Fact>(facts: Facts<T>): Partial<Facts<T>> => ({
  compareAndSet: async (current, change, trace) => {
    const latest = await facts.get(current._id);
    return latest && (await facts.compareAndSet(latest, change, trace));
  },
});

/** Nobody remembers which effects were written already. */
const forgetful: AlterFacts = <T extends Fact>(facts: Facts<T>): Partial<Facts<T>> => ({
  get: async (id) => {
    const found = await facts.get(id);
    return found && { ...found, history: [] };
  },
});

/** What is read once is believed for good. */
const credulous = (): AlterFacts => {
  const seen = new Map<string, unknown>();
  return <T extends Fact>(facts: Facts<T>): Partial<Facts<T>> => ({
    find: async (query) => {
      const key = JSON.stringify(query);
      const known = seen.get(key) as T[] | undefined;
      const found = known ?? (await facts.find(query));
      seen.set(key, found);
      return found;
    },
  });
};

const without =
  (kind: string): AlterFacts =>
  <T extends Fact>(facts: Facts<T>): Partial<Facts<T>> => ({
    compareAndSet: (current, change, trace) =>
      facts.compareAndSet(current, change, {
        ...trace,
        items: trace.items.filter((item) => item.kind !== kind),
      }),
  });

const withoutField =
  (field: string): AlterFacts =>
  <T extends Fact>(facts: Facts<T>): Partial<Facts<T>> => ({
    compareAndSet: (current, change, trace) => {
      const kept = Object.entries(change).filter(([name]) => name !== field);
      return facts.compareAndSet(current, Object.fromEntries(kept) as typeof change, trace);
    },
  });

const requests =
  (alter: AlterFacts) =>
  (store: Store): Store =>
    alterFacts(store, 'approvals', alter);

export const approvalMutants: Readonly<Record<string, ApprovalMutant>> = {
  'approval-last-wins': {
    breaks: 'votes and executions change a request without regard to what others wrote',
    store: requests(lastWins),
  },
  'approval-forgets-effects': {
    breaks: 'an execution that was cut off is carried out again',
    store: (store) => alterFacts(store, 'test_prices', forgetful),
  },
  'approval-team-of-yesterday': {
    breaks: 'who may vote is read once and believed for good',
    store: (store) => alterFacts(store, 'people', credulous()),
  },
  'approval-stopped-clock': {
    breaks: 'time never ends a request',
    clock: (clock, startMs) => ({ ...clock, now: () => new Date(startMs) }),
  },
  'approval-silent-cards': {
    breaks: 'the cards are not edited to the outcome',
    store: requests(without('card')),
  },
  'approval-never-woken': {
    breaks: 'nothing wakes a request that was cut off',
    store: requests(withoutField('wakeAt')),
  },
  'approval-facts-of-yesterday': {
    breaks: 'what a request rests on is read once and believed for good',
    store: (store) => alterFacts(store, 'test_prices', believing()),
  },
};

/** A price that was read once never changes, but for whoever writes it. */
function believing(): AlterFacts {
  const seen = new Map<string, unknown>();
  return <T extends Fact>(facts: Facts<T>): Partial<Facts<T>> => ({
    get: async (id) => {
      const found = (seen.get(id) as T | null | undefined) ?? (await facts.get(id));
      seen.set(id, found);
      return found;
    },
    compareAndSet: async (current, change, trace) => {
      const latest = await facts.get(current._id);
      return latest && (await facts.compareAndSet(latest, change, trace));
    },
  });
}
