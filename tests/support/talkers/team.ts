// Who is on the team of a scene: people as the product keeps them, their accounts joined with proof from both sides.
import { people } from '../../../models/person.ts';
import type { Store } from '../../../models/store.ts';
import type { Actor, Principal } from '../../../src/core/actor.ts';
import type { Language } from '../../../src/core/context.ts';
import type { Role } from '../../../src/core/permissions.ts';
import { traceOf } from '../../../src/core/trace.ts';
import type { Identities } from '../../../src/features/people/identities.ts';
import { testCtx } from '../context.ts';

const ZONE = 'Asia/Kolkata';

/** Puts somebody on the team, who reads the language given. */
export async function hireInto(
  store: Store,
  name: string,
  role: Role,
  language: Language = 'en',
): Promise<Principal> {
  const actor: Actor = { kind: 'person', id: `usr_${name.toLowerCase()}`, name, role };
  const body = { name, role, status: 'active' as const, nameKey: name.toLowerCase(), invitedBy: 'system' };
  const trace = traceOf(testCtx(), { target: actor.id });
  await store
    .facts(people)
    .scoped('default')
    .insertOnce(actor.id, { ...body, zone: ZONE, language }, trace);
  return { tenant: 'default', actor, zone: ZONE, language };
}

/** Takes somebody off the team; their accounts stay joined. */
export async function removeFrom(store: Store, { actor }: Principal): Promise<void> {
  const facts = store.facts(people).scoped('default');
  const person = await facts.get(actor.id);
  if (!person) throw new Error(`${actor.name} is not on the team`);
  await facts.compareAndSet(person, { status: 'removed' }, traceOf(testCtx(), { target: actor.id }));
}

export async function joinAccount(
  identities: Pick<Identities, 'principalOf' | 'offer' | 'join'>,
  now: Date,
  account: { readonly platform: string; readonly account: string; readonly name: string },
  person: Principal,
): Promise<void> {
  const stranger = await identities.principalOf({ tenant: 'default', ...account });
  const { code } = await identities.offer(testCtx({ actor: stranger.actor, now }));
  await identities.join(testCtx({ actor: person.actor, now }), code, true);
}
