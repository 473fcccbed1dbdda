// Kills the chat path at every point from inbox to delivery, in real processes, and counts what was lost or doubled.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { type Chance, chanceOf } from '../simulation/virtual-time.ts';
import { judgeChat } from './chat-judge.ts';
import type { Said, WorkerOptions } from './chat-worker.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** The most calls on ports that one life may have; a message takes about thirty. */
const LONGEST_LIFE = 150;
const LIFE_MS = 8_000;
/** More than any lease of a life before. */
const BETWEEN_LIVES_MS = 61_000;
const TALKERS = 4;
const PATIENCE_MS = 60_000;

interface Wire {
  readonly url: string;
  /** Ids in the order in which they were shown; the platform knows no repeats. */
  readonly arrivals: string[];
  close(): void;
}

export interface ChatCrashResult {
  readonly kills: number;
  readonly messages: number;
  readonly retried: number;
  readonly duplicates: number;
  readonly ambiguities: number;
  readonly violations: readonly string[];
}

/** `chat [--kills 20] [--seed 1] [--binary path]`: prints one line, and answers 1 when a promise was broken. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      binary: { type: 'string', default: defaultBinary() },
    },
  });
  const started = performance.now();
  const result = await runChatCrashes({
    kills: Number(values.kills),
    seed: Number(values.seed),
    binary: values.binary,
  });
  const { kills, messages, retried, duplicates, ambiguities, violations } = result;
  process.stdout.write(
    `chat: ${kills} kills, ${messages} messages, ${retried} sent again by their sender, ${duplicates} shown twice ` +
      `of ${ambiguities} counted, ${violations.length} promises broken, ` +
      `${((performance.now() - started) / 1_000).toFixed(1)} s\n`,
  );
  for (const violation of violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
  return violations.length > 0 ? 1 : 0;
}

const defaultBinary = (): string => join(import.meta.dirname, '../../src/embedded-mongo/cli.js');

/** The harness owns the engine and the platform; only the product's processes die. */
export async function runChatCrashes(options: {
  readonly kills: number;
  readonly seed: number;
  /** The compiled engine, or a real mongod. */
  readonly binary: string;
}): Promise<ChatCrashResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'chat-crash-'));
  const engine = await startEmbedded({ binaryPath: options.binary, dataDir });
  const wire = await openWire();
  const uri = new URL(engine.uri);
  uri.pathname = '/crash';
  try {
    const harness = createHarness(uri.href, wire, chanceOf(options.seed));
    for (let life = 1; life <= options.kills; life += 1) await harness.liveAndDie(life);
    await harness.liveInPeace(options.kills + 1);
    const { said, counts } = harness;
    const verdict = await judgeChat(uri.href, said, wire.arrivals);
    return { kills: options.kills, messages: said.length, retried: counts.retried, ...verdict };
  } finally {
    wire.close();
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function openWire(): Promise<Wire> {
  const arrivals: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: string };
      arrivals.push(id);
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/`, arrivals, close: () => server.close() };
}

function createHarness(uri: string, wire: Wire, chance: Chance) {
  const said: Said[] = [];
  const open = new Map<string, Said>();
  const counts = { retried: 0 };

  function nextToSay(): Said {
    const [waiting] = open.values();
    if (waiting && chance.happens(0.5)) {
      counts.retried += 1;
      return waiting;
    }
    const n = said.length + 1;
    const room = chance.happens(0.5) ? 'wire:ops' : 'console:person:usr_crash';
    const message = { key: `key-${n}`, text: `/task add Task number ${n}`, room };
    said.push(message);
    open.set(message.key, message);
    return message;
  }

  /** Says one thing; a process that dies meanwhile leaves it open, to be said again under the same key. */
  async function say(port: number, message: Said): Promise<void> {
    const answer = await post(port, '/say', message);
    if (answer) open.delete(message.key);
  }

  async function liveAndDie(life: number): Promise<void> {
    const dieAt = chance.between(1, LONGEST_LIFE);
    const moment = chance.pick(['before', 'after'] as const);
    const worker = await startWorker({ uri, wireUrl: wire.url, ...lifeOf(life), dieAt, moment });
    if (worker === null) return;
    const overdue = setTimeout(() => worker.child.kill('SIGKILL'), LIFE_MS);
    const talk = async (): Promise<void> => {
      while (worker.alive()) await say(worker.port, nextToSay());
    };
    await Promise.all([worker.gone, ...Array.from({ length: TALKERS }, talk)]);
    clearTimeout(overdue);
  }

  async function liveInPeace(life: number): Promise<void> {
    const peace = { uri, wireUrl: wire.url, ...lifeOf(life), dieAt: 0, moment: 'before' } as const;
    const worker = await startWorker(peace);
    if (worker === null) throw new Error('the last process did not start');
    const deadline = performance.now() + PATIENCE_MS;
    for (const message of [...open.values()]) await say(worker.port, message);
    for (;;) {
      const health = (await post(worker.port, '/settle', {})) as { readonly waiting: number } | null;
      if (health?.waiting === 0 || performance.now() > deadline) break;
    }
    worker.child.kill('SIGTERM');
    const code = await worker.gone;
    if (code !== 0) throw new Error(`the last process ended with ${code} after SIGTERM`);
  }

  return { said, counts, liveAndDie, liveInPeace };
}

const lifeOf = (life: number): Pick<WorkerOptions, 'name' | 'aheadMs'> => ({
  name: `life-${life}`,
  aheadMs: life * BETWEEN_LIVES_MS,
});

/** A process and the port it listens on. */
async function startWorker(
  options: WorkerOptions,
): Promise<(WorkerProcess & { readonly port: number }) | null> {
  const program = join(import.meta.dirname, `chat-worker${extname(import.meta.filename)}`);
  const worker = await startWorkerProcess(program, options);
  return worker && { ...worker, port: Number(worker.said) };
}

/** The answer, or null when there was none. */
async function post(port: number, path: string, body: unknown): Promise<unknown> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
