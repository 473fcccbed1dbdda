/** Text in expressions; lengths and positions in bytes or in code points, as each operator says. */
import { Int32 } from 'bson';
import { mongoError } from '../errors.ts';
import { compareValues } from '../key.ts';
import { isNumber, toNumber, typeName, type Value, wholeNumber } from '../value.ts';
import { textOf } from './conversions.ts';
import { isNullish, named, type Operator, type Operators, positional } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#string-expression-operators */
export const STRINGS: Operators = [
  ['$concat', positional(0, Number.POSITIVE_INFINITY, concat)],
  ['$toLower', positional(1, 1, ([text]) => asciiCase(textOf(text), 'lower'))],
  ['$toUpper', positional(1, 1, ([text]) => asciiCase(textOf(text), 'upper'))],
  [
    '$strcasecmp',
    positional(
      2,
      2,
      ([a, b]) => new Int32(compareValues(asciiCase(textOf(a), 'upper'), asciiCase(textOf(b), 'upper'))),
    ),
  ],
  [
    '$strLenBytes',
    positional(1, 1, ([text], name) => new Int32(Buffer.byteLength(required(text, 34473, name)))),
  ],
  ['$strLenCP', positional(1, 1, ([text], name) => new Int32([...required(text, 34471, name)].length))],
  // MongoDB knows $substr as another name, which its errors do not tell.
  ['$substr', (operand, compiler) => positional(3, 3, substringBytes)(operand, compiler, '$substrBytes')],
  ['$substrBytes', positional(3, 3, substringBytes)],
  ['$substrCP', positional(3, 3, substringCodePoints)],
  ['$indexOfBytes', positional(2, 4, indexOfBytes)],
  ['$indexOfCP', positional(2, 4, indexOfCodePoints)],
  ['$split', positional(2, 2, ([text, by]) => split(text, by))],
  ['$trim', trim(true, true)],
  ['$ltrim', trim(true, false)],
  ['$rtrim', trim(false, true)],
  ['$replaceOne', replace((text, find, by) => text.replace(find, () => by))],
  ['$replaceAll', replace((text, find, by) => text.replaceAll(find, () => by))],
];

function concat(args: readonly Value[]): Value {
  if (args.some(isNullish)) return null;
  return args
    .map((arg) => {
      if (typeof arg === 'string') return arg;
      throw mongoError(16702, `$concat only supports strings, not ${typeName(arg)}`);
    })
    .join('');
}

