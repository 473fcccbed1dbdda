// The verbs that look at alerts, and with them all the others.
import { z } from 'zod';
import { alertStatuses } from '../../../models/alert.ts';
import { formatDuration } from '../../core/duration.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, fields, reply, table, withStatus } from '../../core/reply.ts';
import { decisionOperations } from './decision-operations.ts';
import { policyOperations } from './policy-operations.ts';
import { type Alerts, alertViews } from './service.ts';
import { clockOf, headlineIn, showGroup, shownGroup, whichAlert, whichQuestion } from './shapes.ts';
import { words } from './words.ts';

const operation = operationsOf<{ readonly alerts: Alerts }>();

const SHOWN_ALERTS = 20;

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
    reply: ({ groups, total }, { view }, { now, language }) => {
      const say = words[language];
      if (total === 0) return withStatus('ok', reply(view === 'open' ? say.nothingIsWrong : say.noneSuch));
      const loud = groups.some((group) => group.severity === 'critical' && group.acknowledgedBy === null);
      return withStatus(
        view === 'over' ? 'ok' : loud ? 'act' : 'look',
        reply(
          say.listed(total, view === 'open'),
          table(
            say.listColumns.map((label) => ({ label })),
            groups.map((group) => [
              headlineIn(language, group),
              group.severity,
              formatDuration(endOf(group, now) - Date.parse(group.since), language),
              group.assignee ?? group.acknowledgedBy ?? say.nobody,
              [{ code: group.group }],
            ]),
          ),
          context(say.hint),
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
          status: z.enum(alertStatuses),
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
    reply: (group, _, { zone, language }) => {
      const say = words[language];
      return reply(
        [{ bold: headlineIn(language, group) }, ` (${say.states[group.status]})`],
        fields({
          [say.severity]: group.severity,
          [say.since]: `${clockOf(group.since, zone)} ${zone}`,
          [say.assigneeLabel]: group.assignee ?? group.acknowledgedBy ?? say.byNobody,
        }),
        table(
          [{ label: say.what }, { label: say.state }, { label: say.timesLabel, numeric: true }],
          group.alerts.map(({ title, status, count }) => [title, say.states[status], String(count)]),
        ),
        context([{ code: group.id }]),
      );
    },
  }),
  ...decisionOperations,
  ...policyOperations,
];

const endOf = ({ resolvedAt }: { readonly resolvedAt: string | null }, now: Date): number =>
  resolvedAt === null ? now.getTime() : Date.parse(resolvedAt);
