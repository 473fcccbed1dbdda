// The verbs of webhooks that come in: see sources and events, test, and replay what was given up.
import { z } from 'zod';
import { operationsOf } from '../../core/operation.ts';
import { context, reply, withStatus } from '../../core/reply.ts';
import { listed, shownMany, shownOne } from './replies.ts';
import type { Webhooks } from './service.ts';
import { name, setupOperations, whichSource } from './setup-operations.ts';
import { showEvent, shownEvent, shownSource, showSource } from './shapes.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly webhooks: Webhooks }>();

const SHOWN = 20;

const day = z.iso.datetime({ offset: true }).exactOptional().meta({ example: '2026-11-02T00:00:00Z' });

export const webhookOperations = [
  operation({
    name: 'webhook.list',
    summary: {
      en: 'Show what comes in by webhook, and what was refused',
      hi: 'वेबहुक से क्या आया, क्या नहीं लिया',
    },
    permission: 'webhook.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: '/api/admin/webhooks' },
    input: z.strictObject({}),
    output: z.object({ sources: z.array(shownSource), unknown: z.int() }),
    chat: {
      said: ['what did webhooks bring', 'which webhooks failed', 'webhook ka haal'],
      aliases: ['webhooks'],
      examples: ['webhooks', 'webhook list'],
    },
    run: async ({ services, ...ctx }) => {
      const { sources, unknown } = await services.webhooks.overview.list(ctx);
      return { sources: sources.map(showSource), unknown };
    },
    reply: ({ sources }, _input, { language }) => listed(sources, language),
  }),
  operation({
    name: 'webhook.show',
    summary: { en: 'Show a webhook source or one event', hi: 'एक वेबहुक स्रोत या घटना दिखाएँ' },
    permission: 'webhook.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    audited: true,
    http: { method: 'GET', path: '/api/admin/webhooks/:what' },
    input: z.strictObject({
      what: z
        .string()
        .trim()
        .min(2)
        .max(80)
        .describe('a source, or the id of an event')
        .meta({ example: 'whk_4mq0x9' }),
    }),
    output: z.object({
      events: z.array(shownEvent),
      body: z.string().nullable(),
      curl: z.string().nullable(),
    }),
    chat: {
      positional: ['what'],
      examples: ['webhook show sentry', 'webhook show whk_4mq0x9c2'],
      questions: { what: { en: 'Which source or event?', hi: 'कौन सा स्रोत या घटना?' } },
    },
    run: async ({ services: { webhooks }, ...ctx }, { what }) => {
      if (what.startsWith('whk_')) {
        const { event, body } = await webhooks.overview.event(ctx, what);
        return { events: [showEvent(event)], body, curl: null };
      }
      const { curl } = await webhooks.overview.source(ctx, what);
      const events = await webhooks.overview.events(ctx, { source: what }, SHOWN);
      return { events: events.map(showEvent), body: null, curl };
    },
    reply: ({ events, body, curl }, { what }, ctx) => {
      const [event] = events;
      return event && body !== null
        ? shownOne(event, body, ctx.language)
        : shownMany(what, events, curl, ctx);
    },
  }),
  ...setupOperations,
  operation({
    name: 'webhook.test',
    summary: { en: 'Send a test event through a webhook source', hi: 'वेबहुक स्रोत की जाँच करें' },
    permission: 'webhook.manage',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: '/api/admin/webhooks/:name/test' },
    input: z.strictObject({ name }),
    output: z.object({ event: z.string() }),
    chat: { positional: ['name'], examples: ['webhook test sentry'], questions: whichSource },
    run: async ({ services, ...ctx }, input) => ({
      event: (await services.webhooks.test(ctx, input.name)).id,
    }),
    reply: ({ event }, _input, { language }) =>
      withStatus(
        'ok',
        reply(words[language].testStored(event), context([{ code: `webhook show ${event}` }])),
      ),
  }),
  operation({
    name: 'webhook.replay',
    summary: { en: 'Work on webhook events again', hi: 'वेबहुक घटनाओं पर फिर काम करें' },
    permission: 'webhook.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'POST', path: '/api/admin/webhook-events/replay' },
    input: z.strictObject({
      event: z
        .string()
        .trim()
        .min(3)
        .max(80)
        .describe('the id of one event, or dead: all that were given up')
        .meta({ example: 'dead' }),
      source: name.exactOptional().describe('of dead: those of this source only'),
      since: day.describe('of dead: those received from then on'),
      until: day.describe('of dead: those received before then'),
    }),
    output: z.object({ replayed: z.int() }),
    chat: {
      positional: ['event', 'source'],
      examples: ['webhook replay dead', 'webhook replay dead sentry', 'webhook replay whk_4mq0x9c2'],
      questions: { event: { en: 'Which event? Its id, or dead.', hi: 'कौन सी घटना? उसका id, या dead.' } },
    },
    run: async ({ services, ...ctx }, { event, source, since, until }) => ({
      replayed: await services.webhooks.replay(ctx, {
        id: event === 'dead' ? undefined : event,
        source,
        since: since === undefined ? undefined : new Date(since),
        until: until === undefined ? undefined : new Date(until),
      }),
    }),
    reply: ({ replayed }, _input, { language }) =>
      withStatus('ok', reply(words[language].replayed(replayed))),
  }),
];
