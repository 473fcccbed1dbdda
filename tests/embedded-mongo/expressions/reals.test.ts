/** Roots, powers, logarithms, angles and bits in expressions: results, types and errors of MongoDB 7.0. */
import { Binary, Decimal128, Double, Int32, Long, Timestamp } from 'bson';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../src/embedded-mongo/expression.ts';
import type { Value } from '../../../src/embedded-mongo/value.ts';

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);
const int = (value: number): Int32 => new Int32(value);
const long = (value: number | string): Long => Long.fromString(String(value));

/** The result with its type: `decimal 1.50`, `int 3`. */
function shown(expression: Value): string {
  const value = compileExpression(expression, undefined)({});
  if (value === null || value === undefined) return String(value);
  const type = (value as { _bsontype?: string })._bsontype ?? typeof value;
  return `${type} ${String(value)}`;
}

function codeOf(expression: Value): unknown {
  try {
    shown(expression);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

describe('functions of a decimal', () => {
  it.each<[string, Value, string]>([
    ['a whole power of ten', { $log10: decimal('100') }, '2'],
    ['a decadic logarithm', { $log10: decimal('101') }, '2.004321373782642574275188178222938'],
    [
      'a decadic logarithm with its last zero',
      { $log10: decimal('2.5') },
      '0.3979400086720376095725222105510140',
    ],
    ['the logarithm of one', { $ln: decimal('1') }, '0'],
    ['a natural logarithm', { $ln: decimal('7') }, '1.945910149055313305105352743443180'],
    [
      'nearly e',
      { $ln: decimal('2.718281828459045235360287471352662') },
      '0.9999999999999999999999999999999998',
    ],
    ['the logarithm to a base, of one', { $log: [decimal('1'), int(8)] }, '0E+33'],
    [
      'the logarithm to a base, of its power',
      { $log: [int(64), decimal('8')] },
      '2.000000000000000000000000000000000',
    ],
    ['the logarithm to a base, exactly', { $log: [decimal('81'), int(9)] }, '2'],
    [
      'the logarithm to a broken base',
      { $log: [int(13), decimal('12.77')] },
      '1.007008243389635671677137269228113',
    ],
    ['a power', { $pow: [decimal('10.0'), int(-2)] }, '0.01000000000000000000000000000000000'],
    [
      'a power of a double',
      { $pow: [new Double(0.5), decimal('-1')] },
      '2.000000000000000000000000000000000',
    ],
    [
      'a power of a negative number',
      { $pow: [int(-2), decimal('2')] },
      '4.000000000000000000000000000000000',
    ],
    ['a long power', { $pow: [int(5), decimal('-112')] }, '5.192296858534827628530496329220096E-79'],
    ['e', { $exp: decimal('1') }, '2.718281828459045235360287471352662'],
    ['one by e', { $exp: decimal('-1') }, '0.3678794411714423215955237701614609'],
    ['an exact root', { $sqrt: decimal('6.25') }, '2.5'],
    ['a root', { $sqrt: decimal('2') }, '1.414213562373095048801688724209698'],
    ['a small angle', { $sin: decimal('1E-30') }, '1E-30'],
    ['an angle near a half turn', { $sin: decimal('3.14') }, '0.001592652916486952540541436324443261'],
    ['a large angle', { $cos: decimal('1E+20') }, '0.7639704044417283004001468027378811'],
    ['an arc', { $acos: decimal('0.5') }, '1.047197551196597746154214461093168'],
    ['the arc of an endless slope', { $atan: decimal('-Infinity') }, '-1.570796326794896619231321691639751'],
    ['the angle of a point', { $atan2: [int(0), decimal('-1')] }, '3.141592653589793238462643383279503'],
    [
      'the angle of a far point',
      { $atan2: [decimal('-Infinity'), decimal('-Infinity')] },
      '-2.356194490192344928846982537459627',
    ],
    ['an endless area', { $atanh: decimal('-1') }, '-Infinity'],
    ['the limit of a hyperbolic tangent', { $tanh: decimal('-Infinity') }, '-1'],
    ['radians', { $degreesToRadians: decimal('180') }, '3.141592653589793238462643383279503'],
    ['what is not a number', { $cosh: decimal('NaN') }, 'NaN'],
  ])('%s', (_, expression, expected) => {
    expect(shown(expression)).toBe(`Decimal128 ${expected}`);
  });
});

describe('functions of the other numbers', () => {
  it.each<[Value, string]>([
    [{ $pow: [int(1), long(-2)] }, 'Long 1'],
    [{ $pow: [long(-1), long(-3)] }, 'Long -1'],
    [{ $pow: [int(4), int(-1)] }, 'Double 0.25'],
    [{ $pow: [int(3), int(35)] }, 'Long 50031545098999707'],
    [{ $pow: [int(2), long(63)] }, 'Double 9223372036854775808'.replace('5808', '6000')],
    [{ $atan2: [int(0), int(1)] }, 'Double 0'],
    [{ $acosh: int(1) }, 'Double 0'],
    [{ $atanh: int(1) }, 'Double Infinity'],
    [{ $log: [new Double(Number.NaN), int(10)] }, 'Double NaN'],
    [{ $bitAnd: [int(6), int(3)] }, 'Int32 2'],
    [{ $bitOr: [int(6), long(3)] }, 'Long 7'],
    [{ $bitXor: [] }, 'Int32 0'],
    [{ $bitXor: [int(1), null] }, 'null'],
    [{ $bitNot: [long(5)] }, 'Long -6'],
    [{ $bitNot: '$missing' }, 'null'],
    [{ $tsSecond: new Timestamp({ t: 1622731060, i: 7 }) }, 'Long 1622731060'],
    [{ $tsIncrement: new Timestamp({ t: 1622731060, i: 7 }) }, 'Long 7'],
    [{ $binarySize: 'caf\u00e9' }, 'Int32 5'],
    [{ $binarySize: new Binary(new Uint8Array(3)) }, 'Int32 3'],
  ])('%j', (expression, expected) => {
    expect(shown(expression)).toBe(expected);
  });
});

describe('arguments a function is not defined for', () => {
  it.each<[Value, number]>([
    [{ $acos: decimal('1.0000000000000000000000000000001') }, 50989],
    [{ $asin: int(2) }, 50989],
    [{ $sin: new Double(Number.POSITIVE_INFINITY) }, 50989],
    [{ $acosh: new Double(0.9) }, 50989],
    [{ $atan2: ['x', int(0)] }, 51044],
    [{ $atan2: [int(0), 'x'] }, 51045],
    [{ $tan: 'x' }, 28765],
    [{ $ln: decimal('0') }, 28766],
    [{ $log: ['x', int(5)] }, 28756],
    [{ $log: [int(5), 'x'] }, 28757],
    [{ $log: [int(5), decimal('1')] }, 28759],
    [{ $sqrt: decimal('-1E-6000') }, 28714],
    [{ $bitAnd: [int(1), new Double(12)] }, 14],
    [{ $bitNot: [int(1), int(2)] }, 16020],
    [{ $tsSecond: new Date(0) }, 5687301],
    [{ $binarySize: int(1) }, 51276],
  ])('%j', (expression, code) => {
    expect(codeOf(expression)).toBe(code);
  });

  it('takes a logarithm that no double could', () => {
    expect(shown({ $ln: decimal('1E-6000') })).toBe('Decimal128 -13815.51055796427410410794872810618');
  });
});
