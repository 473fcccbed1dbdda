// Kills the webhook door right after a 2xx, and at every call on its store, and counts what was lost or done twice.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectDatabase } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { streamFacts } from '../../models/stream-fact.ts';
import { type WebhookEvent, webhookInbox } from '../../models/webhook-inbox.ts';
import { derivedId } from '../../src/core/ids.ts';
import type { Facts } from '../../src/core/store.ts';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { replayEvents } from '../../src/features/webhooks/replay.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import { type Chance, chanceOf } from '../simulation/virtual-time.ts';
import { testCtx } from '../support/context.ts';
import type { WebhookLife } from './webhooks-worker.ts';
import { keepReady, startWorkerProcess, type WorkerProcess } from './worker-process.ts';

const LONGEST_LIFE = 120;
/** Each but the last is looked at with the process frozen; at the last it is killed. */
const MOST_ANSWERS = 12;
/** Beside those right after an answer, one life in so many ends at a call on its store. */
const AT_A_CALL_EVERY = 5;
/** Processes that start while others live and die: as many as the cores can do with. */
const READY = 3;
/** A life that dies of itself, or is overdue, is made up for. */
const MOST_SPARE_LIVES = 50;
const LIFE_MS = 8_000;
/** More than any lease of a life before. */
const BETWEEN_LIVES_MS = 61_000;
const SENDERS = 4;
const PATIENCE_MS = 60_000;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface WebhookCrashResult {
  /** Processes killed in the moment after a 2xx. */
  readonly kills: number;
  /** Moments right after a 2xx in which the process was frozen, and the database looked at from outside. */
  readonly frozen: number;
  /** Processes that ended themselves at a call on the store. */
  readonly atCalls: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly repeated: number;
  /** Dead letters that were replayed at the end: events whose work was cut off ten times. */
  readonly revived: number;
  readonly violations: readonly string[];
}

