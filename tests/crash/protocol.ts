// Kills a whole program with a protocol run under way, again and again; the other one must finish each run once.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { auditLog } from '../../models/audit-log.ts';
import { cards } from '../../models/card.ts';
import { protocolRuns } from '../../models/protocol-run.ts';
import type { Store } from '../../models/store.ts';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { type RunningProgram, startProgram } from '../support/program.ts';
import { ask } from '../support/web-world.ts';
import { createTestData, openStore } from './protocol-data.ts';
import { judgeProtocol, type ProtocolVerdict } from './protocol-judge.ts';

const SECRET_KEY = 'the key of the protocol crash test, 32+';
/** The floor's lease, the lock of a job that died with its process, and a beat of the alarm clock. */
const PATIENCE_MS = 200_000;

export interface ProtocolCrashResult extends ProtocolVerdict {
  readonly kills: number;
  /** Kills after which the run was still under way. */
  readonly interrupted: number;
  readonly takenOver: number;
}

/** `protocol [--kills 5]`: prints one line, and answers 1 when a promise was broken. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { kills: { type: 'string', default: '5' } } });
  const kills = Number(values.kills);
  if (!Number.isInteger(kills) || kills < 1) {
    process.stderr.write(`--kills is a number above 0, not '${values.kills}'. Example: --kills 5\n`);
    return 2;
  }
  const startedMs = performance.now();
  const binary = resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js');
  const result = await runProtocolCrashes({ kills, binary });
  const { interrupted, takenOver, runs, looks, proposals, actions, violations } = result;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(
    `protocol: ${kills} kills, ${interrupted} in the midst of a run, ${takenOver} taken over, ${runs} runs, ` +
      `${looks} looks, ${proposals} proposals, ${actions} actions, ${violations.length} promises broken, ${seconds} s\n`,
  );
  for (const violation of violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
  return violations.length > 0 ? 1 : 0;
}

/** The harness owns the engine; the two programs on it die in turns. */
export async function runProtocolCrashes(options: {
  readonly kills: number;
  /** How many a run has to look at: more make it longer; 40 unless told. */
  readonly experiments?: number;
  /** The compiled engine, or a real mongod. */
  readonly binary: string;
}): Promise<ProtocolCrashResult> {
  const folder = mkdtempSync(join(tmpdir(), 'protocol-crash-'));
  const engine = await startEmbedded({ binaryPath: options.binary, dataDir: join(folder, 'engine') });
  const uri = new URL(engine.uri);
  uri.pathname = '/crash';
  const { store, close } = await openStore(uri.href);
  const pair = createPair(folder, uri.href);
  try {
    const { kills: rounds, experiments = 40 } = options;
    const data = await createTestData(store, { experiments, rounds });
    await Promise.all([pair.start(0), pair.start(1)]);
    const harness = createHarness(store, pair);
    await harness.settled();
    for (let round = 1; round <= options.kills; round += 1) {
      await data.addRound(round);
      await harness.runAndKill(round % 2);
    }
    await harness.settled();
    const { asked, counts } = harness;
    const verdict = await judgeProtocol(store, { expected: data.expected, asked, secretKey: SECRET_KEY });
    return { ...verdict, ...counts, kills: options.kills };
  } finally {
    await pair.end();
    await close();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Two programs on one database, each with a data folder of its own that it finds again. */
function createPair(folder: string, uri: string) {
  const programs = new Map<number, RunningProgram>();
  const folderOf = (which: number): string => join(folder, `program-${which}`);
  const settings = { MONGODB_URI: uri, SECRET_KEY, PROTOCOL_EVERY: '1 day', LOG_LEVEL: 'warn' };

  async function start(which: number): Promise<void> {
    programs.set(which, await startProgram({ ...settings, DATA_DIR: folderOf(which) }));
  }

  return {
    start,
    kill: async (which: number) => void (await programs.get(which)?.kill()),
    /** Asks one of them for a run; gives its id. */
    askForRun: async (which: number): Promise<string> => {
      const token = readFileSync(join(folderOf(which), 'chat.token'), 'utf8').trim();
      const answer = await ask(`${programs.get(which)?.url}/api/admin/protocol/runs`, { token, json: {} });
      if (answer.status !== 200) throw new Error(`a run was refused with ${answer.status}: ${answer.text}`);
      return String(answer.json()['id']);
    },
    end: async () => void (await Promise.all([...programs.values()].map((program) => program.kill()))),
  };
}

function createHarness(store: Store, pair: ReturnType<typeof createPair>) {
  const runs = store.facts(protocolRuns).scoped('default');
  const asked: string[] = [];
  const counts = { interrupted: 0, takenOver: 0 };
  let usualMs = 500;

  /** A run is asked for and its program killed at some moment of it; then both are there to take it over. */
  async function runAndKill(which: number): Promise<void> {
    const id = await pair.askForRun(which);
    asked.push(id);
    await sleep(Math.random() * usualMs);
    await pair.kill(which);
    const found = await runs.get(id);
    const isUnderWay = found !== null && found.status !== 'completed';
    if (isUnderWay) counts.interrupted += 1;
    await pair.start(which);
    await settled();
    const ended = await runs.get(id);
    if (ended && ended.history.filter(({ effectKey }) => effectKey.endsWith(':claimed')).length > 1)
      counts.takenOver += 1;
    const [step] = ended?.steps ?? [];
    if (step?.durationMs) usualMs = Math.max(300, step.durationMs);
  }

  /** Waits until no run is unfinished, every card shows what it should, and every audit row is sealed. */
  async function settled(): Promise<void> {
    const giveUpMs = performance.now() + PATIENCE_MS;
    while (performance.now() < giveUpMs) {
      const unfinished = await runs.count({ status: { in: ['due', 'running'] } });
      const unshown = await store
        .records(cards)
        .scoped('default')
        .count({ status: { in: ['waiting', 'settling'] } });
      const open = await store.records(auditLog).scoped('default').count({ open: true });
      if (unfinished + unshown + open === 0 && (await runs.count({})) > 0) return;
      await sleep(100);
    }
  }

  return { runAndKill, settled, asked, counts };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
