// Where a reader stands in messages that several processes write: no message missed, and none given twice.
import type { ConsoleMessageRow } from '../../models/console-message.ts';
import { AppError } from '../../src/core/errors.ts';

/** How much later than its time a message may become visible: clocks of processes differ, and writes overlap. */
export const SETTLES_MS = 5_000;

/** More messages than these in 5 seconds, and the oldest of them may be given again. */
const MOST_MARKS = 300;

/** A moment, and what was seen already of the last seconds before it. */
export interface Cursor {
  readonly at: number;
  readonly seen: ReadonlySet<string>;
}

export const atTheStart: Cursor = { at: 0, seen: new Set() };

/** Names one state of a message: one that changed is a new one to the reader. */
export function markOf({ _id, version }: ConsoleMessageRow): string {
  return `${_id.slice(4, 14)}${version}`;
}

/** Where the reader stands after these rows. */
export function advance(from: Cursor, rows: readonly ConsoleMessageRow[]): Cursor {
  const at = Math.max(from.at, ...rows.map((row) => row.changedAt.getTime()));
  const recent = rows.filter((row) => row.changedAt.getTime() >= at - SETTLES_MS).map(markOf);
  const kept = at - from.at > SETTLES_MS ? [] : [...from.seen];
  return { at, seen: new Set([...kept, ...recent].slice(-MOST_MARKS)) };
}

export function writeCursor({ at, seen }: Cursor): string {
  return [at.toString(36), ...seen].join('.');
}

/** @throws AppError `input.invalid` for a text that was never given out. */
export function readCursor(text: string): Cursor {
  const [at = '', ...seen] = text.split('.');
  if (!/^[0-9a-z]{1,9}$/.test(at) || seen.length > MOST_MARKS) {
    const shown = text.slice(0, 40);
    throw new AppError('input.invalid', `“${shown}” is no place in the messages; leave “after” out.`);
  }
  return { at: Number.parseInt(at, 36), seen: new Set(seen) };
}
