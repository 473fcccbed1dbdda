/** One collection in memory: its documents in natural order, its indexes, and changes that keep both true. */
import { UUID } from 'bson';
import { decodeRaw } from './bson-codec.ts';
import { duplicateKeyError, Index } from './index.ts';
import { type IndexSpec, readIndexSpec } from './index-spec.ts';
import { encodeKey } from './key.ts';
import type { Entry } from './sorted-list.ts';
import { docOnce, type StoredDocument } from './stored-document.ts';
import type { Doc, Value } from './value.ts';

let lastOrder = 0;

export class Collection {
  namespace: string;
  options: Doc;
  /** What tells it from another one that has or had its name. */
  readonly uuid: UUID;
  readonly documents = new Map<string, StoredDocument>();
  indexes: Index[];
  /** Bytes of the documents as BSON. */
  bytes = 0;

  constructor(namespace: string, options: Doc, uuid = new UUID()) {
    this.namespace = namespace;
    this.options = options;
    this.uuid = uuid;
    this.indexes = [new Index(readIndexSpec({ key: { _id: 1 }, name: '_id_' }))];
  }

  /** The document with this `_id`. */
  byId(id: Value): StoredDocument | undefined {
    return this.documents.get(encodeKey(id));
  }

  /** Adds a document; `raw` starts with its `_id`. Throws 11000 (nothing changed) and 171. */
  insert(raw: string, doc: Doc): StoredDocument {
    const key = encodeKey(doc['_id']);
    if (this.documents.has(key)) throw duplicateId(this.namespace, doc['_id']);
    const others: string[][] = [];
    for (let at = 1; at < this.indexes.length; at += 1) others.push(this.#checkedKeys(at, doc, undefined));
    const stored = this.load(key, raw);
    this.indexes[0]?.entries.insert(key, stored);
    for (let at = 1; at < this.indexes.length; at += 1) this.indexes[at]?.add(others[at - 1] ?? [], stored);
    return stored;
  }

  /** Replaces a document's content, its `_id` unchanged. Throws 11000 (nothing changed) and 171. */
  replace(stored: StoredDocument, raw: string, doc: Doc): void {
    const before = docOnce(stored);
    const after = this.indexes.map((_, at) => (at === 0 ? [] : this.#checkedKeys(at, doc, stored)));
    this.indexes.forEach((index, at) => {
      if (at === 0) return;
      const oldKeys = index.keysOf(before);
      const newKeys = after[at] ?? [];
      if (oldKeys.length === 1 && newKeys.length === 1 && oldKeys[0] === newKeys[0]) return;
      index.remove(oldKeys, stored);
      index.add(newKeys, stored);
    });
    this.bytes += raw.length - stored.raw.length;
    stored.raw = raw;
    stored.decoded = undefined;
  }

  remove(stored: StoredDocument): void {
    const doc = docOnce(stored);
    for (const index of this.indexes) index.remove(index.keysOf(doc), stored);
    this.unload(stored.key);
  }

  /** Puts raw bytes in place without touching the indexes: for replay, before `rebuildIndexes`. */
  load(key: string, raw: string): StoredDocument {
    const existing = this.documents.get(key);
    if (existing !== undefined) {
      this.bytes += raw.length - existing.raw.length;
      existing.raw = raw;
      existing.decoded = undefined;
      return existing;
    }
    lastOrder += 1;
    const stored: StoredDocument = { raw, key, order: lastOrder, decoded: undefined };
    this.documents.set(key, stored);
    this.bytes += raw.length;
    return stored;
  }

  unload(key: string): void {
    const stored = this.documents.get(key);
    if (stored === undefined) return;
    this.documents.delete(key);
    this.bytes -= stored.raw.length;
  }

  /** Builds an index over what is there; throws 11000 and 171 and leaves the collection as it was. */
  addIndex(spec: IndexSpec): Index {
    const index = new Index(spec);
    index.build(this.documents.values(), docOnce, this.namespace);
    this.indexes.push(index);
    return index;
  }

  dropIndex(name: string): void {
    this.indexes = this.indexes.filter((index) => index.spec.name !== name);
  }

  indexNamed(name: string): Index | undefined {
    return this.indexes.find((index) => index.spec.name === name);
  }

  /** Builds all indexes after a replay; each document is decoded once. */
  rebuildIndexes(): void {
    const entries: Entry[][] = this.indexes.map(() => []);
    const onlyId = this.indexes.length === 1;
    for (const stored of this.documents.values()) {
      entries[0]?.push({ key: stored.key, stored });
      if (onlyId) continue;
      const doc = decodeRaw(stored.raw);
      for (let at = 1; at < this.indexes.length; at += 1) {
        for (const key of this.indexes[at]?.keysOf(doc) ?? []) entries[at]?.push({ key, stored });
      }
    }
    this.indexes.forEach((index, at) => {
      index.load(entries[at] ?? [], docOnce, this.namespace);
    });
  }

  /** The keys that an index besides that of `_id` has for the document; throws 11000 when one is taken. */
  #checkedKeys(at: number, doc: Doc, self: StoredDocument | undefined): string[] {
    const index = this.indexes[at];
    const keys = index?.keysOf(doc) ?? [];
    index?.checkUnique(keys, doc, self, this.namespace);
    return keys;
  }
}

function duplicateId(namespace: string, id: Value): Error {
  return duplicateKeyError(namespace, '_id_', { _id: 1 }, { _id: id });
}
