// The verbs that look at alerts and decide about one: list, show, acknowledge, assign, silence, resolve.
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Ctx } from '../../core/context.ts';
import { formatDuration } from '../../core/duration.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, fields, reply, table, withStatus } from '../../core/reply.ts';
import { policyOperations } from './policy-operations.ts';
import { type Alerts, alertViews } from './service.ts';
import { episode, groupReply, showGroup, shownGroup, whichAlert, whichQuestion } from './shapes.ts';

const operation = operationsOf<{ readonly alerts: Alerts }>();

const silences = ['1h', '4h', 'tomorrow'] as const;
const MORNING_HOUR = 9;
const SHOWN_ALERTS = 20;

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

const decisions = [
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
    reply: (group) =>
      groupReply(group, `acknowledged by ${group.acknowledgedBy ?? 'somebody'}; nobody is called any more.`),
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
    reply: (group) => groupReply(group, `${group.assignee ?? 'somebody'} looks after it.`),
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
    reply: (group, _, { zone }) =>
      groupReply(
        group,
        `silent until ${group.silencedUntil ? DateTime.fromISO(group.silencedUntil, { zone }).toFormat('d LLL HH:mm') : '–'} (${zone}). It goes on being counted.`,
      ),
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
    reply: (group) => groupReply(group, 'heard again.'),
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
    reply: (group) => groupReply(group, 'over. What is still wrong fires again when it is noticed.'),
  }),
];

export const alertOperations = [
  operation({
    name: 'alert.list',
    summary: { en: 'List alerts', hi: 'चेतावनियाँ दिखाएँ' },
    permission: 'alert.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/alerts' },
    input: z.strictObject({ view: z.enum(alertViews).default('open').describe('which') }),
    output: z.object({ groups: z.array(shownGroup), total: z.int() }),
    chat: {
      said: [
        'what is wrong right now',
        'is anything broken',
        'show open alerts',
        'kya gadbad hai',
        'koi chetavani hai kya',
        'क्या गड़बड़ है',
        'कौन सी चेतावनी खुली है',
      ],
      aliases: ['alerts'],
      positional: ['view'],
      examples: ['alerts', 'alerts over'],
    },
    run: async ({ services, ...ctx }, { view }) => {
      const { groups, total } = await services.alerts.list(ctx, view);
      return { groups: groups.map(showGroup), total };
    },
    reply: ({ groups, total }, { view }, { now }) => {
      if (total === 0)
        return withStatus(
          'ok',
          reply(view === 'open' ? 'Nothing is wrong that I know of.' : 'There is no such alert.'),
        );
      const loud = groups.some((group) => group.severity === 'critical' && group.acknowledgedBy === null);
      return withStatus(
        view === 'over' ? 'ok' : loud ? 'act' : 'look',
        reply(
          `${total} ${total === 1 ? 'alert' : 'alerts'}${view === 'open' ? ' open' : ''}.`,
          table(
            [{ label: 'Alert' }, { label: 'Severity' }, { label: 'For' }, { label: 'Who' }, { label: 'Id' }],
            groups.map((group) => [
              group.headline,
              group.severity,
              formatDuration(endOf(group, now) - Date.parse(group.since)),
              group.assignee ?? group.acknowledgedBy ?? 'nobody',
              [{ code: group.group }],
            ]),
          ),
          context('ack <id> says that you know; alert silence <id> 4h ends the noise.'),
        ),
      );
    },
  }),
  operation({
    name: 'alert.show',
    summary: { en: 'Show an alert with everything it counts', hi: 'एक चेतावनी पूरी दिखाएँ' },
    permission: 'alert.read',
    effect: 'read',
    danger: 'none',
    http: { method: 'GET', path: '/api/alerts/:alert' },
    input: z.strictObject({ alert: whichAlert }),
    output: shownGroup.extend({
      alerts: z.array(
        z.object({
          title: z.string(),
          status: z.string(),
          count: z.int(),
          lastAt: z.iso.datetime(),
          facts: z.record(z.string(), z.string()),
        }),
      ),
    }),
    chat: { positional: ['alert'], examples: ['alert show job.failed'], questions: whichQuestion },
    run: async ({ services, ...ctx }, { alert }) => {
      const group = await services.alerts.find(ctx, alert);
      const alerts = await services.alerts.alertsOf(ctx, group, SHOWN_ALERTS);
      return {
        ...showGroup(group),
        alerts: alerts.map(({ title, status, count, lastAt, facts }) => ({
          title,
          status,
          count,
          lastAt: lastAt.toISOString(),
          facts,
        })),
      };
    },
    reply: (group, _, { zone }) =>
      reply(
        [{ bold: group.headline }, ` (${group.status})`],
        fields({
          Severity: group.severity,
          Since: `${DateTime.fromISO(group.since, { zone }).toFormat('d LLL HH:mm')} ${zone}`,
          'Looked after': group.assignee ?? group.acknowledgedBy ?? 'by nobody',
        }),
        table(
          [{ label: 'What' }, { label: 'State' }, { label: 'Times', numeric: true }],
          group.alerts.map(({ title, status, count }) => [title, status, String(count)]),
        ),
        context([{ code: group.id }]),
      ),
  }),
  ...decisions,
  ...policyOperations,
];

const endOf = ({ resolvedAt }: { readonly resolvedAt: string | null }, now: Date): number =>
  resolvedAt === null ? now.getTime() : Date.parse(resolvedAt);
