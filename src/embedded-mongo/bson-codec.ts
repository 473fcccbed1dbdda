/** BSON at the engine's borders: what comes over the wire, what is stored, and what is answered. */
import { decodeDocument } from './bson/decode.ts';
import { encodeDocument } from './bson/encode.ts';
import type { Doc } from './value.ts';

/** Decodes one BSON document into typed values; throws BSONError on malformed bytes. */
export function decodeBson(bytes: Buffer): Doc {
  return decodeDocument(bytes);
}

/** Decodes an insert command, leaving the documents of its `documents` array as raw bytes. */
export function decodeInsert(bytes: Buffer): Doc {
  return decodeDocument(bytes, 'documents');
}

/** Encodes a document. Throws 10334 above 16 MB and an answer's frame. */
export function encodeBson(doc: Doc): Buffer {
  return encodeDocument(doc);
}

/** The bytes of a document as a latin1 string: 16 bytes of overhead in memory where a Buffer has over 100. */
export function toRaw(bytes: Buffer): string {
  return bytes.toString('latin1');
}

/** Turns stored latin1 text back into the document. */
export function decodeRaw(raw: string): Doc {
  return decodeBson(Buffer.from(raw, 'latin1'));
}
