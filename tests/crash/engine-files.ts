/** Damages a recorded journal in every way and holds what the engine makes of it against the written prefix. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CorruptionError, filePath, HEADER_BYTES } from '../../src/embedded-mongo/storage/files.ts';
import { decodeFrame } from '../../src/embedded-mongo/storage/frames.ts';
import { recover } from '../../src/embedded-mongo/storage/recover.ts';

export type FileResult = { truncations: number; flips: number; violations: string[] };

/** The records a directory replays, as text, or the refusal to start. */
function replay(directory: string): string[] | 'refused' {
  const records: string[] = [];
  try {
    recover(directory, (kind, namespace, bson) => {
      records.push(`${kind} ${namespace} ${bson.toString('base64')}`);
    });
    return records;
  } catch (error) {
    if (error instanceof CorruptionError) return 'refused';
    throw error;
  }
}

/** The ends of the journal's frames, and how many records lie before each. */
function frameEnds(file: Buffer): { end: number; records: number }[] {
  const salt = file.readUInt32LE(16);
  const ends = [{ end: HEADER_BYTES, records: 0 }];
  let records = 0;
  for (let frame = decodeFrame(file, HEADER_BYTES, salt); frame; frame = decodeFrame(file, frame.end, salt)) {
    records += frame.count;
    ends.push({ end: frame.end, records });
  }
  return ends;
}

/**
 * Cuts the journal at every byte of its last `frames` frames, and flips bytes in them and in the
 * middle. `directory` stays as it is; `work` is made and removed.
 */
export function damageJournal(
  directory: string,
  work: string,
  generation: number,
  frames: number,
): FileResult {
  const violations: string[] = [];
  const file = readFileSync(filePath(directory, 'journal', generation));
  const ends = frameEnds(file);
  const whole = file.subarray(0, ends.at(-1)?.end);
  const all = replayed(directory, work, whole, generation);
  if (all === 'refused') return { truncations: 0, flips: 0, violations: ['the journal itself was refused'] };
  const fromSnapshot = all.length - (ends.at(-1)?.records ?? 0);
  const expectPrefix = (what: string, file: Buffer, records: number): void => {
    const got = replayed(directory, work, file, generation);
    const wanted = all.slice(0, fromSnapshot + records);
    if (got === 'refused' || got.length !== wanted.length || got.some((one, at) => one !== wanted[at])) {
      violations.push(`${what}: got ${got === 'refused' ? got : got.length} of ${wanted.length} records`);
    }
  };
  const first = ends.at(-frames - 1)?.end ?? HEADER_BYTES;
  for (let cut = first; cut <= whole.length; cut += 1) {
    const before = ends.findLast((one) => one.end <= cut)?.records ?? 0;
    expectPrefix(`cut at byte ${cut}`, whole.subarray(0, cut), before);
  }
  const last = ends.at(-2) ?? { end: HEADER_BYTES, records: 0 };
  let flips = 0;
  for (let at = 0; at < whole.length; at += at < first ? Math.max(1, first >> 6) : 1) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x40;
    flips += 1;
    if (at >= last.end) expectPrefix(`flip in the last frame at ${at}`, damaged, last.records);
    else if (replayed(directory, work, damaged, generation) !== 'refused') {
      violations.push(`a flipped byte at ${at}, before the last frame, was not refused`);
    }
  }
  return { truncations: whole.length - first + 1, flips, violations };
}

function replayed(
  directory: string,
  work: string,
  journal: Buffer,
  generation: number,
): string[] | 'refused' {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  if (generation > 1) {
    const snapshot = filePath(directory, 'snapshot', generation);
    cpSync(snapshot, join(work, snapshot.slice(directory.length + 1)));
  }
  writeFileSync(filePath(work, 'journal', generation), journal);
  const result = replay(work);
  rmSync(work, { recursive: true, force: true });
  return result;
}
