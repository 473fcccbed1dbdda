// How every stream stands: what it holds, how fresh it is, what waits and what was refused.
import type { StreamFact } from '../../../models/stream-fact.ts';
import type { StreamReject } from '../../../models/stream-reject.ts';
import { type StreamState, streamStateId } from '../../../models/stream-state.ts';
import type { Records } from '../../core/store.ts';
import type { Stream } from '../../core/stream.ts';

export interface StreamOverview {
  readonly name: string;
  /** `empty`: no fact yet. `waiting`: facts came in and are not counted yet. `fresh`: all are. */
  readonly state: 'empty' | 'waiting' | 'fresh';
  /** Facts counted, those replaced since included. */
  readonly facts: number;
  readonly waiting: number;
  /** Since the oldest fact that waits came in; null when none waits. */
  readonly lagMs: number | null;
  /** When the newest of the counted facts came in, and when facts were counted last. */
  readonly receivedAt: Date | null;
  readonly foldedAt: Date | null;
  readonly rejects: number;
}

export async function overviewOf(
  stores: {
    readonly facts: Records<StreamFact>;
    readonly states: Records<StreamState>;
    readonly rejects: Records<StreamReject>;
  },
  tenant: string,
  streams: Iterable<Stream>,
  now: Date,
): Promise<StreamOverview[]> {
  return Promise.all(
    [...streams].map(async ({ name }) => {
      const waits = { batch: 0, stream: name };
      const [state, waiting, oldest, rejects] = await Promise.all([
        stores.states.get(streamStateId(tenant, name)),
        stores.facts.count(waits),
        stores.facts.find({ where: waits, sort: [['receivedAt', 1]], limit: 1 }),
        stores.rejects.count({ status: 'open', stream: name }),
      ]);
      const facts = state?.folded ?? 0;
      return {
        name,
        state: waiting > 0 ? 'waiting' : facts > 0 ? 'fresh' : 'empty',
        facts,
        waiting,
        lagMs: oldest[0] ? Math.max(0, now.getTime() - oldest[0].receivedAt.getTime()) : null,
        receivedAt: state?.receivedAt ?? null,
        foldedAt: state?.foldedAt ?? null,
        rejects,
      } as const;
    }),
  );
}
