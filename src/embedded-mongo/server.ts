/** Listens on 127.0.0.1 and answers each connection's messages in their order. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { BSONError } from 'bson';
import { encodeError } from './answer.ts';
import type { Connection, Engine } from './context.ts';
import { MongoError } from './errors.ts';
import { type Answer, execute, HANG_UP } from './execute.ts';
import { frameReply, type Message, MessageReader, ProtocolError, readMessage } from './wire.ts';

export type Listening = {
  port: number;
  /** Stops listening and closes the connections once their answers are sent. */
  close(): Promise<void>;
};

/** Starts listening; port 0 takes a free one. Rejects with the system's error (EADDRINUSE …). */
export function listen(engine: Engine, port: number): Promise<Listening> {
  const sockets = new Set<Socket>();
  let lastId = 0;
  const server = createServer((socket) => {
    lastId += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(engine, socket, lastId);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve({ port: portOf(server), close: () => close(server, sockets) });
    });
  });
}

function serve(engine: Engine, socket: Socket, id: number): void {
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  const connection: Connection = {
    id,
    peer,
    closed: false,
    appName: undefined,
    isAlone: false,
    toldSecond: 0,
  };
  const reader = new MessageReader();
  const queue: Buffer[] = [];
  let busy = false;
  engine.connections += 1;
  engine.created += 1;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    connection.closed = true;
    engine.connections -= 1;
  });
  /** Answers what is queued, in order; an answer that takes its time calls this again. */
  const drain = (): void => {
    for (let bytes = queue.shift(); bytes !== undefined && !connection.closed; bytes = queue.shift()) {
      const waiting = answer(engine, connection, socket, bytes);
      if (waiting === undefined) continue;
      busy = true;
      waiting.then(
        () => {
          busy = false;
          drain();
        },
        (error: unknown) => refuse(engine, socket, error),
      );
      return;
    }
  };
  socket.on('data', (chunk) => {
    try {
      queue.push(...reader.push(chunk));
      if (!busy) drain();
    } catch (error) {
      refuse(engine, socket, error);
    }
  });
}

/** A client whose commands follow one another this often is taken for the only one. */
const ALONE_AFTER = 3;

/** Answers one message, at once or later. */
function answer(
  engine: Engine,
  connection: Connection,
  socket: Socket,
  bytes: Buffer,
): Promise<void> | undefined {
  const message = readOrRefuse(socket, bytes);
  if (message === undefined) return undefined;
  engine.servedInRow = engine.lastServed === connection ? engine.servedInRow + 1 : 0;
  engine.lastServed = connection;
  connection.isAlone = engine.servedInRow >= ALONE_AFTER;
  const body = execute(engine, connection, message);
  if (body instanceof Promise) {
    return message.exhaust === undefined
      ? body.then((late) => send(engine, connection, socket, message, late))
      : body.then((late) => sendAll(engine, connection, socket, message, late));
  }
  send(engine, connection, socket, message, body);
  return undefined;
}

function send(engine: Engine, connection: Connection, socket: Socket, message: Message, body: Answer): void {
  if (body === HANG_UP) socket.destroy();
  else if (!message.silent && !connection.closed)
    socket.write(frameReply(message, body, timeOf(engine, connection)));
}

/**
 * Each answer of an initiated member carries the time of the last write; the cluster time comes to each client
 * once a second, and with every answer as from a MongoDB where test commands are enabled.
 */
function timeOf({ options, store, clock }: Engine, connection: Connection): Buffer | undefined {
  if (options.replicaSetName === undefined || store.replicaSet === undefined) return undefined;
  const isTold = connection.toldSecond === clock.second && !options.testCommands;
  connection.toldSecond = clock.second;
  return clock.fields(isTold);
}

/**
 * Answers one message as often as it has more to say: each answer but the last says that more is to come, and
 * is what the next one answers (https://github.com/mongodb/specifications/blob/master/source/message/OP_MSG.md).
 */
async function sendAll(
  engine: Engine,
  connection: Connection,
  socket: Socket,
  first: Message,
  firstBody: Answer,
): Promise<void> {
  let message = first;
  let body = firstBody;
  while (message.exhaust?.goesOn && body !== HANG_UP && !connection.closed) {
    const reply = frameReply(message, body, timeOf(engine, connection), true);
    if (!socket.write(reply)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    message = nextOf(engine, message, reply.readInt32LE(4));
    body = await execute(engine, connection, message);
  }
  if (connection.closed) engine.cursors.close(String(message.command['getMore']));
  send(engine, connection, socket, message, body);
}

/** The question that a client would have asked next, knowing what it knows by now. */
function nextOf({ topology }: Engine, { command, ...message }: Message, requestId: number): Message {
  const isGreeting = command['topologyVersion'] !== undefined;
  const next = isGreeting ? { ...command, topologyVersion: topology.version() } : command;
  return { ...message, command: next, requestId, exhaust: { goesOn: false } };
}

/** What cannot be decoded but has an error code of its own is answered with it. */
function readOrRefuse(socket: Socket, bytes: Buffer): Message | undefined {
  try {
    return readMessage(bytes);
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    const request = { legacy: false, requestId: bytes.readInt32LE(4) };
    socket.write(frameReply(request, encodeError(error, [])));
    return undefined;
  }
}

function refuse(engine: Engine, socket: Socket, error: unknown): void {
  const known = error instanceof ProtocolError || error instanceof BSONError || error instanceof RangeError;
  const shown =
    error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  engine.log(`connection closed: ${shown}`);
  socket.destroy();
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) {
      socket.end();
      setTimeout(() => socket.destroy(), 200).unref();
    }
  });
}
