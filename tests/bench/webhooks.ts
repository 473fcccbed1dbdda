// Measures the webhook door beside a bare handler, under a rising load, to the figure it ends in, and the sender beside failures.
import { join, resolve } from 'node:path';
import { connectDatabase } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { startWorkerProcess, type WorkerProcess } from '../crash/worker-process.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { removeFolder, temporaryFolder } from '../support/program.ts';
import { cpuMsOf, type Figure, median, printFigure, rounded } from './figures.ts';
import { delivery, paced, post, quantile, SECRET, sendAll } from './webhook-load.ts';
import { tenthDestination } from './webhooks-out.ts';

const ENGINE = resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js');
const AT_ONCE = 8;
const LEAST_RATIO = 0.7;
const MOST_ACK_MS = 100;
const MOST_VISIBLE_S = 5;
const MOST_SLOWDOWN = 1.2;

export interface WebhookBenchOptions {
  /** Short runs, for development: 20 s of load for 5 min. */
  readonly quick?: boolean;
  readonly print?: (figure: Figure) => void;
}

/** Whether every gate held. */
export async function run({
  quick = false,
  print = printFigure,
}: WebhookBenchOptions = {}): Promise<boolean> {
  const folder = temporaryFolder();
  const engine = await startEmbedded({ binaryPath: ENGINE, dataDir: join(folder, 'engine') });
  const uriOf = (database: string): string => {
    const uri = new URL(engine.uri);
    uri.pathname = `/${database}`;
    return uri.href;
  };
  const held: boolean[] = [];
  try {
    held.push(await besideBare(uriOf('beside'), quick ? 5 : 15, print));
    held.push(await underLoad(uriOf('load'), quick ? 20 : 300, print));
    held.push(await toVisible(uriOf('visible'), quick ? 10 : 60, print));
    held.push(await besideFailures(uriOf('sender'), quick ? 10 : 60, print));
  } finally {
    await engine.stop();
    removeFolder(folder);
  }
  return held.every(Boolean);
}

async function started(program: string, options: object): Promise<WorkerProcess> {
  const worker = await startWorkerProcess(join(import.meta.dirname, `${program}.js`), options);
  if (!worker) throw new Error(`${program} did not start`);
  return worker;
}

/** (a) In pairs, taking turns, so that the machine's other work falls on both; the work behind the door is not begun. */
async function besideBare(uri: string, pairs: number, print: (figure: Figure) => void): Promise<boolean> {
  const door = await started('webhook-door', { uri, secret: SECRET, works: false });
  const bare = await started('bare-webhook', { uri });
  const rates = { door: [] as number[], bare: [] as number[] };
  const cpu = { door: [] as number[], bare: [] as number[] };
  const SENT = 400;
  try {
    for (let pair = -2; pair < pairs; pair += 1) {
      for (const [name, worker] of [
        ['door', door],
        ['bare', bare],
      ] as const) {
        const all = Array.from({ length: SENT }, (_, n) => delivery('events', `a${pair}-${name}-${n}`));
        const before = cpuMsOf(worker.child.pid ?? 0);
        const seconds = await sendAll(worker.said, all, AT_ONCE);
        if (pair < 0) continue;
        rates[name].push(SENT / seconds);
        cpu[name].push(((cpuMsOf(worker.child.pid ?? 0) - before) * 1_000) / SENT);
      }
    }
  } finally {
    door.child.kill('SIGKILL');
    bare.child.kill('SIGKILL');
  }
  const ratios = rates.door.map((rate, n) => rate / (rates.bare[n] ?? Number.NaN));
  const ratio = rounded(median(ratios));
  const against = `a bare Express handler with one driver insert, ${rounded(median(rates.bare))} a second`;
  print({
    bench: 'webhooks',
    metric: 'acknowledged a second, median of pairs',
    value: rounded(median(rates.door)),
    unit: '1/s',
    against,
    ratio,
  });
  const cost = { door: median(cpu.door), bare: median(cpu.bare) };
  print({
    bench: 'webhooks',
    metric: 'CPU of the process for one acknowledgement',
    value: rounded(cost.door),
    unit: 'µs',
    against: `the bare handler, ${rounded(cost.bare)} µs`,
    ratio: rounded(cost.bare / cost.door),
  });
  return ratio >= LEAST_RATIO;
}

