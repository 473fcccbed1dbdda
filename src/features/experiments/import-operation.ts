// The verb that imports exposures of an experiment from a CSV file.
import { z } from 'zod';
import type { Language } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { formatPaise } from '../../core/money.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, list, type Reply, reply, text, withStatus } from '../../core/reply.ts';
import type { ImportOutcome } from './import.ts';
import { importWords } from './import-words.ts';
import type { ExperimentService } from './service.ts';
import { experimentKey } from './shapes.ts';

const operation = operationsOf<{ readonly experiments: ExperimentService }>();

const column = (meaning: string) =>
  z.string().trim().min(1).max(200).exactOptional().describe(`the column with ${meaning}`);
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export const importOperation = operation({
  name: 'experiment.import',
  summary: { en: 'Import exposures of an A/B test from a CSV file', hi: 'A/B टेस्ट का डेटा CSV से जोड़ें' },
  permission: 'experiment.import',
  effect: 'write',
  danger: 'none',
  file: { field: 'content', accept: ['.csv', '.tsv', '.txt'], maxBytes: MAX_FILE_BYTES },
  input: z.strictObject({
    content: z
      .string()
      .min(1)
      .max(MAX_FILE_BYTES)
      .describe('the CSV text')
      .meta({ example: 'exposures.csv' }),
    experiment: experimentKey,
    default: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .describe('the variant that is the default now')
      .meta({ example: 'control' }),
    unit: column('the unit, such as a user id'),
    variant: column('the variant that the unit saw'),
    outcome: column('whether it converted: 1 or 0, true or false'),
    at: column('the time of exposure'),
    order: column('the order of exposure, where there is no time'),
    max: z
      .int()
      .min(2)
      .max(1_000_000_000)
      .exactOptional()
      .describe('planned units of all arms; the file’s own number unless said'),
    cost: z
      .array(z.string().max(100))
      .max(10)
      .default([])
      .describe('what one converted unit costs, as variant=paise')
      .meta({ example: 'credit_5000=500000' }),
    value: z
      .int()
      .min(0)
      .max(1_000_000_000_000)
      .exactOptional()
      .describe('what one conversion is worth, in paise'),
    dryRun: z.boolean().default(false).describe('only say what would change'),
    acceptGood: z.boolean().default(false).describe('take the good rows of a file with bad ones'),
  }),
  output: z.object({
    experiment: z.string(),
    metric: z.string(),
    rows: z.int(),
    units: z.int(),
    added: z.int(),
    corrected: z.int(),
    excluded: z.int(),
    maxUnits: z.int(),
    dryRun: z.boolean(),
    repeated: z.boolean(),
    variants: z.array(z.string()),
    refused: z.array(z.object({ line: z.int(), field: z.string(), problem: z.string() })),
  }),
  chat: {
    aliases: ['import exposures'],
    positional: ['content'],
    examples: [
      'import exposures exposures.csv --experiment onboarding-offer --unit user_id --variant group --outcome converted --default control',
    ],
    questions: {
      content: { en: 'Which file? Give its text.', hi: 'कौन सी फ़ाइल?' },
      experiment: { en: 'Which experiment does it belong to?', hi: 'कौन सा प्रयोग?' },
      default: { en: 'Which variant is the default now?', hi: 'अभी कौन सा रूप चालू है?' },
    },
  },
  run: async ({ services, ...ctx }, input) => {
    const { content, unit, variant, outcome, at, order, cost, value, max, ...rest } = input;
    const columns = { unit, variant, outcome, at, order };
    const request = { ...rest, content, columns, max, valuePaise: value, costPaise: readCosts(cost) };
    return services.experiments.importFile(ctx, request);
  },
  reply: (outcome, _input, { language }) => importedReply(outcome, language),
});

const SHOWN_ROWS = 10;

function importedReply(outcome: ImportOutcome, language: Language): Reply {
  const say = importWords[language];
  const { corrected, excluded, refused } = outcome;
  if (outcome.repeated) return withStatus('ok', reply(say.repeated(outcome.experiment)));
  const lines = refused.slice(0, SHOWN_ROWS).map(({ line, problem }) => say.line(line, problem));
  const said = reply(
    say.added(outcome),
    ...(corrected > 0 ? [text(say.corrected(corrected))] : []),
    ...(excluded > 0 ? [text(say.excluded(excluded))] : []),
    ...(lines.length > 0 ? [list(lines)] : []),
    context(say.next(outcome.maxUnits)),
  );
  return withStatus(excluded > 0 || refused.length > 0 ? 'look' : 'ok', said);
}

/** @throws AppError for a cost that is not `variant=paise`. */
function readCosts(costs: readonly string[]): Map<string, number> {
  return new Map(
    costs.map((cost) => {
      const match = /^(.+)=(\d{1,15})$/.exec(cost.trim());
      if (match?.[1] && match[2]) return [match[1].trim(), Number(match[2])] as const;
      const example = `credit_5000=500000 (${formatPaise(500_000)} for each converted unit)`;
      throw new AppError(
        'input.invalid',
        `cost: “${cost.slice(0, 60)}” is not variant=paise — for example ${example}`,
        {
          fields: [
            {
              field: 'cost',
              problem: `“${cost.slice(0, 60)}” is not variant=paise`,
              example: 'credit_5000=500000',
            },
          ],
        },
      );
    }),
  );
}
