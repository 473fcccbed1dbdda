// The verbs of experiments: import, list, show, assign, approve, reject, roll back, policy, start and stop.
import { z } from 'zod';
import type { Experiment } from '../../../models/experiment.ts';
import { AppError } from '../../core/errors.ts';
import { formatPaise } from '../../core/money.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, list, reply, table, text, withStatus } from '../../core/reply.ts';
import { decisionOperations } from './decision-operations.ts';
import { points } from './figures.ts';
import { reportReply } from './report-reply.ts';
import type { ExperimentService } from './service.ts';
import { experimentKey, reportShape, shownReport } from './shapes.ts';

const operation = operationsOf<{ readonly experiments: ExperimentService }>();

const column = (meaning: string) =>
  z.string().trim().min(1).max(200).exactOptional().describe(`the column with ${meaning}`);
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export const experimentOperations = [
  operation({
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
      refused: z.array(z.object({ field: z.string(), problem: z.string() })),
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
    reply: (outcome) => {
      if (outcome.repeated)
        return withStatus(
          'ok',
          reply(`This file was imported before: nothing changed in ${outcome.experiment}`),
        );
      const verb = outcome.dryRun ? 'would be added to' : 'added to';
      const said = reply(
        `${outcome.added} of ${outcome.units} units ${verb} ${outcome.experiment} (${outcome.variants.join(', ')}; ${outcome.metric})`,
        ...(outcome.corrected > 0
          ? [text(`${outcome.corrected} units say something else than before and were corrected.`)]
          : []),
        ...(outcome.excluded > 0
          ? [text(`${outcome.excluded} units saw two variants and are excluded.`)]
          : []),
        ...(outcome.refused.length > 0
          ? [list(outcome.refused.slice(0, 10).map(({ field, problem }) => `${field}: ${problem}`))]
          : []),
        context(
          `Planned maximum: ${outcome.maxUnits} units. The next protocol run looks at it; “protocol run experiments” looks now.`,
        ),
      );
      return withStatus(outcome.excluded > 0 || outcome.refused.length > 0 ? 'look' : 'ok', said);
    },
  }),
  operation({
    name: 'experiment.list',
    summary: { en: 'List experiments and their verdicts', hi: 'प्रयोग और उनके निर्णय' },
    permission: 'experiment.read',
    effect: 'read',
    danger: 'none',
    input: z.strictObject({ limit: z.int().min(1).max(100).default(20).describe('how many at most') }),
    output: z.object({
      experiments: z.array(
        z.object({
          key: z.string(),
          status: z.string(),
          current: z.string(),
          arms: z.array(z.string()),
          verdict: z.string().nullable(),
          proposal: z.string().nullable(),
        }),
      ),
    }),
    chat: { aliases: ['experiments'], examples: ['experiments'] },
    run: async ({ services, ...ctx }, { limit }) => ({
      experiments: (await services.experiments.list(ctx, limit)).map(listed),
    }),
    reply: ({ experiments }) => {
      if (experiments.length === 0)
        return reply(
          'No experiments yet',
          context('Import one: import exposures <file> --experiment <key> --default <variant>'),
        );
      const columns = ['Experiment', 'Default now', 'State', 'Verdict'].map((label) => ({ label }));
      const rows = experiments.map((one) => [
        [{ bold: one.key }],
        one.current,
        one.proposal === 'open' ? 'needs a decision' : one.status,
        one.verdict ?? 'not looked at yet',
      ]);
      return withStatus(
        experiments.some((one) => one.proposal === 'open') ? 'look' : 'ok',
        reply(`${experiments.length} experiment(s)`, table(columns, rows)),
      );
    },
  }),
  operation({
    name: 'experiment.show',
    summary: { en: 'Show one experiment with its evidence and chart', hi: 'एक प्रयोग का प्रमाण और चार्ट' },
    permission: 'experiment.read',
    effect: 'read',
    danger: 'none',
    input: z.strictObject({ experiment: experimentKey }),
    output: reportShape,
    chat: {
      positional: ['experiment'],
      examples: ['experiment show onboarding-offer'],
      questions: { experiment: { en: 'Which experiment?', hi: 'कौन सा प्रयोग?' } },
    },
    run: async ({ services, ...ctx }, input) =>
      shownReport(await services.experiments.report(ctx, input.experiment)),
    reply: (report, _input, ctx) => reportReply(report, ctx.zone),
  }),
  operation({
    name: 'experiment.stats',
    summary: {
      en: 'Figures of all experiments, for the A/B page and other programs',
      hi: 'सभी प्रयोगों के आँकड़े',
    },
    permission: 'experiment.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/admin/ab-test/stats' },
    input: z.strictObject({
      limit: z.int().min(1).max(50).default(20).describe('how many experiments at most'),
    }),
    output: z.object({ experiments: z.array(reportShape) }),
    chat: { examples: ['experiment stats'] },
    run: async ({ services, ...ctx }, { limit }) => {
      const found = await services.experiments.list(ctx, limit);
      return {
        experiments: await Promise.all(
          found.map(async ({ key }) => shownReport(await services.experiments.report(ctx, key))),
        ),
      };
    },
    reply: ({ experiments }) => {
      const columns = [
        { label: 'Experiment' },
        { label: 'Challenger' },
        { label: 'Difference', numeric: true },
        { label: 'Units', numeric: true },
      ];
      const rows = experiments.flatMap((one) =>
        one.comparisons.map((c) => [
          one.experiment,
          c.variant,
          points(c.difference),
          String(one.arms.reduce((sum, arm) => sum + arm.exposed, 0)),
        ]),
      );
      return reply(`${experiments.length} experiment(s)`, table(columns, rows));
    },
  }),
  operation({
    name: 'experiment.assign',
    summary: { en: 'Say which variant a unit gets', hi: 'किसे कौन सा रूप मिलता है' },
    permission: 'experiment.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/experiments/:experiment/assign' },
    input: z.strictObject({
      experiment: experimentKey,
      unit: z.string().min(1).max(200).describe('the unit, such as a user id').meta({ example: 'user-17' }),
    }),
    output: z.object({ experiment: z.string(), unit: z.string(), variant: z.string() }),
    chat: { positional: ['experiment', 'unit'], examples: ['experiment assign onboarding-offer user-17'] },
    run: async ({ services, ...ctx }, { experiment, unit }) => ({
      experiment,
      unit,
      variant: await services.experiments.assign(ctx, experiment, unit),
    }),
    reply: ({ unit, variant }) => reply([`${unit} gets `, { bold: variant }]),
  }),
  ...decisionOperations,
] as const;

function listed(experiment: Experiment) {
  const { key, status, current, arms, verdict, proposal } = experiment;
  return {
    key,
    status,
    current,
    arms: arms.map((arm) => arm.variant),
    verdict: verdict?.sentence ?? null,
    proposal: proposal?.status ?? null,
  };
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
