// The verbs of experiments: list, show, assign, and those of the import and of decisions.
import { z } from 'zod';
import type { Experiment } from '../../../models/experiment.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, reply, table, withStatus } from '../../core/reply.ts';
import { decisionOperations } from './decision-operations.ts';
import { points } from './figures.ts';
import { importOperation } from './import-operation.ts';
import type { Experiments } from './proposals.ts';
import { reportReply } from './report-reply.ts';
import { experimentKey, reportShape, shownReport } from './shapes.ts';
import { switchOperation } from './switch-operation.ts';

const operation = operationsOf<{ readonly experiments: Experiments }>();

export const experimentOperations = [
  importOperation,
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
    chat: {
      said: ['which experiments are running', 'kaun se experiment chal rahe hain', 'कौन से प्रयोग चल रहे हैं'],
      aliases: ['experiments'],
      examples: ['experiments'],
    },
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
        reply(counted(experiments.length), table(columns, rows)),
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
      said: [
        'how is the experiment doing',
        'experiment ka natija kya hai',
        'which variant is winning',
        'प्रयोग का नतीजा क्या है',
      ],
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
      return reply(counted(experiments.length), table(columns, rows));
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
  switchOperation,
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

function counted(experiments: number): string {
  return experiments === 1 ? '1 experiment' : `${experiments} experiments`;
}
