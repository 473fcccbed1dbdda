// Measures the page of metrics and GET /api/metrics over few and over many facts: the facts must make no difference.
import { join, resolve } from 'node:path';
import { allDefinitions } from '../../models/all.ts';
import { connectDatabase } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { metricWeb } from '../support/metric-web.ts';
import { removeFolder, temporaryFolder } from '../support/program.ts';
import { ask } from '../support/web-world.ts';
import { cpuMsOf, type Figure, median, ownCpuMs, printFigure, rounded } from './figures.ts';

const ENGINE = resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js');
const CHUNK = 5_000;
const DAYS = 180;
/** Sales are told apart by so many facts for each customer, whatever the size. */
const FACTS_A_CUSTOMER = 20;
const TOLERANCE = 0.2;

export interface PagesBenchOptions {
  /** Facts behind the numbers: few, and the many held against them. */
  readonly sizes?: readonly [few: number, many: number];
  /** Requests of each, in turns. */
  readonly pairs?: number;
  readonly print?: (figure: Figure) => void;
  /** Told how far the loading is. */
  readonly say?: (text: string) => void;
}

type World = Awaited<ReturnType<typeof worldWith>>;
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const targets = { page: 'the page of metrics', api: 'GET /api/metrics' } as const;
type Target = keyof typeof targets;

/** Each size has an engine of its own; requests take turns, so that the machine's noise falls on both. */
export async function run(options: PagesBenchOptions = {}): Promise<boolean> {
  const { sizes = [10_000, 1_000_000], pairs = 61, print = printFigure } = options;
  const say = options.say ?? ((text) => process.stderr.write(`${text}\n`));
  const folder = temporaryFolder();
  const worlds: World[] = [];
  try {
    for (const size of sizes) worlds.push(await worldWith(join(folder, String(size)), size, say));
    let held = true;
    for (const target of ['page', 'api'] as const) {
      const costs: Cost[][] = worlds.map(() => []);
      for (let pair = -5; pair < pairs; pair += 1) {
        for (const [n, world] of worlds.entries()) {
          const cost = await world.request(target);
          // The first requests warm both up.
          if (pair >= 0) costs[n]?.push(cost);
        }
      }
      held = report(target, sizes, costs, print) && held;
    }
    return held;
  } finally {
    for (const world of worlds) await world.close();
    removeFolder(folder);
  }
}

/** Whether many facts cost what few cost, give or take a fifth, in CPU and by the clock. */
function report(
  target: Target,
  [few, many]: readonly [number, number],
  [base = [], other = []]: readonly Cost[][],
  print: (figure: Figure) => void,
): boolean {
  const kinds = [
    ['wallMs', 'wall time', median],
    ['cpuMs', 'CPU of server and engine', mean],
  ] as const;
  return kinds
    .map(([kind, what, mid]) => {
      const [before, value] = [mid(base.map((cost) => cost[kind])), mid(other.map((cost) => cost[kind]))];
      const ratio = value / before;
      print({
        bench: 'pages',
        metric: `${targets[target]} over ${many} facts: ${what}`,
        value: rounded(value),
        unit: 'ms',
        against: `${rounded(before)} ms over ${few}; within ± 20 %`,
        ratio: rounded(ratio),
      });
      return Math.abs(ratio - 1) <= TOLERANCE;
    })
    .every(Boolean);
}

/** The kernel counts CPU in ticks of 10 ms: of that only the mean says something. */
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

async function worldWith(dataDir: string, size: number, say: (text: string) => void) {
  const engine = await startEmbedded({ binaryPath: ENGINE, dataDir });
  const uri = new URL(engine.uri);
  uri.pathname = '/bench';
  const database = await connectDatabase({ uri: uri.href });
  await database.ensureIndexes(allDefinitions);
  const web = await metricWeb({ store: createMongoStore(database.connection) });
  const began = performance.now();
  await load(web, size);
  say(`${size} facts came in and were folded in ${rounded((performance.now() - began) / 1000)} s`);
  const viewer = await web.signedIn('viewer');
  const token = await web.tokenOf('viewer');

  const ways = {
    page: () => viewer.get('/admin/metrics'),
    api: () => ask(`${web.url}/api/metrics`, { token }),
  } as const;

  async function request(target: Target): Promise<Cost> {
    const [wallMs, cpuMs] = [performance.now(), ownCpuMs() + cpuMsOf(engine.pid)];
    const { status, text } = await ways[target]();
    if (status !== 200) throw new Error(`${targets[target]} answered ${status}: ${text.slice(0, 200)}`);
    return { wallMs: performance.now() - wallMs, cpuMs: ownCpuMs() + cpuMsOf(engine.pid) - cpuMs };
  }

  return {
    request,
    close: async () => {
      await web.close();
      await database.close();
      await engine.stop();
    },
  };
}

/** Facts as they come in over half a year: of a hundred, 82 sales, 8 payments, 5 customers, 4 invites, 1 subscription. */
async function load(web: Awaited<ReturnType<typeof metricWeb>>, size: number): Promise<void> {
  const random = seeded(7);
  const endMs = web.clock.now().getTime();
  const customers = Math.max(1, Math.floor(size / FACTS_A_CUSTOMER));
  for (const [stream, share] of shares) {
    const count = Math.max(1, Math.round(size * share));
    // In order of time, as facts come in where they happen.
    for (let start = 0; start < count; start += CHUNK) {
      const rows = Array.from({ length: Math.min(CHUNK, count - start) }, (_, n) => {
        const place = start + n;
        const at = new Date(endMs - DAYS * 86_400_000 * (1 - place / count)).toISOString();
        return { id: `${stream}-${place}`, at, ...fieldsOf(stream, place, customers, random) };
      });
      const { counts } = await web.take(stream, rows);
      if (counts.accepted !== rows.length)
        throw new Error(`of ${rows.length} rows ${counts.accepted} were taken`);
      await web.folding.drain();
    }
  }
}

const shares = [
  ['transactions', 0.82],
  ['payments', 0.08],
  ['customers', 0.05],
  ['invites', 0.04],
  ['subscriptions', 0.01],
] as const;

function fieldsOf(stream: string, place: number, customers: number, random: () => number): object {
  const pick = <T>(...all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  const customer = `cus_${Math.floor(random() * customers)}`;
  const amountPaise = 100 + Math.floor(random() * 500_000);
  const source = pick('app', 'web', 'whatsapp', 'partner');
  switch (stream) {
    case 'transactions':
      return {
        customer,
        amountPaise,
        source,
        kind: place % 40 === 0 ? 'refund' : 'sale',
        product: pick('tea', 'mug'),
      };
    case 'payments':
      return {
        customer,
        amountPaise,
        status: pick('captured', 'captured', 'failed'),
        method: pick('upi', 'card'),
      };
    case 'invites':
      return { source, status: pick('sent', 'claimed'), costPaise: 500 };
    case 'subscriptions': {
      const status = pick('active', 'active', 'active', 'cancelled');
      const tier = pick('starter', 'pro');
      return {
        customer,
        subscription: `sub_${customer}`,
        plan: 'Plan',
        tier,
        status,
        pricePaise: amountPaise,
      };
    }
    default:
      return { source, tier: pick('free', 'pro') };
  }
}

/** A generator of its own for each load, so that every run has the same facts. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
