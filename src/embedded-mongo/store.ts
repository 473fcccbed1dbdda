/** Opens the data directory: lock, replay, compaction, indexes, and the journal for what comes next. */
import { Binary, ObjectId } from 'bson';
import { decodeBson, encodeBson, toRaw } from './bson-codec.ts';
import { Catalog } from './catalog.ts';
import type { Collection } from './collection.ts';
import { recordsOf } from './collection-records.ts';
import { Index } from './index.ts';
import { readIndexSpec } from './index-spec.ts';
import { encodeKey } from './key.ts';
import { RetryTable } from './sessions.ts';
import { type Journal, openJournal } from './storage/journal.ts';
import { encodeRecord, RECORD } from './storage/records.ts';
import { recover } from './storage/recover.ts';
import { needsCompaction, rotate } from './storage/snapshot.ts';
import type { Doc } from './value.ts';

export type Store = {
  readonly catalog: Catalog;
  readonly retries: RetryTable;
  readonly journal: Journal;
  /** The replica set's configuration once it is initiated. */
  replicaSet: Doc | undefined;
  /** Bytes of a torn last write that were cut off at the start. */
  readonly truncatedBytes: number;
};

/**
 * Brings the directory's state into memory. `onFailure` must end the process.
 * Throws CorruptionError when the files cannot be trusted.
 */
export function openStore(directory: string, nowMs: number, onFailure: (error: Error) => void): Store {
  const state = {
    catalog: new Catalog(),
    retries: new RetryTable(),
    replicaSet: undefined as Doc | undefined,
  };
  const recovered = recover(directory, (kind, namespace, bson) =>
    applyRecord(state, kind, namespace, bson, nowMs),
  );
  let file = recovered.journal;
  if (needsCompaction(file.sizeBytes, state.catalog.bytes())) {
    file = rotate(directory, recovered.generation, liveRecords(state));
  }
  for (const collection of state.catalog.collections.values()) collection.rebuildIndexes();
  return { ...state, journal: openJournal(file, onFailure), truncatedBytes: recovered.truncatedBytes };
}

type State = { catalog: Catalog; retries: RetryTable; replicaSet: Doc | undefined };

function applyRecord(state: State, kind: number, namespace: string, bson: Buffer, nowMs: number): void {
  const { catalog } = state;
  switch (kind) {
    case RECORD.put:
      catalog.get(namespace).load(storedKey(bson), toRaw(bson));
      return;
    case RECORD.delete:
      catalog.get(namespace).unload(storedKey(bson));
      return;
    case RECORD.createCollection:
      createCollection(catalog, namespace, decodeBson(bson));
      return;
    case RECORD.dropCollection:
      catalog.drop(namespace);
      return;
    case RECORD.createIndex:
      declareIndex(catalog.get(namespace), decodeBson(bson));
      return;
    case RECORD.dropIndex:
      catalog.get(namespace).dropIndex(String(decodeBson(bson)['name']));
      return;
    case RECORD.renameCollection:
      catalog.rename(namespace, String(decodeBson(bson)['to']));
      return;
    case RECORD.collectionOptions:
      catalog.get(namespace).options = decodeBson(bson);
      return;
    case RECORD.retry:
      state.retries.restore(decodeBson(bson), nowMs);
      return;
    case RECORD.replicaSet:
      state.replicaSet = decodeBson(bson);
      return;
    default:
      throw new RangeError(`unknown record kind ${kind}: the data was written by a newer engine`);
  }
}

/** Older records have no UUID: such a collection gets one at each start. */
function createCollection(catalog: Catalog, namespace: string, { uuid, ...options }: Doc): void {
  catalog.create(namespace, options, uuid instanceof Binary ? uuid.toUUID() : undefined);
}

/** Declares an index, or changes its options, without building it. */
function declareIndex(collection: Collection, spec: Doc): void {
  const index = new Index(readIndexSpec(spec));
  collection.dropIndex(index.spec.name);
  collection.indexes.push(index);
}

const OBJECT_ID_TYPE = 7;
const OBJECT_ID_RANK = encodeKey(new ObjectId())[0] ?? '';
const ID_VALUE_AT = 9;

/** The `_id` key of stored bytes, whose first field it is; an ObjectId is read without decoding the rest. */
function storedKey(bson: Buffer): string {
  if (bson[4] === OBJECT_ID_TYPE)
    return OBJECT_ID_RANK + bson.toString('latin1', ID_VALUE_AT, ID_VALUE_AT + 12);
  return encodeKey(decodeBson(bson)['_id']);
}

function* liveRecords(state: State): Generator<Buffer> {
  if (state.replicaSet !== undefined) yield encodeRecord(RECORD.replicaSet, '', encodeBson(state.replicaSet));
  for (const collection of state.catalog.collections.values()) {
    yield* recordsOf(collection);
  }
  for (const record of state.retries.records()) yield encodeRecord(RECORD.retry, '', record);
}
