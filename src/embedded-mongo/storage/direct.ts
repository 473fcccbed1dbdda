/** Synchronous appending past the page cache, where the system has it: it is on disk when it returns. */
import { closeSync, constants, openSync, readSync, write, writeSync } from 'node:fs';

/** What direct writes must be aligned to: the size of a page, which no usual disk exceeds. */
const BLOCK_BYTES = 4096;
const STAGING_BYTES = 64 * BLOCK_BYTES;
/** Memory comes aligned to this many bytes at least. */
const ALIGNMENT_STEP = 16;

export type DirectFile = {
  /** Up to this many bytes behind what is appended are written over with zeros. */
  readonly marginBytes: number;
  /** Is it small enough to be written at once? */
  takes(bytes: Buffer): boolean;
  /** Writes `bytes` at `at`, directly behind what is there; on disk when it returns. Throws the system's error. */
  append(bytes: Buffer, at: number): void;
  /** The same off the event loop; nothing else may be appended before it calls back. */
  appendLater(bytes: Buffer, at: number, done: (error: Error | null) => void): void;
  /** What lies before the end was written by someone else. */
  forget(): void;
  close(): void;
};

/**
 * Opens a file whose content ends at `end` for direct appending; `file` reads it. Undefined where the system or the
 * file system cannot, which a first write of what is there already tells.
 */
export function openDirect(path: string, file: number, end: number): DirectFile | undefined {
  const { O_DIRECT, O_DSYNC, O_RDWR } = constants;
  if (O_DIRECT === undefined || O_DSYNC === undefined) return undefined;
  let direct: number;
  try {
    direct = openSync(path, O_RDWR | O_DIRECT | O_DSYNC);
  } catch {
    return undefined;
  }
  const staging = alignedBuffer(direct);
  if (staging === undefined) {
    closeSync(direct);
    return undefined;
  }
  /** The block whose bytes the staging buffer begins with. */
  let staged: number | undefined;

  /** Puts the bytes behind those that share their first block; gives what to write where. */
  const stage = (bytes: Buffer, at: number): { length: number; block: number } => {
    const block = at - (at % BLOCK_BYTES);
    if (staged !== block) readSync(file, staging, 0, at - block, block);
    const end = at - block + bytes.copy(staging, at - block);
    const length = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
    staging.fill(0, end, length);
    return { length, block };
  };
  const keepLastBlock = (length: number, block: number): void => {
    const last = length - BLOCK_BYTES;
    if (last > 0) staging.copyWithin(0, last, length);
    staged = block + last;
  };

  const append = (bytes: Buffer, at: number): void => {
    const { length, block } = stage(bytes, at);
    const written = writeSync(direct, staging, 0, length, block);
    if (written < length) throw new Error(`only ${written} of ${length} bytes were written`);
    keepLastBlock(length, block);
  };

  try {
    append(Buffer.alloc(0), end);
  } catch {
    closeSync(direct);
    return undefined;
  }
  return {
    marginBytes: BLOCK_BYTES,
    takes: (bytes) => bytes.length <= STAGING_BYTES - BLOCK_BYTES,
    append,
    appendLater(bytes, at, done) {
      const { length, block } = stage(bytes, at);
      write(direct, staging, 0, length, block, (error, written) => {
        if (error === null) keepLastBlock(length, block);
        const isShort = error === null && written < length;
        done(isShort ? new Error(`only ${written} of ${length} bytes were written`) : error);
      });
    },
    forget: () => {
      staged = undefined;
    },
    close: () => closeSync(direct),
  };
}

/** Finds out by reading where in its memory a buffer is aligned as the file needs it. */
function alignedBuffer(direct: number): Buffer | undefined {
  const memory = Buffer.allocUnsafeSlow(STAGING_BYTES + BLOCK_BYTES);
  for (let offset = 0; offset < BLOCK_BYTES; offset += ALIGNMENT_STEP) {
    try {
      readSync(direct, memory, offset, BLOCK_BYTES, 0);
      return memory.subarray(offset, offset + STAGING_BYTES);
    } catch {}
  }
  return undefined;
}
