// The processes that crash tests kill: how one is started and heard, how it dies at a chosen call, and a few kept ready.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Around } from '../simulation/wrap-store.ts';

/** Where a life ends: at that call on its ports, counted from 1, before or after it; 0 is never. */
export interface Mortality {
  readonly dieAt: number;
  readonly moment: 'before' | 'after';
}

/** Counts calls on ports and ends the process, as `kill -9` does, at the one that was chosen. */
export function mortal({ dieAt, moment }: Mortality): Around {
  let calls = 0;
  const die = (): Promise<never> => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  };
  return async (_call, run) => {
    calls += 1;
    const last = calls === dieAt;
    if (last && moment === 'before') return await die();
    const result = await run();
    return last ? await die() : result;
  };
}

export interface WorkerProcess {
  readonly child: ChildProcess;
  /** The line it said when it was ready, such as its address. */
  readonly said: string;
  /** Its exit code; null when a signal ended it. */
  readonly gone: Promise<number | null>;
  alive(): boolean;
  /** Lets a process work that waits for the word; see `told`. */
  begin(): void;
}

/** Starts a program with these options and waits for its first line; null when it died before. */
export async function startWorkerProcess(program: string, options: unknown): Promise<WorkerProcess | null> {
  const child = spawn(process.execPath, [...process.execArgv, program, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let alive = true;
  const gone = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      alive = false;
      resolve(code);
    });
  });
  // Whoever died takes its pipe along.
  child.stdin.on('error', () => undefined);
  const said = await new Promise<string | null>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    void gone.then(() => resolve(null));
  });
  if (said === null) return null;
  return { child, said, gone, alive: () => alive, begin: () => void child.stdin.write('go\n') };
}

/** In the process: resolves when it is let work. */
export function told(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('data', () => {
      process.stdin.pause();
      process.stdin.unref();
      resolve();
    });
  });
}

/**
 * Keeps processes ready before their turn: a start takes a hundred times as long as the life that is killed. Each is
 * a whole process of its own, started once and killed once; ready ones wait for the word and have done nothing.
 */
export function keepReady(
  lives: number,
  atOnce: number,
  start: (life: number) => Promise<WorkerProcess | null>,
) {
  const ready = new Map<number, Promise<WorkerProcess | null>>();
  const fill = (from: number): void => {
    for (let life = from; life < from + atOnce && life <= lives; life += 1)
      if (!ready.has(life)) ready.set(life, start(life));
  };
  return {
    /** The process of that life, at work; null when it died before. */
    take: async (life: number): Promise<WorkerProcess | null> => {
      fill(life);
      const worker = await ready.get(life);
      ready.delete(life);
      fill(life + 1);
      worker?.begin();
      return worker ?? null;
    },
    end: async (): Promise<void> => {
      for (const waiting of ready.values()) (await waiting)?.child.kill('SIGKILL');
    },
  };
}
