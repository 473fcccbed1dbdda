// What is still worth saying: after an outage only what is still true goes out, and news stands under its card.
import type { Card } from '../../models/card.ts';
import type { RecordCollection } from '../core/store.ts';
import { cardId } from './cards.ts';
import type { Entry } from './order.ts';

/** The card that a message stands under; the card goes first, for it was written first. */
export async function cardUnder(
  cards: RecordCollection<Card>,
  { kind, record }: Entry,
): Promise<Card | null> {
  if (kind !== 'row' || record.body.kind !== 'reply') return null;
  const key = record.body.place?.underCard;
  if (key === undefined) return null;
  const { tenant, destination } = record;
  return await cards.scoped(tenant).get(cardId(tenant, destination, key));
}

/** Whether an entry is no news any more: its time is over, or it tells the end of what nobody there ever saw. */
export function isStale({ kind, record }: Entry, under: Card | null, now: Date): boolean {
  if (kind === 'card') return isUnseenEnd(record);
  const { body } = record;
  if (body.kind !== 'reply') return false;
  const isLate = body.freshUntil !== undefined && body.freshUntil <= now;
  return isLate || (under !== null && isUnseenEnd(under));
}

const isUnseenEnd = ({ onlyEdits, messageId, ambiguities }: Card): boolean =>
  onlyEdits && messageId === null && ambiguities === 0;
