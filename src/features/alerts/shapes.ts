// What verbs and pages of alerts take and show: the arguments they share, and a group as it leaves the program.
import { DateTime } from 'luxon';
import { z } from 'zod';
import { type AlertGroup, groupStatuses } from '../../../models/alert-group.ts';
import { severities } from '../../core/alerting.ts';
import type { Language } from '../../core/context.ts';
import { fields, list, type Reply, reply, withStatus } from '../../core/reply.ts';
import { headline } from './group-text.ts';
import { words } from './words.ts';

export const whichAlert = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('the alert, by id or by the name of its group')
  .meta({ example: 'job.failed' });

/** Stands in buttons alone: a card of an earlier episode must not act on a later one. */
export const episode = z.int().min(1).exactOptional().describe('the episode that a card was about');

export const whichQuestion = { alert: { en: 'Which alert?', hi: 'कौन सी चेतावनी?' } };

const instant = z.iso.datetime().nullable();

export const shownGroup = z.object({
  id: z.string(),
  group: z.string(),
  headline: z.string(),
  status: z.enum(groupStatuses),
  severity: z.enum(severities),
  source: z.string(),
  firing: z.int(),
  total: z.int(),
  newest: z.array(z.string()),
  since: z.iso.datetime(),
  resolvedAt: instant,
  resolvedWhy: z.string(),
  acknowledgedBy: z.string().nullable(),
  assignee: z.string().nullable(),
  silencedUntil: instant,
});
export type ShownGroup = z.output<typeof shownGroup>;

const isoOf = (at: Date | null): string | null => at?.toISOString() ?? null;

export function showGroup(group: AlertGroup): ShownGroup {
  const { _id: id, name, status, severity, source, firing, total, since } = group;
  return {
    id,
    group: name,
    headline: headline(group),
    status,
    severity,
    source,
    firing,
    total,
    newest: group.newest.map((line) => line.title),
    since: since.toISOString(),
    resolvedAt: isoOf(group.resolvedAt),
    resolvedWhy: group.resolvedWhy,
    acknowledgedBy: group.acknowledgedBy,
    assignee: group.assignee,
    silencedUntil: isoOf(group.silencedUntil),
  };
}

/** A moment on the reader's wall clock, such as `2 Nov 09:30`. */
export const clockOf = (instant: string, zone: string): string =>
  DateTime.fromISO(instant, { zone }).toFormat('d LLL HH:mm');

/** The headline of a group as it was shown, for a reader of that language. */
export const headlineIn = (language: Language, { group, total, newest }: ShownGroup): string =>
  headline({ name: group, total, newest: newest.map((title) => ({ title })) }, language);

/** How one group reads as an answer: what became of it first. */
export function groupReply(group: ShownGroup, became: string, language: Language): Reply {
  const { acknowledgedBy, assignee, severity, newest } = group;
  const say = words[language];
  return withStatus(
    'ok',
    reply(
      [{ bold: headlineIn(language, group) }, `: ${became}`],
      ...(newest.length > 1 ? [list(newest)] : []),
      fields({
        [say.severity]: severity,
        ...(acknowledgedBy ? { [say.acknowledgedLabel]: say.by(acknowledgedBy) } : {}),
        ...(assignee ? { [say.assigneeLabel]: say.by(assignee) } : {}),
        id: [{ code: group.id }],
      }),
    ),
  );
}
