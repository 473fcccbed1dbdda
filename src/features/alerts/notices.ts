// What alerts say: the live card of a group, the word in its thread, the message to other places, the call to a person.
import { DateTime } from 'luxon';
import type { AlertGroup } from '../../../models/alert-group.ts';
import { formatDuration } from '../../core/duration.ts';
import { eventOf } from '../../core/event-catalogue.ts';
import { MAIL_SCHEME, mailTo } from '../../core/mail.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import {
  type Block,
  buttons,
  context,
  fields,
  list,
  type Reply,
  reply,
  type Status,
  text,
  withStatus,
} from '../../core/reply.ts';
import { type Effect, GROUP_INTERVAL_MS, isSilenced, REPEAT_INTERVAL_MS } from './group-state.ts';
import type { AlertParts, Callee } from './parts.ts';

const RESOLVED_IS_NEWS_MS = 15 * 60_000;

type Says = Pick<AlertParts, 'rooms' | 'targets' | 'zone' | 'publicUrl'>;

/**
 * What leaves with a change of a group: its card in every room, and what each effect says.
 * @param group as it will stand, with the version of the write.
 */
export function itemsAfter(
  parts: Says,
  group: AlertGroup,
  effects: readonly Effect[],
  callees: readonly Callee[],
  now: Date,
): OutboxContent[] {
  const cards = group.status === 'waiting' ? [] : cardsOf(parts, group, now);
  return [...cards, ...effects.flatMap((effect) => said(parts, group, effect, callees, now))];
}

/** The card of a group in every room, at the version of the write. */
export function cardsOf(parts: Says, group: AlertGroup, now: Date): OutboxContent[] {
  const shown = cardReply(group, parts, now);
  return parts.rooms.map((destination) => ({
    kind: 'card',
    destination,
    key: cardKey(group),
    revision: group.version,
    reply: shown,
    ...(group.status === 'resolved' ? { onlyEdits: true as const } : {}),
  }));
}

const cardKey = ({ _id, episode }: Pick<AlertGroup, '_id' | 'episode'>): string => `alert:${_id}:${episode}`;

function said(
  parts: Says,
  group: AlertGroup,
  effect: Effect,
  callees: readonly Callee[],
  now: Date,
): OutboxContent[] {
  if (effect.kind === 'escalate') return called(parts, group, effect.rank, callees, now);
  const { what } = effect;
  const message = announcement(group, what, parts, now);
  const freshUntil = new Date(now.getTime() + newsLastsMs(what));
  const thread: OutboxContent[] =
    what === 'first'
      ? []
      : parts.rooms.map((destination) => ({
          kind: 'send',
          destination,
          body: { kind: 'reply', reply: message, place: { underCard: cardKey(group) }, freshUntil },
        }));
  const elsewhere = parts.targets.map((destination) =>
    isMail(destination)
      ? mailOf(destination, group, what, parts, now)
      : messageTo(destination, message, freshUntil),
  );
  return [...thread, ...elsewhere, ...eventsOf(group, what, now)];
}

const newsLastsMs = (what: (Effect & { kind: 'announce' })['what']): number =>
  what === 'more' ? GROUP_INTERVAL_MS : what === 'resolved' ? RESOLVED_IS_NEWS_MS : REPEAT_INTERVAL_MS;

function messageTo(destination: string, message: Reply, freshUntil: Date): OutboxContent {
  return { kind: 'send', destination, body: { kind: 'reply', reply: message, freshUntil } };
}

const isMail = (destination: string): boolean => destination.startsWith(`${MAIL_SCHEME}:`);

function mailOf(
  destination: string,
  group: AlertGroup,
  what: (Effect & { kind: 'announce' })['what'],
  parts: Says,
  now: Date,
): OutboxContent {
  return mailTo(destination.slice(MAIL_SCHEME.length + 1), {
    template: 'alert',
    category: 'alert',
    props: {
      title: headline(group),
      severity: group.severity,
      status: what === 'resolved' ? 'resolved' : 'raised',
      summary: group.newest.map((line) => line.title).join('\n'),
      facts: Object.entries(fieldsOf(group, parts.zone, now)).map(([label, value]) => ({ label, value })),
      source: group.source,
      times: Math.max(group.total, 1),
      at: group.since.toISOString(),
      zone: parts.zone,
      link: linkOf(parts, group),
    },
  });
}

/** The next in the list, or everybody once the list is through. */
function called(
  parts: Says,
  group: AlertGroup,
  rank: number,
  callees: readonly Callee[],
  now: Date,
): OutboxContent[] {
  const next = callees[rank - 1];
  const chosen = next ? [next] : callees;
  const freshUntil = new Date(now.getTime() + REPEAT_INTERVAL_MS);
  const word = next ? 'You are next' : 'Everybody is called';
  const message = withStatus(
    'act',
    reply(
      [{ bold: headline(group) }],
      text(
        `${word}: nobody has acknowledged it for ${formatDuration(now.getTime() - group.since.getTime())}.`,
      ),
      ...linesOf(group),
      ...actionsOf(group, now),
      context([{ link: 'Open', href: linkOf(parts, group) }]),
    ),
  );
  return chosen.flatMap(({ destinations }) =>
    destinations.map((destination) => messageTo(destination, message, freshUntil)),
  );
}

