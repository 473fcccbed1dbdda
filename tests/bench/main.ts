/** `npm run bench -- <name> [--data DIR] [--json] [--quick]`: runs one bench; each figure is one line of JSON. */
import { parseArgs } from 'node:util';
import { run as runAck } from './ack.ts';
import { run as runBolt } from './bolt.ts';
import { run as runDecisions } from './decisions.ts';
import { run as runDispatch } from './dispatch.ts';
import { runTelegramDispatch } from './dispatch-telegram.ts';
import { run as runEmbeddedMongo } from './embedded-mongo.ts';
import type { BenchArguments } from './figures.ts';
import { run as runImport } from './import.ts';
import { run as runPages } from './pages.ts';
import { run as runProtocol } from './protocol.ts';
import { run as runStart } from './start.ts';
import { run as runWebhooks } from './webhooks.ts';

/** Each answers whether its gates held; those without gates only measure. */
const BENCHES: Readonly<Record<string, (given: BenchArguments) => Promise<boolean>>> = {
  ack: () => runAck(),
  decisions: async () => runDecisions().ok,
  dispatch: async () => {
    const inMemory = runDispatch();
    const slack = await runBolt();
    return inMemory.length + slack.length + (await runTelegramDispatch()).length > 0;
  },
  'embedded-mongo': () => runEmbeddedMongo().then(() => true),
  import: (given) => runImport(given).then(() => true),
  pages: () => runPages(),
  protocol: () => runProtocol().then(() => true),
  start: () => runStart().then(() => true),
  webhooks: runWebhooks,
};

const FAILED = 1;
const WRONG_USAGE = 2;

async function main(argv: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    // Lines of JSON are all there is; the flag is taken so that scripts may say what they count on.
    options: {
      data: { type: 'string' },
      json: { type: 'boolean' },
      quick: { type: 'boolean', default: false },
    },
  });
  const [name = ''] = positionals;
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench) return (await bench({ data: values.data, quick: values.quick })) ? 0 : FAILED;
  const names = Object.keys(BENCHES).join(', ');
  process.stderr.write(`no bench '${name}'; there are: ${names}. Example: start\n`);
  return WRONG_USAGE;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = FAILED;
  },
);
