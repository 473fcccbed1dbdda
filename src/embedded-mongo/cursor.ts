/** Open cursors: what is still to be sent, in batches, until it ends, is killed, or times out. */
import { randomBytes } from 'node:crypto';
import { Long } from 'bson';
import { mongoError } from './errors.ts';
import type { Pace } from './pace.ts';

/** A document to send: stored latin1 text or BSON bytes; `undefined` is a tick. */
export type Item = string | Buffer | undefined;

export type Cursor = {
  readonly id: string;
  readonly namespace: string;
  readonly session: string | undefined;
  readonly source: Iterator<Item>;
  /** Taken from the source but too large for the last batch. */
  held: Item;
  readonly neverTimesOut: boolean;
  /** The batch size it was opened with, for getMore without one. */
  readonly batchSize: number | undefined;
  usedAtMs: number;
  busy: boolean;
};

export type Batch = { items: (string | Buffer)[]; ended: boolean };

const ENDED = Symbol('ended');
type Ended = typeof ENDED;

const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_LIMIT_MS = 10 * 60 * 1000;

/** Takes up to `count` documents and 16 MB from the cursor, resting at ticks. */
export async function takeBatch(cursor: Cursor, count: number, pace: Pace): Promise<Batch> {
  const items: (string | Buffer)[] = [];
  let bytes = 0;
  while (items.length < count) {
    const item: Item | Ended = cursor.held ?? nextOf(cursor);
    cursor.held = undefined;
    if (item === ENDED) return { items, ended: true };
    if (item === undefined) {
      await pace.rest();
      continue;
    }
    if (items.length > 0 && bytes + item.length > MAX_BATCH_BYTES) {
      cursor.held = item;
      return { items, ended: false };
    }
    bytes += item.length;
    items.push(item);
  }
  return { items, ended: false };
}

function nextOf(cursor: Cursor): Item | Ended {
  const step = cursor.source.next();
  return step.done ? ENDED : step.value;
}

export class CursorTable {
  readonly #cursors = new Map<string, Cursor>();

  get size(): number {
    return this.#cursors.size;
  }

  /** How many never time out. */
  get timeless(): number {
    let count = 0;
    for (const cursor of this.#cursors.values()) if (cursor.neverTimesOut) count += 1;
    return count;
  }

  add(cursor: Cursor): void {
    this.#cursors.set(cursor.id, cursor);
  }

  /** The open cursor; throws 43 when there is none, 13 for another namespace. */
  get(id: string, namespace: string): Cursor {
    const cursor = this.#cursors.get(id);
    if (cursor === undefined) throw mongoError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw mongoError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
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

  /** Closes cursors nobody has asked for ten minutes. */
  expire(nowMs: number): void {
    this.closeWhere((one) => !one.neverTimesOut && !one.busy && nowMs - one.usedAtMs > IDLE_LIMIT_MS);
  }
}

/** A random positive 63-bit cursor id. */
export function newCursorId(): Long {
  const bytes = randomBytes(8);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Long.fromBytesBE([...bytes]);
}
