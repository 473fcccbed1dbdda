/** Whatever the planner chooses, the answer is that of a full scan. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBson, toRaw } from '../../../src/embedded-mongo/bson-codec.ts';
import { Collection } from '../../../src/embedded-mongo/collection.ts';
import { readIndexSpec } from '../../../src/embedded-mongo/index-spec.ts';
import { compileFilter } from '../../../src/embedded-mongo/match.ts';
import { Pace } from '../../../src/embedded-mongo/pace.ts';
import { type Plan, planQuery } from '../../../src/embedded-mongo/planner.ts';
import { findSorted } from '../../../src/embedded-mongo/scan.ts';
import { compileSortKey } from '../../../src/embedded-mongo/sort.ts';
import { docOf } from '../../../src/embedded-mongo/stored-document.ts';
import type { Doc } from '../../../src/embedded-mongo/value.ts';

const INDEXES: Doc[] = [
  { key: { a: 1 }, name: 'a' },
  { key: { a: 1, b: -1 }, name: 'ab' },
  { key: { b: -1 }, name: 'b', sparse: true },
  { key: { 'c.d': 1, a: 1 }, name: 'cda' },
  { key: { b: 1, a: 1 }, name: 'ba', partialFilterExpression: { b: { $gt: 1 } } },
  { key: { 'c.d': 1 }, name: 'cd', partialFilterExpression: { 'c.d': { $exists: true } } },
];

const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
  fc.constantFrom<unknown>(null, 'x', 'y', 1.5, true, new Date(2)),
);
const value = fc.oneof({ weight: 3, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }));
const sub = fc.record({ d: value, e: scalar }, { requiredKeys: [] });
const doc = fc.record(
  { a: value, b: scalar, c: fc.oneof(sub, fc.array(fc.oneof(sub, scalar), { maxLength: 3 }), scalar) },
  { requiredKeys: [] },
);
const operator = fc.oneof(
  fc.tuple(fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte', '$ne'), scalar),
  fc.tuple(fc.constant('$in'), fc.array(scalar, { maxLength: 3 })),
  fc.tuple(fc.constant('$exists'), fc.boolean()),
);
const condition = fc.oneof(
  value,
  operator.map(([op, operand]) => ({ [op]: operand })),
  fc.tuple(operator, operator).map(([[x, u], [y, v]]) => ({ [x]: u, [y]: v })),
  fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })).map(([low, high]) => ({ $gte: low, $lte: high })),
);
const path = fc.constantFrom('a', 'b', 'c.d', 'c', '_id');
const simple = fc.dictionary(path, condition, { maxKeys: 3 });
const filter = fc.oneof(
  { weight: 4, arbitrary: simple },
  fc.tuple(simple, simple).map(([x, y]) => ({ $and: [x, y] })),
  fc.tuple(simple, simple, simple).map(([x, y, z]) => ({ ...z, $or: [x, y] })),
);
const sort = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c.d', '_id'), fc.constantFrom(1, -1)), {
  maxLength: 2,
  selector: ([field]) => field,
});

function fill(docs: readonly Doc[], indexes: readonly Doc[]): Collection {
  const collection = new Collection('t.c', {});
  for (const spec of indexes) collection.addIndex(readIndexSpec(spec));
  docs.forEach((fields, _id) => {
    const whole = { _id, ...fields };
    try {
      collection.insert(toRaw(encodeBson(whole)), whole);
    } catch {
      // Parallel arrays under a compound index are refused; such a document is in neither collection.
    }
  });
  return collection;
}

function idsOf(collection: Collection, where: Doc, order: Doc | undefined, plan: Plan): Doc[] {
  const scan = {
    collection,
    plan,
    matches: compileFilter(where),
    pace: new Pace(undefined, { closed: false }),
  };
  return [...findSorted(scan, order, 0, 0)].flatMap((found) => (found === undefined ? [] : [docOf(found)]));
}

/** A document with arrays at both fields has no place in the order (2). */
function canBeSorted(collection: Collection, order: Doc): boolean {
  const keyOf = compileSortKey(order);
  try {
    for (const stored of collection.documents.values()) keyOf(docOf(stored));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 2 });
    return false;
  }
}

