// A lease over all processes: one holder at a time, renewed while it works, free soon after it is gone.
import type { Lease } from '../models/lease.ts';
import type { Clock } from '../src/core/clock.ts';
import { derivedId } from '../src/core/ids.ts';
import type { RecordCollection } from '../src/core/store.ts';

/** How long a holder that is gone without a word keeps others waiting. */
export const LEASE_MS = 15_000;

export interface LeaseHandle {
  /** Takes the lease, or holds it for longer; false when another process has it. */
  hold(): Promise<boolean>;
  /** Hands it back, so that another may take it at once. */
  release(): Promise<void>;
}

/** @param name what is leased, such as `telegram:7000000001`. @param holder names this process. */
export function createLease(options: {
  readonly leases: RecordCollection<Lease>;
  readonly tenant: string;
  readonly name: string;
  readonly holder: string;
  readonly clock: Clock;
}): LeaseHandle {
  const { tenant, name, holder, clock } = options;
  const records = options.leases.scoped(tenant);
  const id = derivedId('lse', tenant, name);

  async function hold(): Promise<boolean> {
    const now = clock.now();
    const until = new Date(now.getTime() + LEASE_MS);
    const { record, inserted } = await records.insertOnce(id, { name, holder, until });
    if (inserted) return true;
    const isFree = record.holder === null || record.holder === holder || record.until <= now;
    return isFree && (await records.compareAndSet(record, { holder, until })) !== null;
  }

  async function release(): Promise<void> {
    const record = await records.get(id);
    if (record?.holder === holder) await records.compareAndSet(record, { holder: null });
  }

  return { hold, release };
}
