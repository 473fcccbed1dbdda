/** The parts of a projection that only `find` knows: `$slice`, `$elemMatch` and the positional `$`. */
import { mongoError } from '../errors.ts';
import { parseCondition } from '../match/operators.ts';
import { inMatchOrder } from '../match/order.ts';
import { atPath, every } from '../match/predicate.ts';
import { compileFilter, type MatchDetails, type Matcher } from '../match.ts';
import {
  copyDoc,
  type Doc,
  fieldOf,
  hasField,
  isDoc,
  isNumber,
  setField,
  toNumber,
  type Value,
} from '../value.ts';
import type { Compute } from './tree.ts';

/** Changes the projected document; `source` is the whole one. */
export type Step = (result: Doc, source: Doc) => Doc;

/** Reads `{$slice: n}` or `{$slice: [skip, n]}`; `undefined` when it is the aggregation operator instead. */
export function parseSlice(operand: Value): ((array: readonly Value[]) => Value[]) | undefined {
  const count = cutNumber(operand);
  if (count !== undefined) return (array) => (count < 0 ? array.slice(count) : array.slice(0, count));
  if (!Array.isArray(operand) || operand.length !== 2) return undefined;
  const skip = cutNumber(operand[0]);
  const limit = cutNumber(operand[1]);
  if (skip === undefined || limit === undefined || limit <= 0) return undefined;
  return (array) => {
    const start = skip < 0 ? Math.max(0, array.length + skip) : skip;
    return array.slice(start, start + limit);
  };
}

/** A number without its fraction. */
function cutNumber(value: Value): number | undefined {
  return isNumber(value) ? Math.trunc(toNumber(value)) || 0 : undefined;
}

/** Cuts arrays at a path (https://www.mongodb.com/docs/manual/reference/operator/projection/slice/). */
export function sliceStep(parts: readonly string[], cut: (array: readonly Value[]) => Value[]): Step {
  return (result) => mapAt(result, parts, 0, (value) => (Array.isArray(value) ? cut(value) : value)) as Doc;
}

function mapAt(value: Value, parts: readonly string[], from: number, change: (value: Value) => Value): Value {
  if (from === parts.length) return change(value);
  if (Array.isArray(value))
    return value.map((element: Value) => (isDoc(element) ? mapAt(element, parts, from, change) : element));
  const part = parts[from] ?? '';
  if (!isDoc(value) || !hasField(value, part)) return value;
  const copy = copyDoc(value);
  setField(copy, part, mapAt(fieldOf(value, part), parts, from + 1, change));
  return copy;
}

/**
 * The first matching element (https://www.mongodb.com/docs/manual/reference/operator/projection/elemMatch/).
 */
export function elemMatchOf(name: string, condition: Value): Compute {
  const nested = (filter: Doc): Matcher => compileFilter(filter);
  const predicates = parseCondition(name, { $elemMatch: condition }, nested);
  const matches = every(predicates.map((predicate) => atPath(name, predicate)));
  return (source) => {
    const array = fieldOf(source, name);
    const details: MatchDetails = {};
    const isFound = Array.isArray(array) && matches(source, details) && details.index !== undefined;
    return isFound ? [array[details.index ?? 0]] : undefined;
  };
}

/**
 * The element the filter matched
 * (https://www.mongodb.com/docs/manual/reference/operator/projection/positional/).
 * Throws 51246 when the filter matched no array element.
 */
export function positionalStep(parts: readonly string[], filter: Doc): Step {
  const matches = compileFilter(inMatchOrder(filter));
  return (result, source) => {
    const details: MatchDetails = {};
    matches(source, details);
    const index = details.index;
    return pickInFirst(result, parts, 0, (array) => {
      if (index === undefined) throw failed(51246, "couldn't find a matching element in the array");
      if (index >= array.length) throw failed(51247, 'element mismatch');
      return [array[index]];
    }) as Doc;
  };
}

function failed(code: number, what: string): Error {
  return mongoError(
    code,
    `Executor error during find command :: caused by :: positional operator '.$' ${what}`,
  );
}

/** The first array on the path is the one that is cut down, however deep the path goes. */
function pickInFirst(
  value: Value,
  parts: readonly string[],
  from: number,
  pick: (array: readonly Value[]) => Value[],
): Value {
  if (Array.isArray(value)) return pick(value);
  const part = parts[from];
  if (part === undefined || !isDoc(value)) return value;
  const inner = fieldOf(value, part);
  if (inner === undefined) return value;
  const copy = copyDoc(value);
  setField(copy, part, pickInFirst(inner, parts, from + 1, pick));
  return copy;
}
