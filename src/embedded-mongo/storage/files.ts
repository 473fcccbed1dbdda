/** Names, headers and careful creation of the files in the data directory. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const MAGIC = 'EMBMONGO';
const FORMAT_VERSION = 1;
export const HEADER_BYTES = 24;

export type FileKind = 'journal' | 'snapshot';

/** The files cannot be trusted; the message says which and what can be done. */
export class CorruptionError extends Error {
  override name = 'CorruptionError';
}

export function filePath(directory: string, kind: FileKind, generation: number): string {
  return join(directory, `${kind}-${String(generation).padStart(6, '0')}.emb`);
}

/** The generations of one kind present in the directory, ascending. */
export function generationsOf(directory: string, kind: FileKind): number[] {
  const pattern = new RegExp(`^${kind}-(\\d{6,})\\.emb$`);
  const found: number[] = [];
  for (const name of readdirSync(directory)) {
    const match = pattern.exec(name);
    if (match) found.push(Number(match[1]));
  }
  return found.sort((a, b) => a - b);
}

/** `magic | u32 format | u32 generation | u32 salt | u32 crc32 of the rest`. */
export function encodeHeader(generation: number): { header: Buffer; salt: number } {
  const header = Buffer.alloc(HEADER_BYTES);
  const salt = randomBytes(4).readUInt32LE(0);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(FORMAT_VERSION, 8);
  header.writeUInt32LE(generation, 12);
  header.writeUInt32LE(salt, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 20)), 20);
  return { header, salt };
}

/** Checks a file's header and gives its salt; throws CorruptionError naming the file. */
export function readHeader(file: Buffer, path: string, generation: number): number {
  const whole = file.length >= HEADER_BYTES && file.readUInt32LE(20) === crc32(file.subarray(0, 20));
  if (!whole || file.toString('latin1', 0, 8) !== MAGIC) {
    throw new CorruptionError(`${path} has no valid header. ${RESTORE_ADVICE}`);
  }
  const version = file.readUInt32LE(8);
  if (version !== FORMAT_VERSION) {
    throw new CorruptionError(`${path} has format ${version}; this engine reads ${FORMAT_VERSION}.`);
  }
  if (file.readUInt32LE(12) !== generation) {
    throw new CorruptionError(`${path} belongs to generation ${file.readUInt32LE(12)}. ${RESTORE_ADVICE}`);
  }
  return file.readUInt32LE(16);
}

export const RESTORE_ADVICE =
  'Nothing was changed. Restore the data directory from a backup, or move it away to start empty; ' +
  'a bad disk is likely, so copy the directory before anything else.';

/** Creates a file wholly or not at all: temporary name, sync, rename, sync of the directory. */
export function createDurably(directory: string, path: string, write: (file: number) => void): void {
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    write(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncDirectory(directory);
}

export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes all bytes, at a position or at the end of what was written so far. */
export function writeFully(file: number, bytes: Buffer, position?: number): void {
  let written = 0;
  while (written < bytes.length) {
    const at = position === undefined ? null : position + written;
    written += writeSync(file, bytes, written, bytes.length - written, at);
  }
}
