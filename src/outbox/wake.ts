// Makes sure that somebody looks at a destination soon.
import type { Destination } from '../../models/destination.ts';
import { derivedId } from '../core/ids.ts';
import type { RecordCollection } from '../core/store.ts';
import { changeRecord } from './change-record.ts';
import { destinationAfter, newDestination } from './destination-state.ts';

/** The id that the row of this destination always has. */
export function destinationId(tenant: string, name: string): string {
  return derivedId('dst', tenant, name);
}

/**
 * Wakes a destination, which need not be known yet. Always a write, also when it is awake: a holder that saw no
 * row a moment ago learns from it that there is one now.
 */
export async function wake(
  destinations: RecordCollection<Destination>,
  tenant: string,
  name: string,
  at: Date,
): Promise<void> {
  const scoped = destinations.scoped(tenant);
  const id = destinationId(tenant, name);
  const woken = () =>
    changeRecord(scoped, id, (state) => destinationAfter(state, { kind: 'woken', at }).change);
  if (await woken()) return;
  const { inserted } = await scoped.insertOnce(id, newDestination(name, at));
  if (!inserted) await woken();
}

/** The same for many, at the cost of two: those that somebody changes meanwhile are woken one by one. */
export async function wakeAll(
  destinations: RecordCollection<Destination>,
  tenant: string,
  names: readonly string[],
  at: Date,
): Promise<void> {
  const scoped = destinations.scoped(tenant);
  const ids = names.map((name) => destinationId(tenant, name));
  const known = await scoped.find({ where: { _id: { in: ids } }, limit: ids.length });
  const changes = known.flatMap((current) => {
    const { change } = destinationAfter(current, { kind: 'woken', at });
    return change ? [{ current, change }] : [];
  });
  const woken = changes.length > 0 ? await scoped.compareAndSetMany(changes) : 0;
  const left = woken === names.length ? [] : woken === changes.length ? unknownOf(known, names) : names;
  await Promise.all(left.map((name) => wake(destinations, tenant, name, at)));
}

function unknownOf(known: readonly Destination[], names: readonly string[]): readonly string[] {
  const found = new Set(known.map(({ name }) => name));
  return names.filter((name) => !found.has(name));
}
