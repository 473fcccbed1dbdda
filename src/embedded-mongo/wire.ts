/** MongoDB's wire protocol: cuts a byte stream into messages and frames the answers. */
import { decodeBson, decodeCommand } from './bson-codec.ts';
import type { Doc } from './value.ts';

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const MAX_MESSAGE_BYTES = 48_000_000;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const EXHAUST_ALLOWED = 1 << 16;
const KNOWN_REQUIRED_FLAGS = CHECKSUM_PRESENT | MORE_TO_COME;

/** Answers that follow one another: a command that has more to say sets `goesOn` and is run again. */
export type Exhaust = { goesOn: boolean };

export type Message = {
  requestId: number;
  /** Answer in the old form, as only a first hello needs. */
  legacy: boolean;
  /** The client wants no answer. */
  silent: boolean;
  exhaust: Exhaust | undefined;
  command: Doc;
  /** Documents sent outside the command, by the field they belong to. */
  sequences: Map<string, Buffer[]>;
};

/** The bytes are no message this server can answer: the connection must be closed. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}

/** Collects chunks and gives whole messages. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Takes a chunk; the whole messages it completes come out, in order. Throws ProtocolError. */
  push(chunk: Buffer): Buffer[] {
    if (this.#bytes === 0 && isWhole(chunk)) return [chunk];
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const whole: Buffer[] = [];
    for (;;) {
      if (this.#bytes < 4) return whole;
      const length = this.#head().readInt32LE(0);
      if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
        throw new ProtocolError(`message length ${length} is not between 16 and ${MAX_MESSAGE_BYTES}`);
      }
      if (this.#bytes < length) return whole;
      const all = this.#joined();
      whole.push(all.subarray(0, length));
      const rest = all.subarray(length);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#bytes = rest.length;
    }
  }

  #head(): Buffer {
    const [first] = this.#chunks;
    return first !== undefined && first.length >= 4 ? first : this.#joined();
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    const all = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

/** Is it exactly one message, as most chunks are? */
function isWhole(chunk: Buffer): boolean {
  return chunk.length >= HEADER_BYTES && chunk.readInt32LE(0) === chunk.length;
}

/** Reads one whole message. Throws ProtocolError, or BSONError for a malformed document. */
export function readMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const opcode = bytes.readInt32LE(12);
  if (opcode === OP_MSG) return readOpMsg(bytes, requestId);
  if (opcode === OP_QUERY) return readOpQuery(bytes, requestId);
  throw new ProtocolError(`opcode ${opcode} is not supported; OP_MSG (2013) is`);
}

function readOpMsg(bytes: Buffer, requestId: number): Message {
  const flags = bytes.readUInt32LE(16);
  if ((flags & 0xffff & ~KNOWN_REQUIRED_FLAGS) !== 0) {
    throw new ProtocolError(`OP_MSG has unknown required flags ${flags & 0xffff}`);
  }
  const end = flags & CHECKSUM_PRESENT ? bytes.length - 4 : bytes.length;
  const sequences = new Map<string, Buffer[]>();
  let command: Doc | undefined;
  let at = 20;
  while (at < end) {
    const kind = bytes.readUInt8(at);
    at += 1;
    const length = bytes.readInt32LE(at);
    if (length < 5 || at + length > end) throw new ProtocolError('a section leaves its message');
    const section = bytes.subarray(at, at + length);
    if (kind === 0) command = decodeCommand(section);
    else if (kind === 1) readSequence(section, sequences);
    else throw new ProtocolError(`section kind ${kind} is not supported`);
    at += length;
  }
  if (command === undefined) throw new ProtocolError('OP_MSG without a body section');
  const silent = (flags & MORE_TO_COME) !== 0;
  const exhaust = (flags & EXHAUST_ALLOWED) === 0 ? undefined : { goesOn: false };
  return { requestId, legacy: false, silent, exhaust, command, sequences };
}

function readSequence(section: Buffer, sequences: Map<string, Buffer[]>): void {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new ProtocolError('a document sequence without a name');
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const length = section.readInt32LE(at);
    if (length < 5 || at + length > section.length) throw new ProtocolError('a document leaves its sequence');
    documents.push(section.subarray(at, at + length));
    at += length;
  }
  sequences.set(section.toString('utf8', 4, nameEnd), documents);
}

function readOpQuery(bytes: Buffer, requestId: number): Message {
  const nameEnd = bytes.indexOf(0, 20);
  const name = bytes.toString('utf8', 20, nameEnd);
  const start = nameEnd + 1 + 8;
  const query = decodeBson(bytes.subarray(start, start + bytes.readInt32LE(start)));
  query['$db'] = name.slice(0, Math.max(0, name.indexOf('.')));
  return { requestId, legacy: true, silent: false, exhaust: undefined, command: query, sequences: new Map() };
}

let lastRequestId = 0;

/**
 * Frames an answer to a message; `fields` are BSON elements that join the answer at its end, `moreToCome` says
 * that another answer follows without being asked for.
 */
export function frameReply(
  message: Pick<Message, 'legacy' | 'requestId'>,
  body: Buffer,
  fields?: Buffer,
  moreToCome = false,
): Buffer {
  const head = message.legacy ? 36 : 21;
  const reply = Buffer.allocUnsafe(head + body.length + (fields?.length ?? 0));
  lastRequestId = (lastRequestId + 1) & 0x7fffffff;
  reply.writeInt32LE(reply.length, 0);
  reply.writeInt32LE(lastRequestId, 4);
  reply.writeInt32LE(message.requestId, 8);
  reply.writeInt32LE(message.legacy ? OP_REPLY : OP_MSG, 12);
  reply.fill(0, 16, head);
  if (moreToCome) reply[16] = MORE_TO_COME;
  if (message.legacy) {
    reply.writeInt32LE(8, 16);
    reply.writeInt32LE(1, 32);
  }
  body.copy(reply, head);
  if (fields !== undefined) {
    reply.writeInt32LE(body.length + fields.length, head);
    fields.copy(reply, head + body.length - 1);
    reply[reply.length - 1] = 0;
  }
  return reply;
}
