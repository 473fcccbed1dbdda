/** A disk that fills up under a whole engine: it ends at once, and nothing that it acknowledged is gone. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { addressOf, freePort, initiate, startProcess } from '../../crash/engine-process.ts';
import { ENGINE_BINARY, temporaryDirectory } from '../../support/engine.ts';

const directory = temporaryDirectory();
const mount = (options: string): boolean =>
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]).status === 0;
/** Only root may mount; elsewhere the guarantee is held by the failing write of crash.test.ts alone. */
const isSmallDisk = mount('size=8m');

/** Inserts until the engine is gone; gives the ids that it acknowledged. */
async function insertUntilGone(port: number): Promise<number[]> {
  const client = await MongoClient.connect(addressOf(port), { serverSelectionTimeoutMS: 500 });
  const collection = client.db('full').collection<{ _id: number; text: string }>('disk');
  const acknowledged: number[] = [];
  try {
    for (let _id = 0; ; _id += 1) {
      await collection.insertOne({ _id, text: 'x'.repeat(50_000) });
      acknowledged.push(_id);
    }
  } catch {
    return acknowledged;
  } finally {
    await client.close();
  }
}

describe('a full disk', () => {
  afterAll(() => {
    if (isSmallDisk) spawnSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true, force: true });
  });

  it.runIf(isSmallDisk)(
    'ends the engine with 14, and every acknowledged write is there afterwards',
    async () => {
      const port = await freePort();
      const first = await startProcess(ENGINE_BINARY, directory, port);
      await initiate(port);
      const acknowledged = await insertUntilGone(port);
      expect(await first.ended).toBe(14);
      expect(acknowledged.length).toBeGreaterThan(50);

      spawnSync('mount', ['-o', 'remount,size=64m', directory]);
      const second = await startProcess(ENGINE_BINARY, directory, port);
      const client = await MongoClient.connect(addressOf(port));
      const collection = client.db('full').collection<{ _id: number }>('disk');
      expect(await collection.countDocuments({ _id: { $in: acknowledged } })).toBe(acknowledged.length);
      expect(await collection.countDocuments()).toBeLessThanOrEqual(acknowledged.length + 1);
      await collection.insertOne({ _id: -1 });
      await client.close();
      await second.kill();
    },
  );
});
