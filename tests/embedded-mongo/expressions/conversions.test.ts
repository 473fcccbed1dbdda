/**
 * What $convert and its short forms make of values: https://www.mongodb.com/docs/manual/reference/operator/aggregation/convert/
 * and the server's own tests of $convert (expression_convert_test.cpp).
 */
import { Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../src/embedded-mongo/expression.ts';
import type { Value } from '../../../src/embedded-mongo/value.ts';

function evaluated(expression: Value): Value {
  return compileExpression(expression)({});
}

/** A value or the error's code and message. */
function outcome(expression: Value): Value {
  try {
    return evaluated(expression);
  } catch (error) {
    const { code, message } = Object.assign({ code: 0, message: '' }, error, { message: String(error) });
    return `${code} ${message.replace(/^[A-Za-z]*Error: /, '')}`;
  }
}

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);
/** Decimals by their text: their bytes may lie in arrays of different kinds. */
const shown = (value: Value): Value => (value instanceof Decimal128 ? `decimal ${value.toString()}` : value);
const NO_ON_ERROR = 'in $convert with no onError value';

describe('a number becomes a text', () => {
  it.each([
    [new Double(2.5), '2.5'],
    [new Double(1), '1'],
    [new Double(1e15), '1000000000000000'],
    [new Double(1e16), '1e+16'],
    [new Double(-1.5e20), '-1.5e+20'],
    [new Double(1e300), '1e+300'],
    [new Double(1e-4), '0.0001'],
    [new Double(1e-5), '1e-05'],
    [new Double(1.25e-7), '1.25e-07'],
    [new Double(-0), '-0'],
    [new Double(Number.NaN), 'NaN'],
    [new Double(-Infinity), '-Infinity'],
    [new Int32(-7), '-7'],
    [Long.MAX_VALUE, '9223372036854775807'],
    [decimal('1E+3'), '1E+3'],
  ])('%s is "%s"', (number, text) => {
    expect(evaluated({ $toString: number })).toBe(text);
  });
});

describe('a text becomes a number', () => {
  it.each<[string, string, Value]>([
    ['$toInt', '+5', new Int32(5)],
    ['$toInt', '007', new Int32(7)],
    ['$toInt', '-2147483648', new Int32(-(2 ** 31))],
    ['$toLong', '9223372036854775807', Long.MAX_VALUE],
    ['$toDouble', '5.', new Double(5)],
    ['$toDouble', '-.5e1', new Double(-5)],
    ['$toDouble', '-inf', new Double(-Infinity)],
    ['$toDouble', 'NaN', new Double(Number.NaN)],
    ['$toDouble', '0e999', new Double(0)],
    ['$toDecimal', '1.50', decimal('1.50')],
    ['$toDecimal', '-Infinity', decimal('-Infinity')],
    ['$toDecimal', '1E-6176', decimal('1E-6176')],
    ['$toDecimal', `1.${'0'.repeat(33)}5${'0'.repeat(99)}1`, decimal(`1.${'0'.repeat(32)}1`)],
    ['$toDecimal', `${'0'.repeat(99)}12`, decimal('12')],
  ])('%s of "%s"', (operator, text, number) => {
    expect(shown(evaluated({ [operator]: text }))).toEqual(shown(number));
  });

  it.each([
    ['$toInt', '', 'No digits'],
    ['$toInt', '-', 'No digits'],
    ['$toInt', 'x', 'Did not consume whole string.'],
    ['$toInt', '1.5', 'Did not consume whole string.'],
    ['$toInt', ' 5', 'Did not consume whole string.'],
    ['$toInt', '2147483648', 'Overflow'],
    ['$toLong', '-9223372036854775809', 'Overflow'],
    ['$toLong', '9'.repeat(40), 'Overflow'],
    ['$toDouble', '', 'Empty string'],
    ['$toDouble', ' 5', 'Leading whitespace'],
    ['$toDouble', '5 ', 'Did not consume whole string.'],
    ['$toDouble', '12abc', 'Did not consume whole string.'],
    ['$toDouble', 'x', 'Did not consume any digits'],
    ['$toDouble', '.', 'Did not consume any digits'],
    ['$toDouble', '1e400', 'Out of range'],
    ['$toDouble', '1e-400', 'Out of range'],
    ['$toDecimal', '', 'Empty string'],
    ['$toDecimal', 'x', 'Failed to parse string to decimal'],
    ['$toDecimal', '1e6200', 'Conversion from string to decimal would overflow'],
    ['$toDecimal', '1e-99999999999', 'Conversion from string to decimal would underflow'],
  ])('but not %s of "%s": %s', (operator, text, reason) => {
    const message = `241 Failed to parse number '${text}' ${NO_ON_ERROR}: ${reason}`;
    expect(outcome({ [operator]: text })).toBe(message);
  });

  it('but not where it is hexadecimal', () => {
    for (const operator of ['$toInt', '$toLong', '$toDouble', '$toDecimal'])
      expect(outcome({ [operator]: '0x10' })).toBe(`241 Illegal hexadecimal input ${NO_ON_ERROR}: 0x10`);
  });
});

