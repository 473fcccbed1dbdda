// What can be stored, and deep copies of it, so that nobody holds a reference into a store; own keys only.
import { AppError } from '../src/core/errors.ts';

/** Deeper values are refused by the database; a store in memory refuses them too. */
const MAX_DEPTH = 90;

/**
 * Takes scalars, dates, bytes, lists and plain objects, whatever their keys are called.
 * @throws AppError `input.invalid` naming the path of what the database cannot hold.
 */
export function checkStorable(value: unknown, path: string, depth = 0): void {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    throw unstorable(path, `is a ${typeof value}`);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array)
    return;
  if (depth >= MAX_DEPTH) throw unstorable(path, `is nested deeper than ${MAX_DEPTH} levels`);
  if (!Array.isArray(value) && !isPlain(value)) throw unstorable(path, `is a ${value.constructor.name}`);
  for (const [key, entry] of Object.entries(value)) {
    if (key.includes('\0') || key === '_bsontype')
      throw unstorable(path, `has the key ${JSON.stringify(key)}, which means something to the database`);
    checkStorable(entry, path, depth + 1);
  }
}

/** A deep copy; undefined fields are left out, in lists they become null. */
export function copyOf<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map((entry) => (entry === undefined ? null : copy(entry)));
  const result: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry !== undefined) setOwn(result, key, copy(entry));
  }
  return result;
}

/** Sets an own key, also one called `__proto__`, which plain assignment would turn into the prototype. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function unstorable(path: string, problem: string): AppError {
  return new AppError('input.invalid', `This cannot be stored: ${path} ${problem}.`);
}
