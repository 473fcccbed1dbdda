// One simulated run of approvals: people ask, vote and change roles while processes die and clocks jump; then judgement.
import { approvals } from '../../models/approval.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import type { Store } from '../../models/store.ts';
import type { Actor, Door } from '../../src/core/actor.ts';
import { AppError } from '../../src/core/errors.ts';
import { approvalProcess, person, prices, TEA } from '../approvals/approval-world.ts';
import { testCtx } from '../support/context.ts';
import { setMember } from '../support/members.ts';
import { brokenPromises } from './approvals-judge.ts';
import { type ApprovalMutant, approvalMutants } from './approvals-mutants.ts';
import { createWitness, type Witness, watched } from './approvals-witness.ts';
import { drawFaults, type Faults, faultyCall, type Life } from './faults.ts';
import { clockOf } from './processes.ts';
import { type Chance, chanceOf, createVirtualTime, type VirtualTime } from './virtual-time.ts';
import { wrapStore } from './wrap-store.ts';

export interface ApprovalVerdict {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly requests: number;
  readonly votes: number;
  readonly crashes: number;
  readonly done: number;
  readonly ended: number;
}

type Process = ReturnType<typeof approvalProcess>;

interface Stage {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
  /** As the mutant made it, without faults. */
  readonly store: Store;
  readonly mutant: ApprovalMutant | undefined;
  readonly endMs: number;
  /** The processes that are there now. */
  readonly doors: Map<string, Process>;
  readonly counts: { crashes: number; votes: number };
}

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
const EXPIRES_MS = 30_000;
const HOUR_MS = 3_600_000;
const ITEMS = [TEA, 'milk', 'rice'];
const DOORS = ['slack', 'telegram', 'console', 'page', 'http'] as const;
const PEACE_STEPS = 60;

const TEAM = ['Asha', 'Ravi', 'Meera', 'Kiran'].map((name) => person(name));
const CLERK = person('Clerk', 'user');
/** An account of a machine, of an owner's role: it may ask, and its votes never count. */
const ROBOT: Actor = { kind: 'service', id: 'tok_robot', name: 'robot', role: 'owner' };
const STRANGER: Actor = { kind: 'person', id: 'usr_stranger', name: 'Stranger', role: 'owner' };

export async function simulateApprovals(seed: number, mutantName?: string): Promise<ApprovalVerdict> {
  const mutant = mutantName === undefined ? undefined : approvalMutants[mutantName];
  if (mutantName !== undefined && !mutant) throw new Error(`there is no mutant “${mutantName}”`);
  const chance = chanceOf(seed);
  const time = createVirtualTime(START_MS);
  const witness = createWitness();
  const truth = watched(createMemoryStore(), witness, time.nowMs);
  for (const member of [...TEAM, CLERK]) await setMember(truth, member);
  for (const item of ITEMS) await stock(truth, item);
  const faults = drawFaults(chance);
  const endMs = START_MS + chance.between(30_000, 90_000);
  const store = mutant?.store?.(truth) ?? truth;
  const counts = { crashes: 0, votes: 0 };
  const stage: Stage = { time, chance, faults, store, mutant, endMs, doors: new Map(), counts };

  for (let n = 1; n <= chance.between(1, 3); n += 1) runProcess(stage, `process-${n}`, 1);
  const people = [
    runAsker(stage, [CLERK, ...TEAM, ROBOT]),
    ...[...TEAM, ROBOT, STRANGER, CLERK].map((actor) => runVoter(stage, actor)),
    runOffice(stage, truth),
  ];
  await time.runUntil(endMs + 3 * faults.stallMs);
  await Promise.all(people);
  await peace(stage);
  return await judge(seed, stage, truth, witness);
}

async function stock(store: Store, item: string): Promise<void> {
  const history = { effectKey: `stock ${item}`, at: new Date(START_MS), by: 'system', operation: 'test' };
  await store
    .facts(prices)
    .scoped('default')
    .insertOnce(item, { paise: 500, frozen: false }, { history, items: [] });
}

/** Keeps one process running: whenever it dies, another takes its place a little later. */
function runProcess(stage: Stage, name: string, incarnation: number): void {
  const { time, chance, faults, endMs, doors, counts } = stage;
  let alive = true;
  const life: Life = {
    alive: () => alive,
    die: () => {
      if (!alive) return;
      alive = false;
      counts.crashes += 1;
      doors.delete(name);
      time.after(chance.between(0, 10_000), () => {
        if (time.nowMs() < endMs) runProcess(stage, name, incarnation + 1);
      });
    },
  };
  const skew = { ms: 0 };
  const store = wrapStore(stage.store, faultyCall({ time, chance, faults, life }));
  const process = createProcess(stage, store, `${name}.${incarnation}`, () => alive, skew);
  doors.set(name, process);
  const beat = (): void => {
    if (!alive || time.nowMs() >= endMs) return;
    if (chance.happens(faults.clockJump))
      skew.ms = chance.happens(0.5) ? 0 : chance.between(-HOUR_MS, HOUR_MS);
    void process.approvals.sweep().catch(() => undefined);
    time.after(chance.between(1_000, 8_000), beat);
  };
  beat();
}