function announcement(
  group: AlertGroup,
  what: (Effect & { kind: 'announce' })['what'],
  parts: Says,
  now: Date,
): Reply {
  const open = context([{ link: 'Open', href: linkOf(parts, group) }]);
  const lasted = formatDuration((group.resolvedAt ?? now).getTime() - group.since.getTime());
  if (what === 'resolved')
    return withStatus(
      'ok',
      reply([{ bold: `${headline(group)}: over after ${lasted}` }], text(group.resolvedWhy), open),
    );
  const lines = linesOf(group);
  if (what === 'still')
    return withStatus(
      statusOf(group, now),
      reply(`${headline(group)} has lasted ${lasted}, and nobody has acknowledged it.`, ...lines, open),
    );
  if (what === 'more')
    return withStatus(
      statusOf(group, now),
      reply(`${headline(group)}: ${group.total} in all now.`, ...lines, open),
    );
  return withStatus(statusOf(group, now), reply([{ bold: headline(group) }], ...lines, open));
}

function cardReply(group: AlertGroup, parts: Says, now: Date): Reply {
  const { newest, total, zone } = { ...group, zone: parts.zone };
  const isOver = group.status === 'resolved';
  const more = total - newest.length;
  return withStatus(
    statusOf(group, now),
    reply(
      [{ bold: isOver ? `${headline(group)}: over` : headline(group) }],
      ...linesOf(group),
      ...(more > 0 && !isOver ? [text(`+${more} more`)] : []),
      fields(fieldsOf(group, zone, now)),
      ...actionsOf(group, now),
      context([{ code: shortOf(group) }, ' · ', { link: 'Open', href: linkOf(parts, group) }]),
    ),
  );
}

function fieldsOf(group: AlertGroup, zone: string, now: Date): Record<string, string> {
  const { severity, since, resolvedAt, acknowledgedBy, assignee, silencedUntil, silencedBy, resolvedWhy } =
    group;
  const clock = (at: Date): string => DateTime.fromJSDate(at, { zone }).toFormat('d LLL HH:mm');
  return {
    Severity: severity,
    Since: `${clock(since)} ${zone}`,
    ...(resolvedAt ? { Over: `${clock(resolvedAt)}${resolvedWhy ? `: ${resolvedWhy}` : ''}` } : {}),
    ...(acknowledgedBy ? { Acknowledged: `by ${acknowledgedBy}` } : {}),
    ...(assignee ? { 'Looked after': `by ${assignee}` } : {}),
    ...(silencedUntil && isSilenced(group, now)
      ? { Silenced: `until ${clock(silencedUntil)} by ${silencedBy ?? 'somebody'}` }
      : {}),
  };
}

/** The newest alerts; of a single one the headline says it all, unless it came more than once. */
function linesOf({ newest, total }: Pick<AlertGroup, 'newest' | 'total'>): Block[] {
  const [only] = newest;
  if (newest.length === 0 || (total <= 1 && only?.count === 1)) return [];
  return [list(newest.map((line) => (line.count > 1 ? `${line.title} (${line.count} times)` : line.title)))];
}

/** At most three, the likeliest first; a press on the card of an earlier episode is told so. */
function actionsOf(group: AlertGroup, now: Date): Block[] {
  if (group.status === 'resolved') return [];
  const input = { alert: group._id, episode: group.episode };
  const acknowledge = {
    label: 'Acknowledge',
    operation: 'alert.acknowledge',
    input,
    style: 'primary' as const,
  };
  const assign = { label: 'Assign to me', operation: 'alert.assign', input };
  const silence = { label: 'Silence …', operation: 'alert.silence', input };
  const loud = { label: 'End the silence', operation: 'alert.unsilence', input };
  return [
    buttons(
      ...(group.acknowledgedBy === null ? [acknowledge] : []),
      ...(group.assignee === null ? [assign] : []),
      isSilenced(group, now) ? loud : silence,
    ),
  ];
}

/** What is wrong, with its number: `3 alerts: job.failed`, or the one title there is. */
export function headline(group: Pick<AlertGroup, 'name' | 'total' | 'newest'>): string {
  const [only] = group.newest;
  return group.total <= 1 && only ? only.title : `${group.total} alerts: ${group.name}`;
}

export function statusOf(group: AlertGroup, now: Date): Status {
  if (group.status === 'resolved') return 'ok';
  const isLoud = group.severity === 'critical' && group.acknowledgedBy === null && !isSilenced(group, now);
  return isLoud ? 'act' : 'look';
}

export const shortOf = ({ _id }: Pick<AlertGroup, '_id'>): string => _id.slice(0, 10);

const linkOf = ({ publicUrl }: Says, group: AlertGroup): string =>
  `${publicUrl()}/admin/alerts?alert=${group._id}`;

function eventsOf(
  group: AlertGroup,
  what: (Effect & { kind: 'announce' })['what'],
  now: Date,
): readonly OutboxContent[] {
  if (what === 'still') return [];
  const type = what === 'resolved' ? 'alert.resolved' : 'alert.raised';
  const { _id: alert, name: groupName, severity, total, firing, source, since } = group;
  const payload = {
    alert,
    group: groupName,
    title: headline(group),
    severity,
    source,
    firing,
    total,
    since: since.toISOString(),
    at: now.toISOString(),
  };
  return [{ kind: 'event', event: eventOf(type, payload) }];
}
