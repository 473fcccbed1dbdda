/** Starts the engine, or a real mongod, as a durable one-member replica set owned by this process. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { MongoMemoryReplSet } from 'mongodb-memory-server';
import { isOwned, OwnedError, ownerPid } from './lock.ts';

export { isOwned, OwnedError, ownerPid, waitForOwnerToGo } from './lock.ts';

export type StartOptions = {
  /** An executable that takes mongod's options: dist/src/embedded-mongo/cli.js or a real mongod. */
  binaryPath: string;
  /** Where the data is kept; made when it does not exist, and never deleted. */
  dataDir: string;
  /** A fixed port; otherwise the one of the last start, or a free one. */
  port?: number;
  /** More arguments for the binary. */
  args?: string[];
};

export type Started = {
  uri: string;
  pid: number;
  /** Settles when the server has ended, in order or not. */
  ended: Promise<void>;
  /** Ends the server in order; the data stays. */
  stop(): Promise<void>;
};

const REPLICA_SET = 'rs0';
const LAUNCH_TIMEOUT_MS = 60_000;
const PORT_FILE = 'last-port';
const VERSION_LINE = /^\s*db\s+version\s+v?(\d+\.\d+\.\d+)/im;

/**
 * Starts the binary through mongodb-memory-server and waits until it takes writes.
 * A helper process ends it when this process dies, even by SIGKILL; the next start should then
 * `waitForOwnerToGo` first. Rejects when the binary cannot run, the port is taken, or the data
 * directory has another owner (the message names its pid).
 */
export async function startEmbedded(options: StartOptions): Promise<Started> {
  const dbPath = resolve(options.dataDir);
  mkdirSync(dbPath, { recursive: true, mode: 0o700 });
  if (await isOwned(dbPath)) throw new OwnedError(dbPath, ownerPid(dbPath));
  const version = await versionOf(options.binaryPath);
  const port = options.port ?? (await lastPort(dbPath));
  const replicaSet = await MongoMemoryReplSet.create({
    replSet: {
      name: REPLICA_SET,
      count: 1,
      storageEngine: 'wiredTiger',
      // In a group of its own: Ctrl-C in a terminal reaches the owner alone, which ends the server last.
      spawn: { detached: true },
      ...(options.args === undefined ? {} : { args: options.args }),
    },
    binary: { systemBinary: options.binaryPath, version },
    instanceOpts: [{ dbPath, launchTimeout: LAUNCH_TIMEOUT_MS, ...(port === undefined ? {} : { port }) }],
  });
  const instance = replicaSet.servers[0]?.instanceInfo;
  const server = instance?.instance.mongodProcess;
  const pid = server?.pid;
  if (instance === undefined || server === undefined || pid === undefined) {
    throw new Error(`${options.binaryPath} started, but its process id is not known`);
  }
  writeFileSync(join(dbPath, PORT_FILE), `${instance.port}\n`, { mode: 0o600 });
  return {
    uri: replicaSet.getUri(),
    pid,
    ended: new Promise((settle) => server.once('exit', () => settle())),
    stop: async () => {
      await replicaSet.stop({ doCleanup: false, force: false });
    },
  };
}

/** The version the binary says it has, such as "7.0.14". */
async function versionOf(binaryPath: string): Promise<string> {
  const { stdout } = await promisify(execFile)(binaryPath, ['--version']);
  const version = VERSION_LINE.exec(stdout)?.[1];
  if (version !== undefined) return version;
  throw new Error(`${binaryPath} --version does not answer like a mongod, e.g. "db version v7.0.14"`);
}

/** A replica set remembers its member's address, so the same port is best, if nobody else has it. */
async function lastPort(directory: string): Promise<number | undefined> {
  try {
    const port = Number(readFileSync(join(directory, PORT_FILE), 'utf8'));
    return Number.isInteger(port) && port > 0 && (await isFree(port)) ? port : undefined;
  } catch {
    return undefined;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });
}
