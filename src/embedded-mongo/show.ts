/** Values as MongoDB's messages show them. */
import { Binary, BSONRegExp, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { fieldOf, isDoc, isNumber, namesOf, typeName, type Value } from './value.ts';

/** A value as MongoDB writes it into an error message; long ones are cut. */
export function show(value: Value): string {
  const text = showFull(value);
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

/** As MongoDB shows the values of expressions: without spaces inside brackets. */
export function showPlain(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(showPlain).join(', ')}]`;
  if (!isDoc(value)) return showFull(value);
  return `{${namesOf(value)
    .map((name) => `${name}: ${showPlain(fieldOf(value, name))}`)
    .join(', ')}}`;
}

/** A value as MongoDB writes it into an error message, however long. */
export function showFull(value: Value): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return `"${value}"`;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(showFull).join(', ')} ]`;
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'new Date(NaN)' : `new Date(${value.getTime()})`;
  }
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Decimal128) return `${value.toString()}`;
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof Double || typeof value === 'number') return showDouble(Number(value));
  if (isNumber(value) || typeof value === 'boolean' || value === null) return String(value);
  if (isDoc(value)) {
    const fields = namesOf(value).map((name) => `${name}: ${showFull(fieldOf(value, name))}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return showSpecial(value) ?? typeName(value);
}

/** A whole double keeps its `.0`, so that it is told from an int. */
function showDouble(number: number): string {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'nan' : number > 0 ? 'inf' : '-inf';
  const text = Object.is(number, -0) ? '-0' : String(number);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The value as a message shows it; undefined for types that are shown as what they hold. */
function showSpecial(value: unknown): string | undefined {
  if (value instanceof Binary) return showBinary(value);
  if (value instanceof Timestamp)
    return `Timestamp(${value.getHighBitsUnsigned()}, ${value.getLowBitsUnsigned()})`;
  if (value instanceof Code) return typeof value.code === 'string' ? value.code : String(value.code);
  if (value instanceof MinKey) return 'MinKey';
  if (value instanceof MaxKey) return 'MaxKey';
  return undefined;
}

function showBinary(value: Binary): string {
  const bytes = Buffer.from(value.buffer.subarray(0, value.length()));
  if (value.sub_type !== Binary.SUBTYPE_UUID || bytes.length !== 16) {
    return `BinData(${value.sub_type}, ${bytes.toString('hex').toUpperCase()})`;
  }
  return `UUID("${bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}")`;
}
