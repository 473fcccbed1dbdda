// Measures one protocol run with nothing new, after a short and after a long history: it must cost the same.

import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { allDefinitions } from '../../models/all.ts';
import { connectDatabase } from '../../models/connection.ts';
import { experimentRollups } from '../../models/experiment-rollup.ts';
import { exposureId, exposures } from '../../models/exposure.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import type { Store } from '../../models/store.ts';
import { createApprovable } from '../../src/core/approvable.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createIds } from '../../src/core/ids.ts';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { fold } from '../../src/features/experiments/fold.ts';
import { experimentOperations } from '../../src/features/experiments/operations.ts';
import { createServices } from '../../src/services.ts';
import { testCtx } from '../support/context.ts';
import { deafAlerting } from '../support/deaf-alerting.ts';
import { removeFolder, temporaryFolder } from '../support/program.ts';
import { armsCsv } from '../support/protocol-world.ts';
import { cpuMsOf, type Figure, median, ownCpuMs, printFigure, rounded } from './figures.ts';

const ENGINE = resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js');
const FIRST_UNITS = 10_000;
const CHUNK = 5_000;

export interface ProtocolBenchOptions {
  /** Exposures behind the experiment: the short history, and the long one held against it. */
  readonly histories?: readonly [short: number, long: number];
  /** Runs of each, in turns. */
  readonly pairs?: number;
  readonly print?: (figure: Figure) => void;
}

type World = Awaited<ReturnType<typeof worldWith>>;
type Cost = Awaited<ReturnType<World['runOnce']>>;

/** Each history has an engine of its own; the runs take turns, so that the machine's noise falls on both. */
export async function run(options: ProtocolBenchOptions = {}): Promise<void> {
  const { histories = [10_000, 1_000_000], pairs = 31, print = printFigure } = options;
  const folder = temporaryFolder();
  const worlds: World[] = [];
  try {
    for (const size of histories) worlds.push(await worldWith(join(folder, String(size)), size));
    const costs: Cost[][] = worlds.map(() => []);
    for (let pair = -2; pair < pairs; pair += 1) {
      for (const [n, world] of worlds.entries()) {
        const cost = await world.runOnce();
        // The first runs take the first look, and warm both up.
        if (pair >= 0) costs[n]?.push(cost);
      }
    }
    report(histories, costs, print);
  } finally {
    for (const world of worlds) await world.close();
    removeFolder(folder);
  }
}

function report(
  [short, long]: readonly [number, number],
  [shortCosts = [], longCosts = []]: readonly Cost[][],
  print: (figure: Figure) => void,
): void {
  for (const [kind, what] of [
    ['wallMs', 'wall time'],
    ['cpuMs', 'CPU of client and engine'],
  ] as const) {
    const of = (costs: readonly Cost[]): number =>
      mid(
        costs.map((cost) => cost[kind]),
        kind,
      );
    const [base, value] = [of(shortCosts), of(longCosts)];
    print({
      bench: 'protocol',
      metric: `one run after ${long} exposures, nothing new: ${what}`,
      value: rounded(value),
      unit: 'ms',
      against: `${rounded(base)} ms after ${short}; at most 1.2`,
      ratio: rounded(value / base),
    });
  }
}

/** The kernel counts CPU in ticks of 10 ms: of that only the mean says something. */
function mid(values: readonly number[], kind: 'wallMs' | 'cpuMs'): number {
  return kind === 'wallMs' ? median(values) : values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function worldWith(dataDir: string, size: number) {
  const engine = await startEmbedded({ binaryPath: ENGINE, dataDir });
  const uri = new URL(engine.uri);
  uri.pathname = '/bench';
  const database = await connectDatabase({ uri: uri.href });
  await database.ensureIndexes(allDefinitions);
  const store = createMongoStore(database.connection);
  const { protocol, experiments } = servicesOver(store);
  const arm = FIRST_UNITS / 2;
  await experiments.importFile(testCtx({ effectKey: 'import', now: new Date() }), {
    experiment: 'bench',
    content: armsCsv({ control: [arm, arm / 10], challenger: [arm, arm / 10] }),
    columns: {},
    default: 'control',
    max: 4 * Math.max(size, FIRST_UNITS),
    costPaise: new Map(),
    valuePaise: undefined,
    dryRun: false,
    acceptGood: false,
  });
  await addHistory(store, size);
  let runs = 0;

  async function runOnce() {
    runs += 1;
    const [wallMs, cpuMs] = [performance.now(), ownCpuMs() + cpuMsOf(engine.pid)];
    const { _id } = await protocol.start(testCtx({ effectKey: `run-${runs}`, now: new Date() }), []);
    const { status } = await protocol.finish('default', _id, new AbortController().signal);
    if (status !== 'completed') throw new Error(`the run ended as ${status}`);
    return {
      wallMs: performance.now() - wallMs,
      cpuMs: ownCpuMs() + cpuMsOf(engine.pid) - cpuMs,
    };
  }

  return {
    runOnce,
    close: async () => {
      await database.close();
      await engine.stop();
    },
  };
}

function servicesOver(store: Store) {
  const services: ReturnType<typeof createServices> = createServices({
    store,
    clock: systemClock,
    ids: createIds(),
    logger: pino({ level: 'silent' }),
    random: () => 0.5,
    worker: 'bench',
    secretKey: 'the key of a bench, of no use elsewhere',
    publicUrl: () => 'http://127.0.0.1:3000',
    zone: 'Asia/Kolkata',
    protocolEveryMs: 7_200_000,
    rooms: ['console:room:ops'],
    givenRooms: () => ['console:room:ops'],
    switchHook: null,
    startWork: () => undefined,
    approvable: createApprovable(experimentOperations, () => services),
    alerting: deafAlerting,
  });
  return services;
}

/** Facts as the import writes them, beyond those of the file, folded as the protocol folds them. */
async function addHistory(store: Store, size: number): Promise<void> {
  const facts = store.records(exposures).scoped('default');
  for (let start = FIRST_UNITS; start < size; start += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, size - start) }, (_, n) => {
      const unit = `unit-${start + n}`;
      const variant = n % 2 === 0 ? 'control' : 'challenger';
      const seen = { experiment: 'bench', unit, variant, converted: n % 20 < 2, excluded: false };
      const bucket = Math.floor((100 * (start + n)) / size);
      const body = { ...seen, replaces: null, at: null, bucket, batch: 0 };
      return { id: exposureId('default', 'bench', unit, 1), body };
    });
    await facts.insertMany(rows);
  }
  const stores = { exposures: store.records(exposures), rollups: store.records(experimentRollups) };
  await fold(stores, 'default', 'bench', new Date());
}
