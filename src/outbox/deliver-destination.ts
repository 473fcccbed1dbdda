// Delivers what waits for one destination, under a hold on it: look into what was left open, read, send, mark, let go.
import type { Card } from '../../models/card.ts';
import type { Destination, Sending } from '../../models/destination.ts';
import type { OutboxRow } from '../../models/outbox-row.ts';
import type { Channel } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { RecordCollection, Records } from '../core/store.ts';
import { attempt } from './attempt.ts';
import type { CardEvent } from './card-state.ts';
import { markCard } from './cards.ts';
import { addressOf, closedUntil } from './destination-state.ts';
import { cardUnder, isStale } from './freshness.ts';
import type { Claimed, Hold } from './hold.ts';
import { markRow } from './mark-row.ts';
import { type Entry, planOf } from './order.ts';
import type { RowEffect, RowEvent } from './row-state.ts';
import type { Random } from './types.ts';

export interface DeliverParts {
  readonly rows: RecordCollection<OutboxRow>;
  readonly cards: RecordCollection<Card>;
  readonly destinations: RecordCollection<Destination>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly stopping: () => boolean;
}

const WINDOW = 20;
/** After so many looks the destination goes to the end of the queue, so that a long one cannot keep a worker. */
const LOOKS = 5;
const AFTER_FAILURE_MS = 1_000;

/** Works until nothing is due there, or it is another's turn. Throws only when the store fails; the hold is let go. */
export async function deliverDestination(
  parts: DeliverParts,
  channel: Channel,
  claimed: Claimed,
): Promise<void> {
  const { hold } = claimed;
  const { clock, stopping } = parts;
  const open = { unmarked: hold.state().sending !== null };
  try {
    for (const { sending } of claimed.effects) await lookInto(parts, channel, hold, sending);
    open.unmarked = false;
    for (let looks = 0; looks < LOOKS && !stopping(); looks += 1) {
      const at = clock.now();
      const closed = closedUntil(hold.state(), at);
      if (closed) return await hold.release({ wakeAt: closed, at });
      hold.beginLook();
      const { ready, next } = await look(parts, channel, hold, at);
      if (ready.length === 0) return await hold.release({ wakeAt: next, at: clock.now() });
      for (const entry of ready) {
        if (stopping() || closedUntil(hold.state(), clock.now())) break;
        const done = await deliverOne(parts, channel, hold, entry, open);
        if (done === 'lost') return;
        if (done === 'failed' && !channel.unordered) break;
      }
    }
    const at = clock.now();
    await hold.release({ wakeAt: at, at });
  } catch (thrown) {
    const at = clock.now();
    const wakeAt = new Date(at.getTime() + AFTER_FAILURE_MS);
    await hold.release({ wakeAt, at, unmarked: open.unmarked }).catch((second: unknown) => {
      parts.logger.error({ err: second, destination: hold.name }, 'not handed back; the lease will run out');
    });
    throw thrown;
  }
}

async function look(parts: DeliverParts, channel: Channel, hold: Hold, now: Date) {
  const { tenant, name: destination } = hold;
  const ordered = !channel.unordered;
  const rows = parts.rows.scoped(tenant);
  const cards = await parts.cards.scoped(tenant).find({
    where: { destination, status: { in: ['waiting', 'settling'] } },
    sort: [['dueAt', 1]],
    limit: 4 * WINDOW,
  });
  const window = await rows.find({
    where: { destination, status: 'waiting' },
    sort: ordered
      ? [
          ['at', 1],
          ['position', 1],
        ]
      : [['dueAt', 1]],
    limit: WINDOW,
  });
  if (!ordered || window.length < WINDOW) return planOf({ rows: window, cards, ordered, now });
  const all = [...window, ...(await predecessors(rows, destination, window))];
  return planOf({ rows: all, cards, ordered, now });
}

/**
 * Rows outside the window that must go before some in it: of the same fact, and written earlier by a clock that ran
 * ahead. Later rows of the same facts stay out: others that nobody has read yet may stand before them.
 */
