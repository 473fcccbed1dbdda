/** A document as it lies in memory: raw bytes always, the decoded form while there is room for it. */
import { decodeRaw } from './bson-codec.ts';
import type { Doc } from './value.ts';

/** `order` is the record's number: ties of index keys and the natural order go by it. */
export type StoredDocument = {
  raw: string;
  readonly key: string;
  readonly order: number;
  decoded: Doc | undefined;
};

/** Decoded documents are kept up to this many raw bytes; decoded they take about ten times as much. */
const DECODED_BUDGET_BYTES = 12 * 1024 * 1024;

let kept: StoredDocument[] = [];
let keptBytes = 0;

/** The decoded document, which nobody may change; remembered for the next reader. */
export function docOf(stored: StoredDocument): Doc {
  if (stored.decoded !== undefined) return stored.decoded;
  if (keptBytes > DECODED_BUDGET_BYTES) forgetAll();
  const doc = decodeRaw(stored.raw);
  stored.decoded = doc;
  kept.push(stored);
  keptBytes += stored.raw.length;
  return doc;
}

/** The decoded document without remembering it, for scans that would push everything else out. */
export function docOnce(stored: StoredDocument): Doc {
  return stored.decoded ?? decodeRaw(stored.raw);
}

/** Collections larger than this (raw bytes) are scanned without remembering. */
export const REMEMBERED_SCAN_BYTES = DECODED_BUDGET_BYTES / 2;

function forgetAll(): void {
  for (const stored of kept) stored.decoded = undefined;
  kept = [];
  keptBytes = 0;
}
