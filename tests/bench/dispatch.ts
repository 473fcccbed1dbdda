// Measures what one chat line costs before its operation runs: find → authorise → parse → validate, in memory.
import { z } from 'zod';
import { readArguments } from '../../bots/parse.ts';
import { createVerbBook, type VerbBook } from '../../bots/verb-book.ts';
import { splitWords } from '../../bots/words.ts';
import { type Operation, operationsOf } from '../../src/core/operation.ts';
import { holds } from '../../src/core/permissions.ts';
import { problemsOf } from '../../src/core/problems.ts';
import { reply } from '../../src/core/reply.ts';

export interface BenchLine {
  readonly bench: 'dispatch';
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What it is measured against, in the same run. */
  readonly against: string;
  readonly ratio: number;
}

export interface DispatchOptions {
  /** How many verbs are declared. */
  readonly verbs?: readonly number[];
  /** Messages of one round. */
  readonly messages?: number;
  /** The best of so many rounds counts: the others met the machine's other work. */
  readonly rounds?: number;
  readonly print?: (line: string) => void;
}

const operation = operationsOf<object>();

function verbNumber(n: number): Operation<object> {
  return operation({
    name: `thing${n}.add`,
    summary: { en: `Add thing ${n}`, hi: `चीज़ ${n} जोड़ें` },
    permission: 'task.write',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({
      title: z.string().min(3).max(200),
      priority: z.enum(['critical', 'high', 'medium', 'low']).default('medium'),
      tags: z.array(z.string()).exactOptional(),
      budgetPaise: z.int().min(0).exactOptional(),
      urgent: z.boolean().exactOptional(),
    }),
    output: z.strictObject({}),
    chat: { aliases: [`add thing number ${n}`], positional: ['title'], examples: [`thing${n} add receipts`] },
    run: async () => ({}),
    reply: () => reply('done'),
  });
}

/** The part of the registry that has no waits in it, on one line. */
function readLine(book: VerbBook, line: string): number {
  const found = book.find(splitWords(line));
  if (!found) throw new Error(`no verb in ${line}`);
  const { plan, rest } = found;
  if (!holds('manager', plan.verb.permission)) throw new Error('denied');
  const { raw, problems } = readArguments(plan, rest);
  return problems.length + problemsOf(plan.verb.input, raw).length;
}

/** CPU microseconds of one call, the best of the rounds. */
function cpuMicros(rounds: number, calls: number, work: (call: number) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) work(call);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / calls);
  }
  return best;
}

/** Runs the bench and returns its figures, printed as JSON lines. */
export function run(options: DispatchOptions = {}): readonly BenchLine[] {
  const { verbs = [100, 1_000], messages = 20_000, rounds = 7 } = options;
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  const lines = verbs.flatMap((count) => measure(count, messages, rounds));
  for (const line of lines) print(JSON.stringify(line));
  return lines;
}

function measure(count: number, messages: number, rounds: number): readonly BenchLine[] {
  const operations = Array.from({ length: count }, (_, n) => verbNumber(n));
  const book = createVerbBook(operations);
  const bare = new Map(operations.map(({ name }) => [name.replace('.', ' '), name]));
  const said = operations.map(
    (_, n) => `/thing${n} add "Fix receipts" --priority high tags:a,b --budget-paise 12,50,000 --urgent`,
  );
  const line = (call: number): string => said[call % count] ?? '';
  let wrong = 0;
  const read = cpuMicros(rounds, messages, (call) => {
    wrong += readLine(book, line(call));
  });
  if (wrong > 0) throw new Error('the lines of the bench are read wrongly');
  const lookUp = cpuMicros(rounds, messages * 20, (call) => bare.get(`thing${call % count} add`));
  return [
    {
      bench: 'dispatch',
      metric: `CPU per message at ${count} verbs`,
      value: Number(read.toFixed(2)),
      unit: 'µs',
      against: `bare Map look-up, ${lookUp.toFixed(3)} µs`,
      ratio: Number((read / lookUp).toFixed(1)),
    },
  ];
}
