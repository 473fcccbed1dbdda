#!/usr/bin/env node
/** The engine as a program that starts, talks and ends like a mongod. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ClusterClock } from './cluster-clock.ts';
import { PRIMARY_LINE } from './commands/replica-set.ts';
import type { Engine } from './context.ts';
import { CursorTable } from './cursor.ts';
import { FailPoint } from './fail-point.ts';
import { acquireLock, type Lock, OwnedError } from './lock.ts';
import { OptionError, readOptions, type ServerOptions } from './options.ts';
import { type Listening, listen } from './server.ts';
import { CorruptionError } from './storage/files.ts';
import { openStore } from './store.ts';
import { Topology } from './topology.ts';
import { sweepExpired } from './ttl.ts';
import { EMULATED_VERSION, ENGINE_NAME } from './version.ts';

const TTL_INTERVAL_MS = 2000;
const EXPIRY_INTERVAL_MS = 60_000;
/** As often as MongoDB writes to an idle oplog, so that the cluster time follows the clock. */
const IDLE_TICK_MS = 10_000;
const EXIT_BAD_OPTIONS = 2;
const EXIT_WRITE_FAILED = 14;
const EXIT_ADDRESS_IN_USE = 48;
const EXIT_CANNOT_START = 100;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--version')) {
    process.stdout.write(`db version v${EMULATED_VERSION}\n${ENGINE_NAME}, not a mongod\n`);
    return;
  }
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const options = readOptions(args);
  const directory = resolve(options.dbpath);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = await acquireLock(directory);
  await startServer(options, directory, lock);
}

async function startServer(options: ServerOptions, directory: string, lock: Lock): Promise<void> {
  const store = openStore(directory, Date.now(), endAtOnce);
  if (store.truncatedBytes > 0)
    log(`cut off ${store.truncatedBytes} bytes of a write that was never acknowledged`);
  checkReplicaSetName(options, store.replicaSet?.['_id']);
  let listening: Listening | undefined;
  let ending = false;
  const engine: Engine = {
    options,
    store,
    cursors: new CursorTable(),
    failPoint: new FailPoint(),
    clock: new ClusterClock(Date.now()),
    topology: new Topology(),
    startedAt: new Date(),
    counts: new Map(),
    parameters: new Map(),
    connections: 0,
    lastServed: undefined,
    servedInRow: 0,
    created: 0,
    log,
    shutdown: () => {
      if (ending) return;
      ending = true;
      setTimeout(() => {
        end(engine, listening, lock).catch(endAtOnce);
      }, 20);
    },
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, engine.shutdown);
  listening = await listen(engine, options.port);
  engine.options.port = listening.port;
  startSweeps(engine);
  log('Waiting for connections', { port: listening.port, engine: ENGINE_NAME });
  if (options.replicaSetName !== undefined && store.replicaSet !== undefined) log(PRIMARY_LINE);
}

function checkReplicaSetName(options: ServerOptions, stored: unknown): void {
  const { replicaSetName } = options;
  if (stored === undefined || replicaSetName === undefined || stored === replicaSetName) return;
  throw new OptionError(
    `--replSet '${replicaSetName}' does not fit: the data belongs to replica set '${String(stored)}'`,
  );
}

function startSweeps(engine: Engine): void {
  setInterval(() => engine.clock.tick(Date.now()), IDLE_TICK_MS).unref();
  setInterval(() => sweepExpired(engine.store, new Date()), TTL_INTERVAL_MS).unref();
  setInterval(() => {
    engine.cursors.expire(Date.now());
    engine.store.retries.expire(Date.now());
  }, EXPIRY_INTERVAL_MS).unref();
}

async function end(engine: Engine, listening: Listening | undefined, lock: Lock): Promise<void> {
  await listening?.close();
  await engine.store.journal.durable();
  engine.store.journal.close();
  lock.release();
  log('Shutting down');
  process.exit(0);
}

/** Memory is ahead of the disk: nothing more may be answered. */
function endAtOnce(error: Error): never {
  log(`writing failed, ending at once: ${error.message}`);
  process.exit(EXIT_WRITE_FAILED);
}

function log(message: string, attributes?: { [name: string]: unknown }): void {
  const line = { t: { $date: new Date().toISOString() }, s: 'I', c: ENGINE_NAME, ctx: 'main', msg: message };
  process.stdout.write(
    `${JSON.stringify(attributes === undefined ? line : { ...line, attr: attributes })}\n`,
  );
}

/** Words that mongodb-memory-server turns into an error of its own, with this text. */
function reportFailure(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    process.stderr.write(`address already in use: ${message}\n`);
    return EXIT_ADDRESS_IN_USE;
  }
  if (error instanceof OptionError) {
    process.stderr.write(`${message}\n`);
    return EXIT_BAD_OPTIONS;
  }
  const kind =
    error instanceof OwnedError ? 'DBPathInUse' : error instanceof CorruptionError ? 'Corruption' : 'Failed';
  process.stderr.write(`exception in initAndListen: ${kind}: ${message}\n`);
  return EXIT_CANNOT_START;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = reportFailure(error);
  setImmediate(() => process.exit());
});
