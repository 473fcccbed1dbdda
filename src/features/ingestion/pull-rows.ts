// Finds the rows in another system's answer and gives their fields our names.
import { AppError } from '../../core/errors.ts';
import { fieldsOf } from '../../core/fields.ts';
import type { Stream } from '../../core/stream.ts';
import { readRows } from './rows-text.ts';

const MOST_ROWS = 10_000;

/**
 * The rows of an answer: a list at that path of JSON, or NDJSON where the path is empty.
 * @throws AppError `remote.refused` saying what stands there instead.
 */
export function rowsIn(text: string, rowsAt: string): readonly unknown[] {
  if (text.trim() === '') return [];
  const parsed = jsonOf(text);
  if (parsed === undefined && rowsAt === '') return readRows(text, MOST_ROWS);
  let value = parsed;
  for (const step of rowsAt === '' ? [] : rowsAt.split('.')) value = fieldIn(value, step);
  if (Array.isArray(value) && value.length <= MOST_ROWS) return value;
  const problem = Array.isArray(value) ? `more than ${MOST_ROWS} rows` : 'no list';
  throw new AppError('remote.refused', `The answer has ${problem} at “${rowsAt || 'its top'}”.`);
}

/** A value at a path of field names, such as `order.no`; undefined where there is none. */
export function valueAt(row: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>(fieldIn, row);
}

/**
 * A row under our names. Fields that are mapped are renamed; of the others those stay that the stream has. Numbers
 * given for texts, such as ids, become texts.
 */
export function mappedRow(stream: Stream, map: readonly string[], raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const kinds = new Map(fieldsOf(stream.row).map(({ name, kind }) => [name, kind]));
  const row: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(raw)) if (kinds.has(field)) row[field] = value;
  for (const pair of map) {
    const at = pair.lastIndexOf('=');
    const value = valueAt(raw, pair.slice(0, at));
    if (value !== undefined && value !== null) row[pair.slice(at + 1)] = value;
  }
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([field, value]) => [
        field,
        kinds.get(field) === 'text' && typeof value === 'number' ? String(value) : value,
      ]),
  );
}

/** The greatest value of the cursor's field, by number where all are numbers, else as texts. */
export function nextCursor(rows: readonly unknown[], field: string, before: string | null): string | null {
  const values = rows
    .map((row) => valueAt(row, field))
    .filter((value): value is string | number => typeof value === 'string' || typeof value === 'number');
  const all = [...(before === null ? [] : [before]), ...values];
  const isNumeric = all.every((value) => /^-?\d{1,15}(\.\d+)?$/.test(String(value)));
  return all
    .map(String)
    .reduce<string | null>(
      (best, one) => (best === null || (isNumeric ? Number(one) > Number(best) : one > best) ? one : best),
      null,
    );
}

function fieldIn(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
  return Reflect.get(value, field);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
