// The real program as processes: started, heard, asked by its command line, and ended in every way.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..').replace(/\/dist$/, '');

type Settings = Readonly<Record<string, string>>;

/** How a process ended: its exit code, or the signal that ended it. */
export type End = number | NodeJS.Signals;

export interface Finished {
  readonly code: End;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  /** Where its web server listens; empty when it has none. */
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to its `ready` line. */
  readonly readyMs: number;
  readonly ended: Promise<Finished>;
  stdout(): string;
  stderr(): string;
  /** What Ctrl-C in a terminal does: SIGINT to the process and all of its group. Wait for the end. */
  interrupt(): Promise<Finished>;
  /** SIGTERM, and wait for the end. */
  stop(): Promise<Finished>;
  /** SIGKILL, and wait for the end. */
  kill(): Promise<Finished>;
}

/** A folder of one's own for data, removed by the caller. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'program-'));
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
}

/** The commands of the compiled program, and `start`, which is what `npm start` runs. */
export type Command = 'main' | 'cli' | 'protocol-command' | 'start';

interface Launch {
  readonly child: ChildProcess;
  readonly ended: Promise<Finished>;
  stdout(): string;
  stderr(): string;
  /** Called at every piece of output. */
  onOutput(listener: () => void): void;
}

function launch(command: Command, args: readonly string[], settings: Settings): Launch {
  const script =
    command === 'start' ? [join(ROOT, 'src/start.mjs'), 'main'] : [join(ROOT, `dist/src/${command}.js`)];
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, TMPDIR: tmpdir(), ...settings };
  const child = spawn(process.execPath, [...script, ...args], { cwd: tmpdir(), env, detached: true });
  const said = { stdout: '', stderr: '' };
  const listeners: (() => void)[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      for (const listener of listeners) listener();
    });
  }
  child.stdin.end();
  const ended = new Promise<Finished>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => settle({ code: code ?? signal ?? 'SIGKILL', ...said }));
  });
  return {
    child,
    ended,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    onOutput: (listener) => {
      listeners.push(listener);
      listener();
    },
  };
}

/** Runs a command to its end. */
export function runCommand(command: Command, args: readonly string[], settings: Settings): Promise<Finished> {
  return launch(command, args, settings).ended;
}

/**
 * Starts the program and waits for its `ready` line.
 * @throws Error with what it said when it ends before.
 */
export async function startProgram(settings: Settings, command: Command = 'main'): Promise<RunningProgram> {
  const startedMs = performance.now();
  const { child, ended, stdout, stderr, onOutput } = launch(command, [], { PORT: '0', ...settings });
  const ready = new Promise<string>((settle) => {
    onOutput(() => {
      const line = /^ready (\S+).*$/m.exec(stdout());
      if (line?.[1]) settle(line[1].startsWith('http') ? line[1] : '');
    });
  });
  const early = ended.then((end) => {
    throw new Error(`the program ended with ${end.code} before it was ready:\n${end.stdout}${end.stderr}`);
  });
  const url = await Promise.race([ready, early]);
  early.catch(() => undefined);
  const end = (name: NodeJS.Signals) => (): Promise<Finished> => {
    child.kill(name);
    return ended;
  };
  return {
    url,
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedMs,
    ended,
    stdout,
    stderr,
    interrupt: () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
      return ended;
    },
    stop: end('SIGTERM'),
    kill: end('SIGKILL'),
  };
}

/** Asks until the answer is there, 20 times a second; the test's own time limit is the last resort. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The secret of this name that the program made for itself in its data folder. */
export function keptSecret(dataDir: string, name: string): string {
  return readFileSync(join(dataDir, name), 'utf8').trim();
}
