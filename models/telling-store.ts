// A store that tells where a write has left something to be delivered, so that nobody has to go and look everywhere.
import type { Fact, FactCollection } from '../src/core/store.ts';
import type { Store } from './store.ts';

/** @param left called with the collection's name once such a write is done. */
export function tellingStore(store: Store, left: (collection: string) => void): Store {
  return {
    records: (definition) => store.records(definition),
    facts: (definition) => telling(store.facts(definition), left),
  };
}

function telling<T extends Fact>(
  facts: FactCollection<T>,
  left: (collection: string) => void,
): FactCollection<T> {
  return {
    ...facts,
    scoped(tenant) {
      const own = facts.scoped(tenant);
      return {
        ...own,
        async insertOnce(id, body, trace) {
          const outcome = await own.insertOnce(id, body, trace);
          if (outcome.inserted && trace.items.length > 0) left(facts.name);
          return outcome;
        },
        async compareAndSet(current, change, trace) {
          const changed = await own.compareAndSet(current, change, trace);
          if (changed && trace.items.length > 0) left(facts.name);
          return changed;
        },
      };
    },
  };
}
