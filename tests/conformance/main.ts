/** `npm run conformance -- <folder> [--uri URI]`: MongoDB's unified tests against the engine or another server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { type Started, startEmbedded } from '../../src/embedded-mongo/start.ts';
import { readFiles, type TestFile, type UnifiedTest } from './format.ts';
import { complaints, describeSuites, type Result, readKnown } from './report.ts';
import { describeServer, isMet, missingInDriver, refusedBy, type Server } from './requirements.ts';
import { runTest } from './run-test.ts';

const KNOWN_FAILURES = 'tests/conformance/known-failures.json';
const USAGE =
  'npm run conformance -- ./specifications/unified --uri mongodb://127.0.0.1:27017/?replicaSet=rs0';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { uri: { type: 'string' }, only: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(`Name the folder of the unpacked JSON files. Example: ${USAGE}\n`);
  process.exitCode = 2;
} else {
  const files = readFiles(folder).filter(
    ({ name }) => values.only === undefined || name.includes(values.only),
  );
  process.exitCode = await conform(files, values.uri);
}

async function conform(files: readonly TestFile[], given: string | undefined): Promise<number> {
  const engine = given === undefined ? await startOwn() : undefined;
  const uri = given ?? engine?.uri ?? '';
  const internal = await MongoClient.connect(uri);
  try {
    const server = await describeServer(internal);
    const results: Result[] = [];
    for (const file of files) {
      for (const test of file.content.tests) results.push(await resultOf(uri, internal, server, file, test));
    }
    return report(results, values.only === undefined);
  } finally {
    await internal.close();
    await engine?.stop();
  }
}

/** An engine of its own on a temporary folder, with fail points. */
async function startOwn(): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'conformance-'));
  const started = await startEmbedded({
    binaryPath: resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js'),
    dataDir,
    args: ['--setParameter', 'enableTestCommands=1'],
  });
  const stop = async (): Promise<void> => {
    await started.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...started, stop };
}

async function resultOf(
  uri: string,
  internal: MongoClient,
  server: Server,
  file: TestFile,
  test: UnifiedTest,
): Promise<Result> {
  const named = { suite: file.suite, test: `${file.name}: ${test.description}` };
  const applies = isMet(file.content.runOnRequirements, server) && isMet(test.runOnRequirements, server);
  if (!applies || test.skipReason !== undefined) return { ...named, outcome: 'requirements' };
  if (refusedBy(file, test) !== undefined) return { ...named, outcome: 'refused' };
  if (missingInDriver(test) !== undefined) return { ...named, outcome: 'driver' };
  const detail = await runTest(uri, internal, file, test);
  return detail === undefined ? { ...named, outcome: 'passed' } : { ...named, outcome: 'failed', detail };
}

/** Prints counts and complaints; a part of the files is not held against the whole list. */
function report(results: readonly Result[], isWhole: boolean): number {
  const known = readKnown(KNOWN_FAILURES).filter(
    ({ test }) => isWhole || results.some((result) => result.test === test),
  );
  const wrong = complaints(results, known);
  for (const line of [...wrong, ...describeSuites(results)]) process.stdout.write(`${line}\n`);
  return wrong.length === 0 ? 0 : 1;
}
