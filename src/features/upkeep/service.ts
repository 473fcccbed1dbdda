// What staff see of the outbox: what waits, what was given up and why, and sending it again.
import type { Card } from '../../../models/card.ts';
import type { OutboxRow, RowStatus } from '../../../models/outbox-row.ts';
import type { Ctx } from '../../core/context.ts';
import { shownDestination } from '../../core/mail.ts';
import type { SendBody } from '../../core/outbox-item.ts';
import { plainSpans, type Reply } from '../../core/reply.ts';
import type { RecordCollection } from '../../core/store.ts';
import type { Outbox } from '../../outbox/types.ts';

/** One message, event or live card, as a person reads it. */
export interface OutboxEntry {
  readonly id: string;
  readonly kind: 'message' | 'event' | 'card';
  readonly destination: string;
  readonly status: RowStatus;
  /** The first line of the message, or the type of the event. */
  readonly says: string;
  readonly attempts: number;
  readonly ambiguities: number;
  readonly at: Date;
  readonly dueAt: Date;
  readonly problem: string | null;
}

export interface OutboxCounts {
  readonly waiting: number;
  readonly dead: number;
  /** What may have been shown twice. */
  readonly ambiguous: number;
  /** Age of the oldest that waits, in milliseconds; 0 when none does. */
  readonly oldestMs: number;
}

export interface Upkeep {
  counts(ctx: Ctx): Promise<OutboxCounts>;
  /** The newest first; those that wait, the oldest first. */
  entries(ctx: Ctx, status: RowStatus, limit: number): Promise<readonly OutboxEntry[]>;
  /**
   * Sends one dead letter again, or all when no item is named; returns how many.
   * @throws AppError `record.not_found`, `record.conflict` when it is not dead.
   */
  retry(ctx: Ctx, item: string | undefined): Promise<number>;
}

export function createUpkeep(options: {
  readonly rows: RecordCollection<OutboxRow>;
  readonly cards: RecordCollection<Card>;
  readonly outbox: Pick<Outbox, 'replay'>;
}): Upkeep {
  const { rows, cards, outbox } = options;

  return {
    counts: async ({ tenant, now }) => {
      const messages = rows.scoped(tenant);
      const live = cards.scoped(tenant);
      const oldest = [
        (await messages.find({ where: { status: 'waiting' }, sort: [['at', 1]], limit: 1 }))[0]?.at,
        (await live.find({ where: { status: 'waiting' }, sort: [['since', 1]], limit: 1 }))[0]?.since,
      ];
      const count = async (where: { status: 'waiting' | 'dead' } | { ambiguities: { gte: number } }) =>
        (await messages.count(where)) + (await live.count(where));
      return {
        waiting: await count({ status: 'waiting' }),
        dead: await count({ status: 'dead' }),
        ambiguous: await count({ ambiguities: { gte: 1 } }),
        oldestMs: Math.max(0, ...oldest.map((at) => (at ? now.getTime() - at.getTime() : 0))),
      };
    },
    entries: async ({ tenant }, status, limit) => {
      const direction = status === 'waiting' ? 1 : -1;
      const messages = await rows
        .scoped(tenant)
        .find({ where: { status }, sort: [['at', direction]], limit });
      const live = await cards.scoped(tenant).find({
        where: { status: status === 'sent' ? { in: ['shown', 'settling'] } : status },
        sort: [['since', direction]],
        limit,
      });
      return [...messages.map(rowEntry), ...live.map((card) => cardEntry(card, status))]
        .sort((a, b) => direction * (a.at.getTime() - b.at.getTime()))
        .slice(0, limit);
    },
    retry: (ctx, item) => outbox.replay(ctx, item === undefined ? 'all' : { item }),
  };
}

function rowEntry({ _id: id, body, ...row }: OutboxRow): OutboxEntry {
  const { destination, status, attempts, ambiguities, at, dueAt, problem } = row;
  const kind = body.kind === 'event' ? 'event' : 'message';
  const shown = shownDestination(destination);
  return {
    id,
    kind,
    destination: shown,
    status,
    says: wordsOf(body),
    attempts,
    ambiguities,
    at,
    dueAt,
    problem,
  };
}

function wordsOf(body: SendBody): string {
  switch (body.kind) {
    case 'event':
      return body.event.type;
    case 'mail':
      return `mail: ${body.mail.template}`;
    case 'reply':
      return firstLine(body.reply);
  }
}

function cardEntry(card: Card, status: RowStatus): OutboxEntry {
  const { _id: id, destination, attempts, ambiguities, since: at, dueAt, problem } = card;
  return {
    id,
    kind: 'card',
    destination,
    status,
    says: firstLine(card.reply),
    attempts,
    ambiguities,
    at,
    dueAt,
    problem,
  };
}

function firstLine({ blocks }: Reply): string {
  const [first] = blocks;
  const line =
    first?.kind === 'text' || first?.kind === 'context' ? plainSpans(first.text) : (first?.kind ?? '');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