async function predecessors(
  rows: Records<OutboxRow>,
  destination: string,
  window: readonly OutboxRow[],
): Promise<OutboxRow[]> {
  const last = new Map<string, number>();
  for (const { aggregate, position } of window)
    last.set(aggregate, Math.max(position, last.get(aggregate) ?? 0));
  const inWindow = new Set(window.map((row) => row._id));
  const siblings = await rows.find({
    where: { destination, status: 'waiting', aggregate: { in: [...last.keys()] } },
    sort: [['position', 1]],
    limit: 10 * WINDOW,
  });
  return siblings.filter((row) => !inWindow.has(row._id) && row.position < (last.get(row.aggregate) ?? 0));
}

async function deliverOne(
  parts: DeliverParts,
  channel: Channel,
  hold: Hold,
  entry: Entry,
  open: { unmarked: boolean },
): Promise<'sent' | 'failed' | 'lost'> {
  const { clock, random } = parts;
  const { kind, record } = entry;
  const under = await cardUnder(parts.cards, entry);
  if (isStale(entry, under, clock.now())) {
    await mark(parts, entry, { kind: 'staled', at: clock.now() });
    return 'sent';
  }
  const sending: Sending = { kind, id: record._id, marks: record.marks };
  open.unmarked = true;
  const mine = await hold.change({
    kind: 'sending',
    at: clock.now(),
    sending,
    paceMs: paceOf(channel, hold.name),
  });
  if (!mine) return 'lost';
  const result = await attempt(channel, entry, clock, under?.messageId ?? undefined);
  const at = clock.now();
  if (!result.ok)
    parts.logger.warn({ destination: hold.name, id: record._id, problem: result.internal }, 'send failed');
  const effects = await mark(
    parts,
    entry,
    result.ok
      ? { kind: 'delivered', at, messageId: result.messageId }
      : { kind: 'failed', at, failure: result.failure, delaysMs: channel.retryDelaysMs, random },
  );
  open.unmarked = false;
  await follow(parts, hold, entry, effects);
  if (result.ok && result.restMs > 0)
    await hold.change({ kind: 'limited', until: new Date(at.getTime() + result.restMs) });
  return result.ok ? 'sent' : 'failed';
}

function paceOf({ paceMs }: Channel, destination: string): number {
  return typeof paceMs === 'number' ? paceMs : paceMs(addressOf(destination));
}

/** The last holder handed this to the channel and was not heard of again. */
async function lookInto(
  parts: DeliverParts,
  channel: Channel,
  hold: Hold,
  { kind, id, marks }: Sending,
): Promise<void> {
  const event = { kind: 'interrupted', at: parts.clock.now(), delaysMs: channel.retryDelaysMs } as const;
  const entry = await entryOf(parts, hold.tenant, kind, id);
  if (entry?.record.marks !== marks) return;
  await follow(parts, hold, entry, await mark(parts, entry, event));
}

async function entryOf(
  parts: DeliverParts,
  tenant: string,
  kind: Entry['kind'],
  id: string,
): Promise<Entry | null> {
  if (kind === 'row') {
    const record = await parts.rows.scoped(tenant).get(id);
    return record && { kind, record };
  }
  const record = await parts.cards.scoped(tenant).get(id);
  return record && { kind, record };
}

type Outcome = Extract<RowEvent, { kind: 'delivered' | 'failed' | 'interrupted' | 'staled' }>;

async function mark(parts: DeliverParts, entry: Entry, event: Outcome): Promise<readonly RowEffect[]> {
  const { tenant } = entry.record;
  if (entry.kind === 'row')
    return (await markRow(parts.rows.scoped(tenant), entry.record, event, parts.clock)).effects;
  const { revision } = entry.record;
  const cardEvent: CardEvent =
    event.kind === 'delivered'
      ? { kind: 'shown', revision, messageId: event.messageId, at: event.at }
      : event;
  return (await markCard(parts.cards.scoped(tenant), entry.record, cardEvent)).effects;
}

async function follow(
  parts: DeliverParts,
  hold: Hold,
  { record }: Entry,
  effects: readonly RowEffect[],
): Promise<void> {
  const told = { destination: hold.name, tenant: hold.tenant, id: record._id };
  for (const effect of effects) {
    if (effect.kind === 'limit') await hold.change({ kind: 'limited', until: effect.until });
    if (effect.kind === 'ambiguity')
      parts.logger.warn(told, 'this may be shown twice: its outcome is unknown');
    if (effect.kind === 'dead-letter')
      parts.logger.error(
        { ...told, problem: effect.problem },
        'dead letter: given up until it is sent again',
      );
  }
}
