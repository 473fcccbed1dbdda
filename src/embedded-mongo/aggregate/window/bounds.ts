/** Reads the bounds of a window: positions around a document, or a range around its sort value. */
import { mongoError } from '../../errors.ts';
import type { Unit } from '../../expression/calendar.ts';
import { constantOf } from '../../expression/constant.ts';
import { unitOf } from '../../expression/date-steps.ts';
import { compileExpression, type Variables } from '../../expression.ts';
import { compareValues } from '../../key.ts';
import { show } from '../../show.ts';
import type { Direction } from '../../sort.ts';
import { isDoc, isNumber, namesOf, toNumber, type Value } from '../../value.ts';

/** The order of the documents, when the stage gives one. */
export type SortBy = readonly { readonly path: string; readonly direction: Direction }[];
/** What the parts of a window specification may refer to. */
export interface WindowScope {
  readonly sortBy: SortBy | undefined;
  readonly variables: Variables | undefined;
}

/** A bound: a distance, or a word. */
export type Bound = 'unbounded' | 'current' | { readonly by: Value };
/** A window (https://www.mongodb.com/docs/manual/reference/operator/aggregation/setWindowFields/). */
export type Bounds =
  | { readonly kind: 'documents'; readonly lower: Bound; readonly upper: Bound }
  | {
      readonly kind: 'range';
      readonly lower: Bound;
      readonly upper: Bound;
      readonly unit: Unit | undefined;
      readonly path: string;
    };

/** The whole partition. */
export const WHOLE: Bounds = { kind: 'documents', lower: 'unbounded', upper: 'unbounded' };

/** Reads the field `window`; throws 9 for its shape, 5339900 to 5339902 and 8947401 for what it asks. */
export function readBounds(spec: Value, scope: WindowScope): Bounds {
  if (!isDoc(spec)) throw mongoError(9, "'window' field must be an object");
  const { documents, range, unit } = {
    documents: spec['documents'],
    range: spec['range'],
    unit: spec['unit'],
  };
  if (documents !== undefined && range !== undefined)
    throw mongoError(9, "Window bounds can specify either 'documents' or 'unit', not both.");
  if (range === undefined && unit !== undefined)
    throw mongoError(9, "Window bounds can only specify 'unit' with range-based bounds.");
  const count = namesOf(spec).length;
  if (documents !== undefined) {
    if (count !== 1) throw mongoError(9, "'window' field that specifies documents cannot have other fields");
    return documentBounds(documents, scope);
  }
  if (range !== undefined) return rangeBounds(range, unit, count, scope);
  if (count === 0) return WHOLE;
  throw mongoError(
    9,
    "'window' field can only contain 'documents' as the only argument or 'range' with an optional " +
      "'unit' field",
  );
}

function documentBounds(pair: Value, { sortBy, variables }: WindowScope): Bounds {
  const [lower, upper] = readPair(pair, variables, (value) => {
    if (isInt(value)) return;
    throw mongoError(9, 'Numeric document-based bounds must be an integer');
  });
  const isWhole = lower === 'unbounded' && upper === 'unbounded';
  if (!isWhole && sortBy === undefined) throw mongoError(5339901, 'Document-based bounds require a sortBy');
  return { kind: 'documents', lower, upper };
}

function rangeBounds(pair: Value, unit: Value, count: number, { sortBy, variables }: WindowScope): Bounds {
  if (count !== (unit === undefined ? 1 : 2)) {
    const [named, other] = unit === undefined ? ['range', 'unit'] : ['unit', 'range'];
    throw mongoError(9, `'window' field that specifies ${named} cannot have other fields besides '${other}'`);
  }
  if (unit !== undefined && typeof unit !== 'string') throw mongoError(9, "'unit' must be a string");
  const [lower, upper] = readPair(pair, variables, (value) => {
    if (unit !== undefined && !isInt(value))
      throw mongoError(9, "With 'unit', range-based bounds must be an integer");
    if (!isNumber(value)) throw mongoError(9, 'Range-based bounds expression must be a number');
  });
  const step = unit === undefined ? undefined : unitOf(unit);
  const [part, second] = sortBy ?? [];
  if (part === undefined || second !== undefined)
    throw mongoError(5339902, 'Range-based bounds require sortBy a single field');
  if (part.direction !== 1) throw mongoError(8947401, 'Range-based bounds require an ascending sortBy');
  return { kind: 'range', lower, upper, unit: step, path: part.path };
}

function isInt(value: Value): boolean {
  const number = isNumber(value) ? toNumber(value) : Number.NaN;
  return Number.isInteger(number) && number >= -(2 ** 31) && number < 2 ** 31;
}

function readPair(
  pair: Value,
  variables: Variables | undefined,
  check: (value: Value) => void,
): readonly [Bound, Bound] {
  if (!Array.isArray(pair) || pair.length !== 2)
    throw mongoError(9, `Window bounds must be a 2-element array: ${show(pair)}`);
  const [lower, upper] = [readBound(pair[0], variables, check), readBound(pair[1], variables, check)];
  const [from, to] = [distanceOf(lower), distanceOf(upper)];
  if (from !== undefined && to !== undefined && compareValues(from, to) > 0) {
    throw mongoError(5339900, `Lower bound must not exceed upper bound: [${String(from)}, ${String(to)}]`);
  }
  return [lower, upper];
}

function readBound(bound: Value, variables: Variables | undefined, check: (value: Value) => void): Bound {
  if (bound === 'unbounded' || bound === 'current') return bound;
  if (typeof bound === 'string')
    throw mongoError(9, "Window bounds must be 'unbounded', 'current', or a number.");
  const constant = constantOf(compileExpression(bound, variables));
  if (constant === undefined) throw mongoError(9, 'Window bounds expression must be a constant.');
  check(constant.value);
  return { by: constant.value };
}

function distanceOf(bound: Bound): Value {
  if (bound === 'unbounded') return undefined;
  return bound === 'current' ? 0 : bound.by;
}
