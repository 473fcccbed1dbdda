// Moves the data folder’s database to a MongoDB replica set: copies, verifies, and says what to set then.
import { join } from 'node:path';
import type { Db } from 'mongodb';
import { connectDatabase, type Database } from '../models/connection.ts';
import { readConfig } from './config.ts';
import { AppError } from './core/errors.ts';
import { createIds } from './core/ids.ts';
import { openDataDir } from './data-dir.ts';
import { hostOf, openDatabase } from './database.ts';
import { collectionNames, copyDatabase } from './database-copy.ts';
import { commandPorts } from './workbench.ts';

const EXAMPLE = 'npm run cli -- database move "mongodb://db1.example:27017/wardroom?replicaSet=rs0"';

interface Target {
  readonly uri: string;
  readonly name: string;
  /** The host and database without the password. */
  readonly shown: string;
}

/**
 * `database move <uri>`: the folder’s database is owned meanwhile, so no server can run beside it, and stays as it is.
 * @throws AppError for a target that has collections, is no replica set or does not answer, and for a wrong copy.
 */
export async function runDatabaseMove(args: readonly string[], say: (line: string) => void): Promise<void> {
  const target = readTarget(args);
  const config = readConfig();
  if (config.MONGODB_URI !== undefined)
    throw new AppError(
      'config.invalid',
      'Nothing was moved: MONGODB_URI is set, so the program works on that server already. ' +
        'Unset it to move the database of the data folder.',
    );
  const { logger } = commandPorts(config);
  const dataDir = openDataDir(config, createIds());
  const to = await connectTarget(target);
  try {
    const into = dbOf(to);
    await refuseUnfit(into, target);
    const from = await openDatabase({ config, dataDir, logger });
    try {
      say(`from ${from.where} to ${target.shown}`);
      const copied = await copyDatabase(dbOf(from.database), into, say);
      say(`moved ${copied.documents} documents in ${copied.collections} collections; all are verified`);
    } finally {
      await from.close();
    }
  } finally {
    await to.close();
  }
  const keyFile = config.SECRET_KEY === undefined ? join(dataDir.path, 'secret.key') : undefined;
  for (const line of whatToSet(target, dataDir.path, keyFile)) say(line);
}

/** @throws AppError naming what is wrong with the address, never its password. */
function readTarget(args: readonly string[]): Target {
  const [verb, uri, ...more] = args;
  const refuse = (problem: string): never => {
    throw new AppError('input.invalid', `${problem} Example: ${EXAMPLE}`);
  };
  if (verb !== 'move') return refuse(`“database ${verb ?? ''}” is not known; “database move <uri>” is.`);
  if (uri === undefined || more.length > 0) return refuse('“database move” takes one address.');
  if (!/^mongodb(\+srv)?:\/\//.test(uri)) return refuse('The address does not begin with mongodb://.');
  const name = decodeURIComponent(/^[^/]+\/\/[^/]+\/([^?]+)/.exec(uri)?.[1] ?? '');
  if (name === '') return refuse('The address names no database: write its name after the host.');
  return { uri, name, shown: `${hostOf(uri)}/${name}` };
}

async function connectTarget({ uri, shown }: Target): Promise<Database> {
  try {
    return await connectDatabase({ uri, poolSize: 4 });
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    throw new AppError('database.unavailable', `Nothing was moved: ${shown} cannot be opened. ${reason}`, {
      cause: error,
    });
  }
}

/** The target must be a replica set, as production is, and empty: what stands there is nobody’s to overwrite. */
async function refuseUnfit(into: Db, { name, shown }: Target): Promise<void> {
  const hello = await into.admin().command({ hello: 1 });
  if (typeof hello['setName'] !== 'string')
    throw new AppError(
      'remote.refused',
      `Nothing was moved: ${shown} is no replica set. Start mongod with --replSet and initiate it; one member will do.`,
    );
  const present = await collectionNames(into);
  if (present.length === 0) return;
  const some = present.slice(0, 3).join(', ');
  throw new AppError(
    'remote.refused',
    `Nothing was moved: ${shown} is not empty, it has ${present.length} collections (${some}…). ` +
      `If they are left from a move that was interrupted, drop that database (mongosh: use ${name}, ` +
      'then db.dropDatabase()) and run the command again; else name another database.',
  );
}

function whatToSet({ shown }: Target, dataDir: string, keyFile: string | undefined): string[] {
  return [
    'Now set, and start:',
    `  MONGODB_URI  the address that you gave, of ${shown}`,
    keyFile === undefined
      ? '  SECRET_KEY   the one that is set now: no other key will do'
      : `  SECRET_KEY   file:${keyFile} (or what stands in that file: no other key will do)`,
    `The data folder ${dataDir} stays as it is; keep it until you have seen the program run on the new database.`,
  ];
}

function dbOf({ connection }: Database): Db {
  if (connection.db) return connection.db;
  throw new AppError('database.unavailable', 'The connection to the database is closed.');
}
