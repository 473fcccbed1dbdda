// The verbs of webhooks that come in: see sources and events, add and rotate, test, and replay what was given up.
import { z } from 'zod';
import { operationsOf } from '../../core/operation.ts';
import { code, context, fields, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import { webhookSchemes } from '../../core/webhook-source.ts';
import { curlOf } from './curl.ts';
import type { Webhooks } from './service.ts';
import type { SetUp } from './setup.ts';
import {
  type ShownEvent,
  type ShownSource,
  showEvent,
  shownEvent,
  shownSource,
  showSource,
} from './shapes.ts';

const operation = operationsOf<{ readonly webhooks: Webhooks }>();

const SHOWN = 20;

const name = z
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

const day = z.iso.datetime({ offset: true }).exactOptional().meta({ example: '2026-11-02T00:00:00Z' });

/** Twilio posts forms, which no source reads yet. */
const addable = z.enum(webhookSchemes).exclude(['twilio']);

const setUp = z.object({
  name: z.string(),
  scheme: z.enum(webhookSchemes),
  url: z.string(),
  secret: z.string().nullable(),
  curl: z.string(),
});

const whichSource = { name: { en: 'Which source?', hi: 'कौन सा स्रोत?' } };

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
    chat: { aliases: ['webhooks'], examples: ['webhooks', 'webhook list'] },
    run: async ({ services, ...ctx }) => {
      const { sources, unknown } = await services.webhooks.overview.list(ctx);
      return { sources: sources.map(showSource), unknown };
    },
    reply: ({ sources }) => listed(sources),
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
      return event && body !== null ? shownOne(event, body) : shownMany(what, events, curl, ctx.zone);
    },
  }),
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
      scheme: addable.default('standard').describe('how the sender signs'),
      secret,
    }),
    output: setUp,
    chat: {
      positional: ['name', 'scheme'],
      examples: ['webhook add status-page', 'webhook add status-page hmac-body'],
      questions: { name: { en: 'How shall it be called?', hi: 'नाम क्या हो?' } },
    },
    run: async ({ services, ...ctx }, input) => handOver(await services.webhooks.add(ctx, input), services),
    reply: (made) => handedOver(made, [{ bold: made.name }, ' may deliver to ', { code: made.url }]),
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
      handOver(await services.webhooks.rotate(ctx, input), services),
    reply: (made, { hours }) => {
      const old = hours === 0 ? 'the old one is ended' : `the old one is taken for ${hours} hours more`;
      return handedOver(made, [{ bold: made.name }, ` has a new secret; ${old}.`]);
    },
  }),
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
    reply: ({ event }) =>
      withStatus(
        'ok',
        reply(['The test event is stored: ', { code: event }], context([{ code: `webhook show ${event}` }])),
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
    reply: ({ replayed }) =>
      withStatus(
        'ok',
        reply(replayed === 1 ? '1 event is worked on again' : `${replayed} events are worked on again`),
      ),
  }),
];

function handOver({ endpoint, secret: made }: SetUp, { webhooks }: { readonly webhooks: Webhooks }) {
  const { name: called, scheme } = endpoint;
  const url = webhooks.urlOf(endpoint.tenant, called);
  return { name: called, scheme, url, secret: made, curl: curlOf(scheme, url, webhooks.exampleOf(called)) };
}

function handedOver(made: z.output<typeof setUp>, fact: Parameters<typeof reply>[0]): Reply {
  const shownOnce = made.secret
    ? [code(made.secret), context('The secret is shown this once. Give it to the sender as SECRET:')]
    : [];
  return withStatus('ok', reply(fact, ...shownOnce, code(made.curl)));
}

function listed(sources: readonly ShownSource[]): Reply {
  const dead = sources.reduce((sum, source) => sum + source.dead, 0);
  const fact = `${sources.length} webhook sources, ${dead} events given up`;
  const columns = ['Source', 'Signs by', 'Secrets', 'Taken, 7 days', 'Refused', 'Waiting', 'Given up'];
  const rows = sources.map(({ name: called, scheme, secrets, counts, waiting, dead: lost }) => [
    called,
    scheme,
    secrets === 0 ? 'none: all is refused' : String(secrets),
    String(takenOf(counts)),
    String(refusedOf(counts)),
    String(waiting),
    String(lost),
  ]);
  return withStatus(
    dead > 0 ? 'act' : 'ok',
    reply(
      fact,
      table(
        columns.map((label) => ({ label })),
        rows,
      ),
    ),
  );
}

type Tally = Readonly<Record<string, number>>;

const takenOf = (counts: Tally): number => (counts['accepted'] ?? 0) + (counts['repeated'] ?? 0);
const refusedOf = (counts: Tally): number =>
  Object.values(counts).reduce((sum, times) => sum + times, 0) - takenOf(counts);

function shownOne(event: ShownEvent, body: string): Reply {
  const { id, source, status, receivedAt, attempts, note, problem } = event;
  const facts = { Source: source, Received: receivedAt, Attempts: String(attempts) };
  const state = status === 'dead' ? 'act' : 'ok';
  return withStatus(
    state,
    reply([{ code: id }, ` is ${status}. ${note ?? problem ?? ''}`], fields(facts), code(body)),
  );
}

function shownMany(what: string, events: readonly ShownEvent[], curl: string | null, zone: string): Reply {
  const time = new Intl.DateTimeFormat('en-IN', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  const columns = ['When', 'State', 'What', 'Id'].map((label) => ({ label }));
  const rows = events.map((event) => [
    time.format(new Date(event.receivedAt)),
    event.status,
    event.note ?? event.problem ?? '',
    event.id,
  ]);
  const last = events.length > 0 ? [table(columns, rows), context(`Times in ${zone}`)] : [];
  const how = curl === null ? [] : [context('A sender delivers like this:'), code(curl)];
  return reply(`The last ${events.length} events of ${what}`, ...last, ...how);
}
