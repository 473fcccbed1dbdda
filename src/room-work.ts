// Help and reasons over one store: the verbs there are, and who on the team could do what somebody may not.
import { people } from '../models/person.ts';
import type { Store } from '../models/store.ts';
import type { Dispatcher } from './core/dispatcher.ts';
import { holds, type Permission, roles } from './core/permissions.ts';
import { createRoom, type Holder, type Room } from './features/room/service.ts';

const MOST_HOLDERS = 20;

/** @param dispatcher made after the verbs that it answers for. */
export function createRoomWork(store: Store, dispatcher: () => Dispatcher): Room {
  return createRoom({ verbs: () => dispatcher().verbs, holdersOf: holdersIn(store) });
}

/** Active people whose role holds the permission. */
function holdersIn(store: Store) {
  return async (tenant: string, permission: Permission): Promise<readonly Holder[]> => {
    const able = roles.filter((role) => holds(role, permission));
    const found = await store
      .facts(people)
      .scoped(tenant)
      .find({ where: { status: 'active', role: { in: able } }, sort: [['role', -1]], limit: MOST_HOLDERS });
    return found.map(({ name, role }) => ({ name, role }));
  };
}
