// People on the team of a store, for tests that need them to be somebody there.
import { people } from '../../models/person.ts';
import type { Store } from '../../models/store.ts';
import type { Actor } from '../../src/core/actor.ts';
import { traceOf } from '../../src/core/trace.ts';
import { testCtx } from './context.ts';

type Member = Pick<Actor, 'id' | 'name' | 'role'>;

/** Puts these people on the team, or gives them another role or standing. */
export async function setMember(
  store: Store,
  { id, name, role }: Member,
  status: 'active' | 'removed' = 'active',
  tenant = 'default',
): Promise<void> {
  const facts = store.facts(people).scoped(tenant);
  const body = { name, role, status, nameKey: name.toLowerCase(), zone: 'Asia/Kolkata', invitedBy: 'system' };
  const trace = traceOf(testCtx({ tenant }), { target: id });
  const { record, inserted } = await facts.insertOnce(id, { ...body, language: 'en' }, trace);
  if (!inserted) await facts.compareAndSet(record, { role, status }, trace);
}

export async function addMembers(store: Store, ...members: readonly Member[]): Promise<void> {
  for (const member of members) await setMember(store, member);
}
