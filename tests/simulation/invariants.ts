// What must hold at the end of every simulated run, whatever went wrong in it.
import type { Card } from '../../models/card.ts';
import type { ChatUpdate } from '../../models/chat-inbox.ts';
import type { Destination } from '../../models/destination.ts';
import type { OutboxRow } from '../../models/outbox-row.ts';
import type { AcceptedItem, Ledger } from './ledger.ts';
import type { Platform } from './platforms.ts';

export interface EndState {
  readonly ledger: Ledger;
  readonly platforms: readonly Platform[];
  readonly rows: ReadonlyMap<string, OutboxRow>;
  readonly updates: readonly ChatUpdate[];
  /** Things that were said and answered, and that were never answered. */
  readonly answered: number;
  readonly unanswered: number;
  readonly cards: readonly Card[];
  readonly destinations: readonly Destination[];
  readonly auditIds: readonly string[];
  /** Items still in the documents of their facts. */
  readonly unrelayed: number;
  /** True when every clock told the truth. */
  readonly clocksAgreed: boolean;
}

/** Every broken promise, in words; none when all hold. */
export function violationsOf(end: EndState): string[] {
  return [
    ...effectsOnce(end),
    ...allDelivered(end),
    ...duplicatesCounted(end),
    ...inOrder(end),
    ...auditedOnce(end),
    ...cardsAtNewest(end),
    ...allAnswered(end),
    ...atRest(end),
  ];
}

