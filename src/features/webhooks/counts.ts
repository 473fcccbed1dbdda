// Counts what the door took and refused, by source, day and reason: in memory, and added to the database now and then.
import type { WebhookCount } from '../../../models/webhook-count.ts';
import { derivedId } from '../../core/ids.ts';
import type { RecordCollection } from '../../core/store.ts';

/** `unknown` is no source at all; `no_secret` one without a secret; the others say what was wrong. */
export const refusals = [
  'unknown',
  'no_secret',
  'signature',
  'stale',
  'not_json',
  'too_large',
  'encoding',
  'shape',
  'rate_limited',
] as const;
export type Refusal = (typeof refusals)[number];
export type CountedOutcome = 'accepted' | 'repeated' | Refusal;

export interface Counted {
  readonly tenant: string;
  readonly source: string;
  readonly outcome: CountedOutcome;
  readonly at: Date;
}

export interface Counts {
  add(counted: Counted): void;
  /** Writes what was counted since; what cannot be written stays for the next time. */
  flush(): Promise<void>;
  /** Everything counted since this process began. */
  totals(): readonly Total[];
}

/** Names that anybody could make up share one label: there are never more than those the code knows and two. */
export interface Total {
  /** A source of the code, `added` for those of staff, or `unknown`. */
  readonly source: string;
  readonly outcome: CountedOutcome | Ended;
  readonly times: number;
}

/** What became of an event that was worked on. */
export type Ended = 'done' | 'failed' | 'dead';

interface Tally {
  readonly tenant: string;
  readonly source: string;
  readonly day: string;
  readonly at: Date;
  readonly counts: Map<string, number>;
}

const DAY_MS = 86_400_000;

const tallyOf = (tenant: string, source: string, at: Date): Tally => {
  const day = at.toISOString().slice(0, 10);
  return { tenant, source, day, at, counts: new Map() };
};

/**
 * A refused delivery must not cost a write, or refusing would be an attack. What a process counted in its last
 * seconds is lost when it is killed; what it took is not, for the inbox itself is counted where it matters.
 */
export function createCounts(
  counts: RecordCollection<WebhookCount>,
  known: ReadonlySet<string>,
): Counts & { ended(source: string, outcome: Ended): void } {
  let tallies = new Map<string, Tally>();
  const totals = new Map<string, { source: string; outcome: Total['outcome']; times: number }>();

  function total(source: string, outcome: Total['outcome']): void {
    const label = source === 'unknown' || known.has(source) ? source : 'added';
    const key = `${label} ${outcome}`;
    const sum = totals.get(key) ?? { source: label, outcome, times: 0 };
    sum.times += 1;
    totals.set(key, sum);
  }

  function add({ tenant, source, outcome, at }: Counted, times = 1): void {
    const key = `${tenant}\n${source}\n${Math.floor(at.getTime() / DAY_MS)}`;
    const tally = tallies.get(key) ?? tallyOf(tenant, source, at);
    tally.counts.set(outcome, (tally.counts.get(outcome) ?? 0) + times);
    tallies.set(key, tally);
  }

  async function write(tally: Tally): Promise<void> {
    const { tenant, source, day, at } = tally;
    const id = derivedId('whc', tenant, source, day);
    const records = counts.scoped(tenant);
    const first = { source, day, at, counts: Object.fromEntries(tally.counts) };
    const { record, inserted } = await records.insertOnce(id, first);
    if (inserted) return;
    let current: WebhookCount | null = record;
    while (current) {
      const sums = new Map(Object.entries(current.counts));
      for (const [outcome, times] of tally.counts) sums.set(outcome, (sums.get(outcome) ?? 0) + times);
      if (await records.compareAndSet(current, { counts: Object.fromEntries(sums) })) return;
      current = await records.get(id);
    }
  }

  async function flush(): Promise<void> {
    const taken = [...tallies];
    tallies = new Map();
    for (const [index, [, tally]] of taken.entries()) {
      try {
        await write(tally);
      } catch (error) {
        for (const [, left] of taken.slice(index))
          for (const [outcome, times] of left.counts)
            add({ ...left, outcome: outcome as CountedOutcome }, times);
        throw error;
      }
    }
  }

  return {
    add: (counted) => {
      add(counted);
      total(counted.source, counted.outcome);
    },
    flush,
    totals: () => [...totals.values()],
    ended: total,
  };
}
