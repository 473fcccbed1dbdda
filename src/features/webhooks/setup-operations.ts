// The verbs by which staff set sources up: add, rotate, map a foreign shape, limit, and remove.
import { z } from 'zod';
import type { Ctx } from '../../core/context.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, reply, withStatus } from '../../core/reply.ts';
import { streamNames } from '../../core/rollups.ts';
import { webhookSchemes } from '../../core/webhook-source.ts';
import { handedOver, mapped } from './replies.ts';
import type { Webhooks } from './service.ts';
import type { SetUp } from './setup.ts';
import { shownSource, showSource } from './shapes.ts';
import { words } from './words.ts';

interface Needs {
  readonly webhooks: Webhooks;
}

const operation = operationsOf<Needs>();

export const name = z
  .string()
  .trim()
  .toLowerCase()
  .min(2)
  .max(40)
  .describe('the source, as in its address')
  .meta({ example: 'status-page' });

const secret = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .exactOptional()
  .describe('a secret that the sender made; left out, one is made here');

const setUp = z.object({
  name: z.string(),
  scheme: z.enum(webhookSchemes),
  url: z.string(),
  secret: z.string().nullable(),
  curl: z.string(),
});

const pair = z.string().trim().min(3).max(200);

export const whichSource = { name: { en: 'Which source?', hi: 'कौन सा स्रोत?' } };

export const setupOperations = [
  operation({
    name: 'webhook.add',
    summary: { en: 'Add a webhook source, or a secret of your own for a known one', hi: 'वेबहुक स्रोत जोड़ें' },
    permission: 'webhook.manage',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    sensitive: ['secret'],
    http: { method: 'POST', path: '/api/admin/webhooks' },
    input: z.strictObject({
      name,
      scheme: z.enum(webhookSchemes).default('standard').describe('how the sender signs'),
      secret,
    }),
    output: setUp,
    chat: {
      positional: ['name', 'scheme'],
      examples: ['webhook add status-page', 'webhook add status-page hmac-body'],
      questions: { name: { en: 'How shall it be called?', hi: 'नाम क्या हो?' } },
    },
    run: async ({ services, ...ctx }, input) =>
      handOver(ctx, await services.webhooks.add(ctx, input), services),
    reply: (made, _input, { language }) =>
      handedOver(made, words[language].mayDeliver(made.name, made.url), language),
  }),
  operation({
    name: 'webhook.rotate',
    summary: { en: 'Give a webhook source a new secret', hi: 'वेबहुक स्रोत को नया सीक्रेट दें' },
    permission: 'webhook.manage',
    effect: 'write',
    danger: 'confirm',
    audience: 'person',
    sensitive: ['secret'],
    http: { method: 'POST', path: '/api/admin/webhooks/:name/rotate' },
    input: z.strictObject({
      name,
      hours: z
        .int()
        .min(0)
        .max(168)
        .default(24)
        .describe('how long the old one is still taken; 0 ends it now'),
      secret,
    }),
    output: setUp,
    chat: {
      positional: ['name'],
      examples: ['webhook rotate status-page', 'webhook rotate status-page --hours 0'],
      questions: whichSource,
    },
    run: async ({ services, ...ctx }, input) =>
      handOver(ctx, await services.webhooks.rotate(ctx, input), services),
    reply: (made, { hours }, { language }) =>
      handedOver(made, words[language].newSecret(made.name, hours), language),
  }),
  operation({
    name: 'webhook.map',
    summary: {
      en: 'Say how the bodies of a source are read, as events or as rows of a stream',
      hi: 'स्रोत का डेटा कैसे पढ़ा जाए, यह बताएँ',
    },
    permission: 'webhook.manage',
    effect: 'write',
    danger: 'none',
    http: { method: 'PUT', path: '/api/admin/webhooks/:name/mapping' },
    input: z.strictObject({
      name,
      to: z
        .enum(['events', ...streamNames])
        .default('events')
        .describe('what its bodies become: incidents and deploys, or rows of a stream'),
      field: z
        .array(pair)
        .max(40)
        .default([])
        .describe(
          "each as field=path, such as key=data.id, or field='a constant'; none takes the mapping away",
        )
        .meta({ example: 'key=incident.id' }),
      word: z
        .array(pair)
        .max(40)
        .default([])
        .describe("the sender's words for ours, each as theirs=ours")
        .meta({ example: 'resolved=incident.resolved' }),
      each: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .exactOptional()
        .describe('the path of the list that holds one row in each element')
        .meta({ example: 'data.items' }),
    }),
    output: shownSource,
    chat: {
      positional: ['name', 'to'],
      examples: [
        "webhook map status-page events --field key=incident.id,title=incident.name,type='incident.opened'",
        'webhook map shop transactions --field id=order.id,amountPaise=order.total,at=order.created',
      ],
      questions: whichSource,
    },
    run: async ({ services: { webhooks }, ...ctx }, { name: called, to, field, word, each = null }) => {
      if (field.length === 0) await webhooks.unmap(ctx, called);
      else await webhooks.map(ctx, called, { to, fields: field, words: word, each });
      return showSource(await webhooks.overview.source(ctx, called));
    },
    reply: (source, _input, { language }) => mapped(source, language),
  }),
  operation({
    name: 'webhook.limit',
    summary: {
      en: 'Limit how many events of a source are worked on in a minute',
      hi: 'स्रोत की गति सीमित करें',
    },
    permission: 'webhook.manage',
    effect: 'write',
    danger: 'none',
    http: { method: 'PUT', path: '/api/admin/webhooks/:name/limit' },
    input: z.strictObject({
      name,
      perMinute: z.int().min(1).max(60_000).describe('events in a minute; more wait, and none is lost'),
    }),
    output: shownSource,
    chat: {
      positional: ['name', 'perMinute'],
      examples: ['webhook limit status-page 600'],
      questions: { ...whichSource, perMinute: { en: 'How many in a minute?', hi: 'एक मिनट में कितने?' } },
    },
    run: async ({ services: { webhooks }, ...ctx }, { name: called, perMinute }) => {
      await webhooks.limit(ctx, called, perMinute);
      return showSource(await webhooks.overview.source(ctx, called));
    },
    reply: ({ name: called, perMinute }, _input, { language }) =>
      withStatus('ok', reply(words[language].limited(called, perMinute))),
  }),
  operation({
    name: 'webhook.remove',
    summary: {
      en: 'Remove a webhook source that staff added, with its secrets',
      hi: 'जोड़ा हुआ वेबहुक स्रोत हटाएँ',
    },
    permission: 'webhook.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'DELETE', path: '/api/admin/webhooks/:name' },
    input: z.strictObject({ name }),
    output: z.object({ name: z.string() }),
    chat: { positional: ['name'], examples: ['webhook remove status-page'], questions: whichSource },
    run: async ({ services, ...ctx }, input) => ({
      name: (await services.webhooks.remove(ctx, input.name)).name,
    }),
    reply: ({ name: called }, _input, { language }) =>
      withStatus('ok', reply(words[language].removed(called), context(words[language].staysThough))),
  }),
];

async function handOver(ctx: Ctx, { endpoint, secret: made }: SetUp, { webhooks }: Needs) {
  const { name: called, scheme } = endpoint;
  const { url, curl } = await webhooks.overview.source(ctx, called);
  return { name: called, scheme, url, secret: made, curl };
}
