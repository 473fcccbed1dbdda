/** What a document must keep to be stored: its size, its depth, and types that survive an update. */
import { mongoError } from './errors.ts';

/** https://www.mongodb.com/docs/manual/reference/limits/#bson-documents */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** MongoDB keeps 20 of its 200 levels for itself: a stored document has at most this many. */
const MAX_DEPTH = 180;

const DOCUMENT = 3;
const ARRAY = 4;
/** Deprecated types that the client library cannot write again, so that an update would change them. */
const UNDEFINED = 6;
const DB_POINTER = 12;
const REGEX = 11;
const CODE_WITH_SCOPE = 15;

/** Bytes of values of fixed length, by type. */
const FIXED = new Map([
  [1, 8],
  [7, 12],
  [8, 1],
  [9, 8],
  [10, 0],
  [16, 4],
  [17, 8],
  [18, 8],
  [19, 16],
  [127, 0],
  [255, 0],
]);
/** Bytes beside the length that a value of variable length begins with, by type. */
const COUNTED = new Map([
  [2, 4],
  [5, 5],
  [13, 4],
  [14, 4],
  [CODE_WITH_SCOPE, 0],
]);

/** Gives the bytes back; throws 10334 for too many bytes, 15 for too many levels, 2 for a type that is no longer written. */
export function checkStorable(bytes: Buffer): Buffer {
  if (bytes.length > MAX_DOCUMENT_BYTES) throw tooLarge(bytes.length);
  const ends = [bytes.length - 1];
  let at = 4;
  for (let end = ends.at(-1); end !== undefined; end = ends.at(-1)) {
    if (at >= end) {
      ends.pop();
      at += 1;
      continue;
    }
    if (ends.length > MAX_DEPTH) {
      throw mongoError(15, `Document exceeds maximum nesting depth of ${MAX_DEPTH}`);
    }
    const type = bytes[at] ?? 0;
    at = bytes.indexOf(0, at + 1) + 1;
    if (type === DOCUMENT || type === ARRAY) {
      ends.push(at + bytes.readInt32LE(at) - 1);
      at += 4;
    } else at = endOfValue(bytes, type, at);
  }
  return bytes;
}

function endOfValue(bytes: Buffer, type: number, at: number): number {
  const fixed = FIXED.get(type);
  if (fixed !== undefined) return at + fixed;
  const counted = COUNTED.get(type);
  if (counted !== undefined) return at + counted + bytes.readInt32LE(at);
  if (type === REGEX) return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1;
  if (type === UNDEFINED || type === DB_POINTER) {
    const name = type === UNDEFINED ? 'undefined' : 'dbPointer';
    throw mongoError(2, `the deprecated BSON type '${name}' is not supported by this engine`);
  }
  throw mongoError(22, `Unrecognized BSON type ${type}`);
}

/** The error for a document of this many bytes. */
export function tooLarge(size: number | string): Error {
  return mongoError(
    10334,
    `BSONObj size: ${size} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
  );
}
