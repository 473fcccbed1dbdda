/** Finds the first and the last document of each window of a partition. */
import { Double } from 'bson';
import { mongoError } from '../../errors.ts';
import { addTo } from '../../expression/calendar.ts';
import { compileExpression } from '../../expression.ts';
import { encodeKey } from '../../key.ts';
import { addNumbers, toDecimal } from '../../numeric.ts';
import { type Doc, isNumber, toNumber, typeName, type Value } from '../../value.ts';
import type { Bound, Bounds } from './bounds.ts';

/** The window at a position, both ends within it; undefined when it is empty. Asked in rising order. */
export type Endpoints = (position: number) => readonly [number, number] | undefined;

export function endpointsOf(bounds: Bounds, docs: readonly Doc[]): Endpoints {
  return bounds.kind === 'documents' ? byPosition(bounds, docs.length) : byRange(bounds, docs);
}

function byPosition({ lower, upper }: Bounds, count: number): Endpoints {
  const [before, after] = [offsetOf(lower), offsetOf(upper)];
  return (position) => {
    const from = before === undefined ? 0 : position + before;
    const to = after === undefined ? count - 1 : position + after;
    if (from >= count || to < 0) return undefined;
    return [Math.max(0, from), Math.min(count - 1, to)];
  };
}

function offsetOf(bound: Bound): number | undefined {
  if (bound === 'unbounded') return undefined;
  return bound === 'current' ? 0 : toNumber(bound.by);
}

/** Both ends only ever move on, since the documents are in the order of the value. */
function byRange(bounds: Extract<Bounds, { kind: 'range' }>, docs: readonly Doc[]): Endpoints {
  const { lower, upper, unit, path } = bounds;
  const read = compileExpression(`$${path}`);
  const count = docs.length;
  const values: Value[] = [];
  const valueAt = (at: number): Value => {
    for (let next = values.length; next <= at; next++) values.push(read(docs[next] ?? {}));
    return values[at];
  };
  const keys: string[] = [];
  const keyAt = (at: number): string => {
    for (let next = keys.length; next <= at; next++) keys.push(encodeKey(valueAt(next)));
    return keys[at] ?? '';
  };
  const fits = (value: Value) => (unit === undefined ? isNumber(value) : value instanceof Date);
  const threshold = (base: Value, by: Value): string => {
    if (unit === undefined) return sumKey(base, by);
    return encodeKey(addTo(base as Date, unit, toNumber(by), () => 0));
  };
  let lastFrom = 0;
  let lastTo = 0;
  const fromOf = (position: number): number | undefined => {
    if (lower === 'current') return position;
    const limit = lower === 'unbounded' ? undefined : threshold(valueAt(position), lower.by);
    for (let at = lastFrom; at < count; at++) {
      const isFit = fits(valueAt(at));
      if (limit === undefined) {
        if (isFit) return at;
      } else if (keyAt(at) >= limit) return isFit ? at : undefined;
    }
    return undefined;
  };
  const toOf = (position: number, from: number): number | undefined => {
    if (upper === 'current') return position;
    const limit = upper === 'unbounded' ? undefined : threshold(valueAt(position), upper.by);
    const start = Math.max(from, lastTo, limit === undefined ? position : 0);
    for (let at = start; at < count; at++) {
      const isBeyond = limit === undefined ? !fits(valueAt(at)) : keyAt(at) > limit;
      if (isBeyond) return at === start ? undefined : at - 1;
    }
    return count - 1;
  };
  return (position) => {
    checkBase(valueAt(position), unit !== undefined);
    const from = fromOf(position);
    const to = from === undefined ? undefined : toOf(position, from);
    if (from === undefined || to === undefined) return undefined;
    lastFrom = from;
    lastTo = to;
    return [from, to];
  };
}

/** Sums beyond this are not the same in doubles and in the decimals that MongoDB reckons bounds with. */
const EXACT_LIMIT = 1e15;

function sumKey(base: Value, by: Value): string {
  const [a, b] = [toNumber(base), toNumber(by)];
  const isExact = Number.isInteger(a) && Number.isInteger(b) && Math.abs(a) + Math.abs(b) < EXACT_LIMIT;
  return encodeKey(isExact ? new Double(a + b) : addNumbers(toDecimal(base), toDecimal(by)));
}

function checkBase(base: Value, hasUnit: boolean): void {
  const wrong = (wanted: string) =>
    `Invalid range: Expected the sortBy field to be a ${wanted}, but it was ${typeName(base)}`;
  if (hasUnit) {
    if (!(base instanceof Date)) throw mongoError(5429513, wrong('Date'));
    return;
  }
  if (base instanceof Date) {
    throw mongoError(
      5429413,
      'Invalid range: For windows that involve date or time ranges, a unit must be provided.',
    );
  }
  if (!isNumber(base)) throw mongoError(5429414, wrong('number'));
}
