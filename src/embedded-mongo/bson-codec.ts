/** Reads and writes BSON with every number kept in its own type, so that a Long stays a Long. */
import { BSONError, deserialize, serialize } from 'bson';
import { MAX_DOCUMENT_BYTES, tooLarge } from './storable.ts';
import { type Doc, isDoc, setField, type Value, withoutDbRefs } from './value.ts';

const TYPED = { promoteValues: false, promoteLongs: false, bsonRegExp: true, promoteBuffers: false } as const;
/** Below the 17 MB of the library's buffer, at whose end it would cut a string off without a word. */
const MAX_ENCODED_BYTES = MAX_DOCUMENT_BYTES + 64 * 1024;
const REF_FIELD = Buffer.from('$ref\0', 'latin1');

/** Decodes one BSON document into typed values; throws BSONError on malformed bytes. */
export function decodeBson(bytes: Buffer): Doc {
  const doc: Doc = deserialize(bytes, TYPED);
  return bytes.includes(REF_FIELD) ? plainDoc(doc) : doc;
}

/** Decodes an insert command, leaving the documents of its `documents` array as raw bytes. */
export function decodeInsert(bytes: Buffer): Doc {
  return deserialize(bytes, { ...TYPED, fieldsAsRaw: { documents: true } });
}

/** Encodes a document; the fields keep the order of the object. Throws 10334 above 16 MB and an answer's frame. */
export function encodeBson(doc: Doc): Buffer {
  const bytes = serializeAny(doc);
  if (bytes.length > MAX_ENCODED_BYTES) throw tooLarge(bytes.length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The client library takes a document with a field `_bsontype` for a value of its own; a Map it does not. */
function serializeAny(doc: Doc): Uint8Array {
  try {
    return serialize(doc, { ignoreUndefined: true });
  } catch (error) {
    if (isFull(error)) throw tooLarge('over 17 MB');
    if (!(error instanceof BSONError)) throw error;
    return serialize(asMap(doc), { ignoreUndefined: true });
  }
}

/** The library writes into a buffer of 17 MB, and leaves it by Node's error. */
function isFull(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

function asMap(doc: Doc): Map<string, Value> {
  return new Map(Object.keys(doc).map((name) => [name, withMaps(doc[name])]));
}

function withMaps(value: Value): Value {
  if (Array.isArray(value)) return value.map(withMaps);
  return isDoc(value) ? asMap(value) : value;
}

/** The bytes of a document as a latin1 string: 16 bytes of overhead in memory where a Buffer has over 100. */
export function toRaw(bytes: Buffer): string {
  return bytes.toString('latin1');
}

/** Turns stored latin1 text back into the document. */
export function decodeRaw(raw: string): Doc {
  return decodeBson(Buffer.from(raw, 'latin1'));
}

/**
 * The stored form of a document: `_id` first, as MongoDB keeps it.
 * Drivers append `_id` last, so its element is moved within the bytes where that is possible.
 */
export function withIdFirst(bytes: Buffer, doc: Doc): Buffer {
  if (startsWithId(bytes)) return bytes;
  const element = encodeBson({ _id: doc['_id'] }).subarray(4, -1);
  const body = bytes.subarray(4, -1);
  const rest = body.subarray(0, Math.max(0, body.length - element.length));
  if (body.length >= element.length && body.subarray(rest.length).equals(element)) {
    return Buffer.concat([bytes.subarray(0, 4), element, rest, bytes.subarray(-1)]);
  }
  const ordered: Doc = { _id: doc['_id'] };
  for (const name of Object.keys(doc)) if (name !== '_id') setField(ordered, name, doc[name]);
  return encodeBson(ordered);
}

const ID_HEAD = Buffer.from('_id\0', 'latin1');

function startsWithId(bytes: Buffer): boolean {
  return bytes.length > 9 && bytes.compare(ID_HEAD, 0, 4, 5, 9) === 0;
}

function plainDoc(doc: Doc): Doc {
  const plain: Doc = {};
  for (const name of Object.keys(doc)) setField(plain, name, withoutDbRefs(doc[name]));
  return plain;
}
