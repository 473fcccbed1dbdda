// Live cards in the store: the relay says which revision is wanted, the deliverer marks which one is shown.
import type { Card } from '../../models/card.ts';
import { derivedId } from '../core/ids.ts';
import type { OutboxContent } from '../core/outbox-item.ts';
import type { Body, RecordCollection, Records } from '../core/store.ts';
import { type CardEvent, type CardStep, cardAfter } from './card-state.ts';
import { changeRecord } from './change-record.ts';
import { schemeOf } from './destination-state.ts';

type CardContent = OutboxContent & { readonly kind: 'card' };

/** The id that the card of this key at this destination always has. */
export function cardId(tenant: string, destination: string, key: string): string {
  return derivedId('crd', tenant, destination, key);
}

/** Records that this revision is wanted, unless a newer one is; an older one that nobody saw is forgotten. */
export async function wantCard(
  cards: RecordCollection<Card>,
  tenant: string,
  content: CardContent,
  times: { readonly at: Date; readonly now: Date },
): Promise<void> {
  const { destination, key, revision, reply, onlyEdits: edits } = content;
  const scoped = cards.scoped(tenant);
  const id = cardId(tenant, destination, key);
  const { inserted } = await scoped.insertOnce(id, newCard(content, times));
  if (inserted) return;
  const event: CardEvent = { kind: 'wanted', revision, reply, onlyEdits: edits === true, ...times };
  await changeRecord(scoped, id, (card) => cardAfter(card, event).change);
}

/**
 * Marks what became of showing `card`. The relay may have changed it meanwhile, which is no obstacle; but once
 * anybody has marked this showing, the mark of a holder that was given up for dead changes nothing.
 */
export async function markCard(cards: Records<Card>, card: Card, event: CardEvent): Promise<CardStep> {
  let applied: CardStep = { change: null, effects: [] };
  await changeRecord(cards, card._id, (current) => {
    applied = current.marks === card.marks ? cardAfter(current, event) : { change: null, effects: [] };
    return applied.change;
  });
  return applied;
}

function newCard(
  { destination, key, revision, reply, onlyEdits }: CardContent,
  { at, now }: { readonly at: Date; readonly now: Date },
): Body<Card> {
  return {
    destination,
    scheme: schemeOf(destination),
    key,
    revision,
    reply,
    onlyEdits: onlyEdits === true,
    since: at,
    status: 'waiting',
    shownRevision: 0,
    messageId: null,
    attempts: 0,
    dueAt: at < now ? at : now,
    ambiguities: 0,
    marks: 0,
    unsettledUntil: null,
    problem: null,
    shownAt: null,
    diedAt: null,
    replayKey: null,
  };
}
