// The verbs of scheduled pulls: adding one, looking at them, fetching now, pausing and removing.
import { z } from 'zod';
import type { StreamPull } from '../../../models/stream-pull.ts';
import { parseDuration } from '../../core/duration.ts';
import { AppError } from '../../core/errors.ts';
import { operationsOf } from '../../core/operation.ts';
import { reply, table, withStatus } from '../../core/reply.ts';
import type { Pulls } from './pulls.ts';
import { stream } from './rows-operations.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly pulls: Pulls }>();

const name = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and -')
  .describe('what the pull is called; its rows come from the source pull-<name>')
  .meta({ example: 'shop' });

const MIN_EVERY_MS = 60_000;

const shown = z.object({
  name: z.string(),
  stream: z.string(),
  url: z.string(),
  everyMs: z.int(),
  status: z.enum(['active', 'paused', 'removed']),
  cursor: z.string().nullable(),
  nextAt: z.iso.datetime(),
  lastAt: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  failures: z.int(),
  lastCounts: z.record(z.string(), z.int()).nullable(),
});

/** A pull as people see it: without its header. */
function shownPull(pull: StreamPull) {
  const { name: called, stream: of, url, everyMs, status, cursor, lastError, failures, lastCounts } = pull;
  return {
    name: called,
    stream: of,
    url,
    everyMs,
    status,
    cursor: cursor ?? null,
    nextAt: pull.nextAt.toISOString(),
    lastAt: pull.lastAt?.toISOString() ?? null,
    lastError: lastError ?? null,
    failures,
    lastCounts: lastCounts ? { ...lastCounts } : null,
  };
}

export const addPull = operation({
  name: 'pull.add',
  summary: {
    en: 'Fetch rows of a stream from an address, again and again',
    hi: 'किसी पते से पंक्तियाँ नियमित लाएँ',
  },
  permission: 'ingest.manage',
  effect: 'write',
  danger: 'none',
  sensitive: ['authorization'],
  input: z.strictObject({
    name,
    stream,
    url: z.string().trim().min(1).max(2_000).describe('where it is fetched from').meta({
      example: 'https://shop.example.com/api/orders',
    }),
    every: z.string().trim().default('15 min').describe('how often').meta({ example: '15 min' }),
    rowsAt: z
      .string()
      .trim()
      .max(200)
      .default('')
      .describe('where the rows stand in the answer; nothing where the answer is the list')
      .meta({ example: 'data.items' }),
    map: z
      .array(z.string().max(200))
      .max(60)
      .default([])
      .describe('which of their fields is which of ours')
      .meta({ example: 'order_no=id' }),
    cursorParameter: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .exactOptional()
      .describe('the query parameter that asks for what is newer')
      .meta({ example: 'since' }),
    cursorField: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .exactOptional()
      .describe('the field of theirs whose greatest value it gets')
      .meta({ example: 'updated_at' }),
    authorization: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .exactOptional()
      .describe('the Authorization header the other side wants; kept sealed'),
  }),
  output: shown,
  chat: {
    positional: ['name', 'stream', 'url'],
    examples: ['pull add shop transactions https://shop.example.com/api/orders --map order_no=id'],
    questions: {
      name: { en: 'What shall it be called?', hi: 'नाम क्या हो?' },
      stream: { en: 'Which stream do the rows belong to?', hi: 'कौन सी स्ट्रीम?' },
      url: { en: 'From which address?', hi: 'किस पते से?' },
    },
  },
  run: async ({ services, ...ctx }, { every, cursorParameter, cursorField, authorization, ...wish }) => {
    const everyMs = parseDuration(every);
    if (everyMs === undefined || everyMs < MIN_EVERY_MS)
      throw new AppError(
        'input.invalid',
        `every: “${every.slice(0, 40)}” is no time of at least a minute; for example 15 min`,
      );
    const added = await services.pulls.add(ctx, {
      ...wish,
      everyMs,
      cursorParameter: cursorParameter ?? null,
      cursorField: cursorField ?? null,
      authorization: authorization ?? null,
    });
    return shownPull(added);
  },
  reply: ({ name: called, stream: of }, _input, { language }) => reply(words[language].fetched(called, of)),
});

export const listPulls = operation({
  name: 'pull.list',
  summary: { en: 'Show scheduled pulls and how they went', hi: 'नियमित आयात देखें' },
  permission: 'ingest.read',
  effect: 'read',
  danger: 'none',
  input: z.strictObject({}),
  output: z.object({ pulls: z.array(shown) }),
  chat: { aliases: ['pulls'], examples: ['pulls'] },
  run: async ({ services, ...ctx }) => ({ pulls: (await services.pulls.list(ctx)).map(shownPull) }),
  reply: ({ pulls }, _input, { language }) => {
    const say = words[language];
    if (pulls.length === 0) return reply(say.noPulls);
    const rows = pulls.map((pull) => [
      pull.name,
      pull.stream,
      say.pullStates[pull.status],
      pull.lastError ?? say.takenLast(pull.lastCounts?.['accepted'] ?? 0),
    ]);
    const columns = [say.pull, say.stream, say.state, say.lastTime].map((label) => ({ label }));
    const failing = pulls.some(({ failures }) => failures > 0);
    return withStatus(failing ? 'look' : 'ok', reply(say.pulls(pulls.length), table(columns, rows)));
  },
});

export const runPull = operation({
  name: 'pull.run',
  summary: { en: 'Fetch the rows of a pull now', hi: 'अभी पंक्तियाँ लाएँ' },
  permission: 'ingest.manage',
  effect: 'write',
  danger: 'none',
  input: z.strictObject({ name }),
  output: shown,
  chat: { positional: ['name'], examples: ['pull run shop'] },
  run: async ({ services, ...ctx }, input) => shownPull(await services.pulls.run(ctx, input.name)),
  reply: ({ name: called, lastError, lastCounts }, _input, { language }) =>
    lastError === null
      ? reply(words[language].brought(called, lastCounts?.['accepted'] ?? 0))
      : withStatus('look', reply(words[language].failed(called, lastError))),
});

const change = (
  verb: 'pause' | 'resume' | 'remove',
  status: StreamPull['status'],
  summary: { readonly en: string; readonly hi: string },
) =>
  operation({
    name: `pull.${verb}`,
    summary,
    permission: 'ingest.manage',
    effect: 'write',
    danger: verb === 'remove' ? 'confirm' : 'none',
    input: z.strictObject({ name }),
    output: shown,
    chat: { positional: ['name'], examples: [`pull ${verb} shop`] },
    run: async ({ services, ...ctx }, input) =>
      shownPull(await services.pulls.setStatus(ctx, input.name, status)),
    reply: (pull, _input, { language }) => reply(words[language].pullNow(pull.name, pull.status)),
  });

export const pullOperations = [
  addPull,
  listPulls,
  runPull,
  change('pause', 'paused', { en: 'Stop fetching a pull for now', hi: 'आयात रोकें' }),
  change('resume', 'active', { en: 'Fetch a paused pull again', hi: 'आयात फिर शुरू करें' }),
  change('remove', 'removed', { en: 'Remove a scheduled pull', hi: 'आयात हटाएँ' }),
];
