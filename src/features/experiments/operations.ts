// The verbs of experiments: list, show, assign, and those of the import and of decisions.
import { z } from 'zod';
import { operationsOf } from '../../core/operation.ts';
import { reply } from '../../core/reply.ts';
import { decisionOperations } from './decision-operations.ts';
import { importOperation } from './import-operation.ts';
import { listedShape, listReply, standingOf, statsReply } from './list-reply.ts';
import type { Experiments } from './proposals.ts';
import { replyWords } from './reply-words.ts';
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
      experiments: z.array(listedShape),
    }),
    chat: {
      said: ['which experiments are running', 'kaun se experiment chal rahe hain', 'कौन से प्रयोग चल रहे हैं'],
      aliases: ['experiments'],
      examples: ['experiments'],
    },
    run: async ({ services: { experiments }, ...ctx }, { limit }) => {
      const found = await experiments.list(ctx, limit);
      const listed = found.map(async (one) => ({
        ...standingOf(one),
        verdict: await experiments.verdictWordsOf(ctx, one),
      }));
      return { experiments: await Promise.all(listed) };
    },
    reply: ({ experiments }, _input, { language }) => listReply(experiments, language),
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
      shownReport(await services.experiments.report(ctx, input.experiment), ctx.language),
    reply: (report, _input, ctx) => reportReply(report, ctx),
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
          found.map(async ({ key }) =>
            shownReport(await services.experiments.report(ctx, key), ctx.language),
          ),
        ),
      };
    },
    reply: ({ experiments }, _input, { language }) => statsReply(experiments, language),
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
    reply: ({ unit, variant }, _input, { language }) => reply(replyWords[language].gets(unit, variant)),
  }),
  switchOperation,
  ...decisionOperations,
] as const;
