// Reads the rows of a body: one JSON object on each line, or one JSON array; a line that is no JSON is a row of its own.
import { AppError } from '../../core/errors.ts';

export const MOST_ROWS = 10_000;

/** A line that cannot be read, as a row that no stream takes. */
interface Unreadable {
  readonly unreadable: string;
}

/**
 * @throws AppError `input.not_json` for an array that cannot be read, `input.too_large` above that many rows,
 * `input.invalid` when there is no row.
 */
export function readRows(content: string, most = MOST_ROWS): unknown[] {
  const text = content.startsWith('\ufeff') ? content.slice(1) : content;
  const rows = text.trimStart().startsWith('[') ? readArray(text) : readLines(text, most);
  if (rows.length > most)
    throw new AppError('input.too_large', `The body has more than ${most} rows, the most taken at once.`);
  if (rows.length === 0)
    throw new AppError('input.invalid', 'There is no row: give one JSON object on each line, or an array.');
  return rows;
}

function readArray(text: string): unknown[] {
  const value = parsed(text);
  if (Array.isArray(value)) return value;
  throw new AppError('input.not_json', 'The body begins like a JSON array and is none.');
}

function readLines(text: string, most: number): unknown[] {
  const rows: unknown[] = [];
  for (const line of text.split('\n')) {
    const row = line.trim();
    if (row === '') continue;
    rows.push(parsed(row) ?? unreadable(row));
    if (rows.length > most) break;
  }
  return rows;
}

const unreadable = (line: string): Unreadable => ({ unreadable: line.slice(0, 200) });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
