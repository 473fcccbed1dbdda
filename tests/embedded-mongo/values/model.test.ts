/** Random queries and updates against a model that is slow, obvious and written on its own. */
import { Int32 } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, filterImplies } from '../../../src/embedded-mongo/match.ts';
import { valuesAt } from '../../../src/embedded-mongo/path.ts';
import { compileUpdate } from '../../../src/embedded-mongo/update.ts';

type Plain = { [field: string]: unknown };

const small = fc.integer({ min: 0, max: 3 });
const scalar = fc.oneof(small, fc.constantFrom(null, 'x', 'y', true));
const leafDoc = fc.dictionary(
  fc.constantFrom('b', 'c'),
  fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })),
  { maxKeys: 2, noNullPrototype: true },
);
const value = fc.oneof(scalar, fc.array(fc.oneof(scalar, leafDoc), { maxLength: 3 }), leafDoc);
const document = fc.dictionary(fc.constantFrom('a', 'b'), value, { maxKeys: 2, noNullPrototype: true });
const path = fc.constantFrom('a', 'b', 'a.b', 'a.c', 'b.c');
const comparison = fc.oneof(
  scalar.map((operand) => ['$eq', operand] as const),
  scalar.map((operand) => ['$ne', operand] as const),
  fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), scalar),
  fc.tuple(fc.constantFrom('$in', '$nin'), fc.array(scalar, { maxLength: 3 })),
  fc.boolean().map((operand) => ['$exists', operand] as const),
  fc.nat(2).map((operand) => ['$size', operand] as const),
);
type Condition = readonly [string, unknown];
const simple = fc.tuple(path, comparison).map(([name, [op, operand]]) => ({ [name]: { [op]: operand } }));
const filter: fc.Arbitrary<Plain> = fc.oneof(
  simple,
  fc
    .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(simple, { minLength: 1, maxLength: 3 }))
    .map(([op, parts]) => ({ [op]: parts })),
);

/** The values a query sees at a path: all ways through arrays, elements and the array itself. */
function seen(root: unknown, parts: string[]): unknown[] {
  const [name, ...rest] = parts;
  if (name === undefined) return Array.isArray(root) ? [...root, root] : [root];
  if (Array.isArray(root)) return root.filter(isPlain).flatMap((element) => seen(element, parts));
  return isPlain(root) && name in root ? seen(root[name], rest) : [undefined];
}

function isPlain(something: unknown): something is Plain {
  return typeof something === 'object' && something !== null && !Array.isArray(something);
}

function compareScalars(a: unknown, b: unknown): number | undefined {
  if ((a ?? null) === null && (b ?? null) === null) return 0;
  if (typeof a !== typeof b || a === null || b === null || typeof a === 'object') return undefined;
  return a === b ? 0 : (a as number) < (b as number) ? -1 : 1;
}

function holds([op, operand]: Condition, candidate: unknown): boolean {
  const order = compareScalars(candidate, operand);
  switch (op) {
    case '$eq':
      return order === 0;
    case '$gt':
      return order === 1;
    case '$lt':
      return order === -1;
    case '$gte':
      return order === 0 || order === 1;
    case '$lte':
      return order === 0 || order === -1;
    case '$in':
      return (operand as unknown[]).some((item) => compareScalars(candidate, item) === 0);
    default:
      return candidate !== undefined;
  }
}

function modelCondition(doc: Plain, name: string, [op, operand]: Condition): boolean {
  const candidates = seen(doc, name.split('.'));
  if (op === '$ne') return !modelCondition(doc, name, ['$eq', operand]);
  if (op === '$nin') return !modelCondition(doc, name, ['$in', operand]);
  if (op === '$exists' && operand === false) return !modelCondition(doc, name, ['$exists', true]);
  if (op === '$size') return arraysAt(doc, name.split('.')).some((array) => array.length === operand);
  return candidates.some((candidate) => holds([op, operand], candidate));
}

/** Whole arrays at a path, not elements that happen to be arrays. */
function arraysAt(root: unknown, parts: string[]): unknown[][] {
  const [name, ...rest] = parts;
  if (name === undefined) return Array.isArray(root) ? [root] : [];
  if (Array.isArray(root)) return root.filter(isPlain).flatMap((element) => arraysAt(element, parts));
  return isPlain(root) && name in root ? arraysAt(root[name], rest) : [];
}

function model(condition: Plain, doc: Plain): boolean {
  return Object.entries(condition).every(([name, operand]) => {
    if (name === '$and') return (operand as Plain[]).every((part) => model(part, doc));
    if (name === '$or') return (operand as Plain[]).some((part) => model(part, doc));
    if (name === '$nor') return !(operand as Plain[]).some((part) => model(part, doc));
    return Object.entries(operand as Plain).every((each) => modelCondition(doc, name, each));
  });
}

