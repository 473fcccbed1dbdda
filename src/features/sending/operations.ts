// The verbs of endpoints: where events are sent, with which secret, and what is sent again.
import { z } from 'zod';
import { endpointKinds } from '../../../models/webhook-subscription.ts';
import { subscribableEvents } from '../../core/event-catalogue.ts';
import { operationsOf } from '../../core/operation.ts';
import { reply, withStatus } from '../../core/reply.ts';
import { listed, secretReply, shownOne, switched } from './replies.ts';
import type { Sending } from './service.ts';
import { show, showDelivery, shown, shownDelivery, withSecret } from './shapes.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly sending: Sending }>();

const endpoint = z
  .string()
  .trim()
  .min(4)
  .max(40)
  .describe('the id of an endpoint, or the name of one that the operator set')
  .meta({ example: 'whs_4mq0x9k2p7' });
const which = { endpoint: { en: 'Which endpoint?', hi: 'कौन सा पता?' } };
const BASE = '/api/webhooks/endpoints';

export const sendingOperations = [
  operation({
    name: 'endpoint.list',
    summary: { en: 'Show where events are sent, and how that goes', hi: 'घटनाएँ कहाँ भेजी जाती हैं' },
    permission: 'endpoint.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: BASE },
    input: z.strictObject({}),
    output: z.object({ endpoints: z.array(shown) }),
    chat: {
      said: ['which endpoints are there', 'kaun se endpoint hain'],
      aliases: ['endpoints'],
      examples: ['endpoint list'],
    },
    run: async ({ services, ...ctx }) => ({ endpoints: (await services.sending.list(ctx)).map(show) }),
    reply: ({ endpoints }, _input, { language }) => listed(endpoints, language),
  }),
  operation({
    name: 'endpoint.show',
    summary: { en: 'Show one endpoint and its last deliveries', hi: 'एक पता और उसकी पिछली डिलीवरी दिखाएँ' },
    permission: 'endpoint.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: `${BASE}/:endpoint` },
    input: z.strictObject({ endpoint }),
    output: shown.extend({ deliveries: z.array(shownDelivery) }),
    chat: { positional: ['endpoint'], examples: ['endpoint show whs_4mq0x9k2p7'], questions: which },
    run: async ({ services, ...ctx }, input) => {
      const found = await services.sending.show(ctx, input.endpoint);
      return { ...show(found.endpoint), deliveries: found.deliveries.map(showDelivery) };
    },
    reply: (found, _input, ctx) => shownOne(found, found.deliveries, ctx),
  }),
  operation({
    name: 'endpoint.add',
    summary: { en: 'Send events to an address from now on', hi: 'घटनाएँ किसी पते पर भेजें' },
    permission: 'endpoint.manage',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    sensitive: ['url'],
    http: { method: 'POST', path: BASE },
    input: z.strictObject({
      url: z
        .string()
        .trim()
        .min(8)
        .max(2000)
        .describe('the https address; it may hold a token, and is never shown again')
        .meta({ example: 'https://hooks.example.com/wardroom' }),
      kind: z.enum(endpointKinds).default('standard').describe('what listens there'),
      events: z
        .array(z.enum(subscribableEvents))
        .max(50)
        .default([])
        .describe('the events it gets; none named means all')
        .meta({ example: 'experiment.switched' }),
      description: z.string().trim().max(120).default('').describe('what it is for'),
    }),
    output: withSecret,
    chat: {
      positional: ['url'],
      examples: ['endpoint add https://hooks.example.com/wardroom --kind slack'],
      questions: { url: { en: 'Which address?', hi: 'कौन सा पता?' } },
    },
    run: async ({ services, ...ctx }, input) => {
      const made = await services.sending.add(ctx, input);
      return { ...show(made.endpoint), secret: made.secret };
    },
    reply: (made, _input, { language }) => secretReply(words[language].begun(made.host), made, language),
  }),
  operation({
    name: 'endpoint.rotate',
    summary: { en: 'Give an endpoint a new secret; the old one signs on for a while', hi: 'नया सीक्रेट बनाएँ' },
    permission: 'endpoint.manage',
    effect: 'write',
    danger: 'confirm',
    audience: 'person',
    http: { method: 'POST', path: `${BASE}/:endpoint/rotate` },
    input: z.strictObject({
      endpoint,
      hours: z.int().min(0).max(168).default(24).describe('how long the old secret signs as well'),
    }),
    output: withSecret,
    chat: { positional: ['endpoint'], examples: ['endpoint rotate whs_4mq0x9k2p7'], questions: which },
    run: async ({ services, ...ctx }, input) => {
      const made = await services.sending.rotate(ctx, input.endpoint, input.hours);
      return { ...show(made.endpoint), secret: made.secret };
    },
    reply: (made, _input, { language }) => secretReply(words[language].newSecret(made.host), made, language),
  }),
  operation({
    name: 'endpoint.test',
    summary: { en: 'Send an endpoint a test event', hi: 'जाँच के लिए एक घटना भेजें' },
    permission: 'endpoint.manage',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: `${BASE}/:endpoint/test` },
    input: z.strictObject({ endpoint }),
    output: shown,
    chat: { positional: ['endpoint'], examples: ['endpoint test whs_4mq0x9k2p7'], questions: which },
    run: async ({ services, ...ctx }, input) => show(await services.sending.test(ctx, input.endpoint)),
    reply: ({ host }, _input, { language }) => withStatus('ok', reply(words[language].testOnItsWay(host))),
  }),
  operation({
    name: 'endpoint.enable',
    summary: { en: 'Send events to a disabled endpoint again', hi: 'पते को फिर चालू करें' },
    permission: 'endpoint.manage',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: `${BASE}/:endpoint/enable` },
    input: z.strictObject({ endpoint }),
    output: shown,
    chat: { positional: ['endpoint'], examples: ['endpoint enable whs_4mq0x9k2p7'], questions: which },
    run: async ({ services, ...ctx }, input) => show(await services.sending.enable(ctx, input.endpoint)),
    reply: (one, _input, { language }) => switched(words[language].enabled(one.host), one),
  }),
  operation({
    name: 'endpoint.disable',
    summary: { en: 'Send no more events to an endpoint', hi: 'पते को बंद करें' },
    permission: 'endpoint.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'POST', path: `${BASE}/:endpoint/disable` },
    input: z.strictObject({ endpoint }),
    output: shown,
    chat: { positional: ['endpoint'], examples: ['endpoint disable whs_4mq0x9k2p7'], questions: which },
    run: async ({ services, ...ctx }, input) => show(await services.sending.disable(ctx, input.endpoint)),
    reply: (one, _input, { language }) => switched(words[language].disabled(one.host), one),
  }),
  operation({
    name: 'endpoint.remove',
    summary: { en: 'Forget an endpoint, its address and its secrets', hi: 'पता हटाएँ' },
    permission: 'endpoint.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'DELETE', path: `${BASE}/:endpoint` },
    input: z.strictObject({ endpoint }),
    output: shown,
    chat: { positional: ['endpoint'], examples: ['endpoint remove whs_4mq0x9k2p7'], questions: which },
    run: async ({ services, ...ctx }, input) => show(await services.sending.remove(ctx, input.endpoint)),
    reply: (one, _input, { language }) => switched(words[language].removed(one.host), one),
  }),
  operation({
    name: 'endpoint.replay',
    summary: { en: 'Send an endpoint again what it missed', hi: 'जो नहीं पहुँचा उसे फिर भेजें' },
    permission: 'endpoint.manage',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'POST', path: `${BASE}/:endpoint/replay` },
    input: z.strictObject({
      endpoint,
      item: z
        .string()
        .trim()
        .min(3)
        .max(300)
        .exactOptional()
        .describe('one delivery, by its id in the outbox'),
      since: z.iso
        .datetime({ offset: true })
        .exactOptional()
        .describe('everything written from then on, delivered or not; without it, what was given up')
        .meta({ example: '2026-11-02T09:30:00Z' }),
      until: z.iso.datetime({ offset: true }).exactOptional().describe('everything written until then'),
    }),
    output: z.object({ sent: z.int() }),
    chat: {
      positional: ['endpoint'],
      examples: [
        'endpoint replay whs_4mq0x9k2p7',
        'endpoint replay whs_4mq0x9k2p7 --since 2026-11-02T09:30:00Z',
      ],
      questions: which,
    },
    run: async ({ services, ...ctx }, { endpoint: id, item, since, until }) => ({
      sent: await services.sending.replay(ctx, id, {
        item,
        since: since === undefined ? undefined : new Date(since),
        until: until === undefined ? undefined : new Date(until),
      }),
    }),
    reply: ({ sent }, _input, { language }) => withStatus('ok', reply(words[language].sentAgain(sent))),
  }),
];
