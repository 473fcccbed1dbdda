/** Records inside a frame: what a batch did to which namespace, with raw BSON as its operand. */

/** The kinds of record; the numbers are the file format and never change. */
export const RECORD = {
  put: 1,
  delete: 2,
  createCollection: 3,
  dropCollection: 4,
  createIndex: 5,
  dropIndex: 6,
  renameCollection: 7,
  collectionOptions: 8,
  retry: 9,
  replicaSet: 10,
  snapshotEnd: 11,
} as const;

export type RecordKind = (typeof RECORD)[keyof typeof RECORD];

/** `start..end` is the raw BSON within the payload. */
export type StoredRecord = { kind: number; namespace: string; start: number; end: number };

/** `u8 kind | u16 length of namespace | namespace | BSON`. */
export function encodeRecord(kind: RecordKind, namespace: string, bson: Buffer | string): Buffer {
  const nameBytes = Buffer.byteLength(namespace);
  const record = Buffer.allocUnsafe(3 + nameBytes + bson.length);
  record[0] = kind;
  record.writeUInt16LE(nameBytes, 1);
  record.write(namespace, 3);
  if (typeof bson === 'string') record.write(bson, 3 + nameBytes, 'latin1');
  else bson.copy(record, 3 + nameBytes);
  return record;
}

/**
 * Walks the records of one payload.
 * Throws RangeError when the bytes do not hold whole records (a frame whose checksum lies).
 */
export function* decodeRecords(payload: Buffer): Generator<StoredRecord> {
  let at = 0;
  let lastName = Buffer.alloc(0);
  let namespace = '';
  while (at < payload.length) {
    const kind = payload.readUInt8(at);
    const nameEnd = at + 3 + payload.readUInt16LE(at + 1);
    const name = payload.subarray(at + 3, nameEnd);
    if (!name.equals(lastName)) {
      lastName = Buffer.from(name);
      namespace = name.toString('utf8');
    }
    const end = nameEnd + payload.readInt32LE(nameEnd);
    if (end > payload.length || end < nameEnd + 5)
      throw new RangeError(`record at byte ${at} leaves its frame`);
    yield { kind, namespace, start: nameEnd, end };
    at = end;
  }
}
