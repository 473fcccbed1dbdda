/** Append-only journal: every batch is on disk before anyone is told that it happened. */
import { closeSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { openDirect } from './direct.ts';
import { writeFully } from './files.ts';
import { encodeFrame } from './frames.ts';

/** A disk whose sync takes longer than this on average is waited for off the event loop. */
const SLOW_SYNC_MS = 2;

/**
 * The file grows by this many zero bytes at once: a sync within them changes no metadata of the file
 * system, and so does not wait for what other programs write.
 */
const RESERVE = Buffer.alloc(1024 * 1024);

export type Journal = {
  /** Queues one record; all those of one turn of the event loop become one frame. */
  append(record: Buffer): void;
  /** Resolves when everything appended so far is on disk. */
  durable(): Promise<void>;
  /** Writes what is queued at once, where the disk is fast; true when everything appended so far is on it. */
  flush(): boolean;
  /** Bytes written, without the queue and the reserve. */
  size(): number;
  /** Closes the file and gives the reserve back; call it only after `durable()`. */
  close(): void;
};

export type JournalFile = { path: string; salt: number; sizeBytes: number };

/**
 * Opens a journal file for appending behind its last frame, at `sizeBytes`.
 * Any failing write or sync ends up in `onFailure`, which must end the process: memory is ahead
 * of the disk then, and a second fsync may claim success for pages that were thrown away.
 */
export function openJournal(journal: JournalFile, onFailure: (error: Error) => void): Journal {
  const file = openSync(journal.path, 'r+');
  const direct = openDirect(journal.path, file, journal.sizeBytes);
  let reservedTo = fstatSync(file).size;
  let queue: Buffer[] = [];
  let waiting: (() => void)[] = [];
  let scheduled = false;
  let syncing = false;
  let sizeBytes = journal.sizeBytes;
  let averageSyncMs = 0;

  const schedule = (): void => {
    if (scheduled || syncing) return;
    scheduled = true;
    setImmediate(flush);
  };
  const fail = (error: unknown): void => {
    onFailure(error instanceof Error ? error : new Error(String(error)));
  };
  /** Through the page cache: for frames that are large, and when the reserve is used up. */
  const writeCached = (frame: Buffer): void => {
    writeFully(file, frame, sizeBytes);
    sizeBytes += frame.length;
    if (sizeBytes + RESERVE.length / 2 > reservedTo) {
      writeFully(file, RESERVE, sizeBytes);
      reservedTo = sizeBytes + RESERVE.length;
    }
    direct?.forget();
  };
  /** Writes one frame and waits for the disk, on the event loop or off it. */
  const write = (frame: Buffer, settle: (error: Error | null) => void): void => {
    const isFast = averageSyncMs < SLOW_SYNC_MS;
    const start = sizeBytes;
    if (
      direct !== undefined &&
      start + frame.length + direct.marginBytes <= reservedTo &&
      direct.takes(frame)
    ) {
      sizeBytes += frame.length;
      if (isFast) direct.append(frame, start);
      else direct.appendLater(frame, start, settle);
    } else {
      writeCached(frame);
      if (isFast) fdatasyncSync(file);
      else fdatasync(file, settle);
    }
    if (isFast) settle(null);
  };
  const flush = (): void => {
    scheduled = false;
    const waiters = waiting;
    waiting = [];
    const startedMs = performance.now();
    const settle = (error: Error | null): void => {
      syncing = false;
      if (error !== null) {
        fail(error);
        return;
      }
      averageSyncMs = averageSyncMs * 0.8 + (performance.now() - startedMs) * 0.2;
      for (const resolve of waiters) resolve();
      if (queue.length > 0 || waiting.length > 0) schedule();
    };
    if (queue.length === 0) {
      for (const resolve of waiters) resolve();
      return;
    }
    const frame = encodeFrame(queue, journal.salt);
    queue = [];
    syncing = true;
    try {
      write(frame, settle);
    } catch (error) {
      fail(error);
    }
  };

  return {
    append(record) {
      queue.push(record);
      schedule();
    },
    durable() {
      if (queue.length === 0 && !syncing) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        schedule();
      });
    },
    flush() {
      if (syncing || (queue.length > 0 && averageSyncMs >= SLOW_SYNC_MS)) return false;
      flush();
      return !syncing;
    },
    size: () => sizeBytes,
    close() {
      direct?.close();
      ftruncateSync(file, sizeBytes);
      closeSync(file);
    },
  };
}
