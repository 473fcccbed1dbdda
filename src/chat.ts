// `npm run chat`: talks to the running server from this terminal, as the operator of this machine.
import { join, resolve } from 'node:path';
import { runTerminal } from '../bots/console/terminal.ts';
import { exitCodeOf, explain } from './command-errors.ts';
import { readConfig } from './config.ts';
import { AppError } from './core/errors.ts';
import { readSecret } from './data-dir.ts';
import { commandPorts } from './workbench.ts';

async function main(): Promise<number> {
  const config = readConfig();
  const folder = resolve(config.DATA_DIR);
  const baseUrl = readSecret(join(folder, 'server.url'));
  if (baseUrl === undefined) {
    throw new AppError('remote.unavailable', `No server runs on ${folder}. Start one with: npm start`);
  }
  const { clock, ids } = commandPorts(config);
  return runTerminal({
    baseUrl,
    tokenFile: join(folder, 'chat.token'),
    input: process.stdin,
    output: process.stdout,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    clock,
    ids,
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(exitCodeOf(error));
  },
);
