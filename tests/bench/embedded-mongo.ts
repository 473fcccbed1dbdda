/** Holds the embedded engine's speed and memory against a null server and a raw append in the same run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Collection, MongoClient } from 'mongodb';
import { addressOf, freePort, initiate, startProcess } from '../crash/engine-process.ts';
import { appendRate, compare, type Report, ROUNDS, rateOf, round } from './rounds.ts';

export type BenchOptions = {
  /** Report one JSON line; the default prints it. */
  report?: (line: BenchLine) => void;
  /** Seconds for each of the interleaved speed measurements: 12 make slices long enough that a switch costs little. */
  seconds?: number;
  /** Documents for the memory and fairness measurement. */
  documents?: number;
};

export type BenchLine = {
  bench: 'embedded-mongo';
  metric: string;
  value: number;
  unit: string;
  /** What the value is held against, and value ÷ that. */
  against: string;
  ratio: number;
};

type Fact = { k: string; v: number; text: string };

const BINARY = resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js');
const NULL_SERVER = resolve(import.meta.dirname, 'null-server.js');
const TEXT = 'a document of about a hundred bytes';

/** Runs all measurements; each is one line of JSON. It needs some minutes at the default size. */
export async function run(options: BenchOptions = {}): Promise<void> {
  const print = options.report ?? ((line) => process.stdout.write(`${JSON.stringify(line)}\n`));
  const report: Report = (metric, value, unit, held) =>
    print({
      bench: 'embedded-mongo',
      metric,
      value: round(value),
      unit,
      against: held.against,
      ratio: round('ratio' in held ? held.ratio : value / held.limit),
    });
  const root = mkdtempSync(join(tmpdir(), 'engine-bench-'));
  try {
    await measureSpeed(join(root, 'speed'), join(root, 'raw'), options.seconds ?? 12, report);
    await measureStart(join(root, 'start'), report);
    await measureLarge(join(root, 'large'), options.documents ?? 1_000_000, report);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function measureSpeed(dbpath: string, raw: string, seconds: number, report: Report): Promise<void> {
  const nothing = await startNullServer();
  const port = await freePort();
  const engine = await startProcess(BINARY, dbpath, port);
  await initiate(port);
  const nullClient = await MongoClient.connect(addressOf(nothing.port));
  const client = await MongoClient.connect(addressOf(port));
  const facts = client.db('bench').collection<Fact>('facts');
  const nulls = nullClient.db('bench').collection<Fact>('facts');
  await facts.createIndex({ k: 1 }, { unique: true });
  const sliceMs = (seconds * 1000) / ROUNDS;
  try {
    for (const atOnce of [1, 32]) {
      await compare(`insert one, ${atOnce} at once`, 'min(null server, fdatasync append)', 0.5, report, {
        engine: () => rateOf(sliceMs, atOnce, () => insert(facts)),
        nothing: () => rateOf(sliceMs, atOnce, () => insert(nulls)),
        append: async () => appendRate(raw, sliceMs / 2, atOnce),
      });
    }
    for (const atOnce of [1, 32]) {
      await compare(`find by unique index, ${atOnce} at once`, 'null server', 0.7, report, {
        engine: () => rateOf(sliceMs, atOnce, () => facts.findOne({ k: randomKey() })),
        nothing: () => rateOf(sliceMs, atOnce, () => nulls.findOne({ k: randomKey() })),
      });
    }
  } finally {
    await client.close();
    await nullClient.close();
    nothing.child.kill('SIGKILL');
    await engine.kill();
  }
}

async function measureStart(dbpath: string, report: Report): Promise<void> {
  const port = await freePort();
  let engine = await startProcess(BINARY, dbpath, port);
  await initiate(port);
  const client = await MongoClient.connect(addressOf(port));
  const facts = client.db('bench').collection<Fact>('facts');
  await facts.createIndexes([{ key: { k: 1 }, unique: true }, { key: { v: 1, k: 1 } }]);
  await fill(facts, 100_000);
  await client.close();
  await engine.kill();
  const startedMs = performance.now();
  engine = await startProcess(BINARY, dbpath, port);
  const tookMs = performance.now() - startedMs;
  await engine.kill();
  report('start with 100,000 documents and two indexes', tookMs, 'ms', {
    against: 'limit 2500 ms',
    limit: 2500,
  });
}

async function measureLarge(dbpath: string, documents: number, report: Report): Promise<void> {
  const port = await freePort();
  const engine = await startProcess(BINARY, dbpath, port);
  await initiate(port);
  const client = await MongoClient.connect(addressOf(port));
  const facts = client.db('bench').collection<Fact>('facts');
  try {
    await facts.createIndex({ v: 1, k: 1 });
    await fill(facts, documents);
    report(`memory with ${documents} documents of 94 B`, rssMegabytes(engine.pid), 'MB', {
      against: 'limit 900 MB',
      limit: 900,
    });
    let running = true;
    const startedMs = performance.now();
    const aggregation = facts
      .aggregate([{ $group: { _id: '$v', n: { $sum: 1 }, sum: { $sum: '$v' } } }])
      .toArray()
      .finally(() => {
        running = false;
      });
    const latencies: number[] = [];
    while (running) {
      const sentMs = performance.now();
      await facts.findOne({ v: 7, k: 'key-7' });
      latencies.push(performance.now() - sentMs);
    }
    const groups = await aggregation;
    const tookMs = performance.now() - startedMs;
    const grouped = { against: `${groups.length} groups, no limit`, ratio: 1 };
    report(`aggregation over ${documents} documents`, tookMs, 'ms', grouped);
    latencies.sort((a, b) => a - b);
    const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
    report('point reads p99 during it', p99, 'ms', {
      against: `limit 250 ms, ${latencies.length} reads`,
      limit: 250,
    });
    const limited = await facts
      .aggregate([{ $group: { _id: '$k' } }], { maxTimeMS: 50 })
      .toArray()
      .catch((error: unknown) => error);
    const isObeyed = limited instanceof Error && 'code' in limited && limited.code === 50;
    report('maxTimeMS obeyed', isObeyed ? 1 : 0, 'yes', { against: 'must be 1', limit: 1 });
  } finally {
    await client.close();
    await engine.kill();
  }
}

async function fill(facts: Collection<Fact>, documents: number): Promise<void> {
  const size = 5000;
  for (let start = 0; start < documents; start += size) {
    const batch = Array.from({ length: Math.min(size, documents - start) }, (_, at) => fact(start + at));
    await facts.insertMany(batch, { ordered: false });
  }
}

function fact(n: number): Fact {
  return { k: `key-${n}`, v: n % 1000, text: TEXT };
}

let serial = 0;

function insert(facts: Collection<Fact>): Promise<unknown> {
  serial += 1;
  return facts.insertOne(fact(serial));
}

function randomKey(): string {
  return `key-${1 + Math.floor(Math.random() * Math.max(1, serial / 2))}`;
}

function startNullServer(): Promise<{ child: ChildProcess; port: number }> {
  return new Promise((settle, reject) => {
    const child = spawn(process.execPath, [NULL_SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.once('error', reject);
    child.stdout?.once('data', (line: Buffer) =>
      settle({ child, port: Number(/\d+/.exec(line.toString())?.[0]) }),
    );
  });
}

/** Resident memory as the kernel counts it; NaN where there is no /proc. */
function rssMegabytes(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
