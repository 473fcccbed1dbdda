/** What a decoded BSON value is: type code, names, and safe reading and writing of document fields. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson';
import { DbPointer, UNDEFINED, UndefinedValue } from './bson/deprecated.ts';
import { keyOf, nameOf } from './field-key.ts';

/** A typed BSON value as `deserialize(…, {promoteValues: false})` gives it; `undefined` means missing. */
export type Value = unknown;
/**
 * A document. Its names may be hostile (`__proto__`, `constructor`) and lie under other keys (`"10"`): all but
 * a fixed name without a leading digit is read by `fieldOf` and `namesOf`, and written by `setField`.
 */
export type Doc = { [field: string]: unknown };

/** BSON type numbers (https://www.mongodb.com/docs/manual/reference/bson-types/); 0 is a missing value. */
export const TYPE = {
  missing: 0,
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const;

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, code]) => [code, name]));

const PROTOTYPE_TYPES = new Map<unknown, number>([
  [Object.prototype, TYPE.object],
  [null, TYPE.object],
  [Array.prototype, TYPE.array],
  [Int32.prototype, TYPE.int],
  [Double.prototype, TYPE.double],
  [Long.prototype, TYPE.long],
  [Decimal128.prototype, TYPE.decimal],
  [ObjectId.prototype, TYPE.objectId],
  [Date.prototype, TYPE.date],
  [Binary.prototype, TYPE.binData],
  [UUID.prototype, TYPE.binData],
  [Buffer.prototype, TYPE.binData],
  [Uint8Array.prototype, TYPE.binData],
  [Timestamp.prototype, TYPE.timestamp],
  [BSONRegExp.prototype, TYPE.regex],
  [RegExp.prototype, TYPE.regex],
  [BSONSymbol.prototype, TYPE.symbol],
  [MinKey.prototype, TYPE.minKey],
  [MaxKey.prototype, TYPE.maxKey],
  [DBRef.prototype, TYPE.object],
  [UndefinedValue.prototype, TYPE.undefined],
  [DbPointer.prototype, TYPE.dbPointer],
]);

/** The BSON type number of a value; plain numbers count as the client library would encode them. */
export function typeCode(value: Value): number {
  switch (typeof value) {
    case 'string':
      return TYPE.string;
    case 'boolean':
      return TYPE.bool;
    case 'undefined':
      return TYPE.missing;
    case 'number':
      return Number.isInteger(value) && (value | 0) === value && !Object.is(value, -0)
        ? TYPE.int
        : TYPE.double;
    case 'bigint':
      return TYPE.long;
    default:
  }
  if (value === null) return TYPE.null;
  const prototype: unknown = Object.getPrototypeOf(value);
  const known = PROTOTYPE_TYPES.get(prototype);
  if (known !== undefined) return known;
  if (value instanceof Code) return value.scope ? TYPE.javascriptWithScope : TYPE.javascript;
  return TYPE.object;
}

/** The name that `$type` answers: `"int"`, `"objectId"`, … and `"missing"` for a missing value. */
export function typeName(value: Value): string {
  return NAMES.get(typeCode(value)) ?? 'object';
}

/** Is it an embedded document (and no array, no scalar)? */
export function isDoc(value: Value): value is Doc {
  if (typeof value !== 'object' || value === null) return false;
  return typeCode(value) === TYPE.object;
}

/** Is it one of the four number types? */
export function isNumber(value: Value): boolean {
  const code = typeCode(value);
  return code === TYPE.int || code === TYPE.double || code === TYPE.long || code === TYPE.decimal;
}

/** A document's own field, or `undefined`; never what a prototype has. */
export function fieldOf(doc: Doc, name: string): Value {
  const key = keyOf(name);
  const value = doc[key];
  return value === undefined || Object.hasOwn(doc, key) ? value : undefined;
}

/** Has the document this field, be its value `undefined`? */
export function hasField(doc: Doc, name: string): boolean {
  return Object.hasOwn(doc, keyOf(name));
}

/** Sets an own field, also one named `__proto__`; a new one comes last. */
export function setField(doc: Doc, name: string, value: Value): void {
  setKey(doc, keyOf(name), value);
}

/** Sets the property of a field (see field-key.ts). */
export function setKey(doc: Doc, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(doc, key, { value, enumerable: true, configurable: true, writable: true });
  } else doc[key] = value;
}

/** Takes a field away. */
export function removeField(doc: Doc, name: string): void {
  delete doc[keyOf(name)];
}

/** The names of a document's fields, in their order. */
export function namesOf(doc: Doc): string[] {
  const keys = Object.keys(doc);
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] ?? '';
    if (key.charCodeAt(0) === 0) keys[at] = nameOf(key);
  }
  return keys;
}

/** A document of these fields, in this order. */
export function docWith(fields: Iterable<readonly [string, Value]>): Doc {
  const doc: Doc = {};
  for (const [name, value] of fields) setField(doc, name, value);
  return doc;
}

/** A shallow copy of own fields in their order. */
export function copyDoc(doc: Doc): Doc {
  const copy: Doc = {};
  for (const key of Object.keys(doc)) setKey(copy, key, doc[key]);
  return copy;
}

/** Undoes the client library's turning of `{$ref, $id}` documents into DBRef objects, at any depth. */
export function withoutDbRefs(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutDbRefs);
  if (value instanceof DBRef) {
    const plain: Doc = { $ref: value.collection, $id: withoutDbRefs(value.oid) };
    if (value.db !== undefined) plain['$db'] = value.db;
    for (const name of Object.keys(value.fields)) setField(plain, name, withoutDbRefs(value.fields[name]));
    return plain;
  }
  if (!isDoc(value)) return value;
  const copy: Doc = {};
  for (const key of Object.keys(value)) setKey(copy, key, withoutDbRefs(value[key]));
  return copy;
}

/**
 * A value as an int32, double or Long in the closest JavaScript number; Decimal128 is rounded, others are
 * NaN.
 */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Decimal128) return decimalToNumber(value);
  if (typeof value === 'bigint') return Number(value);
  return Number.NaN;
}

function decimalToNumber(value: Decimal128): number {
  const text = value.toString();
  if (text === 'Infinity' || text === '-Infinity') return text === 'Infinity' ? Infinity : -Infinity;
  return Number(text);
}

/**
 * The value when it is a whole number (int, long, whole double or decimal) within ±2^53, else `undefined`.
 */
export function wholeNumber(value: Value): number | undefined {
  if (!isNumber(value)) return undefined;
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** What `true` means to expressions and projections: not missing, null, false or zero. */
export function isTruthy(value: Value): boolean {
  if (value === undefined || value === null || value === false || value === UNDEFINED) return false;
  if (value instanceof Decimal128) return value.toString() === 'NaN' || toNumber(value) !== 0;
  return isNumber(value) ? toNumber(value) !== 0 : true;
}
