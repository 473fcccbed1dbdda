/** BSON at the engine's borders: what comes over the wire, what is stored, and what is answered. */
import { decodeDocument } from './bson/decode.ts';
import { encodeDocument } from './bson/encode.ts';
import type { Doc } from './value.ts';

/** Decodes one BSON document into typed values; throws BSONError on malformed bytes. */
export function decodeBson(bytes: Buffer): Doc {
  return decodeDocument(bytes);
}

const INSERT_HEAD = Buffer.from('insert\0', 'latin1');

/**
 * Decodes a command without its `$clusterTime`, which one member has no use for; the documents of an
 * insert stay raw bytes.
 */
export function decodeCommand(bytes: Buffer): Doc {
  const isInsert = bytes.length > 12 && bytes.compare(INSERT_HEAD, 0, 7, 5, 12) === 0;
  return decodeDocument(bytes, { skipped: '$clusterTime', rawArray: isInsert ? 'documents' : undefined });
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
