// The processes of a simulation: outboxes that die and come back, and writers that try an effect until it is done.
import { chatInbox } from '../../models/chat-inbox.ts';
import type { Store } from '../../models/store.ts';
import { tellingStore } from '../../models/telling-store.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { OutboxContent } from '../../src/core/outbox-item.ts';
import { traceOf } from '../../src/core/trace.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import type { AuditSink } from '../../src/outbox/types.ts';
import { card, contextAt, message, posts, silent } from '../outbox/support/outbox-world.ts';
import { auditRows } from './audit-rows.ts';
import { type Faults, faultyCall, faultyChannel, type Life, pause } from './faults.ts';
import type { Mutant } from './mutants.ts';
import type { Platform } from './platforms.ts';
import { createTalkInbox, type Talk } from './talkers.ts';
import type { Chance, VirtualTime } from './virtual-time.ts';
import { wrapStore } from './wrap-store.ts';

export interface Stage {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
  /** The store as the mutant made it, without faults. */
  readonly store: Store;
  readonly platforms: readonly Platform[];
  readonly mutant: Mutant | undefined;
  /** Until then things go wrong. */
  readonly endMs: number;
  /** Who talks to the processes; null in worlds without chat. */
  readonly talk: Talk | null;
  readonly counts: { crashes: number; stops: number; effects: number };
}

const HOUR_MS = 3_600_000;

function createLife(died: () => void): Life {
  let alive = true;
  return {
    alive: () => alive,
    die: () => {
      if (alive) died();
      alive = false;
    },
  };
}

/** A clock of one process, which may be set wrong; once the process is dead, nobody wakes. */
export function clockOf(time: VirtualTime, alive: () => boolean, skew: { readonly ms: number }): Clock {
  return {
    now: () => new Date(time.nowMs() + skew.ms),
    monotonicMs: () => time.nowMs(),
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          callOff();
          signal?.removeEventListener('abort', wake);
          if (alive()) resolve();
        };
        const callOff = time.after(durationMs, wake);
        if (signal?.aborted) return wake();
        signal?.addEventListener('abort', wake, { once: true });
      }),
  };
}

export function auditSinkOf(store: Store): AuditSink {
  const rows = store.records(auditRows);
  return {
    insertRows: async (given) => {
      if (given.length > 0)
        await rows.scoped('default').insertMany(given.map(({ id, at }) => ({ id, body: { at } })));
    },
  };
}

/** Keeps one outbox running: whenever it dies or is stopped, another takes its place a little later. */
export function runOutbox(stage: Stage, name: string, incarnation = 1): void {
  const { time, chance, faults, platforms, mutant, endMs, counts, talk } = stage;
  const again = (): void => {
    time.after(chance.between(0, 20_000), () => {
      if (time.nowMs() < endMs) runOutbox(stage, name, incarnation + 1);
    });
  };
  const life = createLife(() => {
    counts.crashes += 1;
    talk?.doors.delete(name);
    again();
  });
  const skew = { ms: 0 };
  const surroundings = { time, chance, faults, life };
  const store = wrapStore(stage.store, faultyCall(surroundings));
  const clock = clockOf(time, life.alive, skew);
  const worker = `${name}.${incarnation}`;
  const outbox = createOutbox({
    store,
    facts: [store.facts(posts), store.facts(chatInbox)],
    audit: auditSinkOf(store),
    channels: platforms.map(({ channel }) => {
      const faulty = faultyChannel(channel, surroundings);
      return mutant?.channel?.(faulty) ?? faulty;
    }),
    clock,
    random: chance.fraction,
    logger: silent,
    worker,
    pollMs: 2_000,
  });
  const tick = (): void => {
    if (!life.alive() || time.nowMs() >= endMs) return;
    if (chance.happens(faults.clockJump))
      skew.ms = chance.happens(0.5) ? 0 : chance.between(-HOUR_MS, HOUR_MS);
    if (chance.happens(0.02)) {
      counts.stops += 1;
      talk?.doors.delete(name);
      void Promise.all([outbox.stop(), inbox?.stop()]).then(again);
      return;
    }
    time.after(chance.between(1_000, 5_000), tick);
  };
  const inbox = talk && createTalkInbox({ store: tellingStore(store, outbox.nudge), clock, worker });
  if (inbox) talk.doors.set(name, inbox);
  inbox?.start();
  outbox.start();
  tick();
}

/** Tries effect after effect until each is done; a repeated effect finds itself in the history and stops. */
export async function runWriter(stage: Stage, name: string): Promise<void> {
  const { time, chance, faults, endMs, counts } = stage;
  const life = createLife(() => undefined);
  const skew = { ms: 0 };
  const store = wrapStore(stage.store, faultyCall({ time, chance, faults: { ...faults, crash: 0 }, life }));
  const facts = store.facts(posts).scoped('default');
  for (let n = 1; time.nowMs() < endMs; n += 1) {
    const effectKey = `${name}-${n}`;
    const id = `pst_${chance.between(1, 4)}`;
    const items = drawItems(stage, effectKey);
    if (chance.happens(faults.clockJump)) skew.ms = chance.between(-HOUR_MS, HOUR_MS);
    counts.effects += 1;
    for (let done = false; !done; ) {
      try {
        done = await writeOnce(id, effectKey);
      } catch {
        await pause(time, life, chance.between(10, 500));
      }
    }
    await pause(time, life, chance.between(100, 4_000));

    async function writeOnce(fact: string, key: string): Promise<boolean> {
      const now = new Date(time.nowMs() + skew.ms);
      const current = await facts.get(fact);
      if (current?.history.some((entry) => entry.effectKey === key)) return true;
      const version = (current?.version ?? 0) + 1;
      const live = version % 2 === 1 ? [card('chat:a', fact, version)] : [];
      const trace = traceOf(contextAt(now, key), { target: fact }, ...items, ...live);
      if (current) return (await facts.compareAndSet(current, { round: version }, trace)) !== null;
      const { record } = await facts.insertOnce(fact, { round: 1 }, trace);
      return record.history.some((entry) => entry.effectKey === key);
    }
  }
}

/** One destination is used for five seconds and never again: what is forgotten there, nothing later brings back. */
function drawItems({ time, chance }: Stage, effectKey: string): OutboxContent[] {
  const brief = `chat:at-${Math.floor(time.nowMs() / 5_000)}`;
  const destinations = ['chat:a', 'chat:b', 'console:c', 'webhook:d', brief, brief];
  const count = chance.between(0, 3);
  return Array.from({ length: count }, (_, n) =>
    message(chance.pick(destinations), `${effectKey}, message ${n}`),
  );
}
