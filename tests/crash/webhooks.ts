// Kills the webhook door right after a 2xx, and at every call on its store, and counts what was lost or done twice.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectDatabase } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { operationFacts } from '../../models/operation-fact.ts';
import { webhookInbox } from '../../models/webhook-inbox.ts';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import { type Chance, chanceOf } from '../simulation/virtual-time.ts';
import type { WebhookLife } from './webhooks-worker.ts';

const LONGEST_LIFE = 120;
const MOST_ANSWERS = 40;
const LIFE_MS = 8_000;
/** More than any lease of a life before. */
const BETWEEN_LIVES_MS = 61_000;
const SENDERS = 4;
const PATIENCE_MS = 60_000;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface WebhookCrashResult {
  readonly kills: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly repeated: number;
  readonly violations: readonly string[];
}

/** `webhooks [--kills 20] [--seed 1]`: prints one line, and answers 1 when a promise was broken. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
  });
  const started = performance.now();
  const { kills, sent, acknowledged, repeated, violations } = await runWebhookCrashes({
    kills: Number(values.kills),
    seed: Number(values.seed),
    dist: join(import.meta.dirname, '../..'),
  });
  process.stdout.write(
    `webhooks: ${kills} kills, ${sent} events, ${acknowledged} acknowledged, ${repeated} sent again, ` +
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
  try {
    const harness = createHarness(uri.href, dist, chanceOf(seed));
    for (let life = 1; life <= kills; life += 1) await harness.liveAndDie(life);
    await harness.liveInPeace(kills + 1);
    const { events, counts } = harness;
    const violations = await judge(uri.href, events);
    const acknowledged = events.filter((event) => event.acknowledged).length;
    return { kills, sent: events.length, acknowledged, repeated: counts.repeated, violations };
  } finally {
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Sent {
  readonly id: string;
  acknowledged: boolean;
}

function createHarness(uri: string, dist: string, chance: Chance) {
  const events: Sent[] = [];
  const open = new Set<Sent>();
  const counts = { repeated: 0 };

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

  /** Every other life is killed in the moment after a 2xx; the others at a call on the store. */
  async function liveAndDie(life: number): Promise<void> {
    const byAnswer = life % 2 === 1;
    const answers = chance.between(1, MOST_ANSWERS);
    const dieAt = byAnswer ? 0 : chance.between(1, LONGEST_LIFE);
    const moment = chance.pick(['before', 'after'] as const);
    const { aheadMs } = lifeOf(life);
    const worker = await startWorker(dist, { uri, secret: SECRET, ...lifeOf(life), dieAt, moment });
    if (worker === null) return;
    const overdue = setTimeout(() => worker.child.kill('SIGKILL'), LIFE_MS);
    let taken = 0;
    const send = async (): Promise<void> => {
      while (worker.alive()) {
        if (await deliver(worker.url, next(), aheadMs)) taken += 1;
        if (byAnswer && taken >= answers) worker.child.kill('SIGKILL');
      }
    };
    await Promise.all([worker.gone, ...Array.from({ length: SENDERS }, send)]);
    clearTimeout(overdue);
  }

  async function liveInPeace(life: number): Promise<void> {
    const peace = { uri, secret: SECRET, ...lifeOf(life), dieAt: 0, moment: 'before' } as const;
    const worker = await startWorker(dist, peace);
    if (worker === null) throw new Error('the last process did not start');
    const deadline = performance.now() + PATIENCE_MS;
    for (const event of [...open]) await deliver(worker.url, event, peace.aheadMs);
    const database = await connectDatabase({ uri });
    const inbox = createMongoStore(database.connection).facts(webhookInbox).scoped('default');
    while ((await inbox.count({ status: 'received' })) > 0 && performance.now() < deadline)
      await new Promise((resolve) => setImmediate(resolve));
    await database.close();
    worker.child.kill('SIGTERM');
    const code = await worker.gone;
    if (code !== 0) throw new Error(`the last process ended with ${code} after SIGTERM`);
  }

  return { events, counts, liveAndDie, liveInPeace };
}

const lifeOf = (life: number): Pick<WebhookLife, 'name' | 'aheadMs'> => ({
  name: `life-${life}`,
  aheadMs: life * BETWEEN_LIVES_MS,
});

interface Worker {
  readonly child: ChildProcess;
  readonly url: string;
  readonly gone: Promise<number | null>;
  alive(): boolean;
}

/** Starts a process and waits for its address; null when it died before. */
async function startWorker(dist: string, life: WebhookLife): Promise<Worker | null> {
  const program = join(dist, 'tests/crash/webhooks-worker.js');
  const child = spawn(process.execPath, [program, JSON.stringify(life)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let alive = true;
  const gone = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      alive = false;
      resolve(code);
    });
  });
  const url = await new Promise<string | null>((resolve) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    void gone.then(() => resolve(null));
  });
  return url === null ? null : { child, url, gone, alive: () => alive };
}

/** Every acknowledged event: one row, done, and one effect with one audit item. */
async function judge(uri: string, events: readonly Sent[]): Promise<readonly string[]> {
  const database = await connectDatabase({ uri });
  try {
    const store = createMongoStore(database.connection);
    const all = { where: {}, limit: 100_000 };
    const rows = await store.facts(webhookInbox).scoped('default').find(all);
    const facts = await store.facts(operationFacts).scoped('default').find(all);
    const violations: string[] = [];
    for (const { id, acknowledged } of events) {
      const own = rows.filter(({ senderId }) => senderId === id);
      const effects = facts.filter(({ externalId }) => externalId === id);
      if (!acknowledged) violations.push(`${id} was never taken, not even in peace`);
      if (own.length !== 1 || own[0]?.status !== 'done')
        violations.push(`${id} has ${own.length} rows, the first ${own[0]?.status ?? 'nowhere'}`);
      if (effects.length !== 1 || effects[0]?.history.length !== 1 || effects[0].outbox.length !== 1)
        violations.push(`${id} had ${effects.length} effects with ${effects[0]?.history.length} changes`);
    }
    if (rows.length !== events.length) violations.push(`${rows.length} rows of ${events.length} events`);
    return violations;
  } finally {
    await database.close();
  }
}
