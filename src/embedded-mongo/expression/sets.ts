/** Sets in expressions: equality is the engine's, so 1 and a decimal 1 are one member. */
import { mongoError } from '../errors.ts';
import { encodeKey } from '../key.ts';
import { isTruthy, typeName, type Value } from '../value.ts';
import { isNullish, type Operators, positional } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#set-expression-operators */
export const SETS: Operators = [
  [
    '$setUnion',
    positional(0, Number.POSITIVE_INFINITY, (args, name) =>
      combine(args, name, 17043, (lists) => sorted(lists.flat())),
    ),
  ],
  [
    '$setIntersection',
    positional(0, Number.POSITIVE_INFINITY, (args, name) => combine(args, name, 17047, intersect)),
  ],
  [
    '$setDifference',
    positional(2, 2, (args) =>
      args.some(isNullish) ? null : difference(bothArrays(args, '$setDifference', 17048, 17049)),
    ),
  ],
  [
    '$setEquals',
    positional(0, Number.POSITIVE_INFINITY, (args, name) => {
      if (args.length < 2)
        throw mongoError(17045, `$setEquals needs at least two arguments had: ${args.length}`);
      return setsEqual(arrays(args, name, 17044));
    }),
  ],
  ['$setIsSubset', positional(2, 2, (args) => isSubset(bothArrays(args, '$setIsSubset', 17046, 17042)))],
  ['$anyElementTrue', positional(1, 1, ([list], name) => oneArray(list, name, 17041).some(isTruthy))],
  ['$allElementsTrue', positional(1, 1, ([list], name) => oneArray(list, name, 17040).every(isTruthy))],
];

/** Codes for a second operand that is no array, where they are others. */
const SECOND: ReadonlyMap<string, number> = new Map([
  ['$setDifference', 17049],
  ['$setIsSubset', 17042],
]);

type Lists = readonly (readonly Value[])[];

function first(lists: Lists): readonly Value[] {
  return lists[0] ?? [];
}

function arrays(args: readonly Value[], name: string, code: number): Lists {
  return args.map((arg) => {
    if (Array.isArray(arg)) return arg;
    throw mongoError(
      args.indexOf(arg) === 0 ? code : (SECOND.get(name) ?? code),
      `All operands of ${name} must be arrays. One argument is of type: ${typeName(arg)}`,
    );
  });
}

function oneArray(list: Value, name: string, code: number): readonly Value[] {
  if (Array.isArray(list)) return list;
  throw mongoError(code, `${name}'s argument must be an array, but is ${typeName(list)}`);
}

/** Two arrays, each of which has a complaint of its own. */
function bothArrays(args: readonly Value[], name: string, ...codes: readonly [number, number]): Lists {
  return args.map((arg, i) => {
    if (Array.isArray(arg)) return arg;
    const which = i === 0 ? 'First' : 'Second';
    throw mongoError(
      codes[i] ?? codes[0],
      `both operands of ${name} must be arrays. ${which} argument is of type: ${typeName(arg)}`,
    );
  });
}

function combine(args: readonly Value[], name: string, code: number, by: (lists: Lists) => Value): Value {
  return args.some(isNullish) ? null : by(arrays(args, name, code));
}

function keyed(list: readonly Value[]): Map<string, Value> {
  const map = new Map<string, Value>();
  for (const item of list) {
    const key = encodeKey(item);
    if (!map.has(key)) map.set(key, item);
  }
  return map;
}

/** Members in the engine's order: MongoDB leaves the order open, and returns them sorted. */
function sorted(list: readonly Value[]): Value[] {
  return [...keyed(list)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function intersect(lists: Lists): Value {
  const others = lists.slice(1).map(keyed);
  return sorted(first(lists)).filter((item) => others.every((other) => other.has(encodeKey(item))));
}

/** Keeps the first array's order and drops doubles. */
function difference(lists: Lists): Value {
  const gone = keyed(lists[1] ?? []);
  return [...keyed(first(lists))].filter(([key]) => !gone.has(key)).map(([, item]) => item);
}

function setsEqual(lists: Lists): boolean {
  const own = keyed(first(lists));
  return lists.slice(1).every((list) => {
    const other = keyed(list);
    return other.size === own.size && [...other.keys()].every((key) => own.has(key));
  });
}

function isSubset(lists: Lists): boolean {
  const all = keyed(lists[1] ?? []);
  return first(lists).every((item) => all.has(encodeKey(item)));
}
