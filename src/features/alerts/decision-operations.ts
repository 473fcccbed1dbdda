// The verbs that decide about an alert: acknowledge, assign, silence, unsilence, resolve.
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Ctx } from '../../core/context.ts';
import { operationsOf } from '../../core/operation.ts';
import type { Alerts } from './service.ts';
import { clockOf, episode, groupReply, showGroup, shownGroup, whichAlert, whichQuestion } from './shapes.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly alerts: Alerts }>();

const silences = ['1h', '4h', 'tomorrow'] as const;
const MORNING_HOUR = 9;

/** `tomorrow` is nine in the morning of the reader's zone. */
function untilOf({ now, zone }: Pick<Ctx, 'now' | 'zone'>, length: (typeof silences)[number]): Date {
  const local = DateTime.fromJSDate(now, { zone });
  if (length === 'tomorrow')
    return local
      .plus({ days: 1 })
      .set({ hour: MORNING_HOUR, minute: 0, second: 0, millisecond: 0 })
      .toJSDate();
  return local.plus({ hours: length === '1h' ? 1 : 4 }).toJSDate();
}

export const decisionOperations = [
  operation({
    name: 'alert.acknowledge',
    summary: { en: 'Say that you know of an alert', hi: 'चेतावनी देख ली, यह बताएँ' },
    permission: 'alert.act',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: '/api/alerts/:alert/acknowledge' },
    input: z.strictObject({ alert: whichAlert, episode }),
    output: shownGroup,
    chat: {
      said: ['I know of the alert', 'I saw the alert'],
      aliases: ['ack', 'acknowledge'],
      positional: ['alert'],
      examples: ['ack job.failed'],
      questions: whichQuestion,
    },
    run: async ({ services, ...ctx }, { alert, episode: of }) =>
      showGroup(await services.alerts.acknowledge(ctx, alert, of)),
    reply: (group, _input, { language }) =>
      groupReply(group, words[language].acknowledged(group.acknowledgedBy), language),
  }),
  operation({
    name: 'alert.assign',
    summary: { en: 'Take an alert, or give it to somebody', hi: 'चेतावनी किसी को सौंपें' },
    permission: 'alert.act',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: '/api/alerts/:alert/assign' },
    input: z.strictObject({
      alert: whichAlert,
      to: z.string().trim().min(1).max(80).describe('a name; yourself unless said').exactOptional(),
      episode,
    }),
    output: shownGroup,
    chat: {
      positional: ['alert', 'to'],
      examples: ['alert assign job.failed', 'alert assign job.failed Ravi'],
      questions: whichQuestion,
    },
    run: async ({ services, ...ctx }, { alert, to, episode: of }) =>
      showGroup(await services.alerts.assign(ctx, alert, to, of)),
    reply: (group, _input, { language }) =>
      groupReply(group, words[language].assigned(group.assignee), language),
  }),
  operation({
    name: 'alert.silence',
    summary: { en: 'Hear nothing of an alert for a while', hi: 'चेतावनी को कुछ देर चुप करें' },
    permission: 'alert.act',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: '/api/alerts/:alert/silence' },
    input: z.strictObject({
      alert: whichAlert,
      for: z.enum(silences).describe('1h, 4h, or until nine tomorrow'),
      episode,
    }),
    output: shownGroup,
    chat: {
      positional: ['alert', 'for'],
      examples: ['alert silence job.failed 4h'],
      questions: { ...whichQuestion, for: { en: 'For how long?', hi: 'कितनी देर के लिए?' } },
    },
    run: async ({ services, ...ctx }, { alert, for: length, episode: of }) =>
      showGroup(await services.alerts.silence(ctx, alert, untilOf(ctx, length), of)),
    reply: (group, _, { zone, language }) => {
      const until = group.silencedUntil ? clockOf(group.silencedUntil, zone) : '–';
      return groupReply(group, words[language].silentUntil(until, zone), language);
    },
  }),
  operation({
    name: 'alert.unsilence',
    summary: { en: 'Hear of an alert again', hi: 'चेतावनी की चुप्पी हटाएँ' },
    permission: 'alert.act',
    effect: 'write',
    danger: 'none',
    http: { method: 'POST', path: '/api/alerts/:alert/unsilence' },
    input: z.strictObject({ alert: whichAlert, episode }),
    output: shownGroup,
    chat: { positional: ['alert'], examples: ['alert unsilence job.failed'], questions: whichQuestion },
    run: async ({ services, ...ctx }, { alert, episode: of }) =>
      showGroup(await services.alerts.unsilence(ctx, alert, of)),
    reply: (group, _input, { language }) => groupReply(group, words[language].heardAgain, language),
  }),
  operation({
    name: 'alert.resolve',
    summary: { en: 'End an alert by hand', hi: 'चेतावनी को हाथ से समाप्त करें' },
    permission: 'alert.act',
    effect: 'write',
    danger: 'confirm',
    http: { method: 'POST', path: '/api/alerts/:alert/resolve' },
    input: z.strictObject({
      alert: whichAlert,
      reason: z.string().trim().min(1).max(300).describe('why it is over').meta({ example: '"Restarted"' }),
    }),
    output: shownGroup,
    chat: {
      positional: ['alert', 'reason'],
      examples: ['alert resolve job.failed Restarted the worker'],
      questions: { ...whichQuestion, reason: { en: 'Why is it over?', hi: 'यह क्यों समाप्त हुई?' } },
    },
    run: async ({ services, ...ctx }, { alert, reason }) =>
      showGroup(await services.alerts.resolve(ctx, alert, reason)),
    reply: (group, _input, { language }) => groupReply(group, words[language].over, language),
  }),
];
