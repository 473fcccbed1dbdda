/** The engine as a bare child process that can be killed at any moment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { MongoClient } from 'mongodb';

const REPLICA_SET = 'rs0';

export type EngineProcess = {
  pid: number;
  /** Its exit code, once it has ended by itself; null after a signal. */
  ended: Promise<number | null>;
  /** SIGKILL, and wait until the process is gone. */
  kill(): Promise<void>;
};

/** Starts the engine and waits until it takes connections; rejects with what it said when it ends instead. */
export async function startProcess(binary: string, dbpath: string, port: number): Promise<EngineProcess> {
  const child = spawn(binary, ['--port', String(port), '--dbpath', dbpath, '--replSet', REPLICA_SET]);
  await untilReady(child);
  return {
    pid: child.pid ?? 0,
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))),
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (/waiting for connections/i.test(said)) resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code}: ${said.slice(-500)}`)));
  });
}

/** Makes a fresh engine the primary of its set. */
export async function initiate(port: number): Promise<void> {
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}`, { directConnection: true });
  try {
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await client.db('admin').command({ replSetInitiate: { _id: REPLICA_SET, members } });
  } finally {
    await client.close();
  }
}

export function addressOf(port: number): string {
  return `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}`;
}

/** A port nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
