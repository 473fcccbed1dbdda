// One database, some processes with an outbox each, and facts that leave things to be delivered.
import { pino } from 'pino';
import { cards as cardDefinition } from '../../../models/card.ts';
import { defineFacts } from '../../../models/define.ts';
import { destinations as destinationDefinition } from '../../../models/destination.ts';
import { createMemoryStore } from '../../../models/memory-store.ts';
import { outboxReplays } from '../../../models/outbox-replay.ts';
import { outboxRows } from '../../../models/outbox-row.ts';
import type { Store } from '../../../models/store.ts';
import { systemActor } from '../../../src/core/actor.ts';
import type { Channel } from '../../../src/core/channel.ts';
import type { Ctx } from '../../../src/core/context.ts';
import type { OutboxContent } from '../../../src/core/outbox-item.ts';
import { reply } from '../../../src/core/reply.ts';
import type { Fact } from '../../../src/core/store.ts';
import { traceOf } from '../../../src/core/trace.ts';
import { createOutbox, type OutboxOptions } from '../../../src/outbox/outbox.ts';
import type { AuditRow, Outbox } from '../../../src/outbox/types.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

export interface Post extends Fact {
  readonly round: number;
}

export const posts = defineFacts<Post>({
  name: 'test_posts',
  fields: { round: { type: Number, required: true } },
  about: { holds: 'A fact of the tests that leaves messages.', writer: 'tests', retention: 'none' },
});

/** What a world keeps in its store. */
export const outboxDefinitions = [posts, outboxRows, outboxReplays, destinationDefinition, cardDefinition];

export const silent = pino({ level: 'silent' });

/** A message to a destination whose text names it. */
export function message(destination: string, text: string): OutboxContent {
  return { kind: 'send', destination, body: { kind: 'reply', reply: reply(text) } };
}

export function card(destination: string, key: string, revision: number): OutboxContent {
  return { kind: 'card', destination, key, revision, reply: reply(`${key} at ${revision}`) };
}

export function contextAt(now: Date, effectKey: string, tenant = 'default'): Ctx {
  return {
    tenant,
    actor: systemActor,
    door: 'job',
    operation: 'post.write',
    effectKey,
    requestId: `req_${effectKey}`,
    now,
    zone: 'UTC',
    language: 'en',
  };
}

export interface OutboxWorld {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly auditRows: Map<string, AuditRow>;
  readonly rows: ReturnType<typeof rowsOf>;
  readonly cards: ReturnType<typeof cardsOf>;
  readonly destinations: ReturnType<typeof destinationsOf>;
  /** Another process with these channels. */
  process(channels: readonly Channel[], options?: Partial<OutboxOptions>): Outbox;
  /** Writes the fact once more, leaving these items. */
  write(id: string, ...items: readonly OutboxContent[]): Promise<void>;
}

const rowsOf = (store: Store) => store.records(outboxRows).scoped('default');
const cardsOf = (store: Store) => store.records(cardDefinition).scoped('default');
const destinationsOf = (store: Store) => store.records(destinationDefinition).scoped('default');

export function createOutboxWorld(store: Store = createMemoryStore()): OutboxWorld {
  const clock = createManualClock();
  const facts = store.facts(posts);
  const auditRows = new Map<string, AuditRow>();
  let processes = 0;
  let writes = 0;
  return {
    store,
    clock,
    auditRows,
    rows: rowsOf(store),
    cards: cardsOf(store),
    destinations: destinationsOf(store),
    process: (channels, options = {}) => {
      processes += 1;
      return createOutbox({
        store,
        facts: [facts],
        audit: {
          insertRows: async (rows) => {
            for (const row of rows) if (!auditRows.has(row.id)) auditRows.set(row.id, row);
          },
        },
        channels,
        clock,
        random: () => 0.5,
        logger: silent,
        worker: `worker-${processes}`,
        ...options,
      });
    },
    write: async (id, ...items) => {
      writes += 1;
      const ctx = contextAt(clock.now(), `effect-${writes}`);
      const trace = traceOf(ctx, { target: id }, ...items);
      const scoped = facts.scoped('default');
      const current = await scoped.get(id);
      if (current) await scoped.compareAndSet(current, { round: current.round + 1 }, trace);
      else await scoped.insertOnce(id, { round: 1 }, trace);
    },
  };
}
