/** One index: which keys a document has, who owns a unique key, and the sorted entries. */
import { UNDEFINED } from './bson/deprecated.ts';
import { mongoError } from './errors.ts';
import type { IndexSpec } from './index-spec.ts';
import { encodeKey, invertKey } from './key.ts';
import { compileFilter } from './match.ts';
import { hasArrayAt, setAt, valueAt, valuesAt } from './path.ts';
import { show } from './show.ts';
import { type Entry, SortedList } from './sorted-list.ts';
import type { StoredDocument } from './stored-document.ts';
import { type Doc, docWith, fieldOf, isDoc, setField, type Value } from './value.ts';

/** A key of a document and the values it was made from. */
type Combination = { key: string; values: Value[] };

export class Index {
  readonly spec: IndexSpec;
  readonly entries = new SortedList();
  /** By field: has any document had an array there since the index was built? */
  readonly multikey: boolean[];
  /** Scans that went through it since it was made, for `$indexStats`. */
  uses = 0;
  readonly since = new Date();
  /** Has any document had a value there that is undefined? Null finds it, under another key. */
  holdsUndefined = false;
  readonly #covers: (doc: Doc) => boolean;
  readonly #paths: readonly (readonly string[])[];

  constructor(spec: IndexSpec) {
    this.spec = spec;
    this.multikey = spec.fields.map(() => false);
    this.#covers = coverage(spec);
    this.#paths = spec.fields.map((field) => field.path.split('.'));
  }

  get isMultikey(): boolean {
    return this.multikey.includes(true);
  }

  /** The document's keys, each once; empty when a sparse or partial index leaves it out. Throws 171. */
  keysOf(doc: Doc): string[] {
    if (!this.#covers(doc)) return [];
    const plain = this.#plainKey(doc);
    if (plain !== undefined) return [plain];
    const arrays = this.#arrayFields(doc);
    this.#refuseHashed(arrays);
    for (const field of arrays) this.multikey[field] = true;
    return [...new Set(this.#combinations(doc, arrays).map((combination) => combination.key))];
  }

  #refuseHashed(arrays: readonly number[]): void {
    for (const at of arrays) {
      const field = this.spec.fields[at];
      if (field?.hashed === undefined) continue;
      throw mongoError(
        16766,
        `hashed indexes do not currently support array values. Found array at path: ${field.path}`,
      );
    }
  }

  /** The document's first key that `counts` takes, as a document of the index's fields. */
  shownKey(doc: Doc, counts: (key: string) => boolean): Doc {
    const found = this.#combinations(doc, this.#arrayFields(doc)).find(({ key }) => counts(key));
    return docWith(this.spec.fields.map(({ path }, at) => [path, found?.values[at] ?? null]));
  }

  /** Throws 11000 when another document owns one of the keys of a unique index. */
  checkUnique(keys: readonly string[], doc: Doc, self: StoredDocument | undefined, namespace: string): void {
    if (!this.spec.unique && this.spec.prepareUnique !== true) return;
    for (const key of keys) {
      if (this.entries.otherWithKey(key, self) !== undefined) throw this.#duplicate(key, doc, namespace);
    }
  }

  add(keys: readonly string[], stored: StoredDocument): void {
    for (const key of keys) this.entries.insert(key, stored);
  }

  remove(keys: readonly string[], stored: StoredDocument): void {
    for (const key of keys) this.entries.remove(key, stored);
  }

  /** Fills an empty index in one go; throws 11000 when a unique key is there twice. */
  build(
    documents: Iterable<StoredDocument>,
    decode: (stored: StoredDocument) => Doc,
    namespace: string,
  ): void {
    const entries: Entry[] = [];
    for (const stored of documents) {
      for (const key of this.keysOf(decode(stored))) entries.push({ key, stored });
    }
    this.load(entries, decode, namespace);
  }

  load(entries: Entry[], decode: (stored: StoredDocument) => Doc, namespace: string): void {
    this.entries.load(entries);
    if (!this.spec.unique) return;
    for (let at = 1; at < entries.length; at += 1) {
      const entry = entries[at];
      const before = entries[at - 1];
      if (entry === undefined || before === undefined || entry.key !== before.key) continue;
      throw this.#duplicate(entry.key, decode(entry.stored), namespace);
    }
  }

  /** The one key of a document without arrays on the index's paths; undefined when there are any. */
  #plainKey(doc: Doc): string | undefined {
    let key = '';
    for (let at = 0; at < this.#paths.length; at += 1) {
      let value: Value = doc;
      for (const part of this.#paths[at] ?? []) {
        value = isDoc(value) ? fieldOf(value, part) : undefined;
        if (Array.isArray(value)) return undefined;
      }
      key += this.#part(at, value ?? null);
    }
    return key;
  }

  #part(field: number, value: Value): string {
    if (value === UNDEFINED) this.holdsUndefined = true;
    const key = encodeKey(value);
    return this.spec.fields[field]?.descending ? invertKey(key) : key;
  }

