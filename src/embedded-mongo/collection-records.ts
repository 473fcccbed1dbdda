/** A whole collection as records of the journal, for snapshots and for a collection that replaces another. */
import { encodeBson } from './bson-codec.ts';
import type { Collection } from './collection.ts';
import { describeIndex } from './index-spec.ts';
import { encodeRecord, RECORD } from './storage/records.ts';

/** Makes the collection with its options and its UUID. */
export function creationRecord({ namespace, options, uuid }: Collection): Buffer {
  return encodeRecord(RECORD.createCollection, namespace, encodeBson({ ...options, uuid }));
}

/** Makes the collection, its indexes and its documents, in this order. */
export function* recordsOf(collection: Collection): Generator<Buffer> {
  const { namespace } = collection;
  yield creationRecord(collection);
  for (const { spec } of collection.indexes.slice(1)) {
    yield encodeRecord(RECORD.createIndex, namespace, encodeBson(describeIndex(spec)));
  }
  for (const { raw } of collection.documents.values()) yield encodeRecord(RECORD.put, namespace, raw);
}
