// Which database this process works on: the one that MONGODB_URI names, a running owner's, or one it starts itself.
import { connectDatabase, type Database } from '../models/connection.ts';
import { type Config, ConfigError } from './config.ts';
import { AppError } from './core/errors.ts';
import type { Logger } from './core/logger.ts';
import { claimEngine, type DataDir, forget, readSecret, writeSecret } from './data-dir.ts';
import { OwnedError, startEmbedded, waitForOwnerToGo } from './embedded-mongo/start.ts';
import { packageFile } from './ui/assets.ts';

export type DatabaseKind =
  | 'MongoDB'
  | 'embedded database'
  | 'mongod'
  | 'embedded database of a running process';

export interface OpenDatabase {
  readonly kind: DatabaseKind;
  /** Where the data is, for people: a host without its password, or a folder. */
  readonly where: string;
  readonly uri: string;
  readonly database: Database;
  /** Settles when the database of this process has died; never for one that somebody else owns. */
  readonly lost?: Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly config: Config;
  readonly dataDir: DataDir;
  readonly logger: Logger;
}

const OWNER_WAIT_MS = 15_000;
const DATABASE = 'wardroom';

const engineFile = packageFile('dist/src/embedded-mongo/cli.js');

/**
 * Opens the database as its owner, or the server of MONGODB_URI. Never falls back from one to the other.
 * @throws AppError `database.unavailable`, or `database.owned` naming the process that holds the data folder.
 */
export function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const { MONGODB_URI } = options.config;
  return MONGODB_URI === undefined ? ownDatabase(options) : openServer(options, MONGODB_URI);
}

/** Opens the database of a process that runs on the same data folder; as its owner when there is none. */
export async function joinDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const address =
    options.config.MONGODB_URI === undefined ? readSecret(options.dataDir.addressFile) : undefined;
  if (address === undefined) return openDatabase(options);
  try {
    const database = await connect(options, address);
    const where = options.dataDir.path;
    return {
      kind: 'embedded database of a running process',
      where,
      uri: address,
      database,
      close: database.close,
    };
  } catch (error) {
    options.logger.debug({ err: error }, 'the address of the running database does not answer');
    return openDatabase(options);
  }
}

async function openServer(options: OpenOptions, uri: string): Promise<OpenDatabase> {
  const database = await connect(options, uri);
  return { kind: 'MongoDB', where: hostOf(uri), uri, database, close: database.close };
}

async function ownDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const { config, dataDir, logger } = options;
  const kind = config.MONGOD_BINARY === undefined ? 'embedded' : 'mongod';
  claimEngine(dataDir, kind);
  const started = await startOwned(dataDir, config.MONGOD_BINARY ?? engineFile);
  const uri = named(started.uri);
  const database = await connect(options, uri);
  writeSecret(dataDir.ownerFile, String(process.pid));
  writeSecret(dataDir.addressFile, uri);
  let closing = false;
  return {
    kind: kind === 'embedded' ? 'embedded database' : 'mongod',
    where: dataDir.databasePath,
    uri,
    database,
    lost: new Promise((settle) => void started.ended.then(() => closing || settle())),
    close: async () => {
      closing = true;
      forget(dataDir.addressFile);
      forget(dataDir.ownerFile);
      await database.close();
      await started
        .stop()
        .catch((error: unknown) => logger.warn({ err: error }, 'the database did not stop in order'));
    },
  };
}

async function startOwned(dataDir: DataDir, binaryPath: string) {
  try {
    await waitForOwnerToGo(dataDir.databasePath, OWNER_WAIT_MS);
    return await startEmbedded({ binaryPath, dataDir: dataDir.databasePath });
  } catch (error) {
    if (!(error instanceof OwnedError)) throw error;
    // The engine is a child of the program to stop: ending the engine would leave that one without a database.
    const owner = readSecret(dataDir.ownerFile) ?? error.pid ?? 'unknown';
    throw new AppError(
      'database.owned',
      `The data folder ${dataDir.path} is in use by process ${owner}. ` +
        'Stop that process, or start this one with another DATA_DIR.',
      { cause: error },
    );
  }
}

async function connect({ config, logger }: OpenOptions, uri: string): Promise<Database> {
  try {
    return await connectDatabase({ uri, poolSize: config.MONGODB_POOL_SIZE, logger });
  } catch (error) {
    if (config.MONGODB_URI === undefined) throw error;
    const problem = `no MongoDB replica set answers at ${hostOf(uri)}; there is no fall-back to the embedded database`;
    throw new ConfigError([{ variable: 'MONGODB_URI', problem }]);
  }
}

/** The address with our database's name in it, which the engine's own address leaves open. */
function named(uri: string): string {
  const address = new URL(uri);
  address.pathname = `/${DATABASE}`;
  return address.toString();
}

/** The host of an address, without its user and password. */
export function hostOf(uri: string): string {
  return uri
    .replace(/^mongodb(\+srv)?:\/\//, '')
    .replace(/^.*@/s, '')
    .replace(/[/?].*$/, '');
}
