/** Reads a command line like mongod's; what this engine cannot honour is refused, not ignored. */

export type ServerOptions = {
  port: number;
  dbpath: string;
  replicaSetName: string | undefined;
  testCommands: boolean;
};

/** The command line cannot be honoured; the message names the option. */
export class OptionError extends Error {
  override name = 'OptionError';
}

const USAGE = 'Example: cli.js --port 27017 --dbpath ./data --replSet rs0';
/** Options of mongod that change nothing here: alone, and with a value. */
const FLAGS_WITHOUT_EFFECT = new Set(['--noauth', '--quiet', '--verbose', '-v', '--nounixsocket']);
const VALUES_WITHOUT_EFFECT = new Set(['--storageEngine', '--oplogSize', '--wiredTigerCacheSizeGB']);
const LOOPBACK = new Set(['127.0.0.1', 'localhost']);

/** Reads the arguments after the script's name. Throws OptionError. */
export function readOptions(args: readonly string[]): ServerOptions {
  const options: ServerOptions = { port: 27017, dbpath: '', replicaSetName: undefined, testCommands: false };
  const queue = args.flatMap((arg) => (/^--\w+=/.test(arg) ? splitOnce(arg) : [arg]));
  while (queue.length > 0) {
    const name = queue.shift() ?? '';
    if (FLAGS_WITHOUT_EFFECT.has(name)) continue;
    const value = queue.shift();
    if (value === undefined || !name.startsWith('--')) {
      throw new OptionError(`cannot read the option '${name}'. ${USAGE}`);
    }
    applyOption(options, name, value);
  }
  if (options.dbpath === '') throw new OptionError(`--dbpath is missing. ${USAGE}`);
  return options;
}

function applyOption(options: ServerOptions, name: string, value: string): void {
  switch (name) {
    case '--port':
      options.port = readPort(value);
      return;
    case '--dbpath':
      options.dbpath = value;
      return;
    case '--replSet':
      options.replicaSetName = value;
      return;
    case '--bind_ip':
      for (const address of value.split(',')) {
        if (!LOOPBACK.has(address))
          throw new OptionError(
            `--bind_ip '${address}' is refused: this engine has no authentication and listens on 127.0.0.1 only`,
          );
      }
      return;
    case '--setParameter':
      if (value === 'enableTestCommands=1' || value === 'enableTestCommands=true')
        options.testCommands = true;
      else if (!/^(enableTestCommands=(0|false)|diagnosticDataCollectionEnabled=\w+)$/.test(value)) {
        throw new OptionError(`--setParameter '${value}' is not known; enableTestCommands=1 is`);
      }
      return;
    default:
      if (VALUES_WITHOUT_EFFECT.has(name)) return;
      throw new OptionError(`unknown option '${name}'. ${USAGE}`);
  }
}

function readPort(value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new OptionError(`--port must be between 0 and 65535, not '${value}'. ${USAGE}`);
}

function splitOnce(arg: string): string[] {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}
