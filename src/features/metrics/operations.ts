// The verbs of metrics: show one or the first page, list what there is, see the facts behind a number, and export.
import { z } from 'zod';
import type { Ctx } from '../../core/context.ts';
import { download } from '../../core/download.ts';
import { toAppError } from '../../core/errors.ts';
import { operationsOf } from '../../core/operation.ts';
import { rangeExamples } from '../../core/ranges.ts';
import { code, context, reply, table, withStatus } from '../../core/reply.ts';
import { exactTime } from '../../ui/components/time.tsx';
import { figureReply, overviewReply } from './answer.ts';
import { exportFigure, exportFormats } from './export.ts';
import { DEFAULT_RANGE } from './question.ts';
import type { MetricService } from './service.ts';
import { showFigure, shownFigure } from './shown.ts';
import { spokenMetrics } from './spoken.ts';
import type { Figure } from './work-out.ts';

export interface MetricNeeds {
  readonly metrics: MetricService;
}

const operation = operationsOf<MetricNeeds>();

const word = (about: string, example: string, max = 80) =>
  z.string().trim().min(1).max(max).describe(about).meta({ example });

const metric = word('which metric; metrics list names them', 'revenue');
const range = word(`over which time: ${rangeExamples}`, 'last 7 days', 160);

const question = {
  range: range.exactOptional(),
  by: word('a dimension to split by', 'source', 60).exactOptional(),
  versus: word(
    'against which time: previous, last year, or a range; the like period before unless told',
    'last year',
    120,
  ).exactOptional(),
};

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
    return { ...answer, blocks: [...answer.blocks, context(`Ask for these by name: ${others.join(', ')}`)] };
  },
});

const exportMetric = operation({
  name: 'metrics.export',
  summary: { en: 'Export a metric as CSV, JSON or NDJSON', hi: 'मेट्रिक को फ़ाइल में निकालें' },
  permission: 'metrics.read',
  effect: 'read',
  danger: 'none',
  audited: true,
  download: true,
  http: { method: 'GET', path: '/api/metrics/:metric/export' },
  input: z.strictObject({
    metric,
    ...question,
    format: z.enum(exportFormats).default('csv').describe('the form of the file'),
    bom: z.boolean().default(true).describe('begin a CSV with the mark by which spreadsheets know UTF-8'),
  }),
  output: download.extend({ rowCount: z.int(), sha256: z.string(), url: z.string() }),
  chat: {
    positional: ['metric', 'range'],
    examples: ['metrics export revenue last month', 'metrics export mrr 2026 by tier --format json'],
    questions: { metric: { en: 'Which metric?', hi: 'कौन सा मेट्रिक?' } },
  },
  run: async ({ services: { metrics }, ...ctx }, { format, bom, ...input }) => {
    const asked = metrics.ask(ctx, input);
    const figure = await metrics.figure(ctx, {
      ...asked,
      metric: asked.metric ?? metrics.named(input.metric),
    });
    const { sandbox } = metrics;
    const url = showFigure(figure, metrics).links.csv.replace('format=csv', `format=${format}`);
    return { ...exportFigure(figure, { format, bom, sandbox, now: ctx.now }), url };
  },
  reply: ({ fileName, rowCount, sha256, content, url }) =>
    reply(
      [{ bold: fileName }, `: ${rowCount} rows`],
      code(preview(content)),
      context([{ link: 'Download', href: url }, ' · SHA-256 ', { code: sha256.slice(0, 12) }]),
    ),
});

const rowsOfMetric = operation({
  name: 'metrics.rows',
  summary: { en: 'See the facts behind a metric', hi: 'मेट्रिक के पीछे की पंक्तियाँ' },
  permission: 'fact.read',
  effect: 'read',
  danger: 'none',
  audited: true,
  http: { method: 'GET', path: '/api/metrics/:metric/rows' },
  input: z.strictObject({
    metric,
    range: question.range,
    after: word('go on after the row of this id', 'default:transactions:shop:T-1042#1', 600).exactOptional(),
    limit: z.int().min(1).max(500).default(50).describe('how many at most'),
  }),
  output: z.object({
    words: z.string(),
    rows: z.array(
      z.object({
        id: z.string(),
        source: z.string(),
        at: z.iso.datetime(),
        receivedAt: z.iso.datetime(),
        data: z.record(z.string(), z.unknown()),
      }),
    ),
    next: z.string().nullable(),
  }),
  chat: {
    positional: ['metric', 'range'],
    examples: ['metrics rows revenue yesterday'],
    questions: { metric: { en: 'Which metric?', hi: 'कौन सा मेट्रिक?' } },
  },
  run: async ({ services: { metrics }, ...ctx }, { limit, after, ...input }) => {
    const asked = metrics.ask(ctx, input);
    const of = asked.metric ?? metrics.named(input.metric);
    const page = await metrics.rows(ctx, of, asked.range, after === undefined ? { limit } : { limit, after });
    return {
      words: asked.range.words,
      rows: page.rows.map(({ id, source, at, receivedAt, data }) => ({
        id,
        source,
        at: at.toISOString(),
        receivedAt: receivedAt.toISOString(),
        data,
      })),
      next: page.next,
    };
  },
  reply: ({ rows, words, next }, input, { zone }) => {
    if (rows.length === 0) return withStatus('look', reply(`No facts behind ${input.metric} in ${words}`));
    const shown = rows.slice(0, ROWS_IN_CHAT);
    const lines = shown.map(({ at, data }) => [exactTime(new Date(at), zone), rowWords(data)]);
    return reply(
      `${rows.length}${next ? '+' : ''} facts behind ${input.metric}, ${words}`,
      table([{ label: 'When' }, { label: 'What' }], lines),
    );
  },
});

export const metricOperations = [showMetric, listMetrics, exportMetric, rowsOfMetric] as const;

const ROWS_IN_CHAT = 15;
const PREVIEW_LINES = 6;

const rowWords = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .map(([field, value]) => `${field} ${String(value)}`)
    .join(', ');

function preview(content: readonly string[]): string {
  const lines = content.join('').replace('\ufeff', '').split(/\r?\n/);
  return lines.length > PREVIEW_LINES ? [...lines.slice(0, PREVIEW_LINES), '…'].join('\n') : lines.join('\n');
}

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
