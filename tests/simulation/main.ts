// `npm run simulate -- [--seeds N] [--from S] [--mutant NAME]`: runs seeds, prints one line, exits 1 on a broken promise.
import { parseArgs } from 'node:util';
import { mutants } from './mutants.ts';
import { simulate, type Verdict } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    mutant: { type: 'string' },
  },
});

const seeds = Number(values.seeds);
const from = Number(values.from);
if (!Number.isInteger(seeds) || !Number.isInteger(from) || (values.mutant && !mutants[values.mutant])) {
  process.stderr.write(
    'usage: npm run simulate -- [--seeds 1000] [--from 1] [--mutant NAME]\n' +
      `mutants: ${Object.keys(mutants).join(', ')}\n`,
  );
  process.exit(2);
}

const started = performance.now();
const verdicts: Verdict[] = [];
let broken: Verdict | undefined;
for (let seed = from; seed < from + seeds && !broken; seed += 1) {
  const verdict = await simulate(seed, values.mutant);
  verdicts.push(verdict);
  if (verdict.violations.length > 0) broken = verdict;
}

const total = (count: (verdict: Verdict) => number): number =>
  verdicts.reduce((sum, verdict) => sum + count(verdict), 0);
process.stdout.write(
  `${verdicts.length} seeds from ${from}${values.mutant ? ` of mutant ${values.mutant}` : ''}: ` +
    `${total((v) => v.effects)} effects, ${total((v) => v.items)} items, ${total((v) => v.crashes)} crashes, ` +
    `${total((v) => v.stops)} stops, ${total((v) => v.duplicates)} duplicates of ` +
    `${total((v) => v.ambiguities)} counted, ${total((v) => v.dead)} dead letters, ` +
    `${broken ? 1 : 0} seeds broken, ${((performance.now() - started) / 1_000).toFixed(1)} s\n`,
);
if (broken) {
  for (const violation of broken.violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
  const mutant = values.mutant ? ` --mutant ${values.mutant}` : '';
  process.stdout.write(`replay: npm run simulate -- --from ${broken.seed} --seeds 1${mutant}\n`);
  process.exitCode = 1;
}
