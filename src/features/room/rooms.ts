// Which rooms of chat platforms belong to the tenant: bound by the operator or an admin, answered openly only then.
import type { ChatRoom } from '../../../models/chat-room.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { derivedId } from '../../core/ids.ts';
import type { FactCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';

const MOST_ROOMS = 200;

export interface Rooms {
  /** Whether the tenant's business may be read in this room, such as `slack:T1/C1`. */
  isBound(tenant: string, room: string): Promise<boolean>;
  bind(ctx: Ctx, room: string): Promise<ChatRoom>;
  unbind(ctx: Ctx, room: string): Promise<ChatRoom>;
  list(ctx: Ctx): Promise<readonly ChatRoom[]>;
}

/** @param given rooms of the operator's environment: bound for as long as they stand there. */
export function createRooms(options: {
  readonly rooms: FactCollection<ChatRoom>;
  readonly given: readonly string[];
}): Rooms {
  const { rooms, given } = options;
  const idOf = (tenant: string, room: string): string => derivedId('rom', tenant, room);

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
      given.includes(room) || (await rooms.scoped(tenant).get(idOf(tenant, room)))?.status === 'bound',
    bind: (ctx, room) => move(ctx, room, 'bound'),
    unbind: (ctx, room) => move(ctx, room, 'unbound'),
    list: ({ tenant }) =>
      rooms.scoped(tenant).find({ where: { status: 'bound' }, sort: [['room', 1]], limit: MOST_ROOMS }),
  };
}
