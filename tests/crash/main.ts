/** `npm run crashtest -- <name> …`: runs one crash test as a program. */
import { run as runChat } from './chat.ts';
import { run as runEngine } from './engine.ts';
import { run as runProtocol } from './protocol.ts';
import { run as runWebhooks } from './webhooks.ts';

const TESTS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  engine: runEngine,
  chat: runChat,
  protocol: runProtocol,
  webhooks: runWebhooks,
};

const [name = '', ...args] = process.argv.slice(2);
const test = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined;
if (test === undefined) {
  process.stderr.write(
    `no crash test '${name}'; there are: ${Object.keys(TESTS).join(', ')}. Example: engine --kills 20\n`,
  );
  process.exitCode = 2;
} else {
  process.exitCode = await test(args);
}
