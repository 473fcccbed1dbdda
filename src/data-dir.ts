// The data folder: keys that are made once and kept, the address of the running database, and which engine owns it.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Config, ConfigError } from './config.ts';
import type { Ids } from './core/ids.ts';

export interface Keys {
  readonly secretKey: string;
  /** Standard Webhooks secret for n8n, `whsec_…`. */
  readonly n8nSecret: string;
  /** Bearer token of the terminal chat on this machine. */
  readonly chatToken: string;
}

export type EngineKind = 'embedded' | 'mongod';

export interface DataDir {
  readonly path: string;
  readonly keys: Keys;
  readonly databasePath: string;
  /** Where the owner of the database writes its address, for those that join it. */
  readonly addressFile: string;
  /** Where the owner of the database writes its process id, to be named to those that find the folder in use. */
  readonly ownerFile: string;
  /** Where the web server writes its address, for the terminal chat and the CLI's links. */
  readonly urlFile: string;
}

/** Makes the folder if need be, readable by its owner alone, with the keys that the configuration does not give. */
export function openDataDir(config: Config, ids: Ids): DataDir {
  const path = resolve(config.DATA_DIR);
  try {
    makeFolder(path);
  } catch (error) {
    const problem = `cannot be made or used: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([{ variable: 'DATA_DIR', problem }]);
  }
  const kept = (name: string, make: () => string): string => keptSecret(join(path, name), make);
  return {
    path,
    keys: {
      secretKey: config.SECRET_KEY ?? kept('secret.key', () => ids.secret(48)),
      n8nSecret: config.N8N_WEBHOOK_SECRET ?? kept('n8n.secret', () => `whsec_${toBase64(ids.secret(32))}`),
      chatToken: kept('chat.token', () => `wr_${ids.secret(32)}`),
    },
    databasePath: join(path, 'database'),
    addressFile: join(path, 'mongo.uri'),
    ownerFile: join(path, 'owner.pid'),
    urlFile: join(path, 'server.url'),
  };
}

/** By hand: mkdir's own `recursive` never returns below a folder that takes no folders, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process that starts at the same moment may have made it.
    if (!(existsSync(path) && statSync(path).isDirectory())) throw error;
  }
}

/** Records which engine made the data; refuses another, which could not read it. */
export function claimEngine(dataDir: DataDir, engine: EngineKind): void {
  const file = join(dataDir.path, 'engine');
  if (!existsSync(file)) writeFileSync(file, `${engine}\n`, { mode: 0o600 });
  const made = readFileSync(file, 'utf8').trim();
  if (made === engine) return;
  const mend =
    made === 'mongod'
      ? 'set MONGOD_BINARY to that mongod again, or choose another DATA_DIR'
      : 'unset MONGOD_BINARY, or choose another DATA_DIR';
  throw new ConfigError([{ variable: 'DATA_DIR', problem: `${dataDir.path} was made by ${made}: ${mend}` }]);
}

export function writeSecret(file: string, secret: string): void {
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** The first line of a secret's file; undefined when there is none. */
export function readSecret(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() || undefined : undefined;
}

export function forget(file: string): void {
  rmSync(file, { force: true });
}

function keptSecret(file: string, make: () => string): string {
  const known = readSecret(file);
  if (known) return known;
  const secret = make();
  writeSecret(file, secret);
  return secret;
}

function toBase64(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('base64');
}
