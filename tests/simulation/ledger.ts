// An account of what was accepted, kept beside the store: the judge of a simulation believes nothing else.
import type { Store } from '../../models/store.ts';
import type { OutboxContent } from '../../src/core/outbox-item.ts';
import type { Fact } from '../../src/core/store.ts';
import type { Trace } from '../../src/core/trace.ts';

export interface AcceptedItem {
  /** `<fact>:<version>:<n>`. */
  readonly id: string;
  readonly fact: string;
  /** Position among the items of its fact. */
  readonly position: number;
  readonly content: OutboxContent;
  /** When its fact was written, as the writer's clock had it. */
  readonly at: Date;
  /** When its fact was written, in true time. */
  readonly writtenMs: number;
}

export interface Ledger {
  readonly items: Map<string, AcceptedItem>;
  /** When the relay first brought a row into the outbox, in true time. */
  readonly relayedMs: Map<string, number>;
  readonly effects: Map<string, number>;
}

export const createLedger = (): Ledger => ({ items: new Map(), relayedMs: new Map(), effects: new Map() });

/**
 * The same store, with what it accepts of these collections of facts entered in the ledger at that instant; effects
 * are counted in the first one.
 */
export function witnessed(
  store: Store,
  factNames: readonly string[],
  ledger: Ledger,
  nowMs: () => number,
): Store {
  const enter = (name: string, record: Fact, trace: Trace): void => {
    const { effectKey, at } = trace.history;
    if (name === factNames[0]) ledger.effects.set(effectKey, (ledger.effects.get(effectKey) ?? 0) + 1);
    for (const [n, content] of trace.items.entries()) {
      const id = `${record._id}:${record.version}:${n}`;
      const position = record.version * 1_000 + n;
      ledger.items.set(id, { id, fact: record._id, position, content, at, writtenMs: nowMs() });
    }
  };
  return {
    facts: (definition) => {
      const collection = store.facts(definition);
      if (!factNames.includes(definition.name)) return collection;
      return {
        ...collection,
        scoped: (tenant) => {
          const inner = collection.scoped(tenant);
          const facts: typeof inner = {
            ...inner,
            insertOnce: async (id, body, trace) => {
              const outcome = await inner.insertOnce(id, body, trace);
              if (outcome.inserted) enter(definition.name, outcome.record, trace);
              return outcome;
            },
            compareAndSet: async (current, change, trace) => {
              const changed = await inner.compareAndSet(current, change, trace);
              if (changed) enter(definition.name, changed, trace);
              return changed;
            },
          };
          return facts;
        },
      };
    },
    records: (definition) => {
      const collection = store.records(definition);
      if (definition.name !== 'outbox') return collection;
      return {
        ...collection,
        scoped: (tenant) => {
          const inner = collection.scoped(tenant);
          return {
            ...inner,
            insertMany: async (rows) => {
              const count = await inner.insertMany(rows);
              for (const { id } of rows) if (!ledger.relayedMs.has(id)) ledger.relayedMs.set(id, nowMs());
              return count;
            },
          };
        },
      };
    },
  };
}
