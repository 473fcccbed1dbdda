/** Frames of the journal and the snapshot: a frame is applied wholly or not at all. */
import { crc32 } from 'node:zlib';

/** `u32 payload length | u32 record count | u32 crc32 of both and the payload`, little endian. */
export const FRAME_HEADER_BYTES = 12;

/** `end` is the byte after the frame. */
export type Frame = { payload: Buffer; count: number; end: number };

/** Builds one frame around the records' bytes; `salt` is the file's own seed of the checksum. */
export function encodeFrame(records: readonly Buffer[], salt: number): Buffer {
  let bytes = FRAME_HEADER_BYTES;
  for (const record of records) bytes += record.length;
  const frame = Buffer.allocUnsafe(bytes);
  let at = FRAME_HEADER_BYTES;
  for (const record of records) at += record.copy(frame, at);
  frame.writeUInt32LE(bytes - FRAME_HEADER_BYTES, 0);
  frame.writeUInt32LE(records.length, 4);
  frame.writeUInt32LE(checksum(frame, 0, bytes, salt), 8);
  return frame;
}

/** Reads the frame that starts at `at`; undefined when it is cut off, damaged or no frame at all. */
export function decodeFrame(file: Buffer, at: number, salt: number): Frame | undefined {
  if (at + FRAME_HEADER_BYTES > file.length) return undefined;
  const length = file.readUInt32LE(at);
  const count = file.readUInt32LE(at + 4);
  const end = at + FRAME_HEADER_BYTES + length;
  if (length === 0 || end > file.length) return undefined;
  if (file.readUInt32LE(at + 8) !== checksum(file, at, end, salt)) return undefined;
  return { payload: file.subarray(at + FRAME_HEADER_BYTES, end), count, end };
}

/**
 * Looks for a whole frame at any later byte: damage with a valid frame behind it is corruption
 * in the middle; damage with nothing valid behind it is the torn end of the last write. (Each
 * write is one frame and is synced before the next begins, so only the last one can be torn.)
 */
export function hasFrameFrom(file: Buffer, from: number, salt: number): boolean {
  for (let at = from; at + FRAME_HEADER_BYTES < file.length; at += 1) {
    if (decodeFrame(file, at, salt) !== undefined) return true;
  }
  return false;
}

function checksum(file: Buffer, start: number, end: number, salt: number): number {
  const head = crc32(file.subarray(start, start + 8), salt);
  return crc32(file.subarray(start + FRAME_HEADER_BYTES, end), head);
}
