// What really happened to requests, prices and the team, seen beneath every fault: the judge believes nothing else.
import { type Approval, approvals } from '../../models/approval.ts';
import { type Person, people } from '../../models/person.ts';
import type { Store } from '../../models/store.ts';
import type { OutboxContent } from '../../src/core/outbox-item.ts';
import { holds } from '../../src/core/permissions.ts';
import type { Fact } from '../../src/core/store.ts';
import type { Trace } from '../../src/core/trace.ts';
import { type Price, prices } from '../approvals/approval-world.ts';

export interface Told {
  readonly approval: string;
  readonly version: number;
  readonly content: OutboxContent;
}

/** A span of true time in which something was so. */
interface Since<T> {
  readonly atMs: number;
  readonly value: T;
}

export interface Witness {
  /** Each write that began an execution, with the request as it was then, in true time. */
  readonly begun: { readonly atMs: number; readonly approval: Approval }[];
  /** Cards, messages and events, as they were accepted. */
  readonly told: Told[];
  /** How often each effect was written on a price. */
  readonly effects: Map<string, number>;
  /** Every price a request moved away from what it was asked at. */
  readonly strayed: string[];
  /** Whether somebody could vote, from when on. */
  readonly able: Map<string, Since<boolean>[]>;
  readonly paise: Map<string, Since<number>[]>;
}

export const createWitness = (): Witness => ({
  begun: [],
  told: [],
  effects: new Map(),
  strayed: [],
  able: new Map(),
  paise: new Map(),
});

/** Whether it was so at any instant of that span. */
export function wasSo<T>(
  history: readonly Since<T>[],
  fromMs: number,
  toMs: number,
  isSo: (value: T) => boolean,
): boolean {
  return history.some(({ atMs, value }, n) => {
    const untilMs = history[n + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    return atMs <= toMs && untilMs >= fromMs && isSo(value);
  });
}

/** The same store, with what it accepts entered in the witness at that instant. */
export function watched(store: Store, witness: Witness, nowMs: () => number): Store {
  const since = <T>(all: Map<string, Since<T>[]>, id: string, value: T): void => {
    all.set(id, [...(all.get(id) ?? []), { atMs: nowMs(), value }]);
  };

  function enter(name: string, before: Fact | null, after: Fact, trace: Trace): void {
    if (name === people.name) {
      const { _id, status, role } = after as Person;
      since(witness.able, _id, status === 'active' && holds(role, 'experiment.approve'));
    }
    if (name === prices.name) {
      const { effectKey } = trace.history;
      witness.effects.set(effectKey, (witness.effects.get(effectKey) ?? 0) + 1);
      since(witness.paise, after._id, (after as Price).paise);
    }
    if (name === approvals.name) enterRequest(before as Approval | null, after as Approval, trace);
  }

  function enterRequest(before: Approval | null, after: Approval, trace: Trace): void {
    if (after.state === 'executing' && before?.state !== 'executing')
      witness.begun.push({ atMs: nowMs(), approval: after });
    for (const content of trace.items)
      witness.told.push({ approval: after._id, version: after.version, content });
  }

  return {
    records: (definition) => store.records(definition),
    facts: (definition) => {
      const collection = store.facts(definition);
      return {
        ...collection,
        scoped: (tenant) => {
          const inner = collection.scoped(tenant);
          const facts: typeof inner = {
            ...inner,
            insertOnce: async (id, body, trace) => {
              const outcome = await inner.insertOnce(id, body, trace);
              if (outcome.inserted) enter(definition.name, null, outcome.record, trace);
              return outcome;
            },
            compareAndSet: async (current, change, trace) => {
              const changed = await inner.compareAndSet(current, change, trace);
              if (changed) enter(definition.name, current, changed, trace);
              return changed;
            },
          };
          return facts;
        },
      };
    },
  };
}
