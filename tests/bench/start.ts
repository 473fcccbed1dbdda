// Measures how long the whole program takes to `ready`, cold and warm, beside a bare Express and mongoose start.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { removeFolder, startProgram, temporaryFolder } from '../support/program.ts';
import { type Figure, median, printFigure, rounded } from './figures.ts';

const ENGINE = resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js');
const BARE = resolve(import.meta.dirname, 'bare-server.js');

export interface StartOptions {
  /** How often each start is measured, in turns. */
  readonly rounds?: number;
  readonly print?: (figure: Figure) => void;
}

/** A cold start makes folder, keys, engine and indexes; a warm one finds them. The bare one has an engine waiting. */
export async function run({ rounds = 5, print = printFigure }: StartOptions = {}): Promise<void> {
  const folder = temporaryFolder();
  const engine = await startEmbedded({ binaryPath: ENGINE, dataDir: join(folder, 'engine') });
  const times = { cold: [] as number[], warm: [] as number[], bare: [] as number[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const DATA_DIR = join(folder, `data-${round}`);
      times.bare.push(await bareStartMs(engine.uri));
      times.cold.push(await startMs({ DATA_DIR }));
      times.warm.push(await startMs({ DATA_DIR }));
    }
  } finally {
    await engine.stop();
    removeFolder(folder);
  }
  const bare = median(times.bare);
  const against = `bare Express + mongoose on a running engine, ${rounded(bare)} ms`;
  for (const name of ['cold', 'warm'] as const) {
    const value = median(times[name]);
    const metric = `${name} start to ready, median of ${rounds}`;
    const ratio = rounded(value / bare);
    print({ bench: 'start', metric, value: rounded(value), unit: 'ms', against, ratio });
  }
}

async function startMs(settings: Readonly<Record<string, string>>): Promise<number> {
  const program = await startProgram({ ...settings, LOG_LEVEL: 'warn' });
  await program.stop();
  return program.readyMs;
}

function bareStartMs(uri: string): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [BARE, uri], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.stdout.once('data', () => {
      const readyMs = performance.now() - startedMs;
      child.once('exit', () => settle(readyMs));
      child.kill('SIGKILL');
    });
  });
}
