/** The stage `$sort`: sorts in runs and merges them, letting others run in between. */
import { mongoError } from '../errors.ts';
import { compileSortKey } from '../sort.ts';
import { type Doc, isDoc, namesOf, type Value } from '../value.ts';
import { type Item, PAUSE, type Stage } from './stage.ts';

interface Keyed {
  readonly key: string;
  readonly doc: Doc;
}
const RUN_LENGTH = 8192;

/**
 * Compiles `$sort` (https://www.mongodb.com/docs/manual/reference/operator/aggregation/sort/). With `limit`
 * only that many documents are kept while gathering. Equal keys keep their order.
 */
export function sortStage(spec: Value, limit: number | undefined): Stage {
  if (!isDoc(spec)) throw mongoError(15973, 'the $sort key specification must be an object');
  if (namesOf(spec).length === 0) throw mongoError(15976, '$sort stage must have at least one sort key');
  const keyOf = compileSortKey(spec);
  return (source) =>
    limit !== undefined && limit <= RUN_LENGTH ? best(source, keyOf, limit) : sortByKey(source, keyOf);
}

function byKey(a: Keyed, b: Keyed): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

function* best(source: Iterable<Item>, keyOf: (doc: Doc) => string, limit: number): Iterable<Item> {
  let kept: Keyed[] = [];
  for (const item of source) {
    if (item === PAUSE) yield PAUSE;
    else {
      kept.push({ key: keyOf(item), doc: item });
      if (kept.length >= RUN_LENGTH + limit) kept = kept.sort(byKey).slice(0, limit);
    }
  }
  for (const { doc } of kept.sort(byKey).slice(0, limit)) yield doc;
}

/** All documents in the order of a key; equal keys keep their order. */
export function* sortByKey(source: Iterable<Item>, keyOf: (doc: Doc) => string): Iterable<Item> {
  const runs: Keyed[][] = [];
  let run: Keyed[] = [];
  for (const item of source) {
    if (item === PAUSE) yield PAUSE;
    else {
      run.push({ key: keyOf(item), doc: item });
      if (run.length === RUN_LENGTH) {
        runs.push(run.sort(byKey));
        run = [];
      }
    }
  }
  runs.push(run.sort(byKey));
  yield* runs.length === 1 ? run.map((entry) => entry.doc) : merge(runs);
}

/** Merges sorted runs by halves, so that each document is compared about log2(runs) times. */
function* merge(runs: Keyed[][]): Iterable<Item> {
  let current = runs;
  while (current.length > 1) {
    const next: Keyed[][] = [];
    for (let i = 0; i < current.length; i += 2) {
      const [left, right] = [current[i] ?? [], current[i + 1] ?? []];
      const merged: Keyed[] = [];
      yield* mergePair(left, right, merged);
      next.push(merged);
    }
    current = next;
  }
  for (const { doc } of current[0] ?? []) yield doc;
}

function* mergePair(left: readonly Keyed[], right: readonly Keyed[], into: Keyed[]): Iterable<Item> {
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const [a, b] = [left[l], right[r]];
    if (a !== undefined && (b === undefined || a.key <= b.key)) {
      into.push(a);
      l += 1;
    } else if (b !== undefined) {
      into.push(b);
      r += 1;
    }
    if (into.length % RUN_LENGTH === 0) yield PAUSE;
  }
}
