/** A server that reads and writes BSON and does nothing else: the speed no database behind it can beat. */
import { createServer } from 'node:net';
import { Binary, type Document, deserialize, Long, serialize, Timestamp } from 'bson';
import { MessageReader } from '../../src/embedded-mongo/wire.ts';

const DOCUMENT = {
  _id: 1,
  k: 'key-1',
  v: 1,
  text: 'a document of about a hundred bytes, as small facts are',
};

function answer(command: Document, port: number): Document {
  const name = Object.keys(command)[0] ?? '';
  if (/^(hello|ismaster)$/i.test(name)) return hello(port);
  if (name === 'insert') return { n: command['documents']?.length ?? 1, ok: 1, ...times() };
  if (name === 'find') {
    return { cursor: { firstBatch: [DOCUMENT], id: 0n, ns: 'bench.null' }, ok: 1, ...times() };
  }
  return { ok: 1, ...times() };
}

let writes = 0;

/** What every answer of the engine carries for drivers to read. */
function times(): { operationTime: Timestamp } {
  writes += 1;
  return { operationTime: new Timestamp({ t: Math.floor(Date.now() / 1_000), i: writes }) };
}

/** As the engine greets: from then on the driver sends the cluster time with every command, to both alike. */
function hello(port: number): Document {
  const me = `127.0.0.1:${port}`;
  return {
    helloOk: true,
    isWritablePrimary: true,
    setName: 'rs0',
    hosts: [me],
    me,
    maxBsonObjectSize: 16777216,
    maxMessageSizeBytes: 48000000,
    maxWriteBatchSize: 100000,
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 21,
    $clusterTime: {
      clusterTime: times().operationTime,
      signature: { hash: new Binary(new Uint8Array(20)), keyId: Long.ZERO },
    },
    ok: 1,
  };
}

function reply(request: Buffer, port: number): Buffer {
  const legacy = request.readInt32LE(12) === 2004;
  const start = legacy ? request.indexOf(0, 20) + 9 : 21;
  const size = request.readInt32LE(start);
  const body = serialize(answer(deserialize(request.subarray(start, start + size)), port));
  const head = Buffer.alloc(legacy ? 36 : 21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(request.readInt32LE(4), 8);
  head.writeInt32LE(legacy ? 1 : 2013, 12);
  if (legacy) head.writeInt32LE(1, 32);
  return Buffer.concat([head, body]);
}

const server = createServer((socket) => {
  const reader = new MessageReader();
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    for (const request of reader.push(chunk)) socket.write(reply(request, portOf()));
  });
});

function portOf(): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${portOf()}\n`));