/** `webhooks [--kills 20] [--seed 1]`: so many kills right after a 2xx, and a quarter as many elsewhere. Prints one line, and answers 1 when a promise was broken. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
  });
  const started = performance.now();
  const { kills, frozen, atCalls, sent, acknowledged, repeated, revived, violations } =
    await runWebhookCrashes({
      kills: Number(values.kills),
      seed: Number(values.seed),
      dist: join(import.meta.dirname, '../..'),
    });
  process.stdout.write(
    `webhooks: ${kills} kills right after a 2xx, ${frozen} more moments after one looked at frozen, ${atCalls} kills at a call on the store, ${sent} events, ${acknowledged} acknowledged, ${repeated} sent again, ${revived} replayed from the dead letters, ` +
      `${violations.length} promises broken, ${((performance.now() - started) / 1_000).toFixed(1)} s\n`,
  );
  for (const violation of violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
  return violations.length > 0 ? 1 : 0;
}

/** The harness owns the engine; only the processes with the door die. @param options.dist the compiled project. */
export async function runWebhookCrashes(options: {
  readonly kills: number;
  readonly seed: number;
  readonly dist: string;
}): Promise<WebhookCrashResult> {
  const { kills, seed, dist } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'webhook-crash-'));
  const binaryPath = join(dist, 'src/embedded-mongo/cli.js');
  const engine = await startEmbedded({ binaryPath, dataDir });
  const uri = new URL(engine.uri);
  uri.pathname = '/crash';
  const database = await connectDatabase({ uri: uri.href });
  try {
    const inbox = createMongoStore(database.connection).facts(webhookInbox).scoped('default');
    const harness = createHarness({ uri: uri.href, dist, kills }, inbox, chanceOf(seed));
    await harness.liveAndDie();
    await harness.liveInPeace();
    const { events, counts, lost } = harness;
    const violations = [...lost, ...(await judge(uri.href, events))];
    const acknowledged = events.filter((event) => event.acknowledged).length;
    return { ...counts, sent: events.length, acknowledged, violations };
  } finally {
    await database.close();
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Sent {
  readonly id: string;
  acknowledged: boolean;
}

function createHarness(
  { uri, dist, kills }: { readonly uri: string; readonly dist: string; readonly kills: number },
  inbox: Facts<WebhookEvent>,
  chance: Chance,
) {
  const program = join(dist, 'tests/crash/webhooks-worker.js');
  const events: Sent[] = [];
  const open = new Set<Sent>();
  const counts = { kills: 0, frozen: 0, atCalls: 0, repeated: 0, revived: 0 };
  const lost: string[] = [];
  let looking = Promise.resolve();
  let last = 0;

  function next(): Sent {
    const [waiting] = open;
    if (waiting && chance.happens(0.5)) {
      counts.repeated += 1;
      return waiting;
    }
    const event = { id: `evt-${events.length + 1}`, acknowledged: false };
    events.push(event);
    open.add(event);
    return event;
  }

  /** Whether it was answered 2xx. */
  async function deliver(url: string, event: Sent, aheadMs: number): Promise<boolean> {
    const at = new Date(Date.now() + aheadMs);
    const data = { key: event.id, title: event.id };
    const told = { type: 'incident.opened', at: '2026-11-02T09:30:00Z', data };
    const body = Buffer.from(JSON.stringify(told));
    const headers = { ...schemes.standard.sign({ id: event.id, at, body, url, secret: SECRET }) };
    try {
      const answer = await fetch(`${url}/webhooks/events`, { method: 'POST', headers, body });
      if (!answer.ok) return false;
      event.acknowledged = true;
      open.delete(event);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * A process that is stopped can write no more than one that is killed: what others see in the database at this
   * moment is what would be left of it. So one start serves many moments, and only the last one costs the process.
   */
  async function lookFrozen(worker: WorkerProcess, event: string): Promise<void> {
    const look = async (): Promise<void> => {
      if (!worker.alive() || !worker.child.kill('SIGSTOP')) return;
      const stored = await inbox.get(derivedId('whk', 'default', 'events', 'id', event));
      counts.frozen += 1;
      if (!stored) lost.push(`${event} was answered 2xx and is not in the database`);
      worker.child.kill('SIGCONT');
    };
    looking = looking.then(look);
    await looking;
  }

  /** The events of one life, and its end. @param answers after so many it is killed; 0 leaves that to itself. */
  async function liveOnce(worker: WorkerProcess, aheadMs: number, answers: number): Promise<void> {
    const overdue = setTimeout(() => worker.child.kill('SIGKILL'), LIFE_MS);
    let taken = 0;
    const send = async (): Promise<void> => {
      while (worker.alive()) {
        const event = next();
        if (!(await deliver(worker.said, event, aheadMs))) continue;
        taken += 1;
        if (answers > 0 && taken === answers && worker.child.kill('SIGKILL')) counts.kills += 1;
        else if (taken < answers) await lookFrozen(worker, event.id);
      }
    };
    await Promise.all([worker.gone, ...Array.from({ length: SENDERS }, send)]);
    clearTimeout(overdue);
    if (answers === 0) counts.atCalls += 1;
  }

  const isAtCall = (life: number): boolean => life % AT_A_CALL_EVERY === 0;

  async function liveAndDie(): Promise<void> {
    const lives = kills + Math.floor((kills - 1) / (AT_A_CALL_EVERY - 1)) + MOST_SPARE_LIVES;
    const ready = keepReady(lives, READY, (life) => {
      const dieAt = isAtCall(life) ? chance.between(1, LONGEST_LIFE) : 0;
      const moment = chance.pick(['before', 'after'] as const);
      return startWorkerProcess(program, { uri, secret: SECRET, ...lifeOf(life), dieAt, moment });
    });
    for (let life = 1; life <= lives && counts.kills < kills; life += 1) {
      const answers = isAtCall(life) ? 0 : chance.between(1, MOST_ANSWERS);
      const worker = await ready.take(life);
      if (worker) await liveOnce(worker, lifeOf(life).aheadMs, answers);
      last = life;
    }
    await ready.end();
  }

  async function liveInPeace(): Promise<void> {
    const peace = { uri, secret: SECRET, ...lifeOf(last + READY + 1), dieAt: 0, moment: 'before' } as const;
    const worker = await startWorkerProcess(program, peace);
    if (worker === null) throw new Error('the last process did not start');
    worker.begin();
    const deadline = performance.now() + PATIENCE_MS;
    for (const event of [...open]) await deliver(worker.said, event, peace.aheadMs);
    const database = await connectDatabase({ uri });
    const collection = createMongoStore(database.connection).facts(webhookInbox);
    const settled = async (): Promise<void> => {
      while ((await inbox.count({ status: 'received' })) > 0 && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await settled();
    // Whose every process died ten times over is a dead letter by design: kept, and worked on once it is asked for.
    const now = new Date(Date.now() + peace.aheadMs);
    counts.revived = await replayEvents(collection, testCtx({ now, effectKey: 'in peace' }), {});
    await settled();
    await database.close();
    worker.child.kill('SIGTERM');
    const code = await worker.gone;
    if (code !== 0) throw new Error(`the last process ended with ${code} after SIGTERM`);
  }

  return { events, counts, lost, liveAndDie, liveInPeace };
}

const lifeOf = (life: number): Pick<WebhookLife, 'name' | 'aheadMs' | 'makesIndexes'> => ({
  makesIndexes: life === 1,
  name: `life-${life}`,
  aheadMs: life * BETWEEN_LIVES_MS,
});

/** Every acknowledged event: one row, done, and one effect with one audit item. */
async function judge(uri: string, events: readonly Sent[]): Promise<readonly string[]> {
  const database = await connectDatabase({ uri });
  try {
    const store = createMongoStore(database.connection);
    const all = { where: {}, limit: 100_000 };
    const rows = await store.facts(webhookInbox).scoped('default').find(all);
    const facts = await store.records(streamFacts).scoped('default').find(all);
    const violations: string[] = [];
    const rowsOf = grouped(rows, ({ senderId }) => senderId ?? '');
    const effectsOf = grouped(facts, ({ externalId }) => externalId);
    for (const { id, acknowledged } of events) {
      const own = rowsOf.get(id) ?? [];
      const effects = effectsOf.get(`incident:${id}`) ?? [];
      if (!acknowledged) violations.push(`${id} was never taken, not even in peace`);
      if (own.length !== 1 || own[0]?.status !== 'done')
        violations.push(`${id} has ${own.length} rows, the first ${own[0]?.status ?? 'nowhere'}`);
      if (effects.length !== 1) violations.push(`${id} had ${effects.length} effects`);
    }
    if (rows.length !== events.length) violations.push(`${rows.length} rows of ${events.length} events`);
    return violations;
  } finally {
    await database.close();
  }
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one)) ?? [];
    group.push(one);
    groups.set(keyOf(one), group);
  }
  return groups;
}
