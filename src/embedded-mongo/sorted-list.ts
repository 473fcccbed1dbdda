/** A sorted list of (key, document) in chunks: cheap inserts in the middle, fast walks both ways. */
import type { StoredDocument } from './stored-document.ts';

/** Equal keys go by the order number of their documents, as MongoDB's index entries go by RecordId. */
export type Entry = { key: string; stored: StoredDocument };

/** `from` inclusive, `to` exclusive; undefined is open. */
export type KeyRange = { from: string | undefined; to: string | undefined };

type Place = { chunk: number; at: number };
type Chunk = { keys: string[]; values: StoredDocument[] };

const CHUNK_ENTRIES = 512;

export class SortedList {
  #chunks: Chunk[] = [];
  #size = 0;
  #version = 0;
  /** Where a key was looked for and not found, which is where it belongs until the list changes. */
  #free: { key: string; version: number; place: Place } | undefined;

  get size(): number {
    return this.#size;
  }

  /** Replaces everything by entries in any order; much faster than single inserts. */
  load(entries: Entry[]): void {
    entries.sort(compareEntries);
    this.#chunks = [];
    for (let at = 0; at < entries.length; at += CHUNK_ENTRIES / 2) {
      const part = entries.slice(at, at + CHUNK_ENTRIES / 2);
      this.#chunks.push({ keys: part.map((e) => e.key), values: part.map((e) => e.stored) });
    }
    this.#size = entries.length;
    this.#version += 1;
  }

