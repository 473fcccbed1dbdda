// How one cell of an exposure file is read; each reader throws what is wrong with it.
import { DateTime } from 'luxon';
import type { Bilingual } from '../../core/operation.ts';

/** A cell that cannot be read, and why. */
export class UnreadCell extends Error {
  readonly problem: Bilingual;

  constructor(en: string, hi: string) {
    super(en);
    this.problem = { en, hi };
  }
}

const yes = new Set(['1', 'true', 'yes', 'y', 't', 'converted', '1.0']);
const no = new Set(['0', 'false', 'no', 'n', 'f', '0.0']);

export function readConverted(cell: string): boolean {
  const word = cell.toLowerCase();
  if (yes.has(word)) return true;
  if (no.has(word)) return false;
  if (cell === '') throw new UnreadCell('the outcome is empty', 'outcome खाली है');
  const given = cell.slice(0, 40);
  throw new UnreadCell(
    `the outcome “${given}” is not 1 or 0, true or false, yes or no`,
    `outcome “${given}” न 1/0 है, न true/false, न yes/no`,
  );
}

// Control characters, line separators and invisible direction marks: they would let one name look like another.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200B-\u200F\u202A-\u202E\u2066-\u2069]/u;

export function readText(field: string, cell: string, maxLength: number): string {
  if (cell === '') throw new UnreadCell(`the ${field} is empty`, `${field} खाली है`);
  if (cell.length > maxLength)
    throw new UnreadCell(
      `the ${field} has ${cell.length} characters; at most ${maxLength}`,
      `${field} में ${cell.length} अक्षर हैं; ज़्यादा से ज़्यादा ${maxLength} हो सकते हैं`,
    );
  if (UNSEEN.test(cell))
    throw new UnreadCell(
      `the ${field} has characters that cannot be seen`,
      `${field} में ऐसे अक्षर हैं जो दिखते नहीं`,
    );
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
    const given = cell.slice(0, 40);
    throw new UnreadCell(
      `the time “${given}” is not a date like 2026-11-01T09:30:00Z`,
      `समय “${given}” 2026-11-01T09:30:00Z जैसी तारीख नहीं है`,
    );
  }
  return new Date(ms);
}

function instantOf(cell: string): number {
  const iso = DateTime.fromISO(cell, { zone: 'utc' });
  return iso.isValid ? iso.toMillis() : DateTime.fromSQL(cell, { zone: 'utc' }).toMillis();
}
