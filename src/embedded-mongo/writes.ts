/** The only way to change data: each change goes to memory and to the journal. */
import { encodeBson, toRaw } from './bson-codec.ts';
import type { Collection } from './collection.ts';
import { creationRecord, recordsOf } from './collection-records.ts';
import type { Index } from './index.ts';
import { describeIndex, type IndexSpec } from './index-spec.ts';
import { type RetryKey, remember, type StatementOutcome } from './sessions.ts';
import { storedForm } from './storable.ts';
import { encodeRecord, RECORD, type RecordKind } from './storage/records.ts';
import { EMPTY_BSON } from './storage/snapshot.ts';
import type { Store } from './store.ts';
import type { StoredDocument } from './stored-document.ts';
import { checkDocument } from './validation.ts';
import type { Doc } from './value.ts';

export class Writes {
  readonly #store: Store;
  readonly #skipsValidation: boolean;
  #hasChanged = false;

  /** `skipsValidation`: the writer asked to bypass the collections' validators. */
  constructor(store: Store, skipsValidation = false) {
    this.#store = store;
    this.#skipsValidation = skipsValidation;
  }

  /** Throws 121 for a document its collection does not take, unless the writer skips that. */
  check(collection: Collection, doc: Doc, stored?: StoredDocument): void {
    if (!this.#skipsValidation) checkDocument(collection, doc, stored);
  }

  /** Has anything been changed? */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /**
   * Hands a change to the journal at once, so that the journal has the changes of all commands in the
   * order memory has them; those of one turn of the event loop are one frame.
   */
  #record(kind: RecordKind, namespace: string, bson: Buffer): void {
    this.#hasChanged = true;
    this.#store.journal.append(encodeRecord(kind, namespace, bson));
  }

  /** Inserts a document given as BSON and decoded; throws 121, 11000, 171, 10334, 15 and changes nothing then. */
  insert(collection: Collection, bson: Buffer, doc: Doc): void {
    this.check(collection, doc);
    const bytes = storedForm(bson);
    collection.insert(toRaw(bytes), doc);
    this.#record(RECORD.put, collection.namespace, bytes);
  }

  /** Replaces a document's content; throws 121, 11000, 171, 10334, 15 and changes nothing then. */
  replace(collection: Collection, stored: StoredDocument, doc: Doc): void {
    this.check(collection, doc, stored);
    const bytes = storedBytes(doc);
    collection.replace(stored, toRaw(bytes), doc);
    this.#record(RECORD.put, collection.namespace, bytes);
  }

  remove(collection: Collection, stored: StoredDocument, doc: Doc): void {
    collection.remove(stored);
    this.#record(RECORD.delete, collection.namespace, encodeBson({ _id: doc['_id'] }));
  }

  /** Throws 13297 when there is a database whose name differs by case alone. */
  create(namespace: string, options: Doc): Collection {
    this.#store.catalog.refuseOtherCase(namespace);
    const collection = this.#store.catalog.create(namespace, options);
    this.#hasChanged = true;
    this.#store.journal.append(creationRecord(collection));
    return collection;
  }

  /** The collection, made now if it does not exist, as MongoDB does on a first write. */
  ensure(namespace: string): Collection {
    return this.#store.catalog.find(namespace) ?? this.create(namespace, {});
  }

  setOptions(collection: Collection, options: Doc): void {
    collection.options = options;
    this.#record(RECORD.collectionOptions, collection.namespace, encodeBson(options));
  }

  drop(namespace: string): void {
    this.#store.catalog.drop(namespace);
    this.#record(RECORD.dropCollection, namespace, EMPTY_BSON);
  }

  /** Puts a collection that was built aside in the place of the one with its name, in one batch. */
  replaceCollection(made: Collection): void {
    const { catalog } = this.#store;
    const { namespace } = made;
    if (catalog.find(namespace) !== undefined) {
      this.#record(RECORD.dropCollection, namespace, EMPTY_BSON);
    }
    this.#hasChanged = true;
    for (const record of recordsOf(made)) this.#store.journal.append(record);
    catalog.put(made);
  }

  rename(from: string, to: string): void {
    this.#store.catalog.rename(from, to);
    this.#record(RECORD.renameCollection, from, encodeBson({ to }));
  }

  /** Builds an index; throws 11000 and 171 and changes nothing then. */
  createIndex(collection: Collection, spec: IndexSpec): Index {
    const index = collection.addIndex(spec);
    this.#record(RECORD.createIndex, collection.namespace, encodeBson(describeIndex(spec)));
    return index;
  }

  /** Records a change of an index's options that needs no new build. */
  changeIndex(collection: Collection, spec: IndexSpec): void {
    this.#record(RECORD.createIndex, collection.namespace, encodeBson(describeIndex(spec)));
  }

  dropIndex(collection: Collection, name: string): void {
    collection.dropIndex(name);
    this.#record(RECORD.dropIndex, collection.namespace, encodeBson({ name }));
  }

  /** Keeps a statement's outcome in the same batch as its effect. */
  remember(key: RetryKey | undefined, outcome: StatementOutcome, nowMs: number): void {
    if (key === undefined) return;
    this.#record(RECORD.retry, '', remember(key, outcome, nowMs));
  }

  setReplicaSet(config: Doc): void {
    this.#store.replicaSet = config;
    this.#record(RECORD.replicaSet, '', encodeBson(config));
  }
}

/** The bytes a document is kept as; throws 10334 and 15 when they cannot be stored. */
export function storedBytes(doc: Doc): Buffer {
  return storedForm(encodeBson(doc));
}
