// The collection of chat rooms: which rooms of chat platforms belong to the tenant, to be answered openly and told.
import type { Fact } from '../src/core/store.ts';
import { defineFacts } from './define.ts';

export const chatRoomStatuses = ['bound', 'unbound'] as const;

export interface ChatRoom extends Fact {
  /** The destination, such as `slack:T1/C1`. */
  readonly room: string;
  readonly status: (typeof chatRoomStatuses)[number];
  readonly boundBy: string;
  readonly boundAt: Date;
}

export const chatRooms = defineFacts<ChatRoom>({
  name: 'chat_rooms',
  fields: {
    room: { type: String, required: true, maxlength: 200 },
    status: { type: String, required: true, enum: chatRoomStatuses },
    boundBy: { type: String, required: true },
    boundAt: { type: Date, required: true },
  },
  indexes: [
    { keys: { room: 1 }, unique: true },
    { keys: { room: 1, status: 1 }, acrossTenants: true },
  ],
  about: {
    holds: 'a room of a chat platform that belongs to the tenant',
    writer: 'features/room',
    retention: 'kept for good: one small row for each room',
  },
});
