/** What a document must keep to be stored: its size, its depth, and one `_id`. */
import { MAX_DOCUMENT_BYTES, tooDeep, tooLarge } from './bson/limits.ts';
import { mongoError } from './errors.ts';

/** MongoDB keeps 20 of its 200 levels for itself: a stored document has at most this many. */
const MAX_DEPTH = 180;

const DOCUMENT = 3;
const ARRAY = 4;
const UNDEFINED = 6;
const DB_POINTER = 12;
const REGEX = 11;
const CODE_WITH_SCOPE = 15;

/** Bytes of values of fixed length, by type; -1 is another type. */
const FIXED = tableOf([
  [1, 8],
  [UNDEFINED, 0],
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
/** Bytes beside the length that a value of variable length has, by type; -1 is another type. */
const COUNTED = tableOf([
  [2, 4],
  [5, 5],
  [13, 4],
  [14, 4],
  [DB_POINTER, 16],
  [CODE_WITH_SCOPE, 0],
]);

/**
 * The bytes a document is stored as: `_id` first, as MongoDB keeps it and drivers do not send it. Throws
 * 10334 for too many bytes, 15 for too many levels, 2 for two fields `_id`.
 */
export function storedForm(bytes: Buffer): Buffer {
  if (bytes.length > MAX_DOCUMENT_BYTES) throw tooLarge(bytes.length);
  const end = bytes.length - 1;
  let id: { start: number; end: number } | undefined;
  let at = 4;
  while (at < end) {
    const start = at;
    at = endOfElement(bytes, start, 1);
    if (!isId(bytes, start)) continue;
    if (id !== undefined) throw mongoError(2, "can't have multiple _id fields in one document");
    id = { start, end: at };
  }
  return id === undefined || id.start === 4 ? bytes : moveToFront(bytes, id.start, id.end);
}

function tableOf(bytesByType: readonly (readonly [type: number, bytes: number])[]): Int8Array {
  const table = new Int8Array(256).fill(-1);
  for (const [type, bytes] of bytesByType) table[type] = bytes;
  return table;
}

function moveToFront(bytes: Buffer, start: number, end: number): Buffer {
  const moved = Buffer.allocUnsafe(bytes.length);
  bytes.copy(moved, 0, 0, 4);
  bytes.copy(moved, 4, start, end);
  bytes.copy(moved, 4 + end - start, 4, start);
  bytes.copy(moved, end, end);
  return moved;
}

/** `_id`, as the name of an element at `start`. */
function isId(bytes: Buffer, start: number): boolean {
  return (
    bytes[start + 1] === 0x5f &&
    bytes[start + 2] === 0x69 &&
    bytes[start + 3] === 0x64 &&
    bytes[start + 4] === 0
  );
}

/** Checks one element at its level and gives where the next one starts. */
function endOfElement(bytes: Buffer, start: number, level: number): number {
  if (level > MAX_DEPTH) throw tooDeep(MAX_DEPTH);
  const type = bytes[start] ?? 0;
  let at = start + 1;
  while (bytes[at] !== 0) at += 1;
  at += 1;
  if (type !== DOCUMENT && type !== ARRAY) return endOfValue(bytes, type, at);
  const end = at + bytes.readInt32LE(at);
  at += 4;
  while (at < end - 1) at = endOfElement(bytes, at, level + 1);
  return end;
}

function endOfValue(bytes: Buffer, type: number, at: number): number {
  const fixed = FIXED[type] ?? -1;
  if (fixed >= 0) return at + fixed;
  const counted = COUNTED[type] ?? -1;
  if (counted >= 0) return at + counted + bytes.readInt32LE(at);
  if (type === REGEX) return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1;
  throw mongoError(22, `Unrecognized BSON type ${type}`);
}