describe('a number becomes one of another type', () => {
  it.each<[string, Value, Value]>([
    ['$toInt', new Double(-1.9), new Int32(-1)],
    ['$toInt', decimal('-2147483648.9'), new Int32(-(2 ** 31))],
    ['$toLong', decimal('9007199254740993.7'), Long.fromString('9007199254740993')],
    ['$toLong', decimal('0E+6000'), Long.ZERO],
    ['$toDouble', decimal('-Infinity'), new Double(-Infinity)],
    ['$toDate', new Double(1.9), new Date(1)],
    ['$toDate', decimal('-1.9'), new Date(-1)],
  ])('%s of %s', (operator, number, result) => {
    expect(evaluated({ [operator]: number })).toEqual(result);
  });

  const overflow = `241 Conversion would overflow target type ${NO_ON_ERROR}: `;
  it.each<[string, Value, string]>([
    ['$toInt', new Double(1e300), `${overflow}1e+300`],
    ['$toInt', new Double(2 ** 31), `${overflow}2147483648`],
    ['$toInt', Long.fromNumber(2 ** 40), overflow],
    ['$toLong', new Double(2 ** 63), `${overflow}9.223372036854776e+18`],
    ['$toLong', decimal('9223372036854775808'), `${overflow}9223372036854775808`],
    ['$toLong', decimal('1E+6000'), `${overflow}1E+6000`],
    ['$toDate', decimal('1E+30'), `${overflow}1E+30`],
    ['$toDouble', decimal('1E+309'), `${overflow}1E+309`],
    ['$toDouble', decimal('-1E-400'), `${overflow}-1E-400`],
    ['$toInt', new Double(Number.NaN), `241 Attempt to convert NaN value to integer type ${NO_ON_ERROR}`],
    ['$toLong', decimal('NaN'), `241 Attempt to convert NaN value to integer type ${NO_ON_ERROR}`],
    ['$toInt', new Double(Infinity), `241 Attempt to convert infinity value to integer type ${NO_ON_ERROR}`],
    ['$toDate', decimal('-Infinity'), `241 Attempt to convert infinity value to integer type ${NO_ON_ERROR}`],
    ['$toDate', new Int32(1), `241 Unsupported conversion from int to date ${NO_ON_ERROR}`],
    ['$toInt', new Date(0), `241 Unsupported conversion from date to int ${NO_ON_ERROR}`],
  ])('but not %s of %s', (operator, number, message) => {
    expect(outcome({ [operator]: number })).toBe(message);
  });
});

describe('a text becomes an ObjectId', () => {
  const id = '64b7f9a2c1d2e3f4a5b6c7d8';
  it('of 24 hexadecimal digits and no other', () => {
    expect(evaluated({ $toObjectId: id })).toEqual(new ObjectId(id));
    const failed = (text: string): string => `241 Failed to parse objectId '${text}' ${NO_ON_ERROR}: `;
    const length = 'Invalid string length for parsing to OID, expected 24 but found 1';
    expect(outcome({ $toObjectId: 'x' })).toBe(failed('x') + length);
    const wrong = `${id.slice(1)}g`;
    expect(outcome({ $toObjectId: wrong })).toBe(`${failed(wrong)}Invalid character found in hex string: g`);
  });
});

describe('the target of $convert', () => {
  it.each<[Value, string]>([
    ['dinosaur', '2 Unknown type name: dinosaur'],
    [3.6, "9 In $convert, numeric 'to' argument is not an integer"],
    [2 ** 40, "9 In $convert, numeric 'to' argument is not an integer"],
    [100, "9 In $convert, numeric value for 'to' does not correspond to a BSON type: 100"],
    [-2, "9 In $convert, numeric value for 'to' does not correspond to a BSON type: -2"],
    [{ a: 'x' }, "9 $convert's 'to' argument must be a string or number, but is object"],
  ])('%s is refused, whatever onError and onNull say and of null too', (to, message) => {
    expect(outcome({ $convert: { input: 1, to, onError: 0 } })).toBe(message);
    expect(outcome({ $convert: { input: null, to, onNull: 0 } })).toBe(message);
  });

  it('may be a type nothing becomes: onError answers', () => {
    for (const to of ['minKey', -1, 'missing', 0, 'timestamp', 17])
      expect(evaluated({ $convert: { input: 1, to, onError: 'E' } })).toBe('E');
  });

  it('may be null: so is the result, but onNull comes first', () => {
    expect(evaluated({ $convert: { input: 1, to: null, onError: 'E' } })).toBeNull();
    expect(evaluated({ $convert: { input: null, to: null, onNull: 'N' } })).toBe('N');
  });

  it('cannot hide an error of the input', () => {
    const input = { $divide: [1, 0] };
    expect(outcome({ $convert: { input, to: 'int', onError: 'E' } })).toMatch(/^(2|16608) /);
  });
});

it('a date of a year with five digits has no text', () => {
  const late = new Date('+010000-01-01T00:00:00Z');
  expect(evaluated({ $toString: new Date(0) })).toBe('1970-01-01T00:00:00.000Z');
  expect(outcome({ $convert: { input: late, to: 'string', onError: 'E' } })).toMatch(/^18537 /);
});
