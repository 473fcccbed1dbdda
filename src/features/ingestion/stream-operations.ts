// The verbs that show streams: how fresh each is, and the facts behind a number.
import { DateTime } from 'luxon';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, reply, table, text, withStatus } from '../../core/reply.ts';
import { stream } from './rows-operations.ts';
import type { Ingestion } from './service.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly ingestion: Ingestion }>();

const when = z.iso.datetime().nullable();

export const listStreams = operation({
  name: 'ingest.streams',
  summary: { en: 'Show every stream of facts and how fresh it is', hi: 'हर स्ट्रीम और उसकी ताज़गी देखें' },
  permission: 'ingest.read',
  effect: 'read',
  danger: 'none',
  http: { method: 'GET', path: '/api/ingest' },
  input: z.strictObject({}),
  output: z.object({
    streams: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['empty', 'waiting', 'fresh']),
        facts: z.int(),
        waiting: z.int(),
        lagMs: z.number().nullable(),
        receivedAt: when,
        foldedAt: when,
        rejects: z.int(),
      }),
    ),
  }),
  chat: { aliases: ['streams'], examples: ['streams'] },
  run: async ({ services, ...ctx }) => ({
    streams: (await services.ingestion.overview(ctx)).map((one) => ({
      ...one,
      receivedAt: one.receivedAt?.toISOString() ?? null,
      foldedAt: one.foldedAt?.toISOString() ?? null,
    })),
  }),
  reply: ({ streams }, _input, ctx) => {
    const say = words[ctx.language];
    const filled = streams.filter(({ facts, waiting, rejects }) => facts + waiting + rejects > 0);
    const rejects = streams.reduce((sum, one) => sum + one.rejects, 0);
    if (filled.length === 0) return reply(say.nothingYet, text(say.sendRows));
    const shown = (at: string | null): string =>
      at === null ? '—' : DateTime.fromISO(at, { zone: ctx.zone }).toFormat('d LLL HH:mm:ss');
    const answer = reply(
      say.filled(filled.length, streams.length),
      table(
        [
          { label: say.stream },
          { label: say.facts, numeric: true },
          { label: say.lastCame },
          { label: say.waiting, numeric: true },
          { label: say.refused, numeric: true },
        ],
        filled.map((one) => [
          one.name,
          String(one.facts),
          shown(one.receivedAt),
          String(one.waiting),
          String(one.rejects),
        ]),
      ),
    );
    return withStatus(rejects > 0 ? 'look' : 'ok', answer);
  },
});

const day = (about: string) => z.iso.date().describe(about).meta({ example: '2026-11-02' }).exactOptional();

export const showRows = operation({
  name: 'stream.rows',
  summary: { en: 'Show the facts of a stream, the newest first', hi: 'स्ट्रीम के तथ्य देखें' },
  permission: 'fact.read',
  effect: 'read',
  danger: 'none',
  audited: true,
  http: { method: 'GET', path: '/api/ingest/:stream/rows' },
  input: z.strictObject({
    stream,
    from: day('the first day'),
    to: day('the last day'),
    where: z
      .array(z.string().max(200))
      .max(5)
      .default([])
      .describe('only facts with these values, as field=value')
      .meta({ example: 'source=app' }),
    after: z.string().max(500).exactOptional().describe('goes on after the row of this id'),
    limit: z.int().min(1).max(500).default(20).describe('how many'),
  }),
  output: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        source: z.string(),
        externalId: z.string(),
        at: z.iso.datetime(),
        receivedAt: z.iso.datetime(),
        data: z.record(z.string(), z.unknown()),
      }),
    ),
    asOf: when,
  }),
  chat: {
    positional: ['stream'],
    examples: ['stream rows transactions', 'stream rows claims --where status=failed'],
    questions: { stream: { en: 'Which stream?', hi: 'कौन सी स्ट्रीम?' } },
  },
  run: async ({ services, ...ctx }, { stream: name, from, to, where, after, limit }) => {
    const { reader } = services.ingestion;
    const rows = await reader.rows(ctx.tenant, {
      stream: name,
      from: from === undefined ? new Date(0) : dayStart(from, ctx.zone),
      to:
        to === undefined
          ? new Date(ctx.now.getTime() + 2 * 86_400_000)
          : new Date(dayStart(to, ctx.zone).getTime() + 86_400_000),
      where: conditionsIn(where),
      ...(after === undefined ? {} : { after }),
      limit,
    });
    return {
      rows: rows.map(({ at, receivedAt, ...row }) => ({
        ...row,
        at: at.toISOString(),
        receivedAt: receivedAt.toISOString(),
      })),
      asOf: (await reader.asOf(ctx.tenant, name))?.toISOString() ?? null,
    };
  },
  reply: ({ rows }, input, ctx) => {
    const say = words[ctx.language];
    if (rows.length === 0) return reply(say.noSuchFacts(input.stream));
    const lines = rows.slice(0, 20).map(({ at, externalId, data }) => [
      DateTime.fromISO(at, { zone: ctx.zone }).toFormat('d LLL yyyy HH:mm'),
      externalId,
      Object.entries(data)
        .map(([field, value]) => `${field} ${String(value)}`)
        .join(', '),
    ]);
    return reply(
      say.factsOf(rows.length, input.stream),
      table([{ label: say.when }, { label: say.id }, { label: say.fields }], lines),
      context(say.newestFirst),
    );
  },
});

function dayStart(day: string, zone: string): Date {
  return DateTime.fromISO(day, { zone }).startOf('day').toJSDate();
}

/** @throws AppError `input.invalid` for what is not field=value. */
function conditionsIn(conditions: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    conditions.map((condition) => {
      const at = condition.indexOf('=');
      if (at > 0) return [condition.slice(0, at).trim(), condition.slice(at + 1).trim()] as const;
      const problem = `“${condition.slice(0, 60)}” is not field=value`;
      throw new AppError('input.invalid', `where: ${problem} — for example source=app`, {
        fields: [{ field: 'where', problem, example: 'source=app' }],
      });
    }),
  );
}
