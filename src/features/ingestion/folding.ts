// Finds the streams in which facts wait and folds them: a round for the loop, the sweep and tests.
import { type FoldOptions, foldStream, releaseLease } from './fold.ts';
import type { Streams } from './streams.ts';

export interface Folding {
  /** Folds what waits now, in every tenant's streams that no other worker folds; how many facts it were. */
  round(): Promise<number>;
  /** Folds until nothing waits that this worker may fold. */
  drain(): Promise<void>;
  /** When the oldest fact that waits came in; null when none does. */
  oldestWaiting(): Promise<Date | null>;
  /** Hands back the leases of this worker. */
  release(): Promise<void>;
}

const TENANTS_AT_ONCE = 200;

export function createFolding(options: FoldOptions, streams: Streams): Folding {
  const held = new Map<string, readonly [tenant: string, stream: string]>();
  const waiting = options.stores.facts.acrossTenants('fold');

  async function round(): Promise<number> {
    const any = await waiting.find({ where: { batch: 0 }, limit: 1 });
    if (any.length === 0) return 0;
    let folded = 0;
    for (const stream of streams.values()) {
      const found = await waiting.find({ where: { batch: 0, stream: stream.name }, limit: TENANTS_AT_ONCE });
      for (const tenant of new Set(found.map((fact) => fact.tenant))) {
        held.set(`${tenant}:${stream.name}`, [tenant, stream.name]);
        folded += await foldStream(options, tenant, stream);
      }
    }
    return folded;
  }

  return {
    round,
    drain: async () => {
      while ((await round()) > 0);
    },
    oldestWaiting: async () => {
      const found = await waiting.find({ where: { batch: 0 }, sort: [['receivedAt', 1]], limit: 1 });
      return found[0]?.receivedAt ?? null;
    },
    release: async () => {
      for (const [tenant, stream] of held.values()) await releaseLease(options, tenant, stream);
      held.clear();
    },
  };
}
