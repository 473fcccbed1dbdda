// The outbox as one part: what facts leave to be delivered is relayed, delivered, swept and counted here.
import { type Card, cards as cardDefinition } from '../../models/card.ts';
import { destinations as destinationDefinition } from '../../models/destination.ts';
import { outboxReplays } from '../../models/outbox-replay.ts';
import { type OutboxRow, outboxRows } from '../../models/outbox-row.ts';
import type { Store } from '../../models/store.ts';
import { type Breather, unhindered } from '../core/breather.ts';
import type { Channel } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { createAsked } from './asked.ts';
import { createDeliverer } from './deliver.ts';
import { readHealth } from './health.ts';
import { createLoop } from './loop.ts';
import { createRelay, type RelaySource } from './relay.ts';
import { askReplay, finishReplays } from './replay.ts';
import { sweepLate } from './sweep.ts';
import type { AuditSink, Outbox, Random, Subscribers, TeamRooms } from './types.ts';

const POLL_MS = 250;

export interface OutboxOptions {
  readonly store: Store;
  /** Every collection of facts but the outbox's own. */
  readonly facts: readonly RelaySource[];
  readonly audit: AuditSink;
  /** Who is told of events; nobody unless given. */
  readonly subscribers?: Subscribers;
  /** Where announcements go; nowhere unless given. */
  readonly rooms?: TeamRooms;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Names this process among those that share the database; a new one at every start. */
  readonly worker: string;
  /** Holds deliveries back while the process does not keep up with what comes in; never unless given. */
  readonly breathe?: Breather;
  /** How often the loops look without being nudged; 250 ms unless told. */
  readonly pollMs?: number;
  /** How often everything is looked at that facts may have left; the same unless told. */
  readonly relayPollMs?: number;
}

/** Wires the parts; nothing runs before `start`, but `drain` and `sweep` work without it. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store, clock, logger, pollMs = POLL_MS, relayPollMs = pollMs } = options;
  const replays = store.facts(outboxReplays);
  const rows = store.records<OutboxRow>(outboxRows);
  const cards = store.records<Card>(cardDefinition);
  const destinations = store.records(destinationDefinition);
  const now = (): Date => clock.now();
  let stopping = false;

  const parts = { ...options, replays, rows, cards, destinations, now, stopping: () => stopping };
  const subscribers = options.subscribers ?? (async () => []);
  const rooms = options.rooms ?? (async () => []);
  const relay = createRelay({ ...parts, subscribers, rooms, facts: [...options.facts, replays] });
  const toRelay = createAsked(relayPollMs, clock.monotonicMs);
  const toDeliver = createAsked(pollMs, clock.monotonicMs);
  const relayFrom = (collection?: string): void => {
    toRelay.add(collection);
    relayLoop.nudge();
  };
  const deliverTo = (scheme?: string): void => {
    toDeliver.add(scheme);
    deliverLoop.nudge();
  };
  const { breathe = unhindered } = options;
  const deliverer = createDeliverer({ ...parts, breathe, freed: deliverTo });
  const failed = (what: string) => (thrown: unknown) =>
    logger.error({ err: thrown }, `${what} failed; trying again`);
  const relayLoop = createLoop({
    round: async () => {
      const { more, woken } = await relay.pass(toRelay.take());
      for (const scheme of woken) deliverTo(scheme);
      for (const collection of more) relayFrom(collection);
    },
    failed: failed('relay'),
    pollMs: relayPollMs,
    clock,
  });
  const deliverLoop = createLoop({
    round: async () => {
      await deliverer.fill(toDeliver.take());
    },
    failed: failed('delivery'),
    pollMs,
    clock,
  });

  return {
    start: () => {
      stopping = false;
      relayLoop.start();
      deliverLoop.start();
    },
    stop: async () => {
      stopping = true;
      await Promise.all([relayLoop.stop(), deliverLoop.stop()]);
      await deliverer.idle();
    },
    nudge: relayFrom,
    drain: async () => {
      for (;;) {
        const relayed = await relay.pass();
        const started = await deliverer.fill();
        await deliverer.idle();
        if (relayed.count + started === 0) return;
      }
    },
    sweep: async () => {
      const schemes = new Set(options.channels.map((channel) => channel.scheme));
      await finishReplays(parts);
      await sweepLate({ rows, cards, destinations, schemes, now: now() });
    },
    replay: async (ctx, choice) => {
      const count = await askReplay(parts, ctx, choice);
      relayFrom();
      deliverTo();
      return count;
    },
    health: () => readHealth({ rows, cards, now: now() }),
  };
}
