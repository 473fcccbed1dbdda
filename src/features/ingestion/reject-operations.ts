// The verbs of rows that were refused: looking at them, and taking them in again.
import { DateTime } from 'luxon';
import { z } from 'zod';
import { operationsOf } from '../../core/operation.ts';
import { context, reply, table, text, withStatus } from '../../core/reply.ts';
import { streamNames } from '../../core/rollups.ts';
import type { Ingestion } from './service.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly ingestion: Ingestion }>();

const one = z.enum(streamNames).exactOptional().describe('only this stream');
const day = (about: string) => z.iso.date().exactOptional().describe(about).meta({ example: '2026-11-02' });

export const listRejects = operation({
  name: 'ingest.rejects',
  summary: { en: 'Show rows that were refused, and why', hi: 'अस्वीकृत पंक्तियाँ और कारण देखें' },
  permission: 'fact.read',
  effect: 'read',
  danger: 'none',
  audited: true,
  http: { method: 'GET', path: '/api/ingest/rejects' },
  input: z.strictObject({
    stream: one,
    limit: z.int().min(1).max(200).default(20).describe('how many'),
  }),
  output: z.object({
    open: z.int(),
    rejects: z.array(
      z.object({
        id: z.string(),
        stream: z.string(),
        source: z.string(),
        field: z.string(),
        reason: z.string(),
        row: z.string().describe('the row as it came, with personal fields masked'),
        receivedAt: z.iso.datetime(),
      }),
    ),
  }),
  chat: { aliases: ['rejects'], positional: ['stream'], examples: ['rejects', 'rejects transactions'] },
  run: async ({ services, ...ctx }, { stream, limit }) => {
    const { open, rejects } = await services.ingestion.rejects(ctx, { stream, limit });
    return {
      open,
      rejects: rejects.map(({ _id: id, stream: name, source, field, reason, row, receivedAt }) => ({
        id,
        stream: name,
        source,
        field,
        reason,
        row,
        receivedAt: receivedAt.toISOString(),
      })),
    };
  },
  reply: ({ open, rejects }, _input, ctx) => {
    const say = words[ctx.language];
    if (rejects.length === 0) return reply(say.noneRefused);
    const rows = rejects.map((reject) => [
      DateTime.fromISO(reject.receivedAt, { zone: ctx.zone }).toFormat('d LLL HH:mm'),
      reject.stream,
      `${reject.field}: ${reject.reason}`.slice(0, 200),
      reject.id,
    ]);
    return withStatus(
      'look',
      reply(
        say.rowsRefused(open),
        table(
          [say.when, say.stream, say.why, say.id].map((label) => ({ label })),
          rows,
        ),
        context(say.howToMend),
      ),
    );
  },
});

export const replayOperation = operation({
  name: 'ingest.replay',
  summary: { en: 'Take rows that were refused in again', hi: 'अस्वीकृत पंक्तियाँ फिर से जोड़ें' },
  permission: 'ingest.write',
  effect: 'write',
  danger: 'none',
  http: { method: 'POST', path: '/api/ingest/rejects/:reject/replay' },
  input: z.strictObject({
    reject: z.string().trim().min(1).max(60).describe('the id of one row, or all').meta({ example: 'all' }),
    stream: one,
    from: day('with all: the first day they came'),
    to: day('with all: the last day they came'),
    set: z
      .array(z.string().max(500))
      .max(20)
      .default([])
      .describe('with one: what to mend, as field=value')
      .meta({ example: 'amount=49.50' }),
  }),
  output: z.object({
    taken: z.int(),
    refused: z.array(z.object({ id: z.string(), field: z.string(), reason: z.string() })),
  }),
  chat: {
    positional: ['reject'],
    examples: ['ingest replay all', 'ingest replay rej_4k2 --set amount=49.50'],
    questions: { reject: { en: 'Which row? Its id, or “all”.', hi: 'कौन सी पंक्ति?' } },
  },
  run: ({ services, ...ctx }, { reject, stream, from, to, set }) => {
    const start = (given: string, days: number): Date =>
      DateTime.fromISO(given, { zone: ctx.zone }).plus({ days }).toJSDate();
    return services.ingestion.replay(ctx, {
      reject,
      stream,
      set,
      from: from === undefined ? undefined : start(from, 0),
      to: to === undefined ? undefined : start(to, 1),
    });
  },
  reply: ({ taken, refused }, _input, { language }) => {
    const lines = refused.slice(0, 10).map(({ id, field, reason }) => text(`${id}, ${field}: ${reason}`));
    const said = words[language].takenIn(taken, refused.length);
    return withStatus(refused.length > 0 ? 'look' : 'ok', reply(said, ...lines));
  },
});
