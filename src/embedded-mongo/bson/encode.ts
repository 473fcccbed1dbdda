/** Writes values as BSON; fields keep the order of their document. */
import {
  Binary,
  BSONError,
  type BSONRegExp,
  type BSONSymbol,
  type Code,
  DBRef,
  type Decimal128,
  type Double,
  type Int32,
  Long,
  type ObjectId,
  type Timestamp,
} from 'bson';
import { nameOf } from '../field-key.ts';
import { regexParts } from '../key.ts';
import { type Doc, TYPE, typeCode, type Value, withoutDbRefs } from '../value.ts';
import type { DbPointer } from './deprecated.ts';
import { MAX_DOCUMENT_BYTES, MAX_LEVELS, tooDeep, tooLarge } from './limits.ts';

/** A document and the frame of an answer around it. */
const MAX_BYTES = MAX_DOCUMENT_BYTES + 64 * 1024;
const FIRST_BYTES = 64 * 1024;
const OLD_BINARY = 2;

let scratch = Buffer.allocUnsafe(FIRST_BYTES);

/**
 * Encodes one document (https://bsonspec.org/spec.html); fields that are `undefined` are left out.
 * Throws 10334 above 16 MB and an answer's frame, 15 beyond 200 levels, BSONError for a name with a
 * zero byte.
 */
export function encodeDocument(doc: Doc): Buffer {
  const end = writeDoc(doc, 0, 1);
  if (end > MAX_BYTES) throw tooLarge(end);
  const bytes = Buffer.allocUnsafe(end);
  scratch.copy(bytes, 0, 0, end);
  return bytes;
}

function writeDoc(doc: Doc, start: number, level: number): number {
  if (level > MAX_LEVELS) throw tooDeep(MAX_LEVELS);
  let at = start + 4;
  for (const key of Object.keys(doc)) at = writeElement(nameOf(key), doc[key], at, level);
  return close(start, at);
}

function writeArray(items: readonly Value[], start: number, level: number): number {
  if (level > MAX_LEVELS) throw tooDeep(MAX_LEVELS);
  let at = start + 4;
  for (let index = 0; index < items.length; index += 1) {
    at = writeElement(String(index), items[index] ?? null, at, level);
  }
  return close(start, at);
}

function close(start: number, at: number): number {
  reserve(at, 1);
  scratch[at] = 0;
  scratch.writeInt32LE(at + 1 - start, start);
  return at + 1;
}

function writeElement(name: string, value: Value, start: number, level: number): number {
  const type = typeCode(value);
  if (type === TYPE.missing) return start;
  reserve(start, 32);
  scratch[start] = type;
  const at = writeCString(name, start + 1);
  return writeValue(type, value, at, level);
}

/** Room for a value of fixed size is there already. */
function writeValue(type: number, value: Value, at: number, level: number): number {
  switch (type) {
    case TYPE.string:
      return writeText(value as string, at);
    case TYPE.int:
      return scratch.writeInt32LE(typeof value === 'number' ? value : (value as Int32).value, at);
    case TYPE.double:
      return scratch.writeDoubleLE(typeof value === 'number' ? value : (value as Double).value, at);
    case TYPE.long:
      return writeLong(typeof value === 'bigint' ? Long.fromBigInt(value) : (value as Long), at);
    case TYPE.date:
      return writeLong(Long.fromNumber((value as Date).getTime()), at);
    case TYPE.objectId:
      return writeBytes((value as ObjectId).id, at);
    case TYPE.object:
      return writeDoc((value instanceof DBRef ? withoutDbRefs(value) : value) as Doc, at, level + 1);
    case TYPE.array:
      return writeArray(value as Value[], at, level + 1);
    case TYPE.bool:
      scratch[at] = value === true ? 1 : 0;
      return at + 1;
    case TYPE.null:
      return at;
    default:
      return writeRareValue(type, value, at, level);
  }
}

function writeRareValue(type: number, value: Value, at: number, level: number): number {
  switch (type) {
    case TYPE.binData:
      return writeBinary(value as Binary | Uint8Array, at);
    case TYPE.decimal:
      return writeBytes((value as Decimal128).bytes, at);
    case TYPE.timestamp:
      return writeLong(value as Timestamp, at);
    case TYPE.regex: {
      const { pattern, options } = regexParts(value as BSONRegExp | RegExp);
      return writeCString([...options].sort().join(''), writeCString(pattern, at));
    }
    case TYPE.symbol:
      return writeText((value as BSONSymbol).value, at);
    case TYPE.javascript:
      return writeText((value as Code).code.toString(), at);
    case TYPE.javascriptWithScope: {
      const scopeAt = writeText((value as Code).code.toString(), at + 4);
      const end = writeDoc(((value as Code).scope ?? {}) as Doc, scopeAt, level + 1);
      scratch.writeInt32LE(end - at, at);
      return end;
    }
    case TYPE.minKey:
    case TYPE.maxKey:
    case TYPE.undefined:
      return at;
    case TYPE.dbPointer: {
      const { namespace, id } = value as DbPointer;
      return writeBytes(id.id, writeText(namespace, at));
    }
    default:
      throw new BSONError(`no BSON for type ${type}`);
  }
}

function writeLong(value: Long | Timestamp, at: number): number {
  reserve(at, 8);
  scratch.writeInt32LE(value.low, at);
  return scratch.writeInt32LE(value.high, at + 4);
}

function writeBinary(value: Binary | Uint8Array, start: number): number {
  const isTyped = value instanceof Binary;
  const content = isTyped ? value.buffer.subarray(0, value.position) : value;
  const subtype = isTyped ? value.sub_type : 0;
  const isOld = subtype === OLD_BINARY;
  reserve(start, 9);
  let at = scratch.writeInt32LE(content.length + (isOld ? 4 : 0), start);
  scratch[at] = subtype;
  at += 1;
  if (isOld) at = scratch.writeInt32LE(content.length, at);
  return writeBytes(content, at);
}

function writeBytes(content: Uint8Array, at: number): number {
  reserve(at, content.length);
  scratch.set(content, at);
  return at + content.length;
}

function writeText(text: string, start: number): number {
  const at = start + 4;
  reserve(start, 4 + 3 * text.length + 1);
  const bytes = writeUtf8(text, at);
  scratch.writeInt32LE(bytes + 1, start);
  scratch[at + bytes] = 0;
  return at + bytes + 1;
}

function writeCString(text: string, at: number): number {
  if (text.includes('\0')) throw new BSONError(`'${text}' must not contain a zero byte`);
  reserve(at, 3 * text.length + 1 + 16);
  const end = at + writeUtf8(text, at);
  scratch[end] = 0;
  return end + 1;
}

/** Beyond this length the runtime's own writing is faster than a loop. */
const SHORT_TEXT = 24;

function writeUtf8(text: string, start: number): number {
  if (text.length > SHORT_TEXT) return scratch.write(text, start, 'utf8');
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 127) return scratch.write(text, start, 'utf8');
    scratch[start + index] = unit;
  }
  return text.length;
}

/** Makes room for up to this many bytes from `at` on; text is taken for three times its length. */
function reserve(at: number, bytes: number): void {
  const wanted = at + bytes;
  if (wanted <= scratch.length) return;
  if (at + bytes / 3 > MAX_BYTES) throw tooLarge('over 16 MB');
  const larger = Buffer.allocUnsafe(2 * wanted);
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}
