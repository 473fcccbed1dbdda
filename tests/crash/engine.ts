/** Kills the engine again and again under mixed load, then damages its journal, and counts what was lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MongoClient } from 'mongodb';
import { damageJournal } from './engine-files.ts';
import { CrashLoad } from './engine-load.ts';
import { addressOf, type EngineProcess, freePort, initiate, startProcess } from './engine-process.ts';
import { Retrier } from './engine-retrier.ts';

export type EngineCrashOptions = {
  kills: number;
  /** The compiled engine. */
  binary: string;
  /** Of the journal's last frames, how many are cut and flipped at every byte. */
  frames?: number;
};

export type EngineCrashResult = {
  kills: number;
  acknowledged: number;
  /** Writes without an answer: they may or may not have happened. */
  ambiguous: number;
  /** Unanswered writes sent again with their old number. */
  repeats: number;
  truncations: number;
  flips: number;
  violations: string[];
};

const MIN_LOAD_MS = 150;
const LOAD_SPREAD_MS = 500;
const SHORT_LOAD_OPERATIONS = 40;

/** Runs the rounds; it needs about a second for each. */
export async function runEngineCrashes(options: EngineCrashOptions): Promise<EngineCrashResult> {
  const root = mkdtempSync(join(tmpdir(), 'engine-crash-'));
  const dbpath = join(root, 'data');
  try {
    const load = await killRounds(options, dbpath);
    const files = await shortJournal(
      options.binary,
      join(root, 'short'),
      join(root, 'work'),
      options.frames ?? 3,
    );
    return {
      kills: options.kills,
      acknowledged: load.acknowledged,
      ambiguous: load.ambiguous,
      repeats: load.repeats,
      truncations: files.truncations,
      flips: files.flips,
      violations: [...load.violations, ...files.violations],
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

type LoadResult = { acknowledged: number; ambiguous: number; repeats: number; violations: string[] };

async function killRounds({ kills, binary }: EngineCrashOptions, dbpath: string): Promise<LoadResult> {
  const port = await freePort();
  let engine: EngineProcess = await startProcess(binary, dbpath, port);
  await initiate(port);
  const client = await MongoClient.connect(addressOf(port), {
    retryWrites: true,
    serverSelectionTimeoutMS: 20_000,
  });
  const load = new CrashLoad(client.db('crash'));
  const retrier = new Retrier(port);
  const violations: string[] = [];
  try {
    await load.prepare();
    for (let round = 0; round < kills; round += 1) {
      const ended = Promise.all([load.start(), retrier.start()]);
      await new Promise((go) => setTimeout(go, MIN_LOAD_MS + Math.random() * LOAD_SPREAD_MS));
      await engine.kill();
      engine = await startProcess(binary, dbpath, port);
      load.stop();
      retrier.stop();
      await ended;
      for (const violation of await load.violations()) violations.push(`round ${round + 1}: ${violation}`);
    }
  } finally {
    retrier.close();
    await client.close();
    await engine.kill();
  }
  return {
    acknowledged: load.acknowledged + retrier.done,
    ambiguous: load.ambiguous,
    repeats: retrier.repeats,
    violations: [...violations, ...retrier.violations],
  };
}

/** Records a small journal, frame by frame, and damages it. */
async function shortJournal(
  binary: string,
  dbpath: string,
  work: string,
  frames: number,
): Promise<ReturnType<typeof damageJournal>> {
  const port = await freePort();
  const engine = await startProcess(binary, dbpath, port);
  await initiate(port);
  const client = await MongoClient.connect(addressOf(port));
  try {
    const notes = client.db('crash').collection<{ _id: number; text: string }>('notes');
    for (let _id = 0; _id < SHORT_LOAD_OPERATIONS; _id += 1) {
      await notes.insertOne({ _id, text: 'x'.repeat(_id) });
      if (_id % 3 === 0) await notes.updateOne({ _id }, { $set: { text: 'changed' } });
      if (_id % 5 === 0) await notes.deleteOne({ _id });
    }
  } finally {
    await client.close();
    await engine.kill();
  }
  return damageJournal(dbpath, work, 1, frames);
}

/** `crashtest engine [--kills N]`: one line of summary; the answer is the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--kills');
  const kills = at < 0 ? 20 : Number(args[at + 1]);
  if (!Number.isInteger(kills) || kills < 1) {
    process.stderr.write(`--kills must be a number above 0, not '${args[at + 1]}'. Example: --kills 20\n`);
    return 2;
  }
  const binary = resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js');
  const result = await runEngineCrashes({ kills, binary });
  const lost = result.violations.length;
  process.stdout.write(
    `engine: ${result.kills} kills, ${result.acknowledged} acknowledged writes, ${result.ambiguous} unanswered, ` +
      `${result.repeats} repeats, ${result.truncations} truncations, ${result.flips} flipped bytes, ${lost} violations\n`,
  );
  for (const violation of result.violations.slice(0, 20)) process.stderr.write(`${violation}\n`);
  return lost === 0 ? 0 : 1;
}
