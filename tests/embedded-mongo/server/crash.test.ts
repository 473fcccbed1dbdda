/** Nothing acknowledged is lost, nothing is half there, nothing happens twice. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBson, encodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { CorruptionError, filePath, generationsOf } from '../../../src/embedded-mongo/storage/files.ts';
import { openJournal } from '../../../src/embedded-mongo/storage/journal.ts';
import { encodeRecord, RECORD } from '../../../src/embedded-mongo/storage/records.ts';
import { recover } from '../../../src/embedded-mongo/storage/recover.ts';
import { needsCompaction, rotate } from '../../../src/embedded-mongo/storage/snapshot.ts';
import { runEngineCrashes } from '../../crash/engine.ts';
import { ENGINE_BINARY, temporaryDirectory } from '../../support/engine.ts';

describe('a killed engine', () => {
  it('keeps every acknowledged write of three rounds, each whole and once, and every cut of its journal is a prefix', async () => {
    const result = await runEngineCrashes({ kills: 3, binary: ENGINE_BINARY, frames: 1 });
    expect(result.violations).toEqual([]);
    expect(result.acknowledged).toBeGreaterThan(50);
    expect(result.repeats).toBeGreaterThan(0);
    expect(result.truncations).toBeGreaterThan(20);
    expect(result.flips).toBeGreaterThan(20);
  });
});

describe('the data directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = temporaryDirectory();
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const put = (n: number): Buffer => encodeRecord(RECORD.put, 'a.b', encodeBson({ _id: n }));
  const fail = (error: Error): never => {
    throw error;
  };
  const replay = (): unknown[] => {
    const ids: unknown[] = [];
    recover(directory, (_kind, _namespace, bson) => ids.push(decodeBson(bson)['_id']));
    return ids.map(Number);
  };
  const write = async (...batches: number[][]): Promise<void> => {
    const journal = openJournal(recover(directory, () => undefined).journal, fail);
    for (const batch of batches) {
      for (const n of batch) journal.append(put(n));
      await journal.durable();
    }
    journal.close();
  };

  it('gives back what was written, in order, over many openings', async () => {
    await write([1, 2], [3]);
    await write([4]);
    expect(replay()).toEqual([1, 2, 3, 4]);
  });

  it('has on disk what a client alone was told of, without a turn of the event loop', () => {
    const journal = openJournal(recover(directory, () => undefined).journal, fail);
    journal.append(put(1));
    expect(journal.flush()).toBe(true);
    expect(replay()).toEqual([1]);
    journal.close();
  });

  it('cuts off a torn last frame whole, and goes on behind what is left', async () => {
    await write([1], [2, 3]);
    const path = filePath(directory, 'journal', 1);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    expect(replay()).toEqual([1]);
    await write([9]);
    expect(replay()).toEqual([1, 9]);
  });

  it('takes the reserve of zeros behind the last frame for an end, not for damage', async () => {
    await write([1], [2]);
    const path = filePath(directory, 'journal', 1);
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(4096)]));
    expect(recover(directory, () => undefined).truncatedBytes).toBe(0);
    expect(replay()).toEqual([1, 2]);
    const damaged = readFileSync(path);
    damaged[40] = (damaged[40] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    expect(replay, 'though the last frame ends in zeros itself').toThrow(CorruptionError);
  });

  it('refuses damage in the middle, changes nothing, and says what to do', async () => {
    await write([1], [2], [3]);
    const path = filePath(directory, 'journal', 1);
    const damaged = readFileSync(path);
    damaged[40] = (damaged[40] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    expect(replay).toThrow(CorruptionError);
    expect(replay).toThrow(/damaged at byte 24.*Restore the data directory from a backup/s);
    expect(readFileSync(path).equals(damaged)).toBe(true);
  });

  it('has exactly one complete generation at each point of a rotation', async () => {
    await write([1], [2]);
    const before = join(directory, 'before');
    mkdirSync(before);
    copyFileSync(filePath(directory, 'journal', 1), filePath(before, 'journal', 1));
    rotate(directory, 1, [put(1), put(2)]);
    expect(generationsOf(directory, 'journal')).toEqual([2]);
    expect(replay()).toEqual([1, 2]);

    copyFileSync(filePath(before, 'journal', 1), filePath(directory, 'journal', 1));
    expect(replay(), 'the old generation was not yet removed').toEqual([1, 2]);
    expect(generationsOf(directory, 'journal'), 'and is removed now').toEqual([2]);

    rmSync(filePath(directory, 'journal', 2));
    expect(replay(), 'the new journal was not yet created').toEqual([1, 2]);

    writeFileSync(`${filePath(directory, 'snapshot', 3)}.tmp`, 'half a snapshot');
    expect(replay(), 'a later snapshot was never renamed').toEqual([1, 2]);
  });

  it('refuses a snapshot that is not whole', async () => {
    await write([1]);
    rotate(directory, 1, [put(1)]);
    const path = filePath(directory, 'snapshot', 2);
    writeFileSync(path, readFileSync(path).subarray(0, -3));
    expect(replay).toThrow(CorruptionError);
  });

  it('is compacted only when the journal is twice the live data', () => {
    expect(needsCompaction(10_000_000, 4_000_000)).toBe(true);
    expect(needsCompaction(10_000_000, 6_000_000)).toBe(false);
    expect(needsCompaction(1000, 0)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('ends the process at the first write that fails', async () => {
    const failures: string[] = [];
    const journal = openJournal({ path: '/dev/full', salt: 0, sizeBytes: 0 }, (error) =>
      failures.push(error.message),
    );
    journal.append(put(1));
    let acknowledged = false;
    const answered = journal.durable().then(() => {
      acknowledged = true;
    });
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(failures.join()).toMatch(/ENOSPC/);
    expect(acknowledged).toBe(false);
    expect(journal.flush(), 'nor is one told that waits for nobody').toBe(false);
    expect(answered).toBeInstanceOf(Promise);
  });
});
