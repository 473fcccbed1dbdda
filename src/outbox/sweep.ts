// Mends what a crash may have left: rows that wait while their destination sleeps, and rows for channels that are gone.
import type { Card } from '../../models/card.ts';
import type { Destination } from '../../models/destination.ts';
import type { OutboxRow } from '../../models/outbox-row.ts';
import type { RecordCollection } from '../core/store.ts';
import { cardAfter } from './card-state.ts';
import { changeRecord } from './change-record.ts';
import { closedUntil, isHeld, schemeOf } from './destination-state.ts';
import type { Failure } from './failure.ts';
import { rowAfter } from './row-state.ts';
import { destinationId, wake } from './wake.ts';

export interface SweepParts {
  readonly rows: RecordCollection<OutboxRow>;
  readonly cards: RecordCollection<Card>;
  readonly destinations: RecordCollection<Destination>;
  readonly schemes: ReadonlySet<string>;
  readonly now: Date;
}

const PAGE = 500;
const PAGES = 10;
const LATE_MS = 60_000;
/** Another process may have the channel: only what nobody sent for so long is given up. */
const NO_CHANNEL_MS = 10 * 60_000;

/** Looks at everything that should have left a minute ago. */
export async function sweepLate(parts: SweepParts): Promise<void> {
  const where = { status: 'waiting', dueAt: { lte: before(parts.now, LATE_MS) } } as const;
  const rows = parts.rows.acrossTenants('sweep');
  const cards = parts.cards.acrossTenants('sweep');
  const seen = new Set<string>();
  const mendEach = (record: OutboxRow | Card): Promise<void> => mend(parts, record, seen);
  await eachPage((skip) => rows.find({ where, sort: [['dueAt', 1]], limit: PAGE, skip }), mendEach);
  await eachPage((skip) => cards.find({ where, sort: [['dueAt', 1]], limit: PAGE, skip }), mendEach);
}

async function eachPage<T>(
  read: (skip: number) => Promise<readonly T[]>,
  each: (record: T) => Promise<void>,
): Promise<void> {
  for (let page = 0; page < PAGES; page += 1) {
    const found = await read(page * PAGE);
    for (const record of found) await each(record);
    if (found.length < PAGE) return;
  }
}

async function mend(parts: SweepParts, record: OutboxRow | Card, seen: Set<string>): Promise<void> {
  const { tenant, destination } = record;
  if (!parts.schemes.has(record.scheme)) {
    if (record.dueAt <= before(parts.now, NO_CHANNEL_MS)) await giveUp(parts, record);
    return;
  }
  const id = destinationId(tenant, destination);
  if (seen.has(id)) return;
  seen.add(id);
  const state = await parts.destinations.scoped(tenant).get(id);
  const attended =
    state && (isHeld(state, parts.now) || closedUntil(state, parts.now) || isAwake(state, parts.now));
  if (!attended) await wake(parts.destinations, tenant, destination, parts.now);
}

const isAwake = (state: Destination, now: Date): boolean => state.wakeAt !== null && state.wakeAt <= now;

async function giveUp(parts: SweepParts, record: OutboxRow | Card): Promise<void> {
  const scheme = schemeOf(record.destination) || record.destination;
  const failure: Failure = {
    text: `No channel “${scheme}” is set up here. Set it up, then send this again.`,
    retryable: false,
    mayHaveArrived: false,
  };
  const event = { kind: 'failed', at: parts.now, failure, delaysMs: [], random: () => 0 } as const;
  const { tenant, _id } = record;
  if ('key' in record)
    await changeRecord(parts.cards.scoped(tenant), _id, (card) => cardAfter(card, event).change);
  else await changeRecord(parts.rows.scoped(tenant), _id, (row) => rowAfter(row, event).change);
}

const before = (now: Date, spanMs: number): Date => new Date(now.getTime() - spanMs);
