// How one cell of an exposure file is read; each reader throws what is wrong with it.
import { DateTime } from 'luxon';

const yes = new Set(['1', 'true', 'yes', 'y', 't', 'converted', '1.0']);
const no = new Set(['0', 'false', 'no', 'n', 'f', '0.0']);

export function readConverted(cell: string): boolean {
  const word = cell.toLowerCase();
  if (yes.has(word)) return true;
  if (no.has(word)) return false;
  throw new Error(
    cell === ''
      ? 'the outcome is empty'
      : `the outcome “${cell.slice(0, 40)}” is not 1 or 0, true or false, yes or no`,
  );
}

// Control characters, line separators and invisible direction marks: they would let one name look like another.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200B-\u200F\u202A-\u202E\u2066-\u2069]/u;

export function readText(field: string, cell: string, maxLength: number): string {
  if (cell === '') throw new Error(`the ${field} is empty`);
  if (cell.length > maxLength)
    throw new Error(`the ${field} has ${cell.length} characters; at most ${maxLength}`);
  if (UNSEEN.test(cell)) throw new Error(`the ${field} has characters that cannot be seen`);
  return cell.normalize('NFC');
}

const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** An instant from ISO 8601 or SQL text (UTC where no offset stands), or from Unix seconds or milliseconds. */
export function readInstant(cell: string): Date {
  const ms = /^\d{9,10}$/.test(cell)
    ? Number(cell) * 1000
    : /^\d{12,13}$/.test(cell)
      ? Number(cell)
      : instantOf(cell);
  if (!(ms >= EARLIEST_MS && ms < LATEST_MS)) {
    throw new Error(`the time “${cell.slice(0, 40)}” is not a date like 2026-11-01T09:30:00Z`);
  }
  return new Date(ms);
}

function instantOf(cell: string): number {
  const iso = DateTime.fromISO(cell, { zone: 'utc' });
  return iso.isValid ? iso.toMillis() : DateTime.fromSQL(cell, { zone: 'utc' }).toMillis();
}
