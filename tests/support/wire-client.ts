/** A client so small that a test decides every byte: flags, sections, sessions and retries. */
import { connect, type Socket } from 'node:net';
import { type Document, deserialize, serialize } from 'bson';

const OP_MSG = 2013;

export type SendOptions = {
  /** OP_MSG flag bits: 1 checksum present, 2 more to come, 65536 exhaust allowed. */
  flags?: number;
  /** Documents as a section of kind 1. */
  sequence?: { name: string; documents: Document[] };
  /** Bytes after the sections, such as a checksum. */
  trailer?: Buffer;
};

/** One answer with what its frame says. */
export type Framed = { id: number; responseTo: number; moreToCome: boolean; body: Document };

type Waiting = { take(answer: Framed): boolean; reject(error: Error): void };

export class WireClient {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Waiting[] = [];
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the connection was closed'));
    });
  }

  static connect(port: number): Promise<WireClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new WireClient(socket));
      });
    });
  }

  /** Sends a command and gives the answer, also when it says `ok: 0`. */
  async command(command: Document, options: SendOptions = {}): Promise<Document> {
    const [answer] = await this.answers(command, options, () => true);
    return answer?.body ?? {};
  }

  /** Sends a command and gives all answers to it, up to the one that `isLast`. */
  answers(
    command: Document,
    options: SendOptions = {},
    isLast: (answer: Framed) => boolean = ({ moreToCome }) => !moreToCome,
  ): Promise<Framed[]> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new Error('the connection was closed'));
        return;
      }
      const answers: Framed[] = [];
      const take = (answer: Framed): boolean => {
        answers.push(answer);
        if (!isLast(answer)) return false;
        resolve(answers);
        return true;
      };
      this.#waiting.push({ take, reject });
      this.send(command, options);
    });
  }

  /** Sends a command without waiting for anything. */
  send(command: Document, { flags = 0, sequence, trailer = Buffer.alloc(0) }: SendOptions = {}): void {
    const head = Buffer.alloc(20);
    const sections: Buffer[] = [Buffer.from([0]), Buffer.from(serialize(command))];
    if (sequence !== undefined) sections.push(encodeSequence(sequence.name, sequence.documents));
    const message = Buffer.concat([head, ...sections, trailer]);
    this.#lastId += 1;
    message.writeInt32LE(message.length, 0);
    message.writeInt32LE(this.#lastId, 4);
    message.writeInt32LE(OP_MSG, 12);
    message.writeUInt32LE(flags, 16);
    this.#socket.write(message);
  }

  /** Sends bytes as they are. */
  sendRaw(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Resolves when the server hangs up. */
  closed(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4 && this.#received.length >= this.#received.readInt32LE(0)) {
      const length = this.#received.readInt32LE(0);
      const bytes = this.#received.subarray(0, length);
      this.#received = this.#received.subarray(length);
      const answer: Framed = {
        id: bytes.readInt32LE(4),
        responseTo: bytes.readInt32LE(8),
        moreToCome: (bytes.readUInt32LE(16) & 2) !== 0,
        body: deserialize(bytes.subarray(21)),
      };
      if (this.#waiting[0]?.take(answer)) this.#waiting.shift();
    }
  }
}

function encodeSequence(name: string, documents: Document[]): Buffer {
  const bodies = documents.map((document) => serialize(document));
  const size = Buffer.alloc(4);
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...bodies]);
  size.writeInt32LE(4 + content.length, 0);
  return Buffer.concat([Buffer.from([1]), size, content]);
}
