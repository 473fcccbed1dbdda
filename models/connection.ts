// The connection to the database: opened once, asked whether it answers, its indexes made and checked, and closed.
import { type Connection, Mongoose } from 'mongoose';
import { AppError } from '../src/core/errors.ts';
import type { Logger } from '../src/core/logger.ts';
import type { CollectionDefinition } from './define.ts';
import { ensureIndexesOf } from './indexes.ts';

export interface Database {
  readonly connection: Connection;
  /** Milliseconds that the database took to answer. @throws AppError `database.unavailable` */
  ping(): Promise<number>;
  /** The time on the database's machine; undefined when it does not tell. */
  serverTime(): Promise<Date | undefined>;
  /** Makes the collections and indexes that are missing. @throws AppError `config.invalid` where one differs. */
  ensureIndexes(definitions: readonly CollectionDefinition[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a connection of its own: majority writes, retried once by the driver, and no buffering of commands while
 * there is no connection.
 * @throws AppError `database.unavailable` when nobody answers in time (10 s unless told).
 */
export async function connectDatabase(options: {
  readonly uri: string;
  readonly poolSize?: number;
  readonly answerWithinMs?: number;
  readonly logger?: Logger;
  /** Publishes each command on the client, for tests that read them. */
  readonly monitorCommands?: boolean;
}): Promise<Database> {
  const { uri, poolSize = 20, answerWithinMs = 10_000, logger, monitorCommands = false } = options;
  const mongoose = new Mongoose({
    autoCreate: false,
    autoIndex: false,
    bufferCommands: false,
    sanitizeFilter: true,
    strict: 'throw',
    strictQuery: 'throw',
  });
  const connection = mongoose.createConnection(uri, {
    appName: 'wardroom',
    maxPoolSize: poolSize,
    monitorCommands,
    ignoreUndefined: true,
    retryWrites: true,
    serverSelectionTimeoutMS: answerWithinMs,
    writeConcern: { w: 'majority' },
  });
  let closing = false;
  connection.on('disconnected', () => closing || logger?.warn('the database connection is lost'));
  connection.on('reconnected', () => logger?.info('the database connection is back'));
  await answered(() => connection.asPromise());
  return {
    connection,
    ping: () => ping(connection),
    async serverTime() {
      const answer = await answered(async () => connection.db?.admin().command({ hello: 1 }));
      const time: unknown = answer?.['localTime'];
      return time instanceof Date ? time : undefined;
    },
    async ensureIndexes(definitions) {
      for (const definition of definitions) await ensureIndexesOf(connection, definition, logger);
    },
    close: () => {
      closing = true;
      return connection.close();
    },
  };
}

async function ping(connection: Connection): Promise<number> {
  const start = performance.now();
  await answered(async () => connection.db?.admin().ping());
  return performance.now() - start;
}

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw new AppError('database.unavailable', 'The database does not answer.', { cause: thrown });
  }
}
