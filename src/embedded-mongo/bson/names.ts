/** Field names as one shared string each: the same few come again with every document. */

const SLOTS = 2048;
const MAX_BYTES = 48;

/** By a hash of their bytes; a name whose slot another one took is merely made anew. */
const known: string[] = new Array<string>(SLOTS).fill('');

/** The name that ends before the zero byte at `end`. */
export function readName(bytes: Buffer, start: number, end: number): string {
  let hash = end - start;
  let isAscii = true;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    hash = (Math.imul(hash, 31) + byte) | 0;
    if (byte > 127) isAscii = false;
  }
  if (!isAscii || end - start > MAX_BYTES) return bytes.toString('utf8', start, end);
  const slot = hash & (SLOTS - 1);
  const candidate = known[slot] ?? '';
  if (isSame(candidate, bytes, start, end)) return candidate;
  const name = bytes.toString('latin1', start, end);
  known[slot] = name;
  return name;
}

function isSame(name: string, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at += 1) {
    if (name.charCodeAt(at) !== bytes[start + at]) return false;
  }
  return true;
}
