// The program without its doors, for the commands at the machine: joins a running server's database or owns it a while.
import { userInfo } from 'node:os';
import { allDefinitions } from '../models/all.ts';
import { createMongoStore } from '../models/mongo-store.ts';
import { type Config, readConfig, secretsOf } from './config.ts';
import type { Actor } from './core/actor.ts';
import { systemClock } from './core/clock.ts';
import { createIds, systemRandom } from './core/ids.ts';
import { createLogger, type Logger } from './core/logger.ts';
import { createScrubber } from './core/scrub.ts';
import { type DataDir, openDataDir, readSecret } from './data-dir.ts';
import { joinDatabase, type OpenDatabase } from './database.ts';
import { checkSecretKey } from './key-check.ts';
import { createProgram, type Ports, type Program } from './program.ts';

export interface Workbench {
  readonly config: Config;
  readonly dataDir: DataDir;
  readonly ports: Ports;
  readonly database: OpenDatabase;
  readonly program: Program;
  /** The operator at this machine. */
  readonly actor: Actor;
  /** Whether no server runs beside: what is left to be delivered is then delivered here, before the end. */
  readonly isAlone: boolean;
  /** Whether a verb has asked for a run of the protocol, which nobody else will work when this command is alone. */
  isRunWanted(): boolean;
  close(): Promise<void>;
}

/** The operator of this machine, as the audit log names them. */
export function operator(): Actor {
  const { username } = userInfo();
  return { kind: 'cli', id: `cli:${username}`, name: username, role: 'owner' };
}

/** Logs of a command go to standard error, and only from warnings on, unless LOG_LEVEL says so. */
export function commandPorts(config: Config): Ports & { readonly logger: Logger } {
  const level = config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL;
  const logger = createLogger({ level, sink: process.stderr, scrub: createScrubber(secretsOf(config)) });
  return { clock: systemClock, ids: createIds(), random: systemRandom, logger };
}

/** @throws ConfigError, or AppError when no database can be opened. */
export async function openWorkbench(): Promise<Workbench> {
  const config = readConfig();
  const ports = commandPorts(config);
  const dataDir = openDataDir(config, ports.ids);
  const database = await joinDatabase({ config, dataDir, logger: ports.logger });
  try {
    await database.database.ensureIndexes(allDefinitions);
    const store = createMongoStore(database.database.connection);
    await checkSecretKey(store, dataDir.keys.secretKey);
    const url = config.PUBLIC_URL ?? readSecret(dataDir.urlFile) ?? `http://${config.HOST}:${config.PORT}`;
    let isRunWanted = false;
    const startWork = (): void => {
      isRunWanted = true;
    };
    const program = createProgram({
      ...ports,
      config,
      keys: dataDir.keys,
      store,
      publicUrl: () => url,
      startWork,
    });
    const isAlone = database.kind === 'embedded database' || database.kind === 'mongod';
    return {
      config,
      dataDir,
      ports,
      database,
      program,
      isAlone,
      actor: operator(),
      isRunWanted: () => isRunWanted,
      close: database.close,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
