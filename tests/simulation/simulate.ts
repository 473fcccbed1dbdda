// One simulated run: minutes of faults, then peace until everything is at rest, then judgement.
import { cards } from '../../models/card.ts';
import { chatInbox } from '../../models/chat-inbox.ts';
import { destinations } from '../../models/destination.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import type { Store } from '../../models/store.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { posts, silent } from '../outbox/support/outbox-world.ts';
import { auditRows } from './audit-rows.ts';
import { drawFaults } from './faults.ts';
import { violationsOf } from './invariants.ts';
import { createLedger, type Ledger, witnessed } from './ledger.ts';
import { mutants } from './mutants.ts';
import { createPlatform, type Platform } from './platforms.ts';
import { auditSinkOf, clockOf, runOutbox, runWriter, type Stage } from './processes.ts';
import { createTalk, createTalkInbox, runTalker, sayTheRest } from './talkers.ts';
import { chanceOf, createVirtualTime, type VirtualTime } from './virtual-time.ts';

export interface Verdict {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly effects: number;
  readonly items: number;
  readonly crashes: number;
  readonly stops: number;
  readonly duplicates: number;
  readonly ambiguities: number;
  readonly dead: number;
}

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
/** Long enough for every lease and retry, also of a process whose clock ran an hour ahead. */
const PEACE_STEPS = 400;

/** Runs one seed, on the design or on a mutant of it. */
export async function simulate(seed: number, mutantName?: string): Promise<Verdict> {
  const mutant = mutantName === undefined ? undefined : mutants[mutantName];
  if (mutantName !== undefined && !mutant) throw new Error(`there is no mutant “${mutantName}”`);
  const chance = chanceOf(seed);
  const time = createVirtualTime(START_MS);
  const ledger = createLedger();
  const innermost = witnessed(createMemoryStore(), [posts.name, chatInbox.name], ledger, time.nowMs);
  const store = mutant?.store?.(innermost) ?? innermost;
  const platforms = drawPlatforms(chance.pick([0, 0, 1_000]), time);
  const faults = drawFaults(chance);
  const endMs = START_MS + chance.between(20_000, 60_000);
  const counts = { crashes: 0, stops: 0, effects: 0 };
  // Every other world has chat in it as well.
  const talk = seed % 2 === 1 ? createTalk() : null;
  const stage: Stage = { time, chance, faults, store, platforms, mutant, endMs, counts, talk };

  const processes = chance.between(1, 3);
  for (let n = 1; n <= processes; n += 1) runOutbox(stage, `outbox-${n}`);
  const writers = [runWriter(stage, 'writer-1'), runWriter(stage, 'writer-2')];
  if (talk) writers.push(runTalker(talk, time, chance, endMs));
  // Whoever still lives when the faults end goes on as a zombie until its calls are over.
  await time.runUntil(endMs + 3 * faults.stallMs);
  await Promise.all(writers);
  await peace(stage);
  return await judge({ seed, stage, ledger, clocksAgreed: faults.clockJump === 0 });
}

function drawPlatforms(paceMs: number, time: VirtualTime): Platform[] {
  const { nowMs } = time;
  return [
    createPlatform({ scheme: 'chat', paceMs, unordered: false, once: false, nowMs }),
    createPlatform({ scheme: 'console', paceMs: 0, unordered: false, once: true, nowMs }),
    createPlatform({ scheme: 'webhook', paceMs: 0, unordered: true, once: false, nowMs }),
  ];
}

/** A sound process alone, without any sweep: what is to be delivered must not need one. */
async function peace({ time, store, platforms, mutant, talk }: Stage): Promise<void> {
  const clock = clockOf(time, () => true, { ms: 0 });
  const outbox = createOutbox({
    store,
    facts: [store.facts(posts), store.facts(chatInbox)],
    audit: auditSinkOf(store),
    channels: platforms.map(({ channel }) => mutant?.channel?.(channel) ?? channel),
    clock,
    random: () => 0.5,
    logger: silent,
    worker: 'peace',
  });
  const inbox = talk && createTalkInbox({ store, clock, worker: 'peace' });
  for (let step = 0; step < PEACE_STEPS; step += 1) {
    if (inbox && talk) await sayTheRest(talk, inbox);
    await outbox.drain();
    if (step > 0 && !talk?.unanswered.size && (await restsAt(store))) return;
    await time.runUntil(time.nowMs() + (step < 200 ? 1_100 : 60_000));
  }
}

async function restsAt(store: Store): Promise<boolean> {
  const awake = await store.records(destinations).scoped('default').find({ where: {}, limit: 100 });
  const open = await store.facts(chatInbox).scoped('default').count({ status: 'working' });
  return open === 0 && awake.every(({ wakeAt, holder }) => wakeAt === null && holder === null);
}

async function judge(options: {
  readonly seed: number;
  readonly stage: Stage;
  readonly ledger: Ledger;
  readonly clocksAgreed: boolean;
}): Promise<Verdict> {
  const { seed, stage, ledger, clocksAgreed } = options;
  const { store, platforms, counts } = stage;
  const everything = { where: {}, limit: 100_000 };
  const rows = await store.records(outboxRows).scoped('default').find(everything);
  const cardRows = await store.records(cards).scoped('default').find(everything);
  const updates = await store.facts(chatInbox).scoped('default').find(everything);
  const facts = [...(await store.facts(posts).scoped('default').find(everything)), ...updates];
  const violations = violationsOf({
    ledger,
    platforms,
    clocksAgreed,
    rows: new Map(rows.map((row) => [row._id, row])),
    updates,
    answered: stage.talk ? [...stage.talk.answered].length : 0,
    unanswered: stage.talk?.unanswered.size ?? 0,
    cards: cardRows,
    destinations: await store.records(destinations).scoped('default').find(everything),
    auditIds: (await store.records(auditRows).scoped('default').find(everything)).map(({ _id }) => _id),
    unrelayed: facts.reduce((sum, { outbox }) => sum + outbox.length, 0),
  });
  const seen = platforms.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
  const distinct = new Set(platforms.flatMap(({ arrivals }) => arrivals.map(({ id }) => id))).size;
  const ambiguities = [...rows, ...cardRows].reduce((sum, record) => sum + record.ambiguities, 0);
  const dead = [...rows, ...cardRows].filter(({ status }) => status === 'dead').length;
  return {
    seed,
    violations,
    ...counts,
    items: ledger.items.size,
    duplicates: seen - distinct,
    ambiguities,
    dead,
  };
}
