/** Turns the simple conditions of a filter on one path into bounds on index keys, never too narrow. */
import { MaxKey, MinKey } from 'bson';
import { UNDEFINED } from './bson/deprecated.ts';
import { encodeKey, invertKey, rankOf } from './key.ts';
import type { Conjunct } from './match.ts';
import { isIndex } from './path.ts';
import { isTruthy, TYPE, typeCode, type Value } from './value.ts';

/** A place in key order: before all keys that start with `base`, or after all of them. */
export type Bound = { base: string; after: boolean };

export type Interval = { from: Bound; to: Bound };

/** Larger than any key that starts with the same text: keys are latin1. */
const AFTER = '\u0100';

/** The string that sorts where the bound lies. */
export function boundKey(prefix: string, bound: Bound): string {
  return prefix + bound.base + (bound.after ? AFTER : '');
}

/**
 * The values a document must have one of at the path, as ascending keys, or undefined. Null also finds what is
 * undefined, if the index holds that.
 */
export function pointKeys(conditions: readonly Conjunct[], holdsUndefined = false): string[] | undefined {
  let best: string[] | undefined;
  for (const condition of conditions) {
    const values = pointValues(condition);
    if (values === undefined || !values.every(isPoint)) continue;
    if (values.includes(null) && hasIndexPart(condition.path)) continue;
    const wanted = holdsUndefined && values.includes(null) ? [UNDEFINED, ...values] : values;
    const keys = [...new Set(wanted.map((value) => encodeKey(value ?? null)))];
    if (best === undefined || keys.length < best.length) best = keys;
  }
  return best;
}

/**
 * The range a document's keys must lie in, or undefined. On a multikey path only one condition
 * counts, since different elements of an array may fulfil different ones.
 */
export function rangeOf(conditions: readonly Conjunct[], multikey: boolean): Interval | undefined {
  const usable = conditions.filter((condition) => isRangeOperator(condition.op) && isScalar(condition.value));
  const [first] = usable;
  if (first === undefined) return undefined;
  const rank = rankOf(first.value);
  const range: Interval = { from: { base: rank, after: false }, to: { base: rank, after: true } };
  for (const { op, value } of multikey ? [first] : usable) {
    if (rankOf(value) !== rank) continue;
    const bound = { base: encodeKey(value), after: op === '$gt' || op === '$lte' };
    const isLower = op === '$gt' || op === '$gte';
    if (isLower && boundKey('', bound) > boundKey('', range.from)) range.from = bound;
    if (!isLower && boundKey('', bound) < boundKey('', range.to)) range.to = bound;
  }
  return range;
}

/** The same interval in an index field that runs downwards. */
export function invertInterval({ from, to }: Interval): Interval {
  const flip = (bound: Bound): Bound => ({ base: invertKey(bound.base), after: !bound.after });
  return { from: flip(to), to: flip(from) };
}

function pointValues({ op, value }: Conjunct): readonly Value[] | undefined {
  switch (op) {
    case '$eq':
      return [value];
    case '$in':
      return Array.isArray(value) ? value : undefined;
    case '$exists':
      return isTruthy(value) ? undefined : [null];
    case '$gte':
    case '$lte':
      return value === null ? [null] : undefined;
    default:
      return undefined;
  }
}

/**
 * A query sees elements `a.0` of arrays and fields named "0" alike, and either may be missing where an
 * index has the other: such paths give no bounds for null.
 */
function hasIndexPart(path: string): boolean {
  return path.split('.').some(isIndex);
}

function isPoint(value: Value): boolean {
  const code = typeCode(value);
  return code !== TYPE.array && code !== TYPE.regex && code !== TYPE.missing && code !== TYPE.undefined;
}

function isRangeOperator(op: string): boolean {
  return op === '$gt' || op === '$gte' || op === '$lt' || op === '$lte';
}

/** Arrays and documents are compared whole, the extremes with every type: no use for bounds. */
function isScalar(value: Value): boolean {
  const code = typeCode(value);
  if (code === TYPE.array || code === TYPE.object || code === TYPE.null) return false;
  return isPoint(value) && !(value instanceof MinKey) && !(value instanceof MaxKey);
}