  insert(key: string, stored: StoredDocument): void {
    const free = this.#free;
    const isKnown = free !== undefined && free.key === key && free.version === this.#version;
    const { chunk: index, at } = isKnown ? free.place : this.#position(key, stored.order);
    this.#version += 1;
    this.#size += 1;
    const chunk = this.#chunks[index];
    const isLast = chunk === undefined || (index === this.#chunks.length - 1 && at === chunk.keys.length);
    if (chunk === undefined || (isLast && at >= CHUNK_ENTRIES)) {
      this.#chunks.push({ keys: [key], values: [stored] });
      return;
    }
    if (isLast) {
      chunk.keys.push(key);
      chunk.values.push(stored);
      return;
    }
    chunk.keys.splice(at, 0, key);
    chunk.values.splice(at, 0, stored);
    if (chunk.keys.length > CHUNK_ENTRIES) this.#split(index, chunk);
  }

  /** Removes the entry; false when it was not there. */
  remove(key: string, stored: StoredDocument): boolean {
    const index = this.#chunkFor(key, stored.order);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return false;
    const at = lowerBound(chunk, key, stored.order);
    if (chunk.keys[at] !== key || chunk.values[at] !== stored) return false;
    this.#version += 1;
    this.#size -= 1;
    chunk.keys.splice(at, 1);
    chunk.values.splice(at, 1);
    if (chunk.keys.length === 0) this.#chunks.splice(index, 1);
    return true;
  }

  has(key: string, stored: StoredDocument): boolean {
    const chunk = this.#chunks[this.#chunkFor(key, stored.order)];
    if (chunk === undefined) return false;
    const at = lowerBound(chunk, key, stored.order);
    return chunk.keys[at] === key && chunk.values[at] === stored;
  }

  /** A document with this very key that is not `except`; undefined when the key is free. */
  otherWithKey(key: string, except: StoredDocument | undefined): StoredDocument | undefined {
    const place = this.#position(key, -1);
    let { chunk: index, at } = place;
    if (this.#chunks[index]?.keys[at] !== key) {
      this.#free = { key, version: this.#version, place };
      return undefined;
    }
    for (;;) {
      const chunk = this.#chunks[index];
      if (chunk === undefined) return undefined;
      if (at >= chunk.keys.length) {
        index += 1;
        at = 0;
        continue;
      }
      if (chunk.keys[at] !== key) return undefined;
      if (chunk.values[at] !== except) return chunk.values[at];
      at += 1;
    }
  }

  /** About how many entries lie in the range: exact within a chunk, by the chunk otherwise. */
  estimate(range: KeyRange): number {
    const start = this.#position(range.from ?? '', -1);
    const end = range.to === undefined ? undefined : this.#position(range.to, -1);
    const lastChunk = end?.chunk ?? this.#chunks.length;
    if (lastChunk === start.chunk) return Math.max(0, (end?.at ?? 0) - start.at);
    const head = (this.#chunks[start.chunk]?.keys.length ?? 0) - start.at;
    const average = this.#size / Math.max(1, this.#chunks.length);
    return Math.max(0, Math.round(head + (lastChunk - start.chunk - 1) * average + (end?.at ?? 0)));
  }

  /** Walks a range in order, or backwards; the list may change between two steps. */
  *walk(range: KeyRange, backwards: boolean): Generator<Entry> {
    if (backwards) yield* this.#walkDown(range);
    else yield* this.#walkUp(range);
  }

  *#walkUp(range: KeyRange): Generator<Entry> {
    let { chunk: index, at } = this.#position(range.from ?? '', -1);
    let version = this.#version;
    for (;;) {
      const chunk = this.#chunks[index];
      const key = chunk?.keys[at];
      const stored = chunk?.values[at];
      if (key === undefined || stored === undefined) {
        if (index >= this.#chunks.length) return;
        index += 1;
        at = 0;
        continue;
      }
      if (range.to !== undefined && key >= range.to) return;
      yield { key, stored };
      at += 1;
      if (version !== this.#version) {
        ({ chunk: index, at } = this.#position(key, stored.order + 0.5));
        version = this.#version;
      }
    }
  }

  *#walkDown(range: KeyRange): Generator<Entry> {
    const end = range.to === undefined ? { chunk: this.#chunks.length, at: 0 } : this.#position(range.to, -1);
    let { chunk: index, at } = end;
    let version = this.#version;
    for (;;) {
      at -= 1;
      if (at < 0) {
        index -= 1;
        const previous = this.#chunks[index];
        if (previous === undefined) return;
        at = previous.keys.length - 1;
      }
      const key = this.#chunks[index]?.keys[at];
      const stored = this.#chunks[index]?.values[at];
      if (key === undefined || stored === undefined) return;
      if (range.from !== undefined && key < range.from) return;
      yield { key, stored };
      if (version !== this.#version) {
        ({ chunk: index, at } = this.#position(key, stored.order));
        version = this.#version;
      }
    }
  }

  /** The first place whose entry is not before (key, order). */
  #position(key: string, order: number): Place {
    const index = this.#chunkFor(key, order);
    const chunk = this.#chunks[index];
    return { chunk: index, at: chunk === undefined ? 0 : lowerBound(chunk, key, order) };
  }

  /** The first chunk whose last entry is not before (key, order), or the last chunk. */
  #chunkFor(key: string, order: number): number {
    let low = 0;
    let high = Math.max(0, this.#chunks.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = this.#chunks[middle];
      const last = (chunk?.keys.length ?? 0) - 1;
      if (isBefore(chunk?.keys[last] ?? '', chunk?.values[last]?.order ?? -1, key, order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #split(index: number, chunk: Chunk): void {
    const half = chunk.keys.length >> 1;
    const right = { keys: chunk.keys.splice(half), values: chunk.values.splice(half) };
    this.#chunks.splice(index + 1, 0, right);
  }
}

function lowerBound(chunk: Chunk, key: string, order: number): number {
  let low = 0;
  let high = chunk.keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(chunk.keys[middle] ?? '', chunk.values[middle]?.order ?? -1, key, order)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(key: string, order: number, otherKey: string, otherOrder: number): boolean {
  return key < otherKey || (key === otherKey && order < otherOrder);
}

function compareEntries(a: Entry, b: Entry): number {
  if (a.key === b.key) return a.stored.order - b.stored.order;
  return a.key < b.key ? -1 : 1;
}