/** The item an arrival belongs to; a mutant may have put something behind its id. */
const itemOf = (id: string): string => id.replace(/#.*$/, '');

function effectsOnce({ ledger }: EndState): string[] {
  return [...ledger.effects]
    .filter(([, times]) => times !== 1)
    .map(([effectKey, times]) => `effect ${effectKey} happened ${times} times`);
}

function allDelivered({ ledger, platforms, rows }: EndState): string[] {
  const arrived = new Set(platforms.flatMap(({ arrivals }) => arrivals.map(({ id }) => itemOf(id))));
  return sends(ledger).flatMap(({ id }) => {
    const row = rows.get(id);
    if (!row) return [`item ${id} never came to the outbox`];
    if (row.status === 'waiting') return [`item ${id} still waits: ${row.problem ?? 'never tried'}`];
    return row.status === 'sent' && !arrived.has(id) ? [`item ${id} is marked sent and never arrived`] : [];
  });
}

function duplicatesCounted({ platforms, rows }: EndState): string[] {
  return platforms.flatMap(({ arrivals, channel }) => {
    const counts = new Map<string, number>();
    for (const { id } of arrivals) counts.set(itemOf(id), (counts.get(itemOf(id)) ?? 0) + 1);
    return [...counts].flatMap(([id, count]) => {
      const allowed = channel.scheme === 'console' ? 0 : (rows.get(id)?.ambiguities ?? 0);
      return count - 1 > allowed ? [`item ${id} was seen ${count} times, counted ${allowed}`] : [];
    });
  });
}

function inOrder({ ledger, platforms, rows, clocksAgreed }: EndState): string[] {
  const found: string[] = [];
  for (const { arrivals, channel } of platforms) {
    if (channel.scheme === 'webhook') continue;
    const first = new Map<string, number>();
    for (const [n, { id }] of arrivals.entries()) if (!first.has(itemOf(id))) first.set(itemOf(id), n);
    const sent = sends(ledger).filter(({ id }) => first.has(id) && rows.get(id)?.status === 'sent');
    const items = sent.map((item) => ({ ...item, rankMs: rankOf(item, sent) }));
    for (const a of items)
      for (const b of items) {
        if (destinationOf(a) !== destinationOf(b) || !mustPrecede(a, b, ledger, clocksAgreed)) continue;
        if ((first.get(a.id) ?? 0) > (first.get(b.id) ?? 0)) found.push(`${b.id} was seen before ${a.id}`);
      }
  }
  return found;
}

interface RankedItem extends AcceptedItem {
  readonly rankMs: number;
}

/** An item is as early as the earliest of those behind it in its fact: a slow writer may bear an old time. */
function rankOf(item: AcceptedItem, all: readonly AcceptedItem[]): number {
  const behind = all.filter((other) => other.fact === item.fact && other.position >= item.position);
  return Math.min(...behind.map(({ at }) => at.getTime()));
}

/** In one fact always; over facts when one was in the outbox before the other was written at all. */
function mustPrecede(a: RankedItem, b: RankedItem, ledger: Ledger, clocksAgreed: boolean): boolean {
  if (a.fact === b.fact) return a.position < b.position;
  const relayedMs = ledger.relayedMs.get(a.id);
  return clocksAgreed && a.at.getTime() < b.rankMs && relayedMs !== undefined && relayedMs < b.writtenMs;
}

function auditedOnce({ ledger, auditIds }: EndState): string[] {
  const expected = [...ledger.items.values()].filter(({ content }) => content.kind === 'audit');
  const counts = new Map<string, number>();
  for (const id of auditIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  const wrong = expected.filter(({ id }) => counts.get(id) !== 1);
  const strange = auditIds.filter((id) => !ledger.items.has(id));
  return [
    ...wrong.map(({ id }) => `audit row ${id} is there ${counts.get(id) ?? 0} times`),
    ...strange.map((id) => `audit row ${id} belongs to no effect`),
  ];
}

function cardsAtNewest({ ledger, platforms, cards }: EndState): string[] {
  const found: string[] = [];
  const wanted = new Map<string, number>();
  for (const { content } of ledger.items.values()) {
    if (content.kind !== 'card') continue;
    const place = `${content.destination} ${content.key}`;
    wanted.set(place, Math.max(wanted.get(place) ?? 0, content.revision));
  }
  for (const [place, revision] of wanted) {
    const card = cards.find(({ destination, key }) => `${destination} ${key}` === place);
    if (!card) found.push(`card ${place} is not there`);
    else if (card.status !== 'dead') found.push(...cardFaults(card, revision, platforms));
  }
  return found;
}

function cardFaults(card: Card, revision: number, platforms: readonly Platform[]): string[] {
  const { key, destination, messageId, status, ambiguities } = card;
  if (status !== 'shown') return [`card ${key} ends as ${status}`];
  const messages = platforms.flatMap(({ cardMessages }) => [...cardMessages]);
  const copies = messages.filter(([, shown]) => shown.key === key && shown.destination === destination);
  const live = copies.find(([id]) => id === messageId)?.[1];
  const faults: string[] = [];
  if (live?.revision !== revision) faults.push(`card ${key} shows ${live?.revision}, newest is ${revision}`);
  if (copies.length - 1 > ambiguities)
    faults.push(`card ${key} was posted ${copies.length} times, counted ${ambiguities}`);
  return faults;
}

/** What is acknowledged is done: one row, one answer, and the effect unless the answer says that it failed. */
function allAnswered({ ledger, updates, answered, unanswered }: EndState): string[] {
  const found = updates
    .filter(({ status }) => status !== 'done')
    .map(({ _id, status }) => `update ${_id} ends as ${status}`);
  for (const { _id, reply } of updates) {
    const answers = sends(ledger).filter(({ fact }) => fact === _id).length;
    if (answers !== 1) found.push(`update ${_id} was answered ${answers} times`);
    const effects = ledger.effects.get(_id) ?? 0;
    if (effects === 0 && reply?.status === undefined)
      found.push(`update ${_id} was answered without its effect`);
  }
  if (updates.length !== answered) found.push(`${updates.length} updates of ${answered} things said`);
  return unanswered > 0 ? [...found, `${unanswered} things said have no answer`] : found;
}

function atRest({ destinations, unrelayed }: EndState): string[] {
  const busy = destinations.filter(({ holder, sending, wakeAt }) => holder || sending || wakeAt);
  return [
    ...busy.map(({ name }) => `destination ${name} is not at rest`),
    ...(unrelayed > 0 ? [`${unrelayed} items are still with their facts`] : []),
  ];
}

const sends = ({ items }: Ledger): AcceptedItem[] =>
  [...items.values()].filter(({ content }) => content.kind === 'send');

const destinationOf = ({ content }: AcceptedItem): string =>
  content.kind === 'audit' || content.kind === 'event' ? '' : content.destination;
