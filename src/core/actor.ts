// Who acts, and through which door.
import { holds, type Permission, permissions, type Role } from './permissions.ts';

/** `person`: a member of the team. `service`: an API token of its own. `cli`: the operator at the machine. `system`: the protocol itself. `stranger`: a chat account that nobody has linked to a person. */
export const actorKinds = ['person', 'service', 'cli', 'system', 'stranger'] as const;
export type ActorKind = (typeof actorKinds)[number];

export interface Actor {
  readonly kind: ActorKind;
  /** `usr_…`, `tok_…`, `cli:<os user>`, `system`, or the account of a stranger such as `slack:T1/U1`. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Whether this actor may do what the permission allows: by role, and as a person where only people decide. */
export function mayDo(actor: Pick<Actor, 'kind' | 'role'>, permission: Permission): boolean {
  const { forPeopleAlone, strangersToo } = permissions[permission];
  if (actor.kind === 'stranger') return strangersToo === true;
  const isBarred = actor.kind === 'service' && forPeopleAlone === true;
  return holds(actor.role, permission) && !isBarred;
}

export const doors = ['console', 'page', 'http', 'cli', 'telegram', 'slack', 'webhook', 'job'] as const;
export type Door = (typeof doors)[number];

/** The protocol acting by itself: it may do what policy lets it do. */
export const systemActor: Actor = { kind: 'system', id: 'system', name: 'Wardroom', role: 'owner' };

/** Somebody who was recognised at a door: who they are, whose tenant, and how they read. */
export interface Principal {
  readonly tenant: string;
  readonly actor: Actor;
  /** IANA time zone. */
  readonly zone: string;
  readonly language: 'en' | 'hi';
}