describe('the planner', () => {
  it('finds with any index exactly what a full scan finds, in the order asked for', () => {
    fc.assert(
      fc.property(
        fc.array(doc, { minLength: 1, maxLength: 25 }),
        fc.subarray(INDEXES, { minLength: 1 }),
        filter,
        sort,
        (docs, indexes, where, fields) => {
          const order = fields.length > 0 ? Object.fromEntries(fields) : undefined;
          const collection = fill(docs, indexes);
          if (order !== undefined && !canBeSorted(collection, order)) return;
          const plan = planQuery(collection, { filter: where, sort: order });
          const full: Plan = { kind: 'collection', backwards: false, sorted: order === undefined };
          const got = idsOf(collection, where, order, plan);
          const wanted = idsOf(collection, where, order, full);
          expect(new Set(got.map((one) => one['_id']))).toEqual(new Set(wanted.map((one) => one['_id'])));
          expect(got.length, 'no document twice').toBe(wanted.length);
          if (order === undefined) return;
          const keyOf = compileSortKey(order);
          expect(got.map(keyOf)).toEqual(wanted.map(keyOf));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('keeps its indexes true through inserts, changes and deletes', () => {
    const change = fc.tuple(fc.constantFrom('replace', 'remove'), fc.nat({ max: 24 }), doc);
    fc.assert(
      fc.property(
        fc.array(doc, { minLength: 1, maxLength: 25 }),
        fc.array(change, { maxLength: 20 }),
        (docs, changes) => {
          const collection = fill(docs, INDEXES);
          for (const [kind, id, fields] of changes) {
            const stored = collection.byId(id);
            if (stored === undefined) continue;
            const whole = { _id: id, ...fields };
            try {
              if (kind === 'remove') collection.remove(stored);
              else collection.replace(stored, toRaw(encodeBson(whole)), whole);
            } catch {
              // A refused change must have changed nothing, which the comparison below shows.
            }
          }
          for (const index of collection.indexes) {
            const kept = [...index.entries.walk({ from: undefined, to: undefined }, false)];
            const wanted = [...collection.documents.values()].flatMap((stored) =>
              index.keysOf(docOf(stored)).map((key) => `${key}|${stored.key}`),
            );
            expect(kept.map((entry) => `${entry.key}|${entry.stored.key}`).sort()).toEqual(wanted.sort());
            expect(kept.map((entry) => entry.key)).toEqual(kept.map((entry) => entry.key).sort());
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes an index for each branch of an $or, and finds what two branches find once', () => {
    const docs = Array.from({ length: 200 }, (_, n) => ({ a: n, b: n % 50, tags: [n, n + 1] }));
    const indexes = ['a', 'b', 'tags'].map((path) => ({ key: { [path]: 1 }, name: path }));
    const collection = fill(docs, indexes);
    const planned = (filter: Doc, order?: Doc) => planQuery(collection, { filter, sort: order });
    const full: Plan = { kind: 'collection', backwards: false, sorted: true };

    const where = { $or: [{ a: { $gte: 195 } }, { b: 45 }, { tags: { $in: [196, 197] } }] };
    const plan = planned(where);
    expect(plan).toMatchObject({ kind: 'union', sorted: true });
    const [got, wanted] = [
      idsOf(collection, where, undefined, plan),
      idsOf(collection, where, undefined, full),
    ];
    expect(new Set(got)).toEqual(new Set(wanted));
    expect(got).toHaveLength(wanted.length);

    expect(planned(where, { b: 1 })).toMatchObject({ kind: 'union', sorted: false });
    expect(planned({ $and: [{ x: null }, where] })).toMatchObject({ kind: 'union' });
    expect(planned({ $or: [{ a: 1 }, { none: 1 }] })).toMatchObject({ kind: 'collection' });
    expect(planned({ a: 1, ...where })).toMatchObject({ kind: 'index' });
    expect(planned({ $nor: [where] })).toMatchObject({ kind: 'collection' });
  });

  it('refuses a hint that names no index', () => {
    expect(() => planQuery(fill([], []), { filter: {}, hint: 'nothing' })).toThrow(
      /hint provided does not correspond/,
    );
  });
});