  #arrayFields(doc: Doc): number[] {
    const found: number[] = [];
    this.spec.fields.forEach((field, at) => {
      if (hasArrayAt(doc, field.path)) found.push(at);
    });
    return found;
  }

  #combinations(doc: Doc, arrays: readonly number[]): Combination[] {
    if (arrays.length > 1) return this.#alignedCombinations(doc, arrays);
    let found: Combination[] = [{ key: '', values: [] }];
    this.spec.fields.forEach((field, at) => {
      const next: Combination[] = [];
      for (const value of valuesAt(doc, field.path)) {
        const part = this.#part(at, value);
        for (const { key, values } of found) next.push({ key: key + part, values: [...values, value] });
      }
      found = next;
    });
    return found;
  }

  /** Several fields within one array are taken element by element; two different arrays are refused (171). */
  #alignedCombinations(doc: Doc, arrays: readonly number[]): Combination[] {
    const holders = arrays.map((field) => outermostArray(doc, this.#paths[field] ?? []));
    const [first] = holders;
    if (first === undefined) return [];
    const other = holders.find((holder) => holder.join('.') !== first.join('.'));
    if (other !== undefined) {
      throw mongoError(171, `cannot index parallel arrays [${other.at(-1)}] [${first.at(-1)}]`);
    }
    const elements = valueAt(doc, first);
    if (!Array.isArray(elements)) return [];
    const found: Combination[] = [];
    for (const element of elements.length === 0 ? [undefined] : elements) {
      const variant = setAt(doc, first, element);
      found.push(...this.#combinations(variant, this.#arrayFields(variant)));
    }
    return found;
  }

  #duplicate(key: string, doc: Doc, namespace: string): Error {
    const combination = this.#combinations(doc, this.#arrayFields(doc)).find((one) => one.key === key);
    const keyValue: Doc = {};
    this.spec.fields.forEach((field, at) => {
      setField(keyValue, field.path, combination?.values[at] ?? null);
    });
    return duplicateKeyError(namespace, this.spec.name, this.spec.key, keyValue);
  }
}

/** E11000 with the fields drivers read. */
export function duplicateKeyError(namespace: string, index: string, keyPattern: Doc, keyValue: Doc): Error {
  return mongoError(
    11000,
    `E11000 duplicate key error collection: ${namespace} index: ${index} dup key: ${show(keyValue)}`,
    { keyPattern, keyValue },
  );
}

function outermostArray(doc: Doc, parts: readonly string[]): string[] {
  for (let length = 1; length <= parts.length; length += 1) {
    const prefix = parts.slice(0, length);
    if (Array.isArray(valueAt(doc, prefix))) return prefix;
  }
  return [...parts];
}

function coverage(spec: IndexSpec): (doc: Doc) => boolean {
  if (spec.isWildcard) return () => false;
  if (spec.partialFilterExpression !== undefined) return compileFilter(spec.partialFilterExpression);
  if (!spec.sparse) return () => true;
  const present = spec.fields.map((field) => compileFilter(docWith([[field.path, { $exists: true }]])));
  return (doc) => present.some((exists) => exists(doc));
}
