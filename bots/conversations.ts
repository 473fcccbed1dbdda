// The questions a person is being asked in a room: one argument at a time, each answer judged, each update counted once.

import type { Conversation } from '../models/conversation.ts';
import { derivedId } from '../src/core/ids.ts';
import type { RecordCollection } from '../src/core/store.ts';
import type { Update } from './adapter.ts';

/** How long a question waits for its answer. */
export const QUESTION_WAITS_MS = 15 * 60_000;

/** What a change of the conversation says; the rest is its bookkeeping. */
export type Turn = Pick<Conversation, 'operation' | 'raw' | 'field' | 'state'>;

export interface Conversations {
  /** What stands between this person and this room; null when nothing was asked in the last 15 minutes. */
  current(update: Update): Promise<Conversation | null>;
  /** Opens questions about a verb in place of whatever was open. */
  begin(update: Update, operation: string, raw: Turn['raw'], field: string): Promise<Conversation>;
  /** Moves the conversation on; null when another update was faster, and `current` must be asked again. */
  turn(update: Update, from: Conversation, to: Turn): Promise<Conversation | null>;
}

export function createConversations(collection: RecordCollection<Conversation>): Conversations {
  const idOf = ({ principal, room, place }: Update): string =>
    derivedId('cnv', principal.tenant, principal.actor.id, room, ...(place?.thread ? [place.thread] : []));

  async function current(update: Update): Promise<Conversation | null> {
    const found = await collection.scoped(update.principal.tenant).get(idOf(update));
    if (!found || found.lastUpdate === update.id) return found;
    return found.state === 'asking' && found.expiresAt > update.receivedAt ? found : null;
  }

  async function begin(
    update: Update,
    operation: string,
    raw: Turn['raw'],
    field: string,
  ): Promise<Conversation> {
    const { principal, room } = update;
    const asked = { operation, raw, field, state: 'asking' as const, ...stampOf(update) };
    const records = collection.scoped(principal.tenant);
    for (;;) {
      const body = { person: principal.actor.id, room, ...asked };
      const { record, inserted } = await records.insertOnce(idOf(update), body);
      if (inserted || (record.lastUpdate === update.id && record.state === 'asking')) return record;
      const changed = await records.compareAndSet(record, asked);
      if (changed) return changed;
    }
  }

  return {
    current,
    begin,
    turn: (update, from, to) =>
      collection.scoped(update.principal.tenant).compareAndSet(from, { ...to, ...stampOf(update) }),
  };
}

function stampOf(update: Update): Pick<Conversation, 'lastUpdate' | 'expiresAt'> {
  return { lastUpdate: update.id, expiresAt: new Date(update.receivedAt.getTime() + QUESTION_WAITS_MS) };
}
