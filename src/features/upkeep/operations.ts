// The verbs of upkeep: look into the outbox, and send dead letters again.
import { z } from 'zod';
import { rowStatuses } from '../../../models/outbox-row.ts';
import type { Ctx } from '../../core/context.ts';
import { operationsOf } from '../../core/operation.ts';
import { buttons, context, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import type { OutboxEntry, Upkeep } from './service.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly upkeep: Upkeep }>();

const shown = z.object({
  id: z.string(),
  kind: z.enum(['message', 'event', 'card']),
  destination: z.string(),
  status: z.enum(rowStatuses),
  says: z.string(),
  attempts: z.int(),
  ambiguities: z.int(),
  at: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  problem: z.string().nullable(),
});

type Shown = z.output<typeof shown>;

const show = (entry: OutboxEntry): Shown => ({
  ...entry,
  at: entry.at.toISOString(),
  dueAt: entry.dueAt.toISOString(),
});

const counts = z.object({
  waiting: z.int(),
  dead: z.int(),
  ambiguous: z.int(),
  oldestMs: z.int(),
});

export const upkeepOperations = [
  operation({
    name: 'outbox.list',
    summary: {
      en: 'Show what waits to be sent and what was given up',
      hi: 'भेजने को क्या बाकी है, क्या नहीं जा सका',
    },
    permission: 'operations.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: '/api/admin/outbox' },
    input: z.strictObject({
      status: z.enum(rowStatuses).default('dead').describe('waiting, sent, or dead: given up'),
      limit: z.int().min(1).max(200).default(20).describe('how many at most'),
    }),
    output: z.object({ counts, entries: z.array(shown) }),
    chat: {
      said: [
        'which messages were not delivered',
        'kya message atke hain',
        'कौन से संदेश अटके हैं',
        'messages stuck',
      ],
      aliases: ['outbox'],
      positional: ['status'],
      examples: ['outbox', 'outbox waiting'],
    },
    run: async ({ services, ...ctx }, { status, limit }) => ({
      counts: await services.upkeep.counts(ctx),
      entries: (await services.upkeep.entries(ctx, status, limit)).map(show),
    }),
    reply: (output, { status }, ctx) => listed(output, status, ctx),
  }),
  operation({
    name: 'outbox.retry',
    summary: { en: 'Send dead letters again', hi: 'जो नहीं जा सका उसे फिर भेजें' },
    permission: 'operations.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'POST', path: '/api/admin/outbox/retry' },
    input: z.strictObject({
      item: z
        .string()
        .trim()
        .min(3)
        .max(200)
        .describe('the id of one dead letter, or all')
        .meta({ example: 'tsk_4mq0x9c2:3:1' }),
    }),
    output: z.object({ sent: z.int() }),
    chat: {
      positional: ['item'],
      examples: ['outbox retry all', 'outbox retry tsk_4mq0x9c2:3:1'],
      questions: { item: { en: 'Which one? Its id, or all.', hi: 'कौन सा? उसका id, या all.' } },
    },
    run: async ({ services, ...ctx }, { item }) => ({
      sent: await services.upkeep.retry(ctx, item === 'all' ? undefined : item),
    }),
    reply: ({ sent }, _input, { language }) => withStatus('ok', reply(words[language].sent(sent))),
  }),
];

interface Listing {
  readonly counts: z.output<typeof counts>;
  readonly entries: readonly Shown[];
}

function listed(
  { counts: total, entries }: Listing,
  status: Shown['status'],
  { zone, language }: Pick<Ctx, 'zone' | 'language'>,
): Reply {
  const say = words[language];
  const state = total.dead > 0 ? 'act' : total.oldestMs > 300_000 ? 'look' : 'ok';
  const fact = say.counted(total);
  if (entries.length === 0) return withStatus(state, reply(fact, context(say.nothing(status))));
  const style = { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' } as const;
  const time = new Intl.DateTimeFormat(say.locale, style);
  const columns = say.columns.map((label) => ({ label }));
  const cells = entries.map((entry) => [
    time.format(new Date(entry.at)),
    entry.destination,
    entry.says,
    `${entry.attempts}×`,
    entry.problem ?? '',
    entry.id,
  ]);
  const again = buttons({ label: say.sendAll, operation: 'outbox.retry', input: { item: 'all' } });
  const rest = [table(columns, cells), context(say.times(zone))];
  return withStatus(state, reply(fact, ...rest, ...(status === 'dead' ? [again] : [])));
}
