// Which rooms belong to the tenant, by the operator's word or an admin's: answered openly, and told what happens.
import type { ChatRoom } from '../../../models/chat-room.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { FactCollection } from '../../core/store.ts';
import { DEFAULT_TENANT } from '../../core/tenant.ts';
import { traceOf } from '../../core/trace.ts';

const MOST_ROOMS = 200;

export interface Rooms {
  /** Whether the tenant's business may be read in this room, such as `slack:T1/C1`. */
  isBound(tenant: string, room: string): Promise<boolean>;
  /** Where the tenant's announcements go: the given rooms first, then those that were bound. */
  announced(tenant: string): Promise<readonly string[]>;
  /** @throws AppError `record.conflict` where the room is another tenant's. */
  bind(ctx: Ctx, room: string): Promise<ChatRoom>;
  unbind(ctx: Ctx, room: string): Promise<ChatRoom>;
  list(ctx: Ctx): Promise<readonly ChatRoom[]>;
}

/** @param given rooms that a tenant has without binding them, such as those of the operator's environment. */
export function createRooms(options: {
  readonly rooms: FactCollection<ChatRoom>;
  readonly given: (tenant: string) => readonly string[];
}): Rooms {
  const { rooms, given } = options;
  const idOf = (tenant: string, room: string): string => derivedId('rom', tenant, room);

  async function assertFree(tenant: string, room: string): Promise<void> {
    const isOperators = tenant !== DEFAULT_TENANT && given(DEFAULT_TENANT).includes(room);
    const bound = await rooms.acrossTenants('rooms').find({ where: { room, status: 'bound' }, limit: 2 });
    if (!isOperators && bound.every((one) => one.tenant === tenant)) return;
    throw new AppError('record.conflict', `“${room}” belongs to another team; a room has one team alone.`, {
      inHindi: `“${room}” किसी और टीम का है; एक कमरा एक ही टीम का होता है।`,
    });
  }

  async function move(ctx: Ctx, room: string, status: ChatRoom['status']): Promise<ChatRoom> {
    const id = idOf(ctx.tenant, room);
    const stamp = { status, boundBy: ctx.actor.id, boundAt: ctx.now };
    const trace = traceOf(ctx, { target: id, after: { room, status } });
    const { record, inserted } = await rooms.scoped(ctx.tenant).insertOnce(id, { room, ...stamp }, trace);
    if (inserted) return record;
    const changed = await changeOnce(rooms.scoped(ctx.tenant), id, ctx.effectKey, (current) =>
      current.status === status ? null : { change: stamp, trace },
    );
    return changed.record;
  }

  return {
    isBound: async (tenant, room) =>
      given(tenant).includes(room) ||
      (await rooms.scoped(tenant).get(idOf(tenant, room)))?.status === 'bound',
    announced: async (tenant) => {
      const bound = await rooms
        .scoped(tenant)
        .find({ where: { status: 'bound' }, sort: [['room', 1]], limit: MOST_ROOMS });
      return [...new Set([...given(tenant), ...bound.map(({ room }) => room)])];
    },
    bind: async (ctx, room) => {
      await assertFree(ctx.tenant, room);
      return await move(ctx, room, 'bound');
    },
    unbind: (ctx, room) => move(ctx, room, 'unbound'),
    list: ({ tenant }) =>
      rooms.scoped(tenant).find({ where: { status: 'bound' }, sort: [['room', 1]], limit: MOST_ROOMS }),
  };
}
