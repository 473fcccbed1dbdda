/** The planner against a full scan on the values and names that break indexes: all types, huge numbers, digits. */
import { Decimal128, Double, Long, MaxKey, MinKey, ObjectId } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBson, encodeBson, toRaw } from '../../../src/embedded-mongo/bson-codec.ts';
import { Collection } from '../../../src/embedded-mongo/collection.ts';
import { readIndexSpec } from '../../../src/embedded-mongo/index-spec.ts';
import { compileFilter } from '../../../src/embedded-mongo/match.ts';
import { Pace } from '../../../src/embedded-mongo/pace.ts';
import { type Plan, planQuery } from '../../../src/embedded-mongo/planner.ts';
import { findSorted } from '../../../src/embedded-mongo/scan.ts';
import { compileSortKey } from '../../../src/embedded-mongo/sort.ts';
import { docOf } from '../../../src/embedded-mongo/stored-document.ts';
import { type Doc, docWith } from '../../../src/embedded-mongo/value.ts';

const NAMES = ['__proto__', 'constructor', 'toString', '0', '1', 'a', 'length'];
const PATHS = [...NAMES, 'a.0', 'a.1', 'a.0.b', 'a.b', 'a.b.1', 'constructor.0', '0.0', '__proto__.a'];

const scalar = fc.oneof(
  fc.constantFrom<unknown>(0, 1, 2, -0, null, true, false, '', 'a', 'é', '\u{1F600}', '\uFFFD', 'a\0b'),
  fc.constantFrom<unknown>(
    Long.fromString('9007199254740993'),
    Long.MAX_VALUE,
    new Double(9007199254740992),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Decimal128.fromString('9007199254740993'),
    Decimal128.fromString('0.1'),
    Decimal128.fromString('NaN'),
    0.1,
    new Date(0),
    new ObjectId('000000000000000000000001'),
    new MinKey(),
    new MaxKey(),
  ),
);
const { value } = fc.letrec<{ value: unknown; sub: Doc }>((tie) => ({
  value: fc.oneof(
    { weight: 5, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: tie('sub') },
  ),
  sub: fc
    .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', '0', '1'), scalar), {
      maxLength: 2,
      selector: ([name]) => name,
    })
    .map(docWith),
}));
const doc = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 4, selector: ([name]) => name })
  .map((fields) => docWith(fields));
const operator = fc.oneof(
  fc.tuple(fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte', '$ne'), value),
  fc.tuple(fc.constantFrom('$in', '$nin', '$all'), fc.array(value, { maxLength: 3 })),
  fc.tuple(fc.constant('$exists'), fc.boolean()),
  fc.tuple(fc.constant('$size'), fc.nat({ max: 3 })),
  fc.tuple(fc.constant('$elemMatch'), fc.tuple(fc.constantFrom('$eq', '$gte'), scalar).map(one)),
);
const condition = fc.oneof(
  value,
  operator.map(one),
  fc.tuple(operator, operator).map(([x, y]) => ({ ...one(x), ...one(y) })),
);
const simple = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PATHS), condition), { maxLength: 3, selector: ([path]) => path })
  .map((fields) => docWith(fields));
const filter = fc.oneof(
  { weight: 4, arbitrary: simple },
  fc.tuple(simple, simple, simple).map(([x, y, z]) => ({ ...z, $or: [x, y] })),
);
const index = fc.record({
  paths: fc.uniqueArray(fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(1, -1)), {
    minLength: 1,
    maxLength: 2,
    selector: ([path]) => path,
  }),
  sparse: fc.boolean(),
});
const sort = fc.uniqueArray(fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(1, -1)), {
  maxLength: 2,
  selector: ([path]) => path,
});

function one([name, operand]: [string, unknown]): Doc {
  return { [name]: operand };
}

/** A document as the engine decodes it. */
function received(plain: Doc): Doc {
  return decodeBson(encodeBson(plain));
}

function fill(docs: readonly Doc[], indexes: readonly Doc[]): Collection {
  const collection = new Collection('t.c', {});
  for (const spec of indexes) collection.addIndex(readIndexSpec(spec));
  docs.forEach((fields, _id) => {
    const whole = received({ _id, ...fields });
    try {
      collection.insert(toRaw(encodeBson(whole)), whole);
    } catch {
      // Parallel arrays under a compound index are refused, and then the document is nowhere.
    }
  });
  return collection;
}

function found(collection: Collection, where: Doc, order: Doc | undefined, plan: Plan): Doc[] {
  const scan = {
    collection,
    plan,
    matches: compileFilter(where),
    pace: new Pace(undefined, { closed: false }),
  };
  return [...findSorted(scan, order, 0, 0)].flatMap((each) => (each === undefined ? [] : [docOf(each)]));
}

/** A document inside the array has no field "0", while the array has an element 0: both are seen. */
const MISSING_AT_AN_INDEX: [
  Doc[],
  { paths: [string, number][]; sparse: boolean }[],
  Doc,
  [string, number][],
] = [[{ a: [{}] }], [{ paths: [['a.0', 1]], sparse: false }], { 'a.0': null }, []];

/** Refused: a path that is an index of an array and a name in one of its documents (16746), parallel arrays (2). */
function canBeSorted(collection: Collection, order: Doc): boolean {
  const keyOf = compileSortKey(order);
  try {
    for (const stored of collection.documents.values()) keyOf(docOf(stored));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: expect.toBeOneOf([16746, 2]) });
    return false;
  }
}

describe('an index over hostile names and values', () => {
  it('finds exactly what a full scan finds, in the order asked for', () => {
    fc.assert(
      fc.property(
        fc.array(doc, { minLength: 1, maxLength: 12 }),
        fc.array(index, { minLength: 1, maxLength: 3 }),
        filter,
        sort,
        (docs, specs, given, fields) => {
          const indexes = specs.map(({ paths, sparse }, at) => ({
            key: docWith(paths),
            name: `i${at}`,
            sparse,
          }));
          const where = received(given);
          const order = fields.length > 0 ? docWith(fields) : undefined;
          const collection = fill(docs, indexes);
          if (order !== undefined && !canBeSorted(collection, order)) return;
          const plan = planQuery(collection, { filter: where, sort: order });
          const full: Plan = { kind: 'collection', backwards: false, sorted: order === undefined };
          const got = found(collection, where, order, plan);
          const wanted = found(collection, where, order, full);

          expect(got.map(({ _id }) => String(_id)).sort()).toEqual(
            wanted.map(({ _id }) => String(_id)).sort(),
          );
          if (order === undefined) return;
          const keyOf = compileSortKey(order);
          expect(got.map(keyOf)).toEqual(wanted.map(keyOf));
        },
      ),
      { numRuns: 1500, examples: [MISSING_AT_AN_INDEX] },
    );
  });
});
