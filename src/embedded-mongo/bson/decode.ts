/** Reads BSON into typed values: every number in its own type, fields in their order. */
import {
  Binary,
  BSONError,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { type Doc, setKey, TYPE, type Value } from '../value.ts';
import { DbPointer, UNDEFINED } from './deprecated.ts';
import { MAX_LEVELS, tooDeep } from './limits.ts';
import { readKey } from './names.ts';

const MIN_KEY_BYTE = 255;
const OLD_BINARY = 2;

/**
 * Fields of the outermost document: of `rawArray` the documents stay bytes, a document `skipped` is left out, and
 * so is what is undefined: it counts as not given.
 */
export type Outermost = { rawArray: string | undefined; skipped: string };

/**
 * Decodes one document (https://bsonspec.org/spec.html). Throws BSONError on malformed bytes, 15 beyond 200 levels.
 */
export function decodeDocument(bytes: Buffer, outermost?: Outermost): Doc {
  const reader = new Reader(bytes);
  const end = reader.enter(bytes.length);
  if (end !== bytes.length) throw new BSONError(`${bytes.length} bytes for a document of ${end}`);
  return reader.document(end, 1, outermost);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Passes a document's length and gives where it ends, which is not beyond `limit`. */
  enter(limit: number): number {
    const start = this.#skip(4, limit);
    const length = this.#int32(start);
    const end = start + length;
    if (length < 5 || end > limit || this.#bytes[end - 1] !== 0) {
      throw new BSONError(`the length ${length} of the document at byte ${start} is wrong`);
    }
    return end;
  }

  document(end: number, level: number, outermost?: Outermost): Doc {
    if (level > MAX_LEVELS) throw tooDeep(MAX_LEVELS);
    const doc: Doc = {};
    while (this.#at < end - 1) {
      const type = this.#bytes[this.#skip(1, end)] ?? 0;
      const start = this.#at;
      const key = readKey(this.#bytes, start, this.#skipText(end));
      if (outermost !== undefined && type === TYPE.object && key === outermost.skipped) {
        this.#at = this.enter(end);
        continue;
      }
      if (type === TYPE.undefined && outermost !== undefined) continue;
      const isRaw = outermost !== undefined && type === TYPE.array && key === outermost.rawArray;
      setKey(doc, key, isRaw ? this.#rawItems(this.enter(end)) : this.#value(type, end, level));
    }
    this.#leave(end);
    return doc;
  }

  #array(end: number, level: number): Value[] {
    if (level > MAX_LEVELS) throw tooDeep(MAX_LEVELS);
    const items: Value[] = [];
    while (this.#at < end - 1) {
      const type = this.#bytes[this.#skip(1, end)] ?? 0;
      this.#skipText(end);
      items.push(this.#value(type, end, level));
    }
    this.#leave(end);
    return items;
  }

  #rawItems(end: number): Value[] {
    const items: Value[] = [];
    while (this.#at < end - 1) {
      const type = this.#bytes[this.#skip(1, end)] ?? 0;
      this.#skipText(end);
      if (type !== TYPE.object) items.push(this.#value(type, end, 2));
      else {
        const start = this.#at;
        this.#at = this.enter(end);
        items.push(this.#bytes.subarray(start, this.#at));
      }
    }
    this.#leave(end);
    return items;
  }

  #value(type: number, end: number, level: number): Value {
    switch (type) {
      case TYPE.string:
        return this.#text(end);
      case TYPE.int:
        return new Int32(this.#int32(this.#skip(4, end)));
      case TYPE.double:
        return new Double(this.#bytes.readDoubleLE(this.#skip(8, end)));
      case TYPE.long:
        return this.#long(this.#skip(8, end));
      case TYPE.objectId:
        return new ObjectId(this.#slice(12, end));
      case TYPE.object:
        return this.document(this.enter(end), level + 1);
      case TYPE.array:
        return this.#array(this.enter(end), level + 1);
      case TYPE.bool:
        return this.#bool(end);
      case TYPE.null:
        return null;
      case TYPE.date:
        return new Date(this.#long(this.#skip(8, end)).toNumber());
      default:
        return this.#rareValue(type, end, level);
    }
  }

  #rareValue(type: number, end: number, level: number): Value {
    switch (type) {
      case TYPE.binData:
        return this.#binary(end);
      case TYPE.decimal:
        return new Decimal128(Buffer.from(this.#slice(16, end)));
      case TYPE.timestamp: {
        const start = this.#skip(8, end);
        return new Timestamp({ i: this.#bytes.readUInt32LE(start), t: this.#bytes.readUInt32LE(start + 4) });
      }
      case TYPE.regex:
        return new BSONRegExp(this.#cString(end), this.#cString(end));
      case TYPE.undefined:
        return UNDEFINED;
      case TYPE.javascript:
        return new Code(this.#text(end));
      case TYPE.symbol:
        return new BSONSymbol(this.#text(end));
      case TYPE.javascriptWithScope:
        this.#skip(4, end);
        return new Code(this.#text(end), this.document(this.enter(end), level + 1));
      case TYPE.maxKey:
        return new MaxKey();
      case MIN_KEY_BYTE:
        return new MinKey();
      case TYPE.dbPointer:
        return new DbPointer(this.#text(end), new ObjectId(this.#slice(12, end)));
      default:
        throw new BSONError(`unknown type ${type} before byte ${this.#at}`);
    }
  }

  #text(end: number): string {
    const length = this.#int32(this.#skip(4, end));
    const start = this.#at;
    if (length < 1) throw new BSONError(`the string at byte ${start} has the length ${length}`);
    this.#skip(length, end);
    if (this.#bytes[this.#at - 1] !== 0) throw new BSONError(`the string at byte ${start} has no end`);
    return checkedText(this.#bytes, start, this.#at - 1);
  }

  #binary(end: number): Binary {
    let length = this.#int32(this.#skip(4, end));
    const subtype = this.#bytes[this.#skip(1, end)] ?? 0;
    if (subtype === OLD_BINARY) {
      const inner = this.#int32(this.#skip(4, end));
      if (inner !== length - 4) throw new BSONError(`an old binary of ${inner} bytes in ${length}`);
      length = inner;
    }
    return new Binary(this.#slice(length, end), subtype);
  }

  #bool(end: number): boolean {
    const byte = this.#bytes[this.#skip(1, end)];
    if (byte !== 0 && byte !== 1) throw new BSONError(`a boolean is ${byte}`);
    return byte === 1;
  }

  #cString(end: number): string {
    const start = this.#at;
    return checkedText(this.#bytes, start, this.#skipText(end));
  }

  #int32(at: number): number {
    return this.#bytes.readInt32LE(at);
  }

  #long(at: number): Long {
    return new Long(this.#bytes.readInt32LE(at), this.#bytes.readInt32LE(at + 4));
  }

  #slice(length: number, end: number): Buffer {
    const start = this.#skip(length, end);
    return this.#bytes.subarray(start, start + length);
  }

  /** Passes bytes and gives where they start. */
  #skip(length: number, end: number): number {
    const start = this.#at;
    if (length < 0 || start + length > end) throw new BSONError(`the value at byte ${start} is cut off`);
    this.#at = start + length;
    return start;
  }

  /** Passes a text up to and with its zero byte, and gives where that is. */
  #skipText(end: number): number {
    let at = this.#at;
    while (at < end && this.#bytes[at] !== 0) at += 1;
    if (at >= end) throw new BSONError(`the name at byte ${this.#at} has no end`);
    this.#at = at + 1;
    return at;
  }

  #leave(end: number): void {
    if (this.#at !== end - 1) throw new BSONError(`a document does not end at byte ${end}`);
    this.#at = end;
  }
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text that is not UTF-8 would come back changed, so it is an error. */
function checkedText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  if (!text.includes('\ufffd')) return text;
  try {
    return STRICT.decode(bytes.subarray(start, end));
  } catch {
    throw new BSONError(`the string at byte ${start} is not UTF-8`);
  }
}
