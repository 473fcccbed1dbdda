// Matching and ordering in memory, the way the database does it: by type first, missing as null, lists by element.
import type { FieldTest, Test } from './conditions.ts';

type Value = Readonly<Record<string, unknown>>;

export function matches(record: Value, where: readonly FieldTest[]): boolean {
  return where.every(({ field, tests }) => {
    const value = record[field] ?? null;
    return tests.every((test) => holds(value, test));
  });
}

/** Compares by these fields in turn, the way the database sorts. */
export function byFields(
  sort: readonly (readonly [field: string, direction: 1 | -1])[],
): (a: Value, b: Value) => number {
  return (a, b) => {
    for (const [field, direction] of sort) {
      const order = compare(a[field] ?? null, b[field] ?? null);
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

function holds(value: unknown, test: Test): boolean {
  if (test.operator === 'not') return !isAmong(value, [test.value]);
  if (test.operator === 'is') return isAmong(value, [test.value]);
  if (test.operator === 'in') return isAmong(value, test.values);
  const { operator, value: bound } = test;
  return elementsOf(value).some((element) => {
    if (rank(element) !== rank(bound)) return false;
    const order = compare(element, bound);
    if (order === 0) return operator === 'lte' || operator === 'gte';
    return order < 0 ? operator === 'lt' || operator === 'lte' : operator === 'gt' || operator === 'gte';
  });
}

function isAmong(value: unknown, wanted: readonly unknown[]): boolean {
  return elementsOf(value).some((element) =>
    element instanceof Date
      ? wanted.some((date) => date instanceof Date && date.getTime() === element.getTime())
      : wanted.includes(element),
  );
}

const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function compare(a: unknown, b: unknown): number {
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  if (typeof a === 'string' && typeof b === 'string')
    return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
  const [left, right] = [Number(a), Number(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The database's order of types; only values of one rank are compared. */
function rank(value: unknown): number {
  if (value === null || value === undefined) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (typeof value === 'boolean') return 8;
  if (value instanceof Date) return 9;
  return Array.isArray(value) ? 5 : 4;
}
