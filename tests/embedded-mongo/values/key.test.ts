/** The key codec against a comparator written on its own, and the corner cases by name. */
import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareValues,
  encodeKey,
  equalValues,
  invertKey,
  typeName,
} from '../../../src/embedded-mongo/key.ts';
import { anyNumber, anyValue, docOf } from './generators.ts';

const RANKS = [
  'minKey',
  'missing',
  'null',
  'number',
  'string',
  'object',
  'array',
  'binData',
  'objectId',
  'bool',
  'date',
  'timestamp',
  'regex',
  'maxKey',
];

function rank(value: unknown): number {
  const name = typeName(value);
  return RANKS.indexOf(['int', 'long', 'double', 'decimal'].includes(name) ? 'number' : name);
}

/** An exact fraction: numerator over a power of ten or two, from the number's own text or bits. */
function fraction(value: unknown): { n: bigint; d: bigint } | 'nan' | 'inf' | '-inf' {
  if (value instanceof Int32) return { n: BigInt(value.value), d: 1n };
  if (value instanceof Long) return { n: value.toBigInt(), d: 1n };
  if (value instanceof Double) {
    if (Number.isNaN(value.value)) return 'nan';
    if (!Number.isFinite(value.value)) return value.value > 0 ? 'inf' : '-inf';
    let d = 1n;
    let scaled = value.value;
    while (!Number.isInteger(scaled)) {
      scaled *= 2;
      d *= 2n;
    }
    return { n: BigInt(scaled), d };
  }
  const text = (value as Decimal128).toString();
  if (text === 'NaN') return 'nan';
  if (text.endsWith('Infinity')) return text.startsWith('-') ? '-inf' : 'inf';
  const [, sign = '', whole = '', part = '', exponent = '0'] =
    /^(-?)(\d+)\.?(\d*)(?:E([+-]?\d+))?$/.exec(text) ?? [];
  const power = Number(exponent) - part.length;
  const digits = BigInt(whole + part) * (sign === '-' ? -1n : 1n);
  return power >= 0 ? { n: digits * 10n ** BigInt(power), d: 1n } : { n: digits, d: 10n ** BigInt(-power) };
}

function compareNumbers(a: unknown, b: unknown): number {
  const [x, y] = [fraction(a), fraction(b)];
  const level = (f: typeof x) => (f === 'nan' ? 0 : f === '-inf' ? 1 : f === 'inf' ? 3 : 2);
  if (level(x) !== level(y)) return level(x) - level(y);
  if (typeof x === 'string' || typeof y === 'string') return 0;
  const difference = x.n * y.d - y.n * x.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** MongoDB's comparison, written the slow and obvious way. */
function compare(a: unknown, b: unknown): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  switch (typeName(a)) {
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return compareNumbers(a, b);
    case 'string':
      return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
    case 'object':
      return compareLists(Object.entries(a as object), Object.entries(b as object), compareFields);
    case 'array':
      return compareLists(a as unknown[], b as unknown[], compare);
    case 'binData':
      return compareBinary(a as Binary, b as Binary);
    case 'objectId':
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case 'bool':
      return Number(a) - Number(b);
    case 'date':
      return (a as Date).getTime() - (b as Date).getTime();
    case 'timestamp':
      return (a as Timestamp).comp(b as Timestamp);
    case 'regex': {
      const [x, y] = [a as BSONRegExp, b as BSONRegExp];
      return (
        Buffer.compare(Buffer.from(x.pattern), Buffer.from(y.pattern)) ||
        Buffer.compare(Buffer.from(x.options), Buffer.from(y.options))
      );
    }
    default:
      return 0;
  }
}

function compareFields(a: [string, unknown], b: [string, unknown]): number {
  return (
    rank(a[1]) - rank(b[1]) || Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) || compare(a[1], b[1])
  );
}

function compareLists<T>(a: T[], b: T[], each: (x: T, y: T) => number): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = each(a[i] as T, b[i] as T);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareBinary(a: Binary, b: Binary): number {
  return a.length() - b.length() || a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());
}

describe('the key codec', () => {
  it('orders any two values as a comparator written on its own', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        expect(Math.sign(compareValues(a, b))).toBe(Math.sign(compare(a, b)));
      }),
      { numRuns: 4000 },
    );
  });

  it('orders numbers of all types exactly', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, (a, b) => {
        expect(Math.sign(compareValues(a, b))).toBe(Math.sign(compareNumbers(a, b)));
        expect(equalValues(a, b)).toBe(compareNumbers(a, b) === 0);
      }),
      { numRuns: 6000 },
    );
  });

  it('reverses the order when inverted, also of joined keys', () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, anyValue, (a, b, c, d) => {
        const left = invertKey(encodeKey(a)) + encodeKey(c);
        const right = invertKey(encodeKey(b)) + encodeKey(d);
        const expected = -compare(a, b) || compare(c, d);
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(Math.sign(expected) + 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('never makes one key the prefix of another', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        const [x, y] = [encodeKey(a), encodeKey(b)];
        expect(x !== y && y.startsWith(x)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps every unit within one byte', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        for (const unit of encodeKey(value)) expect(unit.charCodeAt(0)).toBeLessThan(256);
      }),
    );
  });

  it('sorts one value of each type as MongoDB documents', () => {
    const ladder = [
      new MinKey(),
      undefined,
      null,
      new Double(Number.NaN),
      new Double(-Infinity),
      new Int32(1),
      'text',
      { a: 1 },
      [1],
      new Binary(new Uint8Array([1])),
      new ObjectId('000000000000000000000001'),
      false,
      true,
      new Date(0),
      new Timestamp({ t: 1, i: 1 }),
      new BSONRegExp('a'),
      new MaxKey(),
    ];
    const shuffled = [...ladder].reverse().sort(compareValues);
    // Array.prototype.sort moves undefined to the end by itself.
    expect(shuffled.filter((value) => value !== undefined)).toEqual(
      ladder.filter((value) => value !== undefined),
    );
    expect(compareValues(undefined, null)).toBe(-1);
    expect(compareValues(new MinKey(), undefined)).toBe(-1);
  });

  it('tells neighbours beyond 2^53 apart, and equal numbers of different types not', () => {
    const big = 9007199254740993n;
    expect(compareValues(Long.fromBigInt(big), new Double(2 ** 53))).toBe(1);
    expect(compareValues(Long.fromBigInt(big), Long.fromBigInt(big + 1n))).toBe(-1);
    expect(equalValues(Long.fromBigInt(big), Decimal128.fromString('9007199254740993'))).toBe(true);
    expect(equalValues(new Int32(1), Decimal128.fromString('1.00'))).toBe(true);
    expect(equalValues(new Double(0.1), Decimal128.fromString('0.1'))).toBe(false);
    expect(equalValues(new Double(0.5), Decimal128.fromString('0.50'))).toBe(true);
    expect(equalValues(new Double(-0), new Int32(0))).toBe(true);
    expect(equalValues(new Double(NaN), Decimal128.fromString('NaN'))).toBe(true);
  });

  it('keeps the order of fields in documents apart, and hostile names as plain data', () => {
    expect(equalValues({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(false);
    const hostile = docOf([['__proto__', { polluted: true }]]);
    expect(equalValues(hostile, {})).toBe(false);
    expect(equalValues({ constructor: 1 }, {})).toBe(false);
    expect(equalValues({ _bsontype: 'Int32', value: 5 }, new Int32(5))).toBe(false);
    expect(typeName({ _bsontype: 'Int32', value: 5 })).toBe('object');
  });
});
