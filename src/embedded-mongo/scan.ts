/** Runs a plan: candidates from the index or the collection, filtered, sorted, skipped and limited. */
import type { Collection } from './collection.ts';
import { mongoError } from './errors.ts';
import type { Matcher } from './match.ts';
import type { Pace } from './pace.ts';
import type { Plan } from './planner.ts';
import { compileSortKey } from './sort.ts';
import { docOf, docOnce, REMEMBERED_SCAN_BYTES, type StoredDocument } from './stored-document.ts';
import type { Doc } from './value.ts';

/** What a scan looked at, for explain. */
export type ScanCounts = { keys: number; documents: number };

export type Scan = {
  collection: Collection;
  plan: Plan;
  matches: Matcher;
  pace: Pace;
  /** A sort may be larger than MongoDB takes in memory, which it then makes on disk. */
  mayUseDisk?: boolean;
  counts?: ScanCounts;
};

/** A matching document, or `undefined` as a tick: time to let the event loop run. */
export type Found = StoredDocument | undefined;

/** MongoDB's limit on sorting in memory. */
const MAX_SORT_BYTES = 100 * 1024 * 1024;

/** The way to decode documents of a collection without pushing everything else out of memory. */
export function decoderFor(collection: Collection): (stored: StoredDocument) => Doc {
  return collection.bytes > REMEMBERED_SCAN_BYTES ? docOnce : docOf;
}

/** The matching documents in the plan's order. */
export function* findMatches(scan: Scan): Generator<Found> {
  const { pace, matches, counts } = scan;
  const decode = scan.plan.kind === 'collection' ? decoderFor(scan.collection) : docOf;
  for (const stored of candidates(scan)) {
    if (pace.due()) yield undefined;
    if (counts !== undefined) counts.documents += 1;
    if (matches(decode(stored))) yield stored;
  }
}

/** The matching documents in the sort's order; a sort the plan does not give is made in memory (292 beyond 100 MB, unless it might use the disk). */
export function* findSorted(
  scan: Scan,
  sort: Doc | undefined,
  skip: number,
  limit: number,
): Generator<Found> {
  const wanted = limit > 0 ? skip + limit : Number.POSITIVE_INFINITY;
  const inOrder =
    scan.plan.sorted || sort === undefined ? findMatches(scan) : sortInMemory(scan, sort, wanted);
  let seen = 0;
  for (const found of inOrder) {
    if (found === undefined) {
      yield undefined;
      continue;
    }
    seen += 1;
    if (seen > skip) yield found;
    if (seen >= wanted) return;
  }
}

function* candidates({ collection, plan, counts }: Scan): Generator<StoredDocument> {
  if (plan.kind === 'collection') {
    if (plan.backwards) yield* [...collection.documents.values()].reverse();
    else yield* collection.documents.values();
    return;
  }
  const parts = plan.kind === 'union' ? plan.parts : [plan];
  const isOnce = parts.length === 1 && parts[0]?.index.isMultikey === false;
  const seen = isOnce ? undefined : new Set<StoredDocument>();
  for (const { index, ranges, backwards } of parts) {
    index.uses += 1;
    for (const range of ranges) {
      for (const { stored } of index.entries.walk(range, backwards)) {
        if (counts !== undefined) counts.keys += 1;
        if (seen?.has(stored)) continue;
        seen?.add(stored);
        yield stored;
      }
    }
  }
}

type Keyed = { key: string; stored: StoredDocument };

function* sortInMemory(scan: Scan, sort: Doc, wanted: number): Generator<Found> {
  const keyOf = compileSortKey(sort);
  const decode = decoderFor(scan.collection);
  let kept: Keyed[] = [];
  let bytes = 0;
  const trimAt = wanted === Number.POSITIVE_INFINITY ? wanted : wanted * 2 + 1000;
  for (const stored of findMatches(scan)) {
    if (stored === undefined) {
      yield undefined;
      continue;
    }
    const key = keyOf(decode(stored));
    kept.push({ key, stored });
    bytes += key.length + stored.raw.length;
    if (kept.length >= trimAt) {
      kept = kept.sort(compareKeyed).slice(0, wanted);
      bytes = kept.reduce((sum, item) => sum + item.key.length + item.stored.raw.length, 0);
    }
    if (bytes > MAX_SORT_BYTES && scan.mayUseDisk !== true) {
      throw mongoError(292, 'Sort exceeded memory limit of 104857600 bytes');
    }
  }
  kept.sort(compareKeyed);
  for (const { stored } of kept) yield stored;
}

function compareKeyed(a: Keyed, b: Keyed): number {
  if (a.key === b.key) return a.stored.order - b.stored.order;
  return a.key < b.key ? -1 : 1;
}
