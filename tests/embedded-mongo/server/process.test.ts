/** The engine as a process: it starts, refuses, and ends like a mongod, and its data has one owner. */
import { execFile, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  isOwned,
  OwnedError,
  ownerPid,
  startEmbedded,
  waitForOwnerToGo,
} from '../../../src/embedded-mongo/start.ts';
import { addressOf, freePort, initiate, startProcess } from '../../crash/engine-process.ts';
import { ENGINE_BINARY, temporaryDirectory } from '../../support/engine.ts';

const runBinary = promisify(execFile);

describe('the engine process', () => {
  let directory: string;
  beforeEach(() => {
    directory = temporaryDirectory();
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('says its version in the words mongodb-memory-server reads, and that it is no mongod', async () => {
    const { stdout } = await runBinary(ENGINE_BINARY, ['--version']);
    expect(stdout).toMatch(/^db version v7\.0\.\d+$/m);
    expect(stdout).toContain('not a mongod');
  });

  it.each([
    [['--dbpath', 'x', '--auth', 'y'], "unknown option '--auth'"],
    [['--dbpath', 'x', '--bind_ip', '0.0.0.0'], "--bind_ip '0.0.0.0' is refused"],
    [['--dbpath', 'x', '--port', '70000'], "not '70000'"],
    [['--dbpath', 'x', '--setParameter', 'foo=1'], "'foo=1' is not known"],
    [['--port', '1'], '--dbpath is missing'],
  ])('refuses the options %j and names the wrong one', async (args, message) => {
    const failure = runBinary(ENGINE_BINARY, args, { cwd: directory });
    await expect(failure).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  it('gives its data directory to one owner only, and names that owner to the second', async () => {
    const first = await startProcess(ENGINE_BINARY, directory, await freePort());
    try {
      expect(ownerPid(directory)).toBe(first.pid);
      const second = startEmbedded({ binaryPath: ENGINE_BINARY, dataDir: directory });
      await expect(second).rejects.toThrow(`in use by process ${first.pid}`);
      const bare = startProcess(ENGINE_BINARY, directory, await freePort());
      await expect(bare).rejects.toThrow(
        new RegExp(`ended with 100.*DBPathInUse.*process ${first.pid}`, 's'),
      );
      await expect(waitForOwnerToGo(directory, 1)).rejects.toThrow(OwnedError);
    } finally {
      await first.kill();
    }
    await waitForOwnerToGo(directory, 5000);
    const third = await startProcess(ENGINE_BINARY, directory, await freePort());
    expect(await isOwned(directory), 'the stale socket of the killed owner is taken over').toBe(true);
    await third.kill();
  });

  it('lets only one of many simultaneous starters have a directory with a stale lock', async () => {
    const dead = await startProcess(ENGINE_BINARY, directory, await freePort());
    await dead.kill();
    const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const starts = await Promise.allSettled(
      ports.map((port) => startProcess(ENGINE_BINARY, directory, port)),
    );
    const winners = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    expect(winners).toHaveLength(1);
    await winners[0]?.kill();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends in order with exit code 0 on %s and keeps the data',
    async (signal) => {
      const port = await freePort();
      const child = spawn(ENGINE_BINARY, ['--port', String(port), '--dbpath', directory, '--replSet', 'rs0']);
      const ready = new Promise((resolve) =>
        child.stdout.on('data', (chunk) => /Waiting for/.test(String(chunk)) && resolve(0)),
      );
      await ready;
      await initiate(port);
      const client = await MongoClient.connect(addressOf(port));
      await client.db('a').collection('b').insertOne({ kept: true });
      await client.close();
      const code = new Promise((resolve) => child.once('exit', (exit) => resolve(exit)));
      child.kill(signal);
      expect(await code).toBe(0);
      expect(await isOwned(directory)).toBe(false);
      const started = await startEmbedded({ binaryPath: ENGINE_BINARY, dataDir: directory });
      const again = await MongoClient.connect(started.uri);
      expect(await again.db('a').collection('b').countDocuments({ kept: true })).toBe(1);
      await again.close();
      await started.stop();
    },
  );

  it('ends when the process that started it is killed, so that the next one can have the data', async () => {
    const script = join(directory, 'owner.mts');
    const start = join(import.meta.dirname, '../../../src/embedded-mongo/start.ts');
    writeFileSync(
      script,
      `import { startEmbedded } from ${JSON.stringify(start)};
       const { pid } = await startEmbedded({ binaryPath: ${JSON.stringify(ENGINE_BINARY)}, dataDir: ${JSON.stringify(join(directory, 'data'))} });
       process.stdout.write('engine ' + pid);
       setInterval(() => undefined, 1000);`,
    );
    const owner = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: join(import.meta.dirname, '../../..'),
    });
    await new Promise((resolve) =>
      owner.stdout.on('data', (chunk) => /engine \d+/.test(String(chunk)) && resolve(0)),
    );
    owner.kill('SIGKILL');
    await waitForOwnerToGo(join(directory, 'data'), 15_000);
    const next = await startEmbedded({ binaryPath: ENGINE_BINARY, dataDir: join(directory, 'data') });
    await next.stop();
  });

  it('refuses data of another replica set', async () => {
    const port = await freePort();
    const engine = await startProcess(ENGINE_BINARY, directory, port);
    await initiate(port);
    await engine.kill();
    const failure = runBinary(ENGINE_BINARY, [
      '--port',
      String(port),
      '--dbpath',
      directory,
      '--replSet',
      'other',
    ]);
    await expect(failure).rejects.toMatchObject({
      stderr: expect.stringContaining("belongs to replica set 'rs0'"),
    });
  });
});