/** (b) From 10 to 100 a second, with everything that comes in worked on meanwhile. */
async function underLoad(uri: string, seconds: number, print: (figure: Figure) => void): Promise<boolean> {
  const door = await started('webhook-door', { uri, secret: SECRET, works: true });
  try {
    const took = await paced({ from: 10, to: 100, seconds }, (n) =>
      post(door.said, delivery('events', `b${n}`)),
    );
    const value = rounded(quantile(took, 0.95));
    const against = `${MOST_ACK_MS} ms; ${took.length} deliveries, median ${rounded(median(took))} ms`;
    const metric = `acknowledgement p95, 10 to 100 a second over ${seconds} s`;
    print({ bench: 'webhooks', metric, value, unit: 'ms', against, ratio: rounded(value / MOST_ACK_MS) });
    return value < MOST_ACK_MS;
  } finally {
    door.child.kill('SIGKILL');
  }
}

const LOOK_EVERY_MS = 25;

/** (c) From the 2xx for a transaction to the moment the rollups' sum holds it, read by another process. */
async function toVisible(uri: string, seconds: number, print: (figure: Figure) => void): Promise<boolean> {
  const door = await started('webhook-door', { uri, secret: SECRET, works: true });
  const database = await connectDatabase({ uri });
  const { reader } = ingestionWorld(createMongoStore(database.connection));
  const QUARTER_MS = 15 * 60_000;
  const from = new Date(Math.floor(Date.now() / QUARTER_MS) * QUARTER_MS);
  const to = new Date(from.getTime() + 4 * QUARTER_MS);
  const visible = async (): Promise<number> => {
    const cells = await reader.read('default', { stream: 'transactions', measure: 'count', from, to });
    return cells.reduce((sum, { total }) => sum + total, 0);
  };
  const receivedMs: number[] = [];
  const lagsMs: number[] = [];
  let sending = true;
  const look = async (): Promise<void> => {
    while (sending || lagsMs.length < receivedMs.length) {
      const seen = await visible();
      const nowMs = performance.now();
      // In whatever order they were folded, the n-th to be seen was received no later than the n-th receipt.
      while (lagsMs.length < Math.min(seen, receivedMs.length))
        lagsMs.push(nowMs - (receivedMs[lagsMs.length] ?? nowMs));
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  try {
    const looking = look();
    await paced({ from: 20, to: 20, seconds }, async (n) => {
      await post(door.said, delivery('shop', `c${n}`));
      receivedMs.push(performance.now());
    });
    sending = false;
    await looking;
  } finally {
    await database.close();
    door.child.kill('SIGKILL');
  }
  const value = rounded(quantile(lagsMs, 0.99) / 1_000);
  const against = `${MOST_VISIBLE_S} s; ${lagsMs.length} transactions, median ${rounded(median(lagsMs) / 1_000)} s`;
  const ratio = rounded(value / MOST_VISIBLE_S);
  print({ bench: 'webhooks', metric: 'receipt_to_visible_p99', value, unit: 's', against, ratio });
  return value < MOST_VISIBLE_S;
}

/** (d) Nine of ten destinations take the connection and never answer. */
async function besideFailures(
  uri: string,
  seconds: number,
  print: (figure: Figure) => void,
): Promise<boolean> {
  const { aloneMs, besideMs, events } = await tenthDestination(uri, seconds);
  const ratio = rounded(besideMs / aloneMs);
  const against = `${rounded(aloneMs)} ms alone; ${events} events, 10 a second`;
  const metric = 'delivery p95 of the tenth destination while nine hang';
  print({ bench: 'webhooks', metric, value: rounded(besideMs), unit: 'ms', against, ratio });
  return ratio <= MOST_SLOWDOWN;
}
