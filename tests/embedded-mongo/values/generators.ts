/** Random BSON values for property tests, round-tripped through bytes as the engine receives them. */
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
  serialize,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { decodeBson } from '../../../src/embedded-mongo/bson-codec.ts';
import { type Doc, setField } from '../../../src/embedded-mongo/value.ts';

/** A document as the engine decodes it: numbers stay typed. */
export function typed(doc: Doc): Doc {
  return decodeBson(Buffer.from(serialize(doc)));
}

const decimalText = fc
  .tuple(fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }), fc.integer({ min: -6176, max: 6111 }))
  .map(([digits, exponent]) => `${digits}E${exponent}`);
const nearDecimal = fc
  .tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -3, max: 1 }))
  .map(([digits, exponent]) => `${digits}E${exponent}`);

/** Numbers of all four types, many of them equal or close to each other. */
export const anyNumber: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map((n) => new Int32(n)),
  fc.integer().map((n) => new Int32(n)),
  fc.double().map((n) => new Double(n)),
  fc.integer({ min: -50, max: 50 }).map((n) => new Double(n / 10)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
  fc.integer({ min: -3, max: 3 }).map((n) => Long.fromBigInt(2n ** 53n + BigInt(n))),
  fc.integer({ min: -5, max: 5 }).map((n) => Long.fromNumber(n)),
  decimalText.map((text) => Decimal128.fromString(text)),
  nearDecimal.map((text) => Decimal128.fromString(text)),
  fc
    .constantFrom('NaN', 'Infinity', '-Infinity', '0', '-0', '9007199254740993', '0.1')
    .map((text) => Decimal128.fromString(text)),
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 0.1, 2 ** 53).map((n) => new Double(n)),
);

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', 'a', 'a\0', 'a\u0001', '\ud83d\ude00', '\uffee'),
);
const anyScalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: anyNumber },
  { weight: 3, arbitrary: anyText },
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(new MinKey(), new MaxKey()),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc
    .tuple(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(0, 5, 128))
    .map(([bytes, type]) => new Binary(bytes, type)),
  fc.tuple(fc.nat(9), fc.nat(9)).map(([t, i]) => new Timestamp({ t, i })),
  fc.constantFrom(new BSONRegExp('a', ''), new BSONRegExp('a', 'i'), new BSONRegExp('b', '')),
);
const fieldName = fc.constantFrom('a', 'b', 'ab', 'z', '__proto__', 'constructor', '$x', '');

/** Any value, nested a few levels. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 4, arbitrary: anyScalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fieldName, tie('value')), { maxLength: 3 }).map(docOf) },
  ),
})).value;

/** A document from its fields; whatever their names are. */
export function docOf(fields: readonly (readonly [string, unknown])[]): Doc {
  const doc: Doc = {};
  for (const [name, value] of fields) setField(doc, name, value);
  return doc;
}