function createProcess(
  { time, mutant }: Stage,
  store: Store,
  worker: string,
  alive: () => boolean,
  skew: { readonly ms: number },
): Process {
  const own = clockOf(time, alive, skew);
  const clock = mutant?.clock?.(own, START_MS) ?? own;
  return approvalProcess({ store, clock, worker, expiresAfterMs: EXPIRES_MS });
}

/** Says it to one process, and again to another, until it is answered or the person has gone home. */
async function insist(
  stage: Stage,
  actor: Actor,
  operation: string,
  raw: object,
  effectKey: string,
): Promise<void> {
  const { time, chance, endMs, doors } = stage;
  while (time.nowMs() < endMs) {
    const open = [...doors.values()];
    if (open.length > 0) {
      const process = chance.pick(open);
      const door: Door = chance.pick(DOORS);
      const ctx = testCtx({ actor, door, effectKey, now: new Date(time.nowMs()) });
      const answered = process.dispatcher.run({ operation, raw, ctx }).then(
        () => true,
        (thrown: unknown) => thrown instanceof AppError && !thrown.retryable && thrown.kind !== 'bug',
      );
      const tired = new Promise<boolean>((resolve) => void time.after(5_000, () => resolve(false)));
      if (await Promise.race([answered, tired])) return;
    }
    await rest(time, chance.between(50, 1_500));
  }
}

const rest = (time: VirtualTime, delayMs: number): Promise<void> =>
  new Promise((resolve) => void time.after(delayMs, resolve));

async function priceNow({ store }: Stage, item: string): Promise<number> {
  return (await store.facts(prices).scoped('default').get(item))?.paise ?? 0;
}

async function runAsker(stage: Stage, askers: readonly Actor[]): Promise<void> {
  const { time, chance, endMs } = stage;
  for (let n = 1; time.nowMs() < endMs; n += 1) {
    const item = chance.pick(ITEMS);
    const from = await priceNow(stage, item);
    const raw = { item, from, paise: from + chance.between(1, 3), people: chance.between(1, 3) };
    await insist(stage, chance.pick(askers), 'price.set', raw, `ask-${n}`);
    await rest(time, chance.between(500, 8_000));
  }
}

/** Votes on whatever is there, open or not, its own or not, now and then on another payload. */
async function runVoter(stage: Stage, actor: Actor): Promise<void> {
  const { time, chance, endMs, store, counts } = stage;
  for (let n = 1; time.nowMs() < endMs; n += 1) {
    await rest(time, chance.between(300, 4_000));
    const all = await store
      .facts(approvals)
      .scoped('default')
      .find({ where: {}, sort: [['createdAt', -1]], limit: 3 });
    if (all.length === 0) continue;
    const { _id } = chance.pick(all);
    const operation = chance.happens(0.1) ? 'approval.reject' : 'approval.approve';
    const more = chance.happens(0.05) ? { hash: '0'.repeat(64) } : {};
    const typed =
      operation === 'approval.approve' && chance.happens(0.3) ? { confirm: _id.slice(4, 10) } : {};
    counts.votes += 1;
    await insist(stage, actor, operation, { approval: _id, ...more, ...typed }, `${actor.id}-${n}`);
  }
}

/** People leave, are demoted and come back; prices change behind everybody's back. */
async function runOffice({ time, chance, endMs }: Stage, truth: Store): Promise<void> {
  for (let n = 1; time.nowMs() < endMs; n += 1) {
    await rest(time, chance.between(1_000, 12_000));
    const member = chance.pick(TEAM);
    if (chance.happens(0.4)) await setMember(truth, member, 'removed');
    else if (chance.happens(0.3)) await setMember(truth, { ...member, role: 'user' });
    else await setMember(truth, member);
    if (chance.happens(0.2)) await moveBehind(truth, chance.pick(ITEMS), n);
  }
  for (const member of TEAM) await setMember(truth, member);
}

async function moveBehind(truth: Store, item: string, n: number): Promise<void> {
  const facts = truth.facts(prices).scoped('default');
  const current = await facts.get(item);
  const history = { effectKey: `behind-${n}`, at: new Date(START_MS), by: 'usr_x', operation: 'test' };
  if (current) await facts.compareAndSet(current, { paise: current.paise + 10 }, { history, items: [] });
}

/** A sound process alone: what was cut off is carried on, and what waits runs out of time. */
async function peace(stage: Stage): Promise<void> {
  const { time, store } = stage;
  const process = createProcess(stage, store, 'peace', () => true, { ms: 0 });
  for (let step = 0; step < PEACE_STEPS; step += 1) {
    await time.runUntil(time.nowMs() + (step < 30 ? 5_000 : 10 * 60_000));
    await process.approvals.sweep();
  }
}

async function judge(seed: number, stage: Stage, truth: Store, witness: Witness): Promise<ApprovalVerdict> {
  const all = await truth.facts(approvals).scoped('default').find({ where: {}, limit: 10_000 });
  const { faults, counts } = stage;
  const slackMs = faults.stall > 0 ? 6 * faults.stallMs : 2_000;
  const violations = brokenPromises({ all, witness, slackMs, clocksAgree: faults.clockJump === 0 });
  const done = all.filter(({ state }) => state === 'done').length;
  return { seed, violations, requests: all.length, ...counts, done, ended: all.length - done };
}
