// The verbs by which rows come in and are looked at: ingest rows, stream rows.
import { z } from 'zod';
import type { Language } from '../../core/context.ts';
import { type Ingested, OWN_SOURCE } from '../../core/ingestion.ts';
import { operationsOf } from '../../core/operation.ts';
import { list, type Reply, reply, withStatus } from '../../core/reply.ts';
import { streamNames } from '../../core/rollups.ts';
import { MOST_ROWS, readRows } from './rows-text.ts';
import type { Ingestion } from './service.ts';
import { countsSaid, words } from './words.ts';

const operation = operationsOf<{ readonly ingestion: Ingestion }>();

export const MAX_BODY_BYTES = 8 * 1024 * 1024;

export const stream = z.enum(streamNames).describe('the stream').meta({ example: 'transactions' });

export const source = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'small letters, digits, - and _')
  .default(OWN_SOURCE)
  .describe('the system whose ids these are: one name through every door')
  .meta({ example: 'shop' });

const results = z.enum(['accepted', 'corrected', 'duplicate', 'older', 'rejected']);
const total = z.int().min(0);

export const ingested = z.object({
  counts: z.object({
    accepted: total,
    corrected: total,
    duplicate: total,
    older: total,
    rejected: total,
  }),
  rows: z.array(
    z.object({
      row: z.int().describe('its place among the rows, from 1'),
      id: z.string().nullable(),
      result: results,
      field: z.string().exactOptional(),
      reason: z.string().exactOptional(),
    }),
  ),
});

export const ingestRows = operation({
  name: 'ingest.rows',
  summary: { en: 'Take rows of a stream in', hi: 'किसी स्ट्रीम की पंक्तियाँ जोड़ें' },
  permission: 'ingest.write',
  effect: 'write',
  danger: 'none',
  file: { field: 'content', accept: ['.ndjson', '.jsonl', '.json'], maxBytes: MAX_BODY_BYTES },
  input: z.strictObject({
    stream,
    content: z
      .string()
      .min(1)
      .max(MAX_BODY_BYTES)
      .describe(`one JSON object on each line, or a JSON array; at most ${MOST_ROWS} rows`)
      .meta({ example: 'rows.ndjson' }),
    source,
  }),
  output: ingested,
  chat: {
    positional: ['stream', 'content'],
    examples: ['ingest rows transactions rows.ndjson --source shop'],
    questions: {
      stream: { en: 'Which stream do they belong to?', hi: 'कौन सी स्ट्रीम?' },
      content: { en: 'Which rows? One JSON object on each line.', hi: 'कौन सी पंक्तियाँ?' },
    },
  },
  run: ({ services, ...ctx }, input) =>
    services.ingestion.ingest(ctx, input.stream, readRows(input.content), { source: input.source }),
  reply: (outcome, input, { language }) => ingestedReply(outcome, input.stream, language),
});

/** What became of rows, in a sentence, with the first of those that were refused. */
function ingestedReply({ counts, rows }: Ingested, name: string, language: Language): Reply {
  const bad = rows.filter((row) => row.result === 'rejected');
  const lines = bad.slice(0, 10).map(({ row, field, reason }) => words[language].row(row, field, reason));
  const answer = reply(
    `${name}: ${countsSaid(counts, language)}`,
    ...(lines.length > 0 ? [list(lines)] : []),
  );
  return withStatus(bad.length > 0 ? 'look' : 'ok', answer);
}
