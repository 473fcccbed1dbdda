// The live card of an alert group: what stands in every room, edited as the group changes.
import { DateTime } from 'luxon';
import type { AlertGroup } from '../../../models/alert-group.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { context, fields, type Reply, reply, text, withStatus } from '../../core/reply.ts';
import { isSilenced } from './group-state.ts';
import { actionsOf, headline, linesOf, linkOf, type Says, shortOf, statusOf } from './group-text.ts';

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

/** The same as long as an episode lasts. */
export const cardKey = ({ _id, episode }: Pick<AlertGroup, '_id' | 'episode'>): string =>
  `alert:${_id}:${episode}`;

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

/** What a group is known by besides its headline, by label; times are in that zone. */
export function fieldsOf(group: AlertGroup, zone: string, now: Date): Record<string, string> {
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
