// Makes one item for each place of what goes to many: events to their subscribers, announcements to the team's rooms.
import { isDeepStrictEqual } from 'node:util';
import type { Card } from '../../models/card.ts';
import { type OutboxContent, type OutboxItem, TEAM_ROOMS } from '../core/outbox-item.ts';
import { reply } from '../core/reply.ts';
import type { RecordCollection } from '../core/store.ts';
import { deliveryId } from './delivery-id.ts';
import type { Subscribers, TeamRooms } from './types.ts';

export interface SpreadParts {
  readonly cards: RecordCollection<Card>;
  readonly subscribers: Subscribers;
  readonly rooms: TeamRooms;
}

type CardContent = OutboxContent & { readonly kind: 'card' };

const MOST_COPIES = 1_000;

/** What a card becomes where the team is not told of anything any more: its buttons and its news are gone. */
const FAREWELL = reply('This room is not told of it any more.');

/**
 * The items, with one for each place in place of those for many, as things stand now. Each has an id made of its own
 * and the place's: relaying it again meets the rows that are there.
 */
export async function spread(
  parts: SpreadParts,
  tenant: string,
  items: readonly OutboxItem[],
): Promise<readonly OutboxItem[]> {
  const grown: OutboxItem[] = [];
  let rooms: readonly string[] | undefined;
  for (const { id, at, content } of items) {
    const to = (destination: string, body: (OutboxContent & { kind: 'send' })['body']): OutboxItem => ({
      id: deliveryId(id, destination),
      at,
      content: { kind: 'send', destination, body },
    });
    if (content.kind === 'event') {
      const { event } = content;
      const subscribers = await parts.subscribers(tenant, event);
      grown.push(...subscribers.map((destination) => to(destination, { kind: 'event', event })));
      continue;
    }
    if (content.kind === 'audit' || content.destination !== TEAM_ROOMS) {
      grown.push({ id, at, content });
      continue;
    }
    rooms ??= await parts.rooms(tenant);
    if (content.kind === 'send') grown.push(...rooms.map((room) => to(room, content.body)));
    else
      for (const copy of await copiesOf(parts.cards, tenant, content, rooms))
        grown.push({ id: deliveryId(id, copy.destination), at, content: copy });
  }
  return grown;
}

/** The card in each room, and a farewell in rooms that are none of the team's any more. */
async function copiesOf(
  cards: RecordCollection<Card>,
  tenant: string,
  content: CardContent,
  rooms: readonly string[],
): Promise<readonly CardContent[]> {
  const { key, revision } = content;
  const standing = await cards.scoped(tenant).find({ where: { key }, limit: MOST_COPIES });
  const left = standing.filter(
    ({ destination, reply: shown }) => !rooms.includes(destination) && !isDeepStrictEqual(shown, FAREWELL),
  );
  return [
    ...rooms.map((destination): CardContent => ({ ...content, destination })),
    ...left.map(
      ({ destination }): CardContent => ({
        ...{ kind: 'card', destination, key, revision, reply: FAREWELL, onlyEdits: true },
      }),
    ),
  ];
}
