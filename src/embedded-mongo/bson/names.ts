/** The keys of field names as one shared string each: the same few come again with every document. */
import { isEscaped } from '../field-key.ts';

const SLOTS = 2048;
const MAX_BYTES = 48;

/** By a hash of their bytes; a name whose slot another one took is merely made anew. */
const known: string[] = new Array<string>(SLOTS).fill('');

/** The key (see field-key.ts) for the name that ends before the zero byte at `end`. */
export function readKey(bytes: Buffer, start: number, end: number): string {
  let hash = end - start;
  let isAscii = true;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    hash = (Math.imul(hash, 31) + byte) | 0;
    if (byte > 127) isAscii = false;
  }
  const lead = isEscaped(bytes[start] ?? 0) ? '\0' : '';
  if (!isAscii || end - start > MAX_BYTES) return lead + bytes.toString('utf8', start, end);
  const slot = hash & (SLOTS - 1);
  const candidate = known[slot] ?? '';
  if (isSame(candidate, lead.length, bytes, start, end)) return candidate;
  const key = lead + bytes.toString('latin1', start, end);
  known[slot] = key;
  return key;
}

/** Is it what the bytes say, behind `from` zero characters? */
function isSame(key: string, from: number, bytes: Buffer, start: number, end: number): boolean {
  if (key.length - from !== end - start || (from > 0 && key.charCodeAt(0) !== 0)) return false;
  for (let at = from; at < key.length; at += 1) {
    if (key.charCodeAt(at) !== bytes[start + at - from]) return false;
  }
  return true;
}
