/** Chooses how to find candidates: by an index's bounds, in an index's order, or by a full scan. */
import { boundKey, invertInterval, pointKeys, rangeOf } from './bounds.ts';
import type { Collection } from './collection.ts';
import { mongoError } from './errors.ts';
import { hintedIndex, naturalOrder } from './hint.ts';
import type { Index } from './index.ts';
import { encodeKey, invertKey } from './key.ts';
import { alternativesOf, type Conjunct, conjuncts, filterImplies } from './match.ts';
import { parseSort } from './sort.ts';
import type { KeyRange } from './sorted-list.ts';
import { type Doc, docWith, fieldOf, isDoc, namesOf, type Value } from './value.ts';

/** Candidates only: the full filter is always checked again, so bounds may be too wide. */
export type Plan =
  | { kind: 'collection'; backwards: boolean; sorted: boolean }
  | IndexPlan
  /** Each branch of an `$or` by an index of its own; what two of them find is taken once. */
  | { kind: 'union'; parts: IndexPlan[]; backwards: false; sorted: boolean };

export type IndexPlan = {
  kind: 'index';
  index: Index;
  ranges: KeyRange[];
  backwards: boolean;
  sorted: boolean;
};

export type Query = {
  filter: Doc;
  sort?: Doc | undefined;
  hint?: Value;
  limit?: number | undefined;
  /** The first key of the hinted index that counts. */
  min?: Doc | undefined;
  /** The first key of the hinted index that no longer counts. */
  max?: Doc | undefined;
};

/** An `$in` product beyond this is taken as a range instead. */
const MAX_POINTS = 2000;
/** What sorting in memory costs, in candidates. */
const SORT_FACTOR = 1.5;

/** Plans a query. Throws 2 for a hint that names no index, 51173 to 51176 for bounds without a fitting one. */
export function planQuery(collection: Collection, query: Query): Plan {
  const natural = naturalOrder(query);
  if (natural !== undefined && query.min === undefined && query.max === undefined) {
    const sorted = query.sort === undefined || query.sort['$natural'] !== undefined;
    return { kind: 'collection', backwards: natural < 0, sorted };
  }
  const hinted = hintedIndex(collection, query.hint);
  if (query.min !== undefined || query.max !== undefined) return boundedPlan(hinted, query);
  if (hinted !== undefined) return indexPlan(hinted, byPath(conjuncts(query.filter)), query.sort);
  const wantsSort = query.sort !== undefined && namesOf(query.sort).length > 0;
  const all = collection.documents.size;
  const full: Costed<Plan> = {
    plan: { kind: 'collection', backwards: false, sorted: !wantsSort },
    cost: wantsSort ? all * SORT_FACTOR + 1 : all,
  };
  const single = cheapestIndex(collection, query, full.cost) ?? full;
  return single.cost <= 1 ? single.plan : (cheapestUnion(collection, query, single.cost) ?? single.plan);
}

type Costed<Kind> = { plan: Kind; cost: number };

/** The index that finds all candidates with the least work, if that is less than `mostCost`, or as much with bounds. */
function cheapestIndex(
  collection: Collection,
  { filter, sort, limit }: Query,
  mostCost: number,
): Costed<IndexPlan> | undefined {
  const conditions = byPath(conjuncts(filter));
  const wantsSort = sort !== undefined && namesOf(sort).length > 0;
  let best: Costed<IndexPlan> | undefined;
  for (const index of collection.indexes) {
    if (index.spec.hidden || !mayServe(index, filter)) continue;
    const plan = indexPlan(index, conditions, sort);
    const isBounded = isBoundedPlan(plan);
    if (!isBounded && !(wantsSort && plan.sorted)) continue;
    const cost = costOf(plan, wantsSort, limit);
    const most = best?.cost ?? mostCost;
    if (cost < most || (cost === most && isBounded && best === undefined)) best = { plan, cost };
    if (cost <= 1) break;
  }
  return best;
}

function isBoundedPlan({ ranges }: IndexPlan): boolean {
  return ranges.some((range) => range.from !== undefined || range.to !== undefined);
}

/** An `$or` by one index for each branch, if that is less work. */
function cheapestUnion(collection: Collection, query: Query, mostCost: number): Plan | undefined {
  const wantsSort = query.sort !== undefined && namesOf(query.sort).length > 0;
  let best: Plan | undefined;
  let bestCost = mostCost;
  for (const branches of alternativesOf(query.filter)) {
    let cost = 0;
    const parts: IndexPlan[] = [];
    for (const branch of branches) {
      const filter = { $and: [query.filter, branch] };
      const part = cheapestIndex(collection, { filter }, Number.POSITIVE_INFINITY);
      if (part === undefined || !isBoundedPlan(part.plan)) break;
      parts.push(part.plan);
      cost += part.cost;
    }
    if (wantsSort) cost = cost * SORT_FACTOR + 1;
    if (parts.length < branches.length || cost >= bestCost) continue;
    best = { kind: 'union', parts, backwards: false, sorted: !wantsSort };
    bestCost = cost;
  }
  return best;
}

