/** Builds cursor answers around stored bytes, so that documents are sent as they were stored. */
import { Double, type Long } from 'bson';
import { encodeBson } from './bson-codec.ts';
import type { Doc } from './value.ts';

/** `ok` is a double in every answer, and some drivers count its bytes. */
export const OK = new Double(1);
export const NOT_OK = new Double(0);

const TYPE_DOCUMENT = 3;
const TYPE_ARRAY = 4;

/** `{cursor: {firstBatch | nextBatch: [...], id, ns}, ...rest, ok: 1}` as BSON. */
export function cursorReply(
  batchName: 'firstBatch' | 'nextBatch',
  items: readonly (string | Buffer)[],
  id: Long,
  namespace: string,
  rest: Doc,
): Buffer {
  const tail = encodeBson({ id, ns: namespace });
  const outer = encodeBson(rest);
  const arrayBytes = arraySize(items);
  const cursorBytes = 4 + 1 + batchName.length + 1 + arrayBytes + (tail.length - 4);
  const totalBytes = 4 + 1 + 'cursor'.length + 1 + cursorBytes + (outer.length - 4);
  const reply = Buffer.allocUnsafe(totalBytes);
  let at = reply.writeInt32LE(totalBytes, 0);
  at = writeHead(reply, at, TYPE_DOCUMENT, 'cursor');
  at = reply.writeInt32LE(cursorBytes, at);
  at = writeHead(reply, at, TYPE_ARRAY, batchName);
  at = writeArray(reply, at, items, arrayBytes);
  at += tail.copy(reply, at, 4);
  outer.copy(reply, at, 4);
  return reply;
}

function arraySize(items: readonly (string | Buffer)[]): number {
  let bytes = 5;
  for (let index = 0; index < items.length; index += 1) {
    bytes += 2 + String(index).length + (items[index]?.length ?? 0);
  }
  return bytes;
}

function writeArray(
  reply: Buffer,
  start: number,
  items: readonly (string | Buffer)[],
  bytes: number,
): number {
  let at = reply.writeInt32LE(bytes, start);
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] ?? '';
    at = writeHead(reply, at, TYPE_DOCUMENT, String(index));
    at += typeof item === 'string' ? reply.write(item, at, 'latin1') : item.copy(reply, at);
  }
  reply[at] = 0;
  return at + 1;
}

function writeHead(reply: Buffer, start: number, type: number, name: string): number {
  reply[start] = type;
  const end = start + 1 + reply.write(name, start + 1, 'latin1');
  reply[end] = 0;
  return end + 1;
}
