/** Open cursors: what is still to be sent, in batches, until it ends, is killed, or times out. */
import { randomBytes } from 'node:crypto';
import { Long } from 'bson';
import { mongoError } from './errors.ts';
import type { Pace } from './pace.ts';
import type { Doc } from './value.ts';

/** A document to send: stored latin1 text or BSON bytes; `undefined` is a tick. */
export type Item = string | Buffer | undefined;

/** How a result says that it is over, as MongoDB's plans do: some only when one more document is asked for. */
export type End = {
  /** Over after this many documents; 0 is no limit. */
  readonly limit: number;
  /** Sorted in memory, found by `_id` or listed: over with the last document. */
  readonly isKnown: boolean;
};

export type Cursor = {
  readonly id: string;
  readonly namespace: string;
  readonly session: string | undefined;
  /** The API parameters it was opened with, as text. */
  readonly api: string;
  readonly source: Iterator<Item>;
  readonly end: End;
  /** The time limit of the command that opened it goes on through every getMore. */
  readonly pace: Pace;
  /** How many documents were sent. */
  sent: number;
  /** Taken from the source but too large for the last batch. */
  held: Item;
  readonly neverTimesOut: boolean;
  usedAtMs: number;
  busy: boolean;
};

export type Batch = { items: (string | Buffer)[]; ended: boolean };

const ENDED = Symbol('ended');
type Ended = typeof ENDED;

const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_LIMIT_MS = 10 * 60 * 1000;

/** Takes up to `count` documents and 16 MB from the cursor, resting at ticks. */
export async function takeBatch(cursor: Cursor, count: number): Promise<Batch> {
  const items: (string | Buffer)[] = [];
  let bytes = 0;
  while (items.length < count) {
    const item: Item | Ended = cursor.held ?? nextOf(cursor);
    cursor.held = undefined;
    if (item === ENDED) return { items, ended: true };
    if (item === undefined) {
      await cursor.pace.rest();
      continue;
    }
    if (items.length > 0 && bytes + item.length > MAX_BATCH_BYTES) {
      cursor.held = item;
      return { items, ended: false };
    }
    bytes += item.length;
    items.push(item);
    cursor.sent += 1;
  }
  return { items, ended: count > 0 && isOver(cursor) };
}

/** Is it known that nothing more will come? */
function isOver(cursor: Cursor): boolean {
  const { limit, isKnown } = cursor.end;
  if (limit > 0 && cursor.sent >= limit) return true;
  if (!isKnown) return false;
  const item = nextOf(cursor);
  if (item === ENDED) return true;
  cursor.held = item;
  return false;
}

function nextOf(cursor: Cursor): Item | Ended {
  const step = cursor.source.next();
  return step.done ? ENDED : step.value;
}

export class CursorTable {
  readonly #cursors = new Map<string, Cursor>();
  #timedOut = 0;

  get size(): number {
    return this.#cursors.size;
  }

  add(cursor: Cursor): void {
    this.#cursors.set(cursor.id, cursor);
  }

  /** The open cursor; throws 43 when there is none, 36 while it is in use. */
  get(id: string): Cursor {
    const cursor = this.#cursors.get(id);
    if (cursor === undefined) throw mongoError(43, `cursor id ${id} not found`);
    if (cursor.busy) throw mongoError(36, `cursor id ${id} is already in use`);
    return cursor;
  }

  /** True when the cursor existed. */
  close(id: string, namespace?: string): boolean {
    const cursor = this.#cursors.get(id);
    if (cursor === undefined || (namespace !== undefined && cursor.namespace !== namespace)) return false;
    cursor.source.return?.();
    return this.#cursors.delete(id);
  }

  closeWhere(condition: (cursor: Cursor) => boolean): void {
    for (const cursor of this.#cursors.values()) if (condition(cursor)) this.close(cursor.id);
  }

  /** The section `metrics.cursor` of serverStatus. */
  metrics(): Doc {
    const open = [...this.#cursors.values()];
    return {
      timedOut: Long.fromNumber(this.#timedOut),
      open: {
        noTimeout: Long.fromNumber(open.filter((cursor) => cursor.neverTimesOut).length),
        pinned: Long.fromNumber(open.filter((cursor) => cursor.busy).length),
        total: Long.fromNumber(open.length),
      },
    };
  }

  /** Closes cursors nobody has asked for ten minutes. */
  expire(nowMs: number): void {
    const before = this.#cursors.size;
    this.closeWhere((one) => !one.neverTimesOut && !one.busy && nowMs - one.usedAtMs > IDLE_LIMIT_MS);
    this.#timedOut += before - this.#cursors.size;
  }
}

/** A random positive 63-bit cursor id. */
export function newCursorId(): Long {
  const bytes = randomBytes(8);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Long.fromBytesBE([...bytes]);
}
