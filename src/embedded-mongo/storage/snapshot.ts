/** Writes all live data as the next generation, so that the journal starts short again. */
import { createDurably, encodeHeader, filePath, writeFully } from './files.ts';
import { encodeFrame } from './frames.ts';
import type { JournalFile } from './journal.ts';
import { encodeRecord, RECORD } from './records.ts';
import { createJournal, removeOlder } from './recover.ts';

const FRAME_TARGET_BYTES = 1024 * 1024;

/** The smallest BSON document, for records without an operand. */
export const EMPTY_BSON = Buffer.from([5, 0, 0, 0, 0]);

/** A journal below this size is not worth a rotation. */
const SMALL_JOURNAL_BYTES = 1024 * 1024;

/** True when the journal has grown to twice the live data (both in bytes). */
export function needsCompaction(journalBytes: number, liveBytes: number): boolean {
  return journalBytes > SMALL_JOURNAL_BYTES && journalBytes > 2 * liveBytes;
}

/**
 * Writes generation N+1 and removes N. At each point exactly one generation is complete: the
 * snapshot counts from its rename on, and its journal is created empty if it is missing.
 */
export function rotate(directory: string, generation: number, live: Iterable<Buffer>): JournalFile {
  const next = generation + 1;
  const { header, salt } = encodeHeader(next);
  createDurably(directory, filePath(directory, 'snapshot', next), (file) => {
    writeFully(file, header);
    let records: Buffer[] = [];
    let bytes = 0;
    for (const record of live) {
      records.push(record);
      bytes += record.length;
      if (bytes < FRAME_TARGET_BYTES) continue;
      writeFully(file, encodeFrame(records, salt));
      records = [];
      bytes = 0;
    }
    records.push(encodeRecord(RECORD.snapshotEnd, '', EMPTY_BSON));
    writeFully(file, encodeFrame(records, salt));
  });
  const journal = createJournal(directory, next);
  removeOlder(directory, next);
  return journal;
}
