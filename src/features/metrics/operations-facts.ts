// The verbs that hand a metric out: as a file, and as the facts behind it.
import { z } from 'zod';
import { download } from '../../core/download.ts';
import { operationsOf } from '../../core/operation.ts';
import { code, context, reply, table, withStatus } from '../../core/reply.ts';
import { exactTime } from '../../ui/components/time.tsx';
import { metric, question, word } from './asked-fields.ts';
import { exportFigure, exportFormats } from './export.ts';
import type { MetricService } from './service.ts';
import { showFigure } from './shown.ts';
import { sentencesIn } from './words.ts';

const operation = operationsOf<{ readonly metrics: MetricService }>();

export const exportMetric = operation({
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
  reply: ({ fileName, rowCount, sha256, content, url }, _input, { language }) =>
    reply(
      sentencesIn(language).exported(fileName, rowCount),
      code(preview(content)),
      context([
        { link: sentencesIn(language).download, href: url },
        ' · SHA-256 ',
        { code: sha256.slice(0, 12) },
      ]),
    ),
});

export const rowsOfMetric = operation({
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
  reply: ({ rows, words, next }, input, { zone, language }) => {
    const say = sentencesIn(language);
    if (rows.length === 0) return withStatus('look', reply(say.noFacts(input.metric, words)));
    const shown = rows.slice(0, ROWS_IN_CHAT);
    const lines = shown.map(({ at, data }) => [exactTime(new Date(at), zone), rowWords(data)]);
    return reply(
      say.factsBehind(`${rows.length}${next ? '+' : ''}`, input.metric, words),
      table([{ label: say.when }, { label: say.what }], lines),
    );
  },
});

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
