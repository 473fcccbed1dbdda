/** `npm run fuzz -- [--cases N] [--from S]`: one line of summary; ends with 1 when a promise was broken. */
import { parseArgs } from 'node:util';
import { fuzzWebhooks } from './webhooks.ts';

const MOST_GROWTH_MB = 50;

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '200000' }, from: { type: 'string', default: '1' } },
});
const cases = Number(values.cases);
const from = Number(values.from);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(from) || from < 1) {
  process.stderr.write('--cases and --from take whole numbers from 1. Example: --cases 200000\n');
  process.exitCode = 2;
} else {
  const started = performance.now();
  const result = await fuzzWebhooks({ cases, from });
  const { posts, crashes, serverErrors, accepted, growthMb, failures } = result;
  process.stdout.write(
    `webhooks: ${cases} deliveries, ${posts} over HTTP, ${crashes} crashes, ${serverErrors} server errors, ` +
      `${accepted} accepted, memory ${growthMb < 0 ? '' : '+'}${growthMb} MB after the first 10,000, ` +
      `${((performance.now() - started) / 1_000).toFixed(1)} s\n`,
  );
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  const [, number] = /case (\d+)/.exec(failures[0] ?? '') ?? [];
  if (number) process.stdout.write(`  replay: npm run fuzz -- --cases 1 --from ${number}\n`);
  process.exitCode = failures.length > 0 || growthMb >= MOST_GROWTH_MB ? 1 : 0;
}
