// What leaves with a change of a group: its card, the word in its thread, the message to other places, the calls.
import type { AlertGroup } from '../../../models/alert-group.ts';
import { formatDuration } from '../../core/duration.ts';
import { eventOf } from '../../core/event-catalogue.ts';
import { MAIL_SCHEME, mailTo } from '../../core/mail.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { context, type Reply, reply, text, withStatus } from '../../core/reply.ts';
import { called } from './calls.ts';
import { cardKey, cardsOf, fieldsOf } from './card.ts';
import { type Effect, GROUP_INTERVAL_MS, REPEAT_INTERVAL_MS } from './group-state.ts';
import { headline, linesOf, linkOf, messageTo, type Says, statusOf } from './group-text.ts';
import type { Callee } from './parts.ts';

const RESOLVED_IS_NEWS_MS = 15 * 60_000;

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
