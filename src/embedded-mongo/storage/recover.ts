/** Brings the data directory back to its last acknowledged state, or refuses to start. */
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import {
  CorruptionError,
  createDurably,
  encodeHeader,
  filePath,
  generationsOf,
  HEADER_BYTES,
  RESTORE_ADVICE,
  readHeader,
  syncDirectory,
  writeFully,
} from './files.ts';
import { decodeFrame, hasFrameFrom } from './frames.ts';
import type { JournalFile } from './journal.ts';
import { decodeRecords, RECORD } from './records.ts';

/** Applies one record; `bson` is valid only during the call. */
export type ApplyRecord = (kind: number, namespace: string, bson: Buffer) => void;

export type Recovered = {
  generation: number;
  journal: JournalFile;
  /** Bytes of a torn last write that were cut off; 0 after a clean end. */
  truncatedBytes: number;
};

/**
 * Reads the newest complete generation: its snapshot, then its journal.
 * A torn last frame is cut off. Throws CorruptionError when a bad frame has a valid one behind it,
 * when a snapshot is not whole, or when a file of the generation is missing.
 */
export function recover(directory: string, apply: ApplyRecord): Recovered {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const generation = currentGeneration(directory);
  if (generation > 1) replaySnapshot(filePath(directory, 'snapshot', generation), generation, apply);
  const path = filePath(directory, 'journal', generation);
  if (!existsSync(path)) createJournal(directory, generation);
  removeOlder(directory, generation);
  return { generation, ...replayJournal(path, generation, apply) };
}

/** Creates the empty journal of a generation. */
export function createJournal(directory: string, generation: number): JournalFile {
  const path = filePath(directory, 'journal', generation);
  const { header, salt } = encodeHeader(generation);
  createDurably(directory, path, (file) => writeFully(file, header));
  return { path, salt, sizeBytes: HEADER_BYTES };
}

/** Deletes the files of generations before this one; harmless when it is cut short. */
export function removeOlder(directory: string, generation: number): void {
  for (const kind of ['journal', 'snapshot'] as const) {
    for (const older of generationsOf(directory, kind)) {
      if (older < generation) rmSync(filePath(directory, kind, older), { force: true });
    }
  }
  syncDirectory(directory);
}

function currentGeneration(directory: string): number {
  const snapshot = generationsOf(directory, 'snapshot').at(-1) ?? 1;
  const journal = generationsOf(directory, 'journal').at(-1) ?? 1;
  if (journal > snapshot) {
    throw new CorruptionError(
      `${filePath(directory, 'snapshot', journal)} is missing, but its journal exists. ${RESTORE_ADVICE}`,
    );
  }
  return snapshot;
}

function replaySnapshot(path: string, generation: number, apply: ApplyRecord): void {
  const file = readFileSync(path);
  const salt = readHeader(file, path, generation);
  let at = HEADER_BYTES;
  let ended = false;
  while (at < file.length && !ended) {
    const frame = decodeFrame(file, at, salt);
    if (frame === undefined) throw new CorruptionError(`${path} is damaged at byte ${at}. ${RESTORE_ADVICE}`);
    ended = applyFrame(frame.payload, frame.count, apply);
    at = frame.end;
  }
  if (!ended || at !== file.length) {
    throw new CorruptionError(`${path} does not end where it should. ${RESTORE_ADVICE}`);
  }
}

function replayJournal(path: string, generation: number, apply: ApplyRecord): Omit<Recovered, 'generation'> {
  const file = readFileSync(path);
  const salt = readHeader(file, path, generation);
  let at = HEADER_BYTES;
  for (;;) {
    const frame = decodeFrame(file, at, salt);
    if (frame === undefined) break;
    applyFrame(frame.payload, frame.count, apply);
    at = frame.end;
  }
  const truncatedBytes = writtenEnd(file, at) - at;
  if (truncatedBytes > 0) {
    if (hasFrameFrom(file, at + 1, salt)) {
      throw new CorruptionError(
        `${path} is damaged at byte ${at}, and valid data follows the damage. ${RESTORE_ADVICE}`,
      );
    }
    truncateSync(path, at);
  }
  return { journal: { path, salt, sizeBytes: at }, truncatedBytes };
}

/** Where the reserve of zero bytes at the end of the file begins. */
function writtenEnd(file: Buffer, from: number): number {
  let end = file.length;
  while (end > from && file[end - 1] === 0) end -= 1;
  return end;
}

function applyFrame(payload: Buffer, count: number, apply: ApplyRecord): boolean {
  let records = 0;
  let ended = false;
  for (const record of decodeRecords(payload)) {
    records += 1;
    if (record.kind === RECORD.snapshotEnd) ended = true;
    else apply(record.kind, record.namespace, payload.subarray(record.start, record.end));
  }
  if (records !== count) throw new CorruptionError(`a frame holds ${records} records, not ${count}.`);
  return ended;
}
