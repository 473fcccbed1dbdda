/** `npm run bench -- <name>`: runs one bench; each prints its results as JSON, one per line. */
import { run as runDispatch } from './dispatch.ts';
import { run as runEmbeddedMongo } from './embedded-mongo.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  dispatch: async () => {
    runDispatch();
  },
  'embedded-mongo': () => runEmbeddedMongo(),
};

const [name = ''] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench === undefined) {
  process.stderr.write(
    `no bench '${name}'; there are: ${Object.keys(BENCHES).join(', ')}. Example: embedded-mongo\n`,
  );
  process.exitCode = 2;
} else {
  await bench();
}
