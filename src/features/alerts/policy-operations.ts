// The verbs that raise an alert by hand and say who is called about critical ones.
import { z } from 'zod';
import { severities } from '../../core/alerting.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, fields, reply, withStatus } from '../../core/reply.ts';
import type { Alerts } from './service.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly alerts: Alerts }>();

const name = /^[a-z0-9][\w.:-]*$/i;

export const policyOperations = [
  operation({
    name: 'alert.raise',
    summary: { en: 'Raise an alert', hi: 'चेतावनी उठाएँ' },
    permission: 'alert.act',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: '/api/alerts' },
    input: z.strictObject({
      title: z
        .string()
        .trim()
        .min(1)
        .max(300)
        .describe('the fact in one line')
        .meta({ example: '"Vouchers run out"' }),
      severity: z.enum(severities).default('warning').describe('critical calls people'),
      group: z
        .string()
        .regex(name, 'letters, digits, dots, colons and dashes')
        .max(200)
        .default('by-hand')
        .describe('what it belongs to: one card for each'),
      fingerprint: z
        .string()
        .regex(name, 'letters, digits, dots, colons and dashes')
        .max(200)
        .exactOptional()
        .describe('names this very trouble: the same again is counted'),
    }),
    output: z.object({ fingerprint: z.string(), isNew: z.boolean() }),
    chat: {
      positional: ['title'],
      examples: [
        'alert raise Vouchers run out',
        'alert raise "Vouchers run out" --severity critical --group vouchers',
      ],
      questions: { title: { en: 'What is wrong?', hi: 'क्या गड़बड़ है?' } },
    },
    run: async (
      { services, ...ctx },
      { title, severity, group, fingerprint = `${group}:${title.slice(0, 100)}` },
    ) => {
      const facts = { 'Raised by': ctx.actor.name };
      const source = ctx.door === 'http' ? ctx.actor.name.slice(0, 80) : 'by hand';
      const isNew = await services.alerts.raise(ctx, { fingerprint, group, title, severity, source, facts });
      return { fingerprint, isNew };
    },
    reply: ({ isNew }, { title }, { language }) =>
      withStatus(
        'ok',
        reply(
          isNew ? words[language].raised(title) : words[language].countedOnceMore(title),
          context(words[language].cardFollows),
        ),
      ),
  }),
  operation({
    name: 'alert.policy',
    summary: { en: 'Say who is called about alerts, and when it is quiet', hi: 'चेतावनी पर किसे बुलाया जाए' },
    permission: 'alert.manage',
    effect: 'write',
    danger: 'none',
    http: { method: 'PUT', path: '/api/alerts/policy' },
    input: z.strictObject({
      order: z
        .array(z.string().trim().min(1).max(80))
        .max(50)
        .exactOptional()
        .describe('names in the order of calling'),
      quiet: z
        .string()
        .max(20)
        .exactOptional()
        .describe('quiet hours for small ones, or off')
        .meta({ example: '22:00-08:00' }),
    }),
    output: z.object({ order: z.array(z.string()), quiet: z.string() }),
    chat: { positional: ['order'], examples: ['alert policy Asha,Ravi', 'alert policy --quiet 22:00-08:00'] },
    run: async ({ services, ...ctx }, { order, quiet }) => {
      const policy = await services.alerts.setPolicy(ctx, {
        ...(order === undefined ? {} : { order }),
        ...(quiet === undefined ? {} : { quiet }),
      });
      const callees = await services.alerts.callees(ctx);
      return {
        order: callees.map((callee) => callee.name),
        quiet: policy.quietFrom && policy.quietTo ? `${policy.quietFrom}-${policy.quietTo}` : 'off',
      };
    },
    reply: ({ order, quiet }, _input, { language }) => {
      const say = words[language];
      const hours = quiet === 'off' ? say.noQuietHours : say.quiet(quiet);
      return withStatus('ok', reply(say.calls(order), fields({ [say.quietHours]: hours })));
    },
  }),
];
