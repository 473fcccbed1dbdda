// What requests say in chat and to other systems: one live card in each room, reminders, and two events.
import type { Approval } from '../../../models/approval.ts';
import { eventOf } from '../../core/event-catalogue.ts';
import type { OutboxContent, Place } from '../../core/outbox-item.ts';
import { context, list, type Reply, reply, text, withStatus } from '../../core/reply.ts';
import { shortIdOf } from './parts.ts';
import { approvalReply } from './replies.ts';
import { approversOf, type EndedState, momentOf, sentenceOf } from './words.ts';

export const cardKeyOf = ({ _id }: Pick<Approval, '_id'>): string => `approval:${_id}`;

/** The card of a request in each of its rooms, at the revision that the write will give it. */
export function approvalCards(approval: Approval): OutboxContent[] {
  const shown = approvalReply(approval, { zone: approval.zone, language: 'en' });
  return approval.rooms.map((destination) => ({
    kind: 'card',
    destination,
    key: cardKeyOf(approval),
    revision: approval.version,
    reply: shown,
  }));
}

/** One message in each room, under the card there, that something still waits. */
export function reminder(approval: Approval): OutboxContent[] {
  const { title, zone, rooms } = approval;
  const id = shortIdOf(approval);
  const said = withStatus(
    'look',
    reply(
      [{ bold: `Still to decide: ${title}` }],
      text(`${sentenceOf(approval, zone)}.`),
      context([{ code: `/approve ${id}` }, ' or ', { code: `/reject ${id} <reason>` }]),
    ),
  );
  return sendTo(rooms, said, { underCard: cardKeyOf(approval) });
}

/** One message for many, so that a busy day is no flood; it is under none of their cards. */
export function digest(waiting: readonly Approval[], rooms: readonly string[]): OutboxContent[] {
  const lines = waiting
    .slice(0, 20)
    .map((one) => [{ code: shortIdOf(one) }, ` ${one.title}: until ${momentOf(one.expiresAt, one.zone)}`]);
  const more = waiting.length > lines.length ? [context(`and ${waiting.length - lines.length} more`)] : [];
  const said = withStatus(
    'look',
    reply(
      [{ bold: `${waiting.length} requests wait for a decision` }],
      list(lines),
      ...more,
      context('/approvals'),
    ),
  );
  return sendTo(rooms, said);
}

function sendTo(rooms: readonly string[], said: Reply, place?: Place): OutboxContent[] {
  const body = { kind: 'reply', reply: said, ...(place && { place }) } as const;
  return rooms.map((destination) => ({ kind: 'send', destination, body }));
}

export function requestedEvent(approval: Approval): OutboxContent {
  const { needed, expiresAt } = approval;
  const event = eventOf('approval.requested', {
    event: 'approval.requested',
    ...eventFacts(approval),
    needed,
    expiresAt: expiresAt.toISOString(),
  });
  return { kind: 'event', event };
}

/** Exactly one for each request: at its end. */
export function decidedEvent(approval: Approval, outcome: EndedState): OutboxContent {
  const { endedBy, selfApproved, zone } = approval;
  const voted =
    outcome === 'done' || outcome === 'failed' ? approversOf(approval).map(({ name }) => name) : [];
  const ender = outcome === 'rejected' || outcome === 'withdrawn' ? [endedBy ?? ''] : [];
  const event = eventOf('approval.decided', {
    event: 'approval.decided',
    ...eventFacts(approval),
    outcome,
    decidedBy: [...voted, ...ender],
    selfApproved,
    message: `${sentenceOf(approval, zone)}.`,
  });
  return { kind: 'event', event };
}

function eventFacts({ _id, operation, title, requester, payloadHash }: Approval) {
  return { version: 1, approval: _id, operation, title, requestedBy: requester.name, payloadHash } as const;
}