describe('random queries', () => {
  it('find what the model finds', () => {
    fc.assert(
      fc.property(filter, document, (condition, doc) => {
        expect(compileFilter(condition)(doc)).toBe(model(condition, doc));
      }),
      { numRuns: 8000 },
    );
  });

  it('find a document by equality only through values the index keeps', () => {
    fc.assert(
      fc.property(path, scalar, document, (name, operand, doc) => {
        if (!compileFilter({ [name]: operand })(doc)) return;
        expect(valuesAt(doc, name)).toContainEqual(operand);
      }),
      { numRuns: 3000 },
    );
  });

  it('never claim an implication that a document contradicts', () => {
    fc.assert(
      fc.property(
        filter,
        simple,
        fc.array(document, { minLength: 5, maxLength: 20 }),
        (condition, partial, docs) => {
          if (!filterImplies(condition, partial)) return;
          for (const doc of docs) {
            if (compileFilter(condition)(doc)) expect(compileFilter(partial)(doc)).toBe(true);
          }
        },
      ),
      { numRuns: 8000 },
    );
  });
});

type Step = readonly [string, string, unknown];
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(
    fc.constantFrom('$set', '$push', '$addToSet', '$pull', '$min', '$max'),
    fc.constantFrom('a', 'b', 'c', 'd'),
    small,
  ),
  fc.tuple(fc.constantFrom('$inc', '$mul'), fc.constantFrom('a', 'b', 'c', 'd'), small),
  fc.tuple(fc.constant('$unset'), fc.constantFrom('a', 'b', 'c', 'd'), fc.constant('')),
  fc.tuple(fc.constant('$pop'), fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(1, -1)),
);

/** What an operator does to a field of small numbers or arrays of them; `undefined` takes it away. */
function modelStep(op: string, current: unknown, operand: number): unknown {
  const list = (current ?? []) as number[];
  switch (op) {
    case '$set':
      return operand;
    case '$unset':
      return undefined;
    case '$inc':
      return ((current ?? 0) as number) + operand;
    case '$mul':
      return ((current ?? 0) as number) * operand;
    case '$min':
      return current === undefined
        ? operand
        : Array.isArray(current)
          ? operand
          : Math.min(current as number, operand);
    case '$max':
      return current === undefined
        ? operand
        : Array.isArray(current)
          ? current
          : Math.max(current as number, operand);
    case '$push':
      return [...list, operand];
    case '$addToSet':
      return list.includes(operand) ? list : [...list, operand];
    case '$pull':
      return current === undefined ? undefined : list.filter((item) => item !== operand);
    default:
      return current === undefined ? undefined : operand === 1 ? list.slice(0, -1) : list.slice(1);
  }
}

const NEEDS_ARRAY = ['$push', '$addToSet', '$pull', '$pop'];

function plainly(something: unknown): unknown {
  if (something instanceof Int32) return something.value;
  if (Array.isArray(something)) return something.map(plainly);
  return isPlain(something)
    ? Object.fromEntries(Object.entries(something).map(([k, v]) => [k, plainly(v)]))
    : something;
}

describe('random updates', () => {
  const start = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.oneof(small, fc.array(small, { maxLength: 4 })),
    { noNullPrototype: true },
  );

  it('change what the model changes, and refuse what has the wrong type', () => {
    fc.assert(
      fc.property(
        start,
        fc.uniqueArray(step, { maxLength: 4, selector: ([, name]) => name }),
        (doc, steps) => {
          const change: { [op: string]: Plain } = {};
          for (const [op, name, operand] of steps) {
            change[op] ??= {};
            change[op][name] = typeof operand === 'number' ? new Int32(operand) : operand;
          }
          const input = Object.fromEntries(
            Object.entries(doc).map(([k, v]) => [
              k,
              Array.isArray(v) ? v.map((n) => new Int32(n)) : new Int32(v),
            ]),
          );
          const run = () =>
            compileUpdate({ $set: {}, ...change }, { filter: {}, now: new Date(0) })(input, false);
          const isWrong = steps.some(([op, name]) => {
            const current = (doc as Plain)[name];
            if (current === undefined || op === '$set' || op === '$unset' || op === '$min' || op === '$max')
              return false;
            return NEEDS_ARRAY.includes(op) !== Array.isArray(current);
          });
          if (isWrong) {
            expect(run).toThrow();
            return;
          }
          const expected: Plain = { ...doc };
          for (const [op, name, operand] of steps) {
            const next = modelStep(op, expected[name], operand as number);
            if (next === undefined) delete expected[name];
            else expected[name] = next;
          }
          expect(plainly(run())).toEqual(expected);
        },
      ),
      { numRuns: 4000 },
    );
  });
});
