// Measures the import of a real A/B test (Cookie Cats, 90,189 players) through the command line, beside bare inserts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MongoClient } from 'mongodb';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { removeFolder, runCommand, temporaryFolder } from '../support/program.ts';
import { type BenchArguments, cpuMsOf, type Figure, printFigure, rounded } from './figures.ts';

const ENGINE = resolve(import.meta.dirname, '../../src/embedded-mongo/cli.js');
const LIMIT_MS = 20_000;
const COLUMNS = ['--unit', 'userid', '--variant', 'version', '--outcome', 'retention_7'];

/** @throws Error naming the file that is missing in the folder given by `--data`. */
export async function run(
  { data }: BenchArguments,
  print: (figure: Figure) => void = printFigure,
): Promise<void> {
  const folder = temporaryFolder();
  const csv = cookieCats(data);
  const file = join(folder, 'cookie_cats.csv');
  writeFileSync(file, csv);
  const engine = await startEmbedded({ binaryPath: ENGINE, dataDir: join(folder, 'engine') });
  try {
    const bare = await bareInsertMs(engine.uri, csv);
    const uri = new URL(engine.uri);
    uri.pathname = '/import';
    const settings = {
      MONGODB_URI: uri.href,
      SECRET_KEY: 'the key of a bench, of no use elsewhere',
      DATA_DIR: join(folder, 'data'),
    };
    const cpuBeforeMs = cpuMsOf(engine.pid);
    const startedMs = performance.now();
    const words = ['import', 'exposures', file, '--experiment', 'gate', '--default', 'gate_30'];
    const end = await runCommand('cli', [...words, ...COLUMNS], settings);
    const wallMs = performance.now() - startedMs;
    if (end.code !== 0) throw new Error(`the import ended with ${end.code}: ${end.stderr}`);
    const figure = (metric: string, value: number, against: string, limitMs: number): void =>
      print({
        bench: 'import',
        metric,
        value: rounded(value),
        unit: 'ms',
        against,
        ratio: rounded(value / limitMs),
      });
    figure(
      '90,189 exposures by the command line, judged, written and folded',
      wallMs,
      'limit 20 s',
      LIMIT_MS,
    );
    figure('the same beside bare inserts', wallMs, `the driver’s insertMany, ${rounded(bare)} ms`, bare);
    const engineMs = cpuMsOf(engine.pid) - cpuBeforeMs;
    figure('CPU of the engine in it', engineMs, 'its wall time', wallMs);
  } finally {
    await engine.stop();
    removeFolder(folder);
  }
}

function cookieCats(data: string | undefined): string {
  if (data === undefined) throw new Error('say where the data is: import --data <folder with cookie-cats/>');
  const plain = join(data, 'cookie-cats/cookie_cats.csv');
  const packed = `${plain}.gz`;
  if (existsSync(plain)) return readFileSync(plain, 'utf8');
  if (existsSync(packed)) return gunzipSync(readFileSync(packed)).toString('utf8');
  throw new Error(`there is neither ${plain} nor ${packed}`);
}

/** Documents of the same fields, written by the driver alone into a collection with the same index. */
async function bareInsertMs(uri: string, csv: string): Promise<number> {
  const client = await MongoClient.connect(uri);
  try {
    const facts = client.db('bare').collection('facts');
    await facts.createIndex({ tenant: 1, experiment: 1, batch: 1, bucket: 1 });
    const [, ...lines] = csv.trim().split('\n');
    const startedMs = performance.now();
    for (let start = 0; start < lines.length; start += 2000) {
      const rows = lines.slice(start, start + 2000).map((line) => {
        const [unit = '', variant = '', , , outcome = ''] = line.trim().split(',');
        const seen = { unit, variant, converted: outcome === 'True', excluded: false, replaces: null };
        return { tenant: 'default', experiment: 'gate', ...seen, at: null, bucket: 0, batch: 0, version: 1 };
      });
      await facts.insertMany(rows, { ordered: false });
    }
    return performance.now() - startedMs;
  } finally {
    await client.close();
  }
}
