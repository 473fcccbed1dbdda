// `npm run simulate -- [--seeds N] [--from S] [--mutant NAME]`: runs seeds, prints one line, exits 1 on a broken promise.
import { parseArgs } from 'node:util';
import { type ApprovalVerdict, simulateApprovals } from './approvals.ts';
import { approvalMutants } from './approvals-mutants.ts';
import { mutants } from './mutants.ts';
import { simulate, type Verdict } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    mutant: { type: 'string' },
  },
});

const known = [...Object.keys(mutants), ...Object.keys(approvalMutants)];
const seeds = Number(values.seeds);
const from = Number(values.from);
if (
  !Number.isInteger(seeds) ||
  !Number.isInteger(from) ||
  (values.mutant && !known.includes(values.mutant))
) {
  process.stderr.write(
    'usage: npm run simulate -- [--seeds 1000] [--from 1] [--mutant NAME]\n' +
      `mutants: ${known.join(', ')}\n`,
  );
  process.exit(2);
}

/** A mutant of one part is looked for in that part alone. */
const isOfApprovals = values.mutant !== undefined && Object.hasOwn(approvalMutants, values.mutant);
const ofDelivery = isOfApprovals ? null : (seed: number) => simulate(seed, values.mutant);
const ofApprovals =
  values.mutant && !isOfApprovals ? null : (seed: number) => simulateApprovals(seed, values.mutant);

const started = performance.now();
const verdicts: Verdict[] = [];
const approvals: ApprovalVerdict[] = [];
let broken: { readonly seed: number; readonly violations: readonly string[] } | undefined;
let ran = 0;
for (let seed = from; seed < from + seeds && !broken; seed += 1) {
  const delivery = await ofDelivery?.(seed);
  const approval = await ofApprovals?.(seed);
  if (delivery) verdicts.push(delivery);
  if (approval) approvals.push(approval);
  broken = [delivery, approval].find((verdict) => verdict && verdict.violations.length > 0);
  ran += 1;
}

const total = (count: (verdict: Verdict) => number): number =>
  verdicts.reduce((sum, verdict) => sum + count(verdict), 0);
const totalOf = (count: 'requests' | 'votes' | 'crashes' | 'done' | 'ended'): number =>
  approvals.reduce((sum, verdict) => sum + verdict[count], 0);
process.stdout.write(
  `${ran} seeds from ${from}${values.mutant ? ` of mutant ${values.mutant}` : ''}: ` +
    `${total((v) => v.effects)} effects, ${total((v) => v.items)} items, ${total((v) => v.crashes)} crashes, ` +
    `${total((v) => v.stops)} stops, ${total((v) => v.duplicates)} duplicates of ` +
    `${total((v) => v.ambiguities)} counted, ${total((v) => v.dead)} dead letters, ` +
    `${totalOf('requests')} requests with ${totalOf('votes')} votes over ${totalOf('crashes')} crashes: ` +
    `${totalOf('done')} done, ${totalOf('ended')} ended, ` +
    `${broken ? 1 : 0} seeds broken, ${((performance.now() - started) / 1_000).toFixed(1)} s\n`,
);
if (broken) {
  for (const violation of broken.violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
  const mutant = values.mutant ? ` --mutant ${values.mutant}` : '';
  process.stdout.write(`replay: npm run simulate -- --from ${broken.seed} --seeds 1${mutant}\n`);
  process.exitCode = 1;
}
