/** Compares a result with what a unified test expects, with the format's `$$` operators. */
import {
  Binary,
  BSONRegExp,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  ObjectId,
  Timestamp,
} from 'mongodb';

/** Finds what a test has named: sessions by id, saved results. */
export type Named = { sessionId(name: string): unknown; value(name: string): unknown };

/** The place and the reason of a difference, or undefined when the value matches. */
export type Difference = string | undefined;

/**
 * https://github.com/mongodb/specifications/blob/master/source/unified-test-format/unified-test-format.md
 * #evaluating-matches: documents at the root may have more fields than expected, those within may not;
 * the numeric types are equal by value.
 */
export function difference(
  expected: unknown,
  actual: unknown,
  named: Named,
  isRoot: boolean,
  path = 'result',
): Difference {
  const operator = operatorOf(expected);
  if (operator !== undefined) return special(operator, expected as Document, actual, named, path);
  if (Array.isArray(expected)) return arrayDifference(expected, actual, named, path, isRoot);
  if (isPlain(expected)) return documentDifference(expected, actual, named, isRoot, path);
  return sameScalar(expected, actual) ? undefined : told(path, expected, actual);
}

function operatorOf(expected: unknown): string | undefined {
  if (!isPlain(expected)) return undefined;
  const [name, second] = Object.keys(expected);
  return second === undefined && name?.startsWith('$$') ? name : undefined;
}

function arrayDifference(
  expected: readonly unknown[],
  actual: unknown,
  named: Named,
  path: string,
  isRoot: boolean,
): Difference {
  if (!Array.isArray(actual)) return told(path, expected, actual);
  if (actual.length !== expected.length) {
    return `${path}: ${expected.length} elements expected, ${actual.length} found: ${show(actual)}`;
  }
  for (const [at, item] of expected.entries()) {
    const found = difference(item, actual[at], named, isRoot, `${path}[${at}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function documentDifference(
  expected: Document,
  actual: unknown,
  named: Named,
  isRoot: boolean,
  path: string,
): Difference {
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
    return told(path, expected, actual);
  // The driver keeps the order of a sort in a Map.
  const fields: Document = actual instanceof Map ? Object.fromEntries(actual) : actual;
  for (const name of Object.keys(expected)) {
    const found = difference(expected[name], fields[name], named, false, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  if (isRoot) return undefined;
  const extra = Object.keys(fields).find((name) => !Object.hasOwn(expected, name));
  return extra === undefined ? undefined : `${path}: the field '${extra}' was not expected`;
}

function special(
  operator: string,
  expected: Document,
  actual: unknown,
  named: Named,
  path: string,
): Difference {
  const operand: unknown = expected[operator];
  switch (operator) {
    case '$$exists':
      return (actual !== undefined) === operand ? undefined : told(path, expected, actual);
    case '$$type': {
      const names = Array.isArray(operand) ? operand : [operand];
      return names.some((name) => hasType(actual, String(name))) ? undefined : told(path, expected, actual);
    }
    case '$$unsetOrMatches':
      return actual === undefined || actual === null
        ? undefined
        : difference(operand, actual, named, true, path);
    case '$$matchesEntity':
      return difference(named.value(String(operand)), actual, named, false, path);
    case '$$matchesHexBytes':
      return actual instanceof Uint8Array && Buffer.from(actual).toString('hex') === operand
        ? undefined
        : told(path, expected, actual);
    case '$$matchAsRoot':
      return difference(operand, actual, named, true, path);
    case '$$lte':
      return Number(actual) <= Number(operand) ? undefined : told(path, expected, actual);
    case '$$sessionLsid':
      return difference(named.sessionId(String(operand)), actual, named, false, path);
    default:
      return `${path}: the operator ${operator} is not known to this runner`;
  }
}

const TYPE_TESTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  object: isPlain,
  array: Array.isArray,
  null: (value) => value === null,
  binData: (value) => value instanceof Binary || value instanceof Uint8Array,
  objectId: (value) => value instanceof ObjectId,
  timestamp: (value) => value instanceof Timestamp,
  decimal: (value) => value instanceof Decimal128,
};
const NUMERIC_TYPES = new Set(['int', 'long', 'double', 'number']);

/** The driver gives ints, longs and doubles as the same number, so they count as one type here. */
function hasType(value: unknown, name: string): boolean {
  if (NUMERIC_TYPES.has(name)) return numberOf(value) !== undefined;
  return Object.hasOwn(TYPE_TESTS, name) && TYPE_TESTS[name]?.(value) === true;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long && !(value instanceof Timestamp)) return value.toNumber();
  return typeof value === 'bigint' ? Number(value) : undefined;
}

function sameScalar(expected: unknown, actual: unknown): boolean {
  if (expected === actual) return true;
  const number = numberOf(expected);
  if (number !== undefined) return numberOf(actual) === number;
  if (expected instanceof Date) return actual instanceof Date && actual.getTime() === expected.getTime();
  if (expected instanceof BSONRegExp && actual instanceof RegExp) return expected.pattern === actual.source;
  if (expected instanceof Binary && actual instanceof Uint8Array) return expected.value() === actual;
  if (expected === null || actual === null || typeof expected !== 'object') return false;
  return typeof actual === 'object' && show(expected) === show(actual);
}

function isPlain(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function told(path: string, expected: unknown, actual: unknown): string {
  return `${path}: expected ${show(expected)}, found ${show(actual)}`;
}

/** A value for a message; what JSON cannot hold is told in words. */
export function show(value: unknown): string {
  const text = JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner));
  return (text ?? String(value)).slice(0, 300);
}
