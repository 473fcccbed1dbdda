// A store as a process sees it that dies at its n-th write or send, and touches nothing from then on.
import type { Store } from '../../../models/store.ts';
import type { Channel } from '../../../src/core/channel.ts';
import { Killed, type Life } from '../killed-store.ts';

const READS: ReadonlySet<PropertyKey> = new Set(['get', 'find', 'count', 'due']);

/** Writes are the steps of a life; the dead read nothing either. */
export function mortalStore(life: Life, store: Store): Store {
  const mortal = <C extends object>(collection: C): C =>
    through(collection, (name, result) =>
      name === 'scoped' || name === 'acrossTenants' ? through(result as object, byStep(life)) : result,
    );
  return {
    facts: (definition) => {
      const facts = mortal(store.facts(definition));
      return withPending(facts, through(facts.pending, byStep(life)));
    },
    records: (definition) => mortal(store.records(definition)),
  };
}

/** What goes out to the platform is a step like any write: the life may end before it or after it. */
export function mortalChannel(life: Life, channel: Channel): Channel {
  const { showCard } = channel;
  return {
    ...channel,
    send: (message) => life.step(() => channel.send(message)),
    ...(showCard && { showCard: (...card) => life.step(() => showCard(...card)) }),
  };
}

type Wrapped = (name: PropertyKey, result: unknown) => unknown;

/** The same object; what its methods are, and give, is wrapped. */
function through<T extends object>(target: T, wrapped: Wrapped | ReturnType<typeof byStep>): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const call = (): unknown => Reflect.apply(value, object, args);
        return 'steps' in wrapped ? wrapped.steps(name, call) : wrapped(name, call());
      };
    },
  });
}

function byStep(life: Life) {
  return {
    steps: async (name: PropertyKey, call: () => unknown): Promise<unknown> => {
      if (!READS.has(name)) return life.step(async () => call());
      if (life.calls >= life.at) throw new Killed();
      return call();
    },
  };
}

function withPending<C extends object, P>(collection: C, pending: P): C {
  return new Proxy(collection, {
    get: (object, name) => (name === 'pending' ? pending : Reflect.get(object, name)),
  });
}
