// In which order what waits for one destination goes out: by time of writing, and never against the order in a fact.
import type { Card } from '../../models/card.ts';
import type { OutboxRow } from '../../models/outbox-row.ts';

export type Entry =
  | { readonly kind: 'row'; readonly record: OutboxRow }
  | { readonly kind: 'card'; readonly record: Card };

/** What may go now, in order, and when to look again for the rest; null when nothing else waits. */
export interface Plan {
  readonly ready: readonly Entry[];
  readonly next: Date | null;
}

/**
 * Where order is kept, the first entry that waits for its retry holds back all behind it; where it is not, each
 * waits for itself alone. A card that settles was seen already, so it neither waits nor holds back.
 */
export function planOf(options: {
  readonly rows: readonly OutboxRow[];
  readonly cards: readonly Card[];
  readonly ordered: boolean;
  readonly now: Date;
}): Plan {
  const { rows, cards, ordered, now } = options;
  const settling = cards.filter((card) => card.status === 'settling').map(cardEntry);
  const waiting = inOrder(
    rows,
    cards.filter((card) => card.status === 'waiting'),
  );
  const isDue = (entry: Entry): boolean => entry.record.dueAt <= now;
  const blocked = ordered ? waiting.findIndex((entry) => !isDue(entry)) : -1;
  const open = blocked < 0 ? waiting : waiting.slice(0, blocked + 1);
  const all = [...open, ...settling];
  return {
    ready: all.filter(isDue),
    next: earliest(all.filter((entry) => !isDue(entry)).map((entry) => entry.record.dueAt)),
  };
}

/** Rows and cards by time; a row never stands behind a later one of its fact, whatever the clocks said. */
export function inOrder(rows: readonly OutboxRow[], cards: readonly Card[]): Entry[] {
  const earliestAfter = new Map<string, number>();
  const lastFirst = [...rows].sort((a, b) => b.position - a.position);
  const placed = lastFirst.map((record) => {
    const at = Math.min(record.at.getTime(), earliestAfter.get(record.aggregate) ?? Number.POSITIVE_INFINITY);
    earliestAfter.set(record.aggregate, at);
    return { at, position: record.position, entry: { kind: 'row', record } as Entry };
  });
  const shown = cards.map((card) => ({ at: card.since.getTime(), position: 0, entry: cardEntry(card) }));
  return [...placed, ...shown]
    .sort((a, b) => a.at - b.at || a.position - b.position || compare(a.entry.record._id, b.entry.record._id))
    .map(({ entry }) => entry);
}

export function earliest(dates: readonly Date[]): Date | null {
  return dates.reduce<Date | null>((first, date) => (first === null || date < first ? date : first), null);
}

const cardEntry = (record: Card): Entry => ({ kind: 'card', record });

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
