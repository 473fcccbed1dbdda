// Carries what facts have left to be delivered into the outbox, the cards and the audit log; it needs no lease.
import type { Card } from '../../models/card.ts';
import type { Destination } from '../../models/destination.ts';
import type { OutboxRow } from '../../models/outbox-row.ts';
import type { Logger } from '../core/logger.ts';
import type { OutboxContent, OutboxItem } from '../core/outbox-item.ts';
import type { Body, Fact, FactCollection, PendingFact, RecordCollection } from '../core/store.ts';
import { wantCard } from './cards.ts';
import { writtenIdOf } from './delivery-id.ts';
import { schemeOf } from './destination-state.ts';
import { spread } from './spread.ts';
import type { AuditSink, Subscribers, TeamRooms } from './types.ts';
import { wakeAll } from './wake.ts';

/** So few that neither this process nor the database is held up for long by one batch. */
const BATCH = 40;
/** An item is due when it is there: one from a clock that runs ahead of ours waits no longer than others. */
const AHEAD_MS = 86_400_000;

/** What the relay needs of a collection; any collection of facts has it. */
export type RelaySource = Pick<FactCollection<Fact>, 'name' | 'pending'>;

export interface RelayParts {
  readonly facts: readonly RelaySource[];
  readonly rows: RecordCollection<OutboxRow>;
  readonly cards: RecordCollection<Card>;
  readonly destinations: RecordCollection<Destination>;
  readonly audit: AuditSink;
  readonly subscribers: Subscribers;
  readonly rooms: TeamRooms;
  readonly now: () => Date;
  readonly logger: Logger;
}

export interface Relayed {
  /** How many facts were emptied. */
  readonly count: number;
  /** The collections that may hold more. */
  readonly more: readonly string[];
  /** The schemes of the destinations that were woken. */
  readonly woken: ReadonlySet<string>;
}

export interface Relay {
  /** Hands on what is due now, in the collections of these names; in every one unless told. */
  pass(names?: ReadonlySet<string>): Promise<Relayed>;
}

/**
 * The order is what makes it safe to run anywhere, any number of times: insert (what is there stays), wake the
 * destinations, and only then take the items away. A crash in between repeats the whole, to the same end.
 */
export function createRelay(parts: RelayParts): Relay {
  const { facts, logger } = parts;

  async function handOn(collection: RelaySource, woken: Set<string>): Promise<number> {
    const now = parts.now();
    const due = await collection.pending.due(new Date(now.getTime() + AHEAD_MS), BATCH);
    if (due.length === 0) return 0;
    try {
      await deliverAll(parts, due, now, woken);
      await collection.pending.remove(due);
      return due.length;
    } catch (thrown) {
      if (due.length === 1) throw thrown;
      return await handOnSingly(collection, due, now, woken);
    }
  }

  /** One fact that cannot be relayed must not hold back the others of its batch. */
  async function handOnSingly(
    collection: RelaySource,
    due: readonly PendingFact[],
    now: Date,
    woken: Set<string>,
  ): Promise<number> {
    let done = 0;
    let lastFailure: unknown;
    for (const fact of due) {
      try {
        await deliverAll(parts, [fact], now, woken);
        await collection.pending.remove([fact]);
        done += 1;
      } catch (thrown) {
        lastFailure = thrown;
        logger.error({ err: thrown, collection: collection.name, fact: fact._id }, 'relay failed for one');
      }
    }
    if (done === 0) throw lastFailure;
    return done;
  }

  async function pass(names?: ReadonlySet<string>): Promise<Relayed> {
    const woken = new Set<string>();
    const looked = names ? facts.filter(({ name }) => names.has(name)) : facts;
    const counts = await Promise.allSettled(looked.map((collection) => handOn(collection, woken)));
    const failures = counts.filter((count) => count.status === 'rejected');
    const done = counts.map((count) => (count.status === 'fulfilled' ? count.value : 0));
    const count = done.reduce((sum, of) => sum + of, 0);
    const first = failures[0];
    if (first && count === 0) throw first.reason;
    for (const failure of failures) logger.error({ err: failure.reason }, 'relay of one collection failed');
    return { count, more: looked.flatMap(({ name }, n) => (done[n] === BATCH ? [name] : [])), woken };
  }

  return { pass };
}

async function deliverAll(
  parts: RelayParts,
  facts: readonly PendingFact[],
  now: Date,
  woken: Set<string>,
): Promise<void> {
  await parts.audit.insertRows(
    facts.flatMap(({ tenant, outbox }) =>
      outbox.flatMap(({ id, at, content }) =>
        content.kind === 'audit' ? [{ id, tenant, at, entry: content.entry }] : [],
      ),
    ),
  );
  for (const tenant of new Set(facts.map((fact) => fact.tenant))) {
    const items = facts.filter((fact) => fact.tenant === tenant).flatMap((fact) => fact.outbox);
    for (const destination of await relayTenant(parts, tenant, items, now)) woken.add(schemeOf(destination));
  }
}

/** Answers the destinations that it woke. */
async function relayTenant(
  parts: RelayParts,
  tenant: string,
  items: readonly OutboxItem[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const touched = new Set<string>();
  const rows: { id: string; body: Body<OutboxRow> }[] = [];
  const all = await spread(parts, tenant, items);
  for (const item of all) {
    const { content } = item;
    if (content.kind === 'audit' || content.kind === 'event') continue;
    touched.add(content.destination);
    if (content.kind === 'send') rows.push({ id: item.id, body: rowOf(item, content, now) });
  }
  rows.sort((a, b) => a.body.position - b.body.position);
  if (rows.length > 0) await parts.rows.scoped(tenant).insertMany(rows);
  for (const { content, at } of all)
    if (content.kind === 'card') await wantCard(parts.cards, tenant, content, { at, now });
  await wakeAll(parts.destinations, tenant, [...touched], now);
  return touched;
}

function rowOf(item: OutboxItem, content: OutboxContent & { kind: 'send' }, now: Date): Body<OutboxRow> {
  const [, aggregate = item.id, version = '0', n = '0'] =
    /^(.+):(\d+):(\d+)$/.exec(writtenIdOf(item.id)) ?? [];
  return {
    destination: content.destination,
    scheme: schemeOf(content.destination),
    aggregate,
    position: Number(version) * 1_000 + Number(n),
    at: item.at,
    body: content.body,
    status: 'waiting',
    attempts: 0,
    dueAt: item.at < now ? item.at : now,
    ambiguities: 0,
    marks: 0,
    messageId: null,
    problem: null,
    sentAt: null,
    diedAt: null,
    replayKey: null,
  };
}
