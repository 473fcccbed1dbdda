/** The embedded engine for tests: built when stale, started on demand, one random database per test. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { type Started, startEmbedded } from '../../src/embedded-mongo/start.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = ['src', 'bots', 'jobs', 'models', 'tests/crash', 'tests/bench', 'tests/support'];
const STAMP = 'dist/.tsbuildinfo';

/** The engine's program, compiled. */
export const ENGINE_BINARY = join(ROOT, 'dist/src/embedded-mongo/cli.js');

/** Compiles the project when its sources are newer than the last build: tests start it as processes. */
export function buildWhenStale(): void {
  if (newestSource() <= modifiedMs(join(ROOT, STAMP)) && modifiedMs(ENGINE_BINARY) > 0) return;
  // A type error elsewhere must not keep the engine from its tests: the compiler emits all the same.
  const built = spawnSync('npm', ['run', '-s', 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (modifiedMs(ENGINE_BINARY) === 0)
    throw new Error(`the build made no engine: ${built.stdout}${built.stderr}`);
  chmodSync(ENGINE_BINARY, 0o755);
  utimesSync(join(ROOT, STAMP), new Date(), new Date());
}

function newestSource(): number {
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return Math.max(
    ...files.filter((file) => /\.tsx?$/.test(file)).map((file) => modifiedMs(join(ROOT, file))),
  );
}

function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

export type TestEngine = Started & { dataDir: string; remove(): Promise<void> };

/** Starts an engine of one's own on a temporary directory; `remove` stops it and deletes the data. */
export async function startTestEngine(args: string[] = []): Promise<TestEngine> {
  const dataDir = temporaryDirectory();
  const started = await startEmbedded({ binaryPath: ENGINE_BINARY, dataDir, args });
  return {
    ...started,
    dataDir,
    remove: async () => {
      await started.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'engine-test-'));
}

export type TestDatabase = {
  client: MongoClient;
  db: Db;
  name: string;
  /** The address with the database's name in it. */
  uri: string;
  /** Drops the database and closes the client. */
  drop(): Promise<void>;
};

/** Connects to a database with a random name on the server at `mongodbUri` (from vitest's `inject`). */
export async function testDatabase(mongodbUri: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const address = new URL(mongodbUri);
  address.pathname = `/${name}`;
  const client = await MongoClient.connect(address.href);
  const db = client.db(name);
  return {
    client,
    db,
    name,
    uri: address.href,
    drop: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
}
