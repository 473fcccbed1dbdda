// The verb that imports a file of facts.
import { z } from 'zod';
import { operationsOf } from '../../core/operation.ts';
import { list, reply, text, withStatus } from '../../core/reply.ts';
import { source, stream } from './rows-operations.ts';
import type { Ingestion } from './service.ts';
import { countsSaid, words } from './words.ts';

const operation = operationsOf<{ readonly ingestion: Ingestion }>();

const MAX_FILE_BYTES = 128 * 1024 * 1024;
const total = z.int().min(0);

export const importOperation = operation({
  name: 'ingest.import',
  summary: { en: 'Import facts from a CSV or NDJSON file', hi: 'CSV या NDJSON फ़ाइल से तथ्य जोड़ें' },
  permission: 'ingest.write',
  effect: 'write',
  danger: 'none',
  file: { field: 'content', accept: ['.csv', '.tsv', '.txt', '.ndjson', '.jsonl'], maxBytes: MAX_FILE_BYTES },
  input: z.strictObject({
    stream,
    content: z
      .string()
      .min(1)
      .max(MAX_FILE_BYTES)
      .describe('the text of the file')
      .meta({ example: 'orders.csv' }),
    map: z
      .array(z.string().max(200))
      .max(60)
      .default([])
      .describe('which column holds which field; a number is the place of a column without a header')
      .meta({ example: 'order_no=id' }),
    source,
    makeIds: z.boolean().default(false).describe('the file has no ids: make them from the rows'),
    dryRun: z.boolean().default(false).describe('only say what would happen'),
    acceptGood: z.boolean().default(false).describe('take the good rows of a file with bad ones'),
  }),
  output: z.object({
    stream: z.string(),
    dryRun: z.boolean(),
    rows: total,
    counts: z.object({
      accepted: total,
      corrected: total,
      duplicate: total,
      older: total,
      rejected: total,
    }),
    notes: z.array(z.string()),
    refused: z.array(z.object({ field: z.string(), problem: z.string() })),
  }),
  chat: {
    aliases: ['import'],
    positional: ['stream', 'content'],
    examples: [
      'import transactions orders.csv --map order_no=id --map paid_on=at --map total=amount',
      'import transactions CDNOW_sample.txt --map 1=customer --map 3=at --map 4=quantity --map 5=amount --make-ids',
    ],
    questions: {
      stream: { en: 'Which stream do the rows belong to?', hi: 'कौन सी स्ट्रीम?' },
      content: { en: 'Which file? Give its text.', hi: 'कौन सी फ़ाइल?' },
    },
  },
  run: async ({ services, ...ctx }, { stream: name, ...request }) => {
    const outcome = await services.ingestion.importFile(ctx, name, request);
    return { stream: name, dryRun: request.dryRun, ...outcome };
  },
  reply: ({ stream: name, dryRun, rows, counts, notes, refused }, _input, { language }) => {
    const answer = reply(
      words[language].read(name, rows, countsSaid(counts, language, dryRun)),
      ...notes.map((note) => text(note)),
      ...(refused.length > 0 ? [list(refused.map(({ field, problem }) => `${field}: ${problem}`))] : []),
    );
    return withStatus(counts.rejected > 0 ? 'look' : 'ok', answer);
  },
});
