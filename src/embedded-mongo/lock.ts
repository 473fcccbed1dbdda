/** Exclusive ownership of a data directory: a pid file, held true by a listening unix socket. */
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** Another live process owns the data directory; `pid` is undefined when it could not be read. */
export class OwnedError extends Error {
  override name = 'OwnedError';
  readonly pid: number | undefined;

  constructor(directory: string, pid: number | undefined) {
    super(
      `${directory} is in use by process ${pid ?? 'unknown'}. Stop that process, or choose another directory.`,
    );
    this.pid = pid;
  }
}

export type Lock = { release(): void };

/** The longest path a unix socket may have on every system (Linux 107, macOS 103). */
const SOCKET_PATH_BYTES = 100;

/**
 * Takes the directory or throws OwnedError naming the owner's pid.
 * The kernel closes the socket of a dead process, so a stale socket file answers ECONNREFUSED.
 */
export async function acquireLock(directory: string): Promise<Lock> {
  const guard = await listenAbstract(directory);
  const socket = socketPath(directory);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const server = await listen(socket);
    if (server !== undefined) {
      writeFileSync(pidPath(directory), `${process.pid}\n`, { mode: 0o600 });
      return { release: () => release([server, guard], directory, socket) };
    }
    if (await answers(socket)) break;
    rmSync(socket, { force: true });
  }
  guard?.close();
  throw new OwnedError(directory, ownerPid(directory));
}

/**
 * On Linux an abstract socket comes first: it has no file, so two starters that both find a stale
 * socket file cannot remove each other's. Elsewhere, and between containers, the file alone decides.
 */
async function listenAbstract(directory: string): Promise<Server | undefined> {
  if (process.platform !== 'linux') return undefined;
  const guard = await listen(`\0embedded-mongo-${digest(directory)}`);
  if (guard === undefined) throw new OwnedError(directory, ownerPid(directory));
  return guard;
}

/** The pid in the directory's pid file, alive or not; undefined without one. */
export function ownerPid(directory: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidPath(directory), 'utf8'), 10);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Waits until nobody owns the directory, looking ten times a second.
 * Throws OwnedError naming the owner's pid after `timeoutMs`.
 */
export async function waitForOwnerToGo(directory: string, timeoutMs: number): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  while (await isOwned(directory)) {
    if (performance.now() >= untilMs) throw new OwnedError(directory, ownerPid(directory));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** True while a live process owns the directory. */
export async function isOwned(directory: string): Promise<boolean> {
  return (await answers(socketPath(directory))) || mongodOwns(directory);
}

/** A real mongod leaves its pid in `mongod.lock` and empties the file when it ends in order. */
function mongodOwns(directory: string): boolean {
  try {
    const pid = Number.parseInt(readFileSync(join(directory, 'mongod.lock'), 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 && isAlive(pid);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function pidPath(directory: string): string {
  return join(directory, 'engine.pid');
}

function socketPath(directory: string): string {
  const direct = join(directory, 'engine.sock');
  if (Buffer.byteLength(direct) <= SOCKET_PATH_BYTES) return direct;
  const shorter = relative(process.cwd(), direct);
  if (Buffer.byteLength(shorter) <= SOCKET_PATH_BYTES) return shorter;
  return join(tmpdir(), `engine-${digest(directory)}.sock`);
}

function digest(directory: string): string {
  let real = directory;
  try {
    real = realpathSync(directory);
  } catch {
    // A directory that does not exist yet has no owner either.
  }
  return createHash('sha256').update(real).digest('hex').slice(0, 24);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.end());
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function release(servers: readonly (Server | undefined)[], directory: string, socket: string): void {
  rmSync(pidPath(directory), { force: true });
  rmSync(socket, { force: true });
  for (const server of servers) server?.close();
}
