// Where a reader stands in messages that several processes write: no message missed, and none given twice.
import type { ConsoleMessageRow } from '../../models/console-message.ts';
import { AppError } from '../../src/core/errors.ts';

/** How much later than its time a message may become visible: clocks of processes differ, and writes overlap. */
const SETTLES_MS = 5_000;

/** In a flood of more messages than these the reader moves on to the newest, so that the cursor stays short. */
const MOST_MARKS = 15;

/** A moment, and which states of messages were seen already at or after it. */
export interface Cursor {
  readonly from: number;
  readonly seen: ReadonlySet<string>;
}

export const atTheStart: Cursor = { from: 0, seen: new Set() };

/** Names one state of a message: one that changed is a new one to the reader. */
export function markOf({ _id, version }: ConsoleMessageRow): string {
  return `${_id.slice(4, 14)}${version}`;
}

/** Where the reader stands after these rows. */
export function advance(cursor: Cursor, rows: readonly ConsoleMessageRow[]): Cursor {
  const newest = Math.max(cursor.from, ...rows.map((row) => row.changedAt.getTime()));
  const from = Math.max(cursor.from, newest - SETTLES_MS);
  // What was seen is at most the settling time younger than where the reader stood.
  const kept = from > cursor.from + SETTLES_MS ? [] : [...cursor.seen];
  const seen = new Set([...kept, ...marksSince(rows, from)]);
  if (seen.size <= MOST_MARKS) return { from, seen };
  return { from: newest, seen: new Set(marksSince(rows, newest).slice(-MOST_MARKS)) };
}

function marksSince(rows: readonly ConsoleMessageRow[], from: number): string[] {
  return rows.filter((row) => row.changedAt.getTime() >= from).map(markOf);
}

/** At most 200 characters, fit for a query string. */
export function writeCursor({ from, seen }: Cursor): string {
  return [from.toString(36), ...seen].join('.');
}

/** @throws AppError `input.invalid` for a text that was never given out. */
export function readCursor(text: string): Cursor {
  const [from = '', ...seen] = text.split('.');
  if (!/^[0-9a-z]{1,9}$/.test(from) || seen.length > MOST_MARKS) {
    const shown = text.slice(0, 40);
    throw new AppError('input.invalid', `“${shown}” is no place in the messages; leave “after” out.`);
  }
  return { from: Number.parseInt(from, 36), seen: new Set(seen) };
}
