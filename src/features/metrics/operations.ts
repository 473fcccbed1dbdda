// The verbs of metrics: show one or the first page, and list what there is; the others hand facts and files out.
import { z } from 'zod';
import type { Ctx } from '../../core/context.ts';
import { toAppError } from '../../core/errors.ts';
import { operationsOf } from '../../core/operation.ts';
import { context } from '../../core/reply.ts';
import { figureReply, overviewReply } from './answer.ts';
import { metric, question, range } from './asked-fields.ts';
import { exportMetric, rowsOfMetric } from './operations-facts.ts';
import { DEFAULT_RANGE } from './question.ts';
import type { MetricService } from './service.ts';
import { showFigure, shownFigure } from './shown.ts';
import { spokenMetrics } from './spoken.ts';
import { sentencesIn } from './words.ts';
import type { Figure } from './work-out.ts';

export interface MetricNeeds {
  readonly metrics: MetricService;
}

const operation = operationsOf<MetricNeeds>();

const showMetric = operation({
  name: 'metrics.show',
  summary: { en: 'Show a metric with its change and its line', hi: 'मेट्रिक और उसका बदलाव दिखाएँ' },
  permission: 'metrics.read',
  effect: 'read',
  danger: 'none',
  http: { method: 'GET', path: '/api/metrics/:metric' },
  input: z.strictObject({
    metric: metric.exactOptional(),
    ...question,
    picture: z.boolean().default(true).describe('whether to draw it'),
  }),
  output: z.object({
    figure: shownFigure.nullable(),
    overview: z.array(shownFigure).describe('the figures of the first page, where no metric was named'),
  }),
  chat: {
    vocabulary: { metric: spokenMetrics },
    said: [
      'how much revenue did we make',
      'show me the numbers',
      'how is mrr doing',
      'kitni bikri hui',
      'kal kitni kamai hui',
      'kitne naye grahak aaye',
      'कितनी बिक्री हुई',
      'कल की कमाई दिखाओ',
    ],
    aliases: ['metrics', 'metric'],
    positional: ['metric', 'range'],
    examples: [
      'metrics',
      'metrics revenue last 30 days by source',
      'metrics mrr this month vs last year',
      'metrics customers pichle 7 din',
    ],
  },
  run: async ({ services: { metrics }, ...ctx }, input) => {
    const asked = metrics.ask(ctx, input);
    if (!asked.metric) return { figure: null, overview: await overviewOf(metrics, ctx, asked) };
    const figure = await metrics.figure(ctx, { ...asked, metric: asked.metric });
    return { figure: showFigure(figure, metrics), overview: [] };
  },
  reply: ({ figure, overview }, { picture }, ctx) =>
    figure ? figureReply(figure, ctx, { withPicture: picture }) : overviewReply(overview, ctx),
});

const listMetrics = operation({
  name: 'metrics.list',
  summary: { en: 'List the metrics with their values', hi: 'सभी मेट्रिक और उनके मान' },
  permission: 'metrics.read',
  effect: 'read',
  danger: 'none',
  http: { method: 'GET', path: '/api/metrics' },
  input: z.strictObject({
    range: range.default(DEFAULT_RANGE),
    versus: question.versus,
    all: z.boolean().default(false).describe('the values of all of them, not only those of the first page'),
  }),
  output: z.object({
    asOf: z.iso.datetime(),
    figures: z.array(shownFigure),
    definitions: z.array(
      z.object({
        id: z.string(),
        name: z.object({ en: z.string(), hi: z.string() }),
        version: z.int(),
        formula: z.string(),
        unit: z.string(),
        section: z.string(),
        dimensions: z.array(z.string()),
      }),
    ),
  }),
  chat: {
    positional: ['range'],
    examples: ['metrics list', 'metrics list last month --all'],
  },
  run: async ({ services: { metrics }, ...ctx }, { all, ...asked }) => ({
    asOf: ctx.now.toISOString(),
    figures: await overviewOf(metrics, ctx, metrics.ask(ctx, asked), all),
    definitions: metrics.metrics.map(({ id, name, version, formula, unit, section, dimensions }) => ({
      id,
      name,
      version,
      formula,
      unit,
      section,
      dimensions,
    })),
  }),
  reply: ({ figures, definitions }, _input, ctx) => {
    const shown = new Set(figures.map(({ id }) => id));
    const others = definitions.filter(({ id }) => !shown.has(id)).map(({ id }) => id);
    const answer = overviewReply(figures, ctx);
    if (others.length === 0) return answer;
    return {
      ...answer,
      blocks: [...answer.blocks, context(sentencesIn(ctx.language).askByName(others.join(', ')))],
    };
  },
});

export const metricOperations = [showMetric, listMetrics, exportMetric, rowsOfMetric] as const;

/** The figures of the first page; one that cannot be read fails the whole answer here, and one tile on the page. */
async function overviewOf(
  metrics: MetricService,
  ctx: Ctx,
  asked: Pick<Parameters<MetricService['figures']>[2], 'range' | 'against'>,
  all = false,
) {
  const some = metrics.metrics.filter((one) => all || one.headline);
  const figures = await metrics.figures(ctx, some, asked);
  return figures.map((one) => {
    if ('failed' in one) throw toAppError(one.failed);
    const figure: Figure = one;
    return showFigure(figure, metrics);
  });
}
