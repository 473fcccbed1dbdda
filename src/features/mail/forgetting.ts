// Empties mails whose time is over: their words go, and the row stays with whom it went to and how far it came.
import type { EmailLog } from '../../../models/email-log.ts';
import { systemActor } from '../../core/actor.ts';
import type { Clock } from '../../core/clock.ts';
import type { FactCollection } from '../../core/store.ts';

const ROWS_AT_ONCE = 50;

/** What stands where the words stood. Headers go too: the way out of marketing names its reader. */
const emptied = { subject: '', text: '', html: '', headers: {} } as const;

export interface Forgetting {
  /** Empties one load of mails that were written longer ago than they are kept; how many. Running it again is safe. */
  forget(): Promise<number>;
}

export function createForgetting(parts: {
  readonly logs: FactCollection<EmailLog>;
  readonly clock: Clock;
  /** For how long words are kept from when they were written. */
  readonly keptMs: number;
}): Forgetting {
  const { logs, clock, keptMs } = parts;
  return {
    forget: async () => {
      const at = clock.now();
      const old = await logs.acrossTenants('sweep').find({
        where: { emptiedAt: null, createdAt: { lte: new Date(at.getTime() - keptMs) } },
        sort: [['createdAt', 1]],
        limit: ROWS_AT_ONCE,
      });
      let done = 0;
      for (const row of old) {
        const effectKey = `forgotten:${row._id}`;
        const history = { effectKey, at, by: systemActor.id, operation: 'mail.forget' };
        const change = { ...emptied, emptiedAt: at };
        if (await logs.scoped(row.tenant).compareAndSet(row, change, { history, items: [] })) done += 1;
      }
      return done;
    },
  };
}
