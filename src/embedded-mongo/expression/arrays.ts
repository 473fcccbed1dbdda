/** Arrays in expressions: reading, cutting, joining and turning around. */
import { Int32 } from 'bson';
import { mongoError } from '../errors.ts';
import { encodeKey } from '../key.ts';
import { show } from '../show.ts';
import { parsePushSort } from '../update/push.ts';
import { fieldOf, isNumber, typeName, type Value, wholeNumber } from '../value.ts';
import {
  type Compiler,
  type Evaluate,
  isNullish,
  type Operator,
  type Operators,
  positional,
  readNamed,
} from './operator.ts';
import { PAIRS } from './pairs.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#array-expression-operators */
export const ARRAYS: Operators = [
  [
    '$size',
    positional(
      1,
      1,
      ([array]) =>
        new Int32(arrayOf(array, 17124, 'The argument to $size must be an array, but was of type:').length),
    ),
  ],
  ['$isArray', positional(1, 1, ([value]) => Array.isArray(value))],
  ['$arrayElemAt', positional(2, 2, ([array, index]) => elementAt(array, index))],
  ['$first', edge(0)],
  ['$last', edge(-1)],
  ['$concatArrays', positional(0, Number.POSITIVE_INFINITY, concat)],
  [
    '$in',
    positional(2, 2, ([value, array]) =>
      has(arrayOf(array, 40081, '$in requires an array as a second argument, found:'), value),
    ),
  ],
  ['$indexOfArray', positional(2, 4, indexOf)],
  ['$slice', positional(2, 3, slice)],
  [
    '$reverseArray',
    positional(1, 1, ([array]) =>
      isNullish(array)
        ? null
        : [
            ...arrayOf(array, 34435, 'The argument to $reverseArray must be an array, but was of type:'),
          ].reverse(),
    ),
  ],
  ['$range', positional(2, 3, range)],
  ...PAIRS,
  ['$sortArray', sortArray],
];

/** `complaint` is followed by the type that was found. */
function arrayOf(value: Value, code: number, complaint: string): readonly Value[] {
  if (Array.isArray(value)) return value;
  throw mongoError(code, `${complaint} ${typeName(value)}`);
}

function elementAt(array: Value, index: Value): Value {
  if (isNullish(array) || isNullish(index)) return null;
  const list = arrayOf(array, 28689, "$arrayElemAt's first argument must be an array, but is");
  if (!isNumber(index)) {
    throw mongoError(
      28690,
      `$arrayElemAt's second argument must be a numeric value, but is ${typeName(index)}`,
    );
  }
  const position = wholeNumber(index);
  if (position === undefined) {
    throw mongoError(
      28691,
      `$arrayElemAt's second argument must be representable as a 32-bit integer: ${String(index)}`,
    );
  }
  return list.at(position);
}

function edge(index: 0 | -1): Operator {
  return positional(1, 1, ([array], name) => {
    if (isNullish(array)) return null;
    return arrayOf(array, 28689, `${name}'s argument must be an array, but is`).at(index);
  });
}

function concat(args: readonly Value[]): Value {
  if (args.some(isNullish)) return null;
  return args.flatMap((arg) => [...arrayOf(arg, 28664, '$concatArrays only supports arrays, not')]);
}

function has(array: readonly Value[], value: Value): boolean {
  const key = encodeKey(value);
  return array.some((item) => encodeKey(item) === key);
}

function indexOf(args: readonly Value[]): Value {
  const [array, value, from, to] = args;
  if (isNullish(array)) return null;
  const list = arrayOf(array, 40090, '$indexOfArray requires an array as a first argument, found:');
  const start = bound(from, 0);
  const end = Math.min(bound(to, list.length), list.length);
  const key = encodeKey(value);
  for (let i = start; i < end; i++) if (encodeKey(list[i]) === key) return new Int32(i);
  return new Int32(-1);
}

function bound(value: Value, fallback: number): number {
  if (value === undefined) return fallback;
  const number = wholeNumber(value);
  if (number === undefined)
    throw mongoError(40096, `$indexOfArray requires an integral index, found a ${typeName(value)}`);
  if (number < 0) throw mongoError(40097, `$indexOfArray requires a nonnegative index, found: ${number}`);
  return number;
}

function slice(args: readonly Value[]): Value {
  const [array, second, third] = args;
  if (args.some(isNullish)) return null;
  const list = arrayOf(array, 28724, 'First argument to $slice must be an array, but is of type:');
  const a = wholeNumber(second);
  if (a === undefined)
    throw mongoError(
      isNumber(second) ? 28726 : 28725,
      `Second argument to $slice must be a numeric value, but is of type: ${typeName(second)}`,
    );
  if (args.length === 2) return a < 0 ? list.slice(a) : list.slice(0, a);
  const count = wholeNumber(third);
  if (count === undefined)
    throw mongoError(
      isNumber(third) ? 28728 : 28727,
      `Third argument to $slice must be numeric, but is of type: ${typeName(third)}`,
    );
  if (count <= 0) throw mongoError(28729, `Third argument to $slice must be positive: ${count}`);
  const start = a < 0 ? Math.max(0, list.length + a) : a;
  return list.slice(start, start + count);
}

const LONGEST_RANGE = 1_000_000;

const RANGE_ROLES = ['starting value', 'ending value', 'step value'];

function range(args: readonly Value[]): Value {
  const [start, end, step] = args.map((arg, i) => {
    const number = wholeNumber(arg);
    const role = RANGE_ROLES[i];
    if (!isNumber(arg)) {
      throw mongoError(
        34443 + 2 * i,
        `$range requires a numeric ${role}, found value of type: ${typeName(arg)}`,
      );
    }
    if (number !== undefined && number === Math.trunc(number) && Math.abs(number) <= 2147483648)
      return number;
    throw mongoError(
      34444 + 2 * i,
      `$range requires a ${role} that can be represented as a 32-bit integer, found value: ${show(arg)}`,
    );
  });
  const by = step ?? 1;
  if (by === 0) throw mongoError(34449, '$range requires a non-zero step value');
  const result: Int32[] = [];
  for (let i = start ?? 0; by > 0 ? i < (end ?? 0) : i > (end ?? 0); i += by) {
    if (result.length === LONGEST_RANGE) throw mongoError(146, '$range would use too much memory');
    result.push(new Int32(i));
  }
  return result;
}

/** The order is not an expression: it is read as it stands. */
function sortArray(operand: Value, compiler: Compiler, name: string): Evaluate {
  const parts = readNamed(operand, ['input', 'sortBy'], [], name);
  const input = compiler.compile(fieldOf(parts, 'input'));
  const keyOf = parsePushSort(fieldOf(parts, 'sortBy'));
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    return arrayOf(array, 2942504, 'The input argument to $sortArray must be an array, but was of type:')
      .map((item) => ({ item, key: keyOf(item) }))
      .sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1))
      .map((entry) => entry.item);
  };
}