/** MongoDB changes the case of ASCII letters only. */
function asciiCase(text: string, to: 'lower' | 'upper'): string {
  return to === 'lower'
    ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    : text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

function required(text: Value, code: number, name: string): string {
  if (typeof text === 'string') return text;
  throw mongoError(code, `${name} requires a string argument, found: ${typeName(text)}`);
}

function substringBytes([value, from, count]: readonly Value[], name: string): Value {
  const bytes = Buffer.from(textOf(value));
  const start = placeOf(from, 16034, `${name}:  starting index`);
  const length = placeOf(count, 16035, `${name}:  length`);
  if (start < 0) throw mongoError(50752, `${name}: starting index must be non-negative (got: ${start})`);
  if (start >= bytes.length) return '';
  const end = length < 0 ? bytes.length : Math.min(bytes.length, start + length);
  for (const [at, code] of [
    [start, 28656],
    [end, 28657],
  ] as const) {
    if (at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) {
      throw mongoError(code, `${name}:  Invalid range, ends or starts in the middle of a UTF-8 character.`);
    }
  }
  return bytes.subarray(start, end).toString('utf8');
}

function placeOf(value: Value, code: number, what: string): number {
  if (!isNumber(value)) throw notNumeric(code, what, value);
  return Math.trunc(toNumber(value));
}

function notNumeric(code: number, what: string, value: Value): Error {
  return mongoError(code, `${what} must be a numeric type (is BSON type ${typeName(value)})`);
}

function substringCodePoints([value, from, count]: readonly Value[], name: string): Value {
  const start = wholeNumber(from);
  const length = wholeNumber(count);
  if (start === undefined) throw notNumeric(isNumber(from) ? 34451 : 34450, `${name}: starting index`, from);
  if (length === undefined) throw notNumeric(isNumber(count) ? 34453 : 34452, `${name}: length`, count);
  if (start < 0) throw mongoError(34455, `${name}: the starting index must be nonnegative integer.`);
  if (length < 0) throw mongoError(34454, `${name}: length must be a nonnegative integer.`);
  return [...textOf(value)].slice(start, start + length).join('');
}

function indexBounds(args: readonly Value[], name: string, length: number): readonly [number, number] {
  const [start = 0, end = length] = args.slice(2).map((arg) => {
    const number = wholeNumber(arg);
    if (number === undefined)
      throw mongoError(40096, `${name} requires an integral index, found a ${typeName(arg)}`);
    if (number < 0) throw mongoError(40097, `${name} requires a nonnegative index, found: ${number}`);
    return number;
  });
  return [start, Math.min(end, length)];
}

function indexOfBytes(args: readonly Value[], name: string): Value {
  if (isNullish(args[0])) return null;
  const text = Buffer.from(required(args[0], 40091, name));
  const [start, end] = indexBounds(args, name, text.length);
  if (start > end) return new Int32(-1);
  return new Int32(foundAt(text.subarray(start, end).indexOf(required(args[1], 40092, name)), start));
}

function indexOfCodePoints(args: readonly Value[], name: string): Value {
  if (isNullish(args[0])) return null;
  const points = [...required(args[0], 40093, name)];
  const token = required(args[1], 40094, name);
  const [start, end] = indexBounds(args, name, points.length);
  if (start > end) return new Int32(-1);
  const part = points.slice(start, end).join('');
  const unit = part.indexOf(token);
  return new Int32(unit === -1 ? -1 : start + [...part.slice(0, unit)].length);
}

function foundAt(index: number, start: number): number {
  return index === -1 ? -1 : start + index;
}

function split(text: Value, by: Value): Value {
  if (isNullish(text) || isNullish(by)) return null;
  if (typeof text !== 'string')
    throw mongoError(
      40085,
      '$split requires an expression that evaluates to a string as a first argument, found: ' +
        `${typeName(text)}`,
    );
  if (typeof by !== 'string')
    throw mongoError(
      40086,
      `$split requires an expression that evaluates to a string as a second argument, found: ${typeName(by)}`,
    );
  if (by === '') throw mongoError(40087, '$split requires a non-empty separator');
  return text.split(by);
}

const SPACES = [
  ...'\0\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
];

function trim(left: boolean, right: boolean): Operator {
  return named(['input'], ['chars'], (args, name) => {
    const { input, chars } = { input: args['input'], chars: args['chars'] };
    if (isNullish(input) || (Object.hasOwn(args, 'chars') && isNullish(chars))) return null;
    if (typeof input !== 'string')
      throw mongoError(50699, `${name} requires its input to be a string, got ${typeName(input)}`);
    if (chars !== undefined && typeof chars !== 'string') {
      throw mongoError(50700, `${name} requires 'chars' to be a string, got ${typeName(chars)}`);
    }
    const gone = new Set(chars === undefined ? SPACES : [...chars]);
    const points = [...input];
    let start = 0;
    let end = points.length;
    while (left && start < end && gone.has(points[start] ?? '')) start += 1;
    while (right && end > start && gone.has(points[end - 1] ?? '')) end -= 1;
    return points.slice(start, end).join('');
  });
}

function replace(change: (text: string, find: string, by: string) => string): Operator {
  return named(['input', 'find', 'replacement'], [], (args, name) => {
    const [input, find, by] = [args['input'], args['find'], args['replacement']];
    for (const [value, code, role] of [
      [input, 51746, 'input'],
      [find, 51745, 'find'],
      [by, 51744, 'replacement'],
    ] as const) {
      if (!isNullish(value) && typeof value !== 'string') {
        throw mongoError(code, `${name} requires that '${role}' be a string, found: ${typeName(value)}`);
      }
    }
    if (typeof input !== 'string' || typeof find !== 'string' || typeof by !== 'string') return null;
    return change(input, find, by);
  });
}