/** The part of an index between two of its keys (https://www.mongodb.com/docs/manual/reference/method/cursor.min/). */
function boundedPlan(index: Index | undefined, { hint, min, max, sort }: Query): Plan {
  if (isDoc(hint) && hint['$natural'] !== undefined) {
    throw mongoError(2, 'min() and max() need the hint of an index, not $natural');
  }
  if (index === undefined) {
    throw mongoError(51173, 'When using min()/max() a hint of which index to use must be provided');
  }
  if (min !== undefined && max !== undefined && namesOf(min).join('\0') !== namesOf(max).join('\0')) {
    throw mongoError(51176, 'min() and max() must have the same field names');
  }
  const from = min === undefined ? undefined : keyOf(index, min);
  const to = max === undefined ? undefined : keyOf(index, max);
  if (from !== undefined && to !== undefined && from >= to) {
    throw mongoError(51175, 'The value provided for min() must be less than the value provided for max()');
  }
  const order = sortOrder(index, 0, sort);
  return {
    kind: 'index',
    index,
    ranges: [{ from, to }],
    backwards: order === -1,
    sorted: sort === undefined || order !== undefined,
  };
}

/** A key of an index, given as a document with the index's fields in their order. */
function keyOf({ spec }: Index, given: Doc): string {
  const names = namesOf(given);
  if (names.length !== spec.fields.length || spec.fields.some(({ path }, at) => path !== names[at])) {
    throw mongoError(51174, 'The index chosen is not compatible with min/max');
  }
  return spec.fields
    .map(({ path, descending }) => {
      const key = encodeKey(fieldOf(given, path));
      return descending ? invertKey(key) : key;
    })
    .join('');
}

/** A partial or sparse index serves only filters that cannot match what it leaves out. */
function mayServe(index: Index, filter: Doc): boolean {
  const { spec } = index;
  if (spec.isWildcard) return false;
  if (spec.partialFilterExpression !== undefined) return filterImplies(filter, spec.partialFilterExpression);
  if (!spec.sparse) return true;
  return spec.fields.some((field) => filterImplies(filter, docWith([[field.path, { $exists: true }]])));
}

function costOf(plan: IndexPlan, wantsSort: boolean, limit: number | undefined): number {
  let candidates = 0;
  for (const range of plan.ranges) candidates += plan.index.entries.estimate(range);
  if (wantsSort && !plan.sorted) return candidates * SORT_FACTOR + 1;
  const mayStopEarly = limit !== undefined && limit > 0 && (plan.sorted || !wantsSort);
  return mayStopEarly ? Math.min(candidates, limit + candidates / 4) : candidates;
}

function indexPlan(index: Index, conditions: Map<string, Conjunct[]>, sort: Doc | undefined): IndexPlan {
  const { fields } = index.spec;
  let prefixes = [''];
  let fixed = 0;
  let at = 0;
  let usedMultikey = false;
  let ranges: KeyRange[] | undefined;
  for (; at < fields.length; at += 1) {
    const field = fields[at];
    const given = conditions.get(field?.path ?? '');
    const multikey = index.multikey[at] === true;
    if (field === undefined || given === undefined || (multikey && usedMultikey)) break;
    usedMultikey ||= multikey;
    const points = pointKeys(given, index.holdsUndefined);
    if (points !== undefined && prefixes.length * points.length <= MAX_POINTS) {
      const keys = field.descending ? points.map(invertKey) : points;
      if (keys.length === 1 && prefixes.length === 1 && !multikey) fixed = at + 1;
      prefixes = prefixes.flatMap((prefix) => keys.map((key) => prefix + key));
      continue;
    }
    const range = rangeOf(given, multikey);
    if (range === undefined) break;
    const { from, to } = field.descending ? invertInterval(range) : range;
    ranges = prefixes.map((prefix) => ({ from: boundKey(prefix, from), to: boundKey(prefix, to) }));
    break;
  }
  ranges ??= prefixes.map((prefix) => wholePrefix(prefix));
  const order = ranges.length > 1 ? undefined : sortOrder(index, fixed, sort);
  if (ranges.length > 1) ranges.sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  const wantsSort = sort !== undefined && namesOf(sort).length > 0;
  return { kind: 'index', index, ranges, backwards: order === -1, sorted: !wantsSort || order !== undefined };
}

function wholePrefix(prefix: string): KeyRange {
  return prefix === '' ? { from: undefined, to: undefined } : { from: prefix, to: `${prefix}\u0100` };
}

/** 1 or -1 when walking the index that way gives the sort's order; `fixed` fields hold one value each. */
function sortOrder(index: Index, fixed: number, sort: Doc | undefined): 1 | -1 | undefined {
  if (sort === undefined) return 1;
  const { fields } = index.spec;
  const constant = new Set(fields.slice(0, fixed).map((field) => field.path));
  const wanted = parseSort(sort).filter(({ path }) => !constant.has(path));
  let order: 1 | -1 | undefined;
  for (let at = 0; at < wanted.length; at += 1) {
    const field = fields[fixed + at];
    const part = wanted[at];
    if (field === undefined || part === undefined) return undefined;
    if (field.path !== part.path || index.multikey[fixed + at] === true) return undefined;
    const here = field.descending === (part.direction === -1) ? 1 : -1;
    if (order !== undefined && order !== here) return undefined;
    order = here;
  }
  return order ?? 1;
}

function byPath(list: readonly Conjunct[]): Map<string, Conjunct[]> {
  const map = new Map<string, Conjunct[]>();
  for (const condition of list) {
    const same = map.get(condition.path);
    if (same === undefined) map.set(condition.path, [condition]);
    else same.push(condition);
  }
  return map;
}
