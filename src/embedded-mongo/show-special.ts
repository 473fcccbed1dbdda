/** How MongoDB's messages show values that have no text of their own. */
import { Binary, Code, MaxKey, MinKey, Timestamp } from 'bson';

/** The value as a message shows it; undefined for types that are shown as what they hold. */
export function showSpecial(value: unknown): string | undefined {
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
