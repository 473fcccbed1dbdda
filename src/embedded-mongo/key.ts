/** The engine's one order and equality: any BSON value as a string that sorts as MongoDB sorts. */
import { Binary, BSONRegExp, type BSONSymbol, type Code, DBRef, type ObjectId, type Timestamp } from 'bson';
import type { DbPointer } from './bson/deprecated.ts';
import { encodeMilliseconds, encodeNumber, encodeUint32 } from './key/number.ts';
import { type Doc, fieldOf, namesOf, TYPE, typeCode, typeName, type Value, withoutDbRefs } from './value.ts';

export { typeName };

/**
 * The first byte by type, in MongoDB's comparison order
 * (https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/).
 */
const RANK: ReadonlyMap<number, string> = new Map([
  [TYPE.minKey, '\x05'],
  [TYPE.missing, '\x08'],
  [TYPE.undefined, '\x08'],
  [TYPE.null, '\x0a'],
  [TYPE.int, '\x14'],
  [TYPE.long, '\x14'],
  [TYPE.double, '\x14'],
  [TYPE.decimal, '\x14'],
  [TYPE.string, '\x1e'],
  [TYPE.symbol, '\x1e'],
  [TYPE.object, '\x28'],
  [TYPE.array, '\x32'],
  [TYPE.binData, '\x3c'],
  [TYPE.objectId, '\x46'],
  [TYPE.bool, '\x50'],
  [TYPE.date, '\x5a'],
  [TYPE.timestamp, '\x5c'],
  [TYPE.regex, '\x64'],
  [TYPE.dbPointer, '\x6e'],
  [TYPE.javascript, '\x78'],
  [TYPE.javascriptWithScope, '\x82'],
  [TYPE.maxKey, '\xfe'],
]);

/** The rank byte of a value's type: values are comparable by `$gt` and the like only within one rank. */
export function rankOf(value: Value): string {
  return RANK.get(typeCode(value)) ?? '\x28';
}

/**
 * A value as a string of bytes (latin1): comparing two with `<` gives MongoDB's order, equal means equal.
 * No key is the prefix of another, so keys may be joined. Missing (`undefined`) is below null.
 */
export function encodeKey(value: Value): string {
  if (typeof value === 'string') return `\x1e${encodeText(value)}`;
  const code = typeCode(value);
  return (RANK.get(code) ?? '\x28') + payload(code, value);
}

function payload(code: number, value: Value): string {
  switch (code) {
    case TYPE.int:
    case TYPE.double:
    case TYPE.long:
    case TYPE.decimal:
      return encodeNumber(value);
    case TYPE.string:
      return encodeText(value as string);
    case TYPE.objectId:
      return rawBytes((value as ObjectId).id);
    case TYPE.date:
      return encodeMilliseconds(value as Date);
    case TYPE.bool:
      return value === true ? '\x02' : '\x01';
    case TYPE.object:
      return encodeDoc((value instanceof DBRef ? withoutDbRefs(value) : value) as Doc);
    case TYPE.array:
      return `${(value as Value[]).map(encodeKey).join('')}\0`;
    default:
      return rarePayload(code, value);
  }
}

function rarePayload(code: number, value: Value): string {
  switch (code) {
    case TYPE.symbol:
      return encodeText((value as BSONSymbol).value);
    case TYPE.binData:
      return encodeBinary(value as Binary | Uint8Array);
    case TYPE.timestamp: {
      const timestamp = value as Timestamp;
      return encodeUint32(timestamp.t) + encodeUint32(timestamp.i);
    }
    case TYPE.regex: {
      const { pattern, options } = regexParts(value as BSONRegExp | RegExp);
      return encodeText(pattern) + encodeText(options);
    }
    case TYPE.dbPointer: {
      const { namespace, id } = value as DbPointer;
      return encodeUint32(Buffer.byteLength(namespace)) + encodeText(namespace) + rawBytes(id.id);
    }
    case TYPE.javascript:
      return encodeText((value as Code).code.toString());
    case TYPE.javascriptWithScope:
      return encodeText((value as Code).code.toString()) + encodeDoc(((value as Code).scope ?? {}) as Doc);
    default:
      return '';
  }
}

/** Pattern and sorted options of a regular expression value. */
export function regexParts(value: BSONRegExp | RegExp): { pattern: string; options: string } {
  if (value instanceof BSONRegExp) return { pattern: value.pattern, options: value.options };
  return { pattern: value.source, options: value.flags.replace(/[^imsux]/g, '') };
}

/** Fields in order: type, then name, then value, as MongoDB compares documents. */
function encodeDoc(doc: Doc): string {
  let key = '';
  for (const name of namesOf(doc)) {
    const value = fieldOf(doc, name);
    const code = typeCode(value);
    key += (RANK.get(code) ?? '\x28') + encodeText(name) + payload(code, value);
  }
  return `${key}\0`;
}

function encodeBinary(value: Binary | Uint8Array): string {
  if (!(value instanceof Binary)) return `${encodeUint32(value.length)}\0${rawBytes(value)}`;
  const content = value.buffer.subarray(0, value.position);
  return encodeUint32(content.length) + String.fromCharCode(value.sub_type) + rawBytes(content);
}

function rawBytes(content: Uint8Array): string {
  const bytes =
    content instanceof Buffer ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return bytes.toString('latin1');
}

/** UTF-8 bytes, ended by a zero byte; zero and one inside are escaped so that order and prefixes hold. */
function encodeText(text: string): string {
  if (isPlainAscii(text)) return `${text}\0`;
  const utf8 = Buffer.from(text, 'utf8').toString('latin1');
  return `${utf8.replaceAll('\x01', '\x01\x02').replaceAll('\0', '\x01\x01')}\0`;
}

function isPlainAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 2 || unit > 127) return false;
  }
  return true;
}

/** The key for descending order: every byte complemented. */
export function invertKey(key: string): string {
  if (key.length > LONG_KEY) return invertLongKey(key);
  const units: number[] = [];
  for (let i = 0; i < key.length; i++) units.push(255 - key.charCodeAt(i));
  return String.fromCharCode(...units);
}

/** Beyond this length a buffer is faster than arguments of a call. */
const LONG_KEY = 256;

function invertLongKey(key: string): string {
  const inverted = Buffer.from(key, 'latin1');
  for (let i = 0; i < inverted.length; i++) inverted[i] = 255 - (inverted[i] ?? 0);
  return inverted.toString('latin1');
}

/** Negative, zero or positive as `a` sorts before, with or after `b`. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number' && a < b) return -1;
  const left = encodeKey(a);
  const right = encodeKey(b);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Are they equal to MongoDB: numbers by value across types, documents in field order? */
export function equalValues(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  return encodeKey(a) === encodeKey(b);
}
