// What requests say in chat and to other systems: one live card in each room, reminders, and two events.
import type { Approval } from '../../../models/approval.ts';
import type { ApprovalCase } from '../../core/approval.ts';
import { eventOf } from '../../core/event-catalogue.ts';
import type { OutboxContent, Place } from '../../core/outbox-item.ts';
import { permissions } from '../../core/permissions.ts';
import {
  type Block,
  buttons,
  context,
  fields,
  list,
  type Reply,
  reply,
  text,
  withStatus,
} from '../../core/reply.ts';
import { shortIdOf } from './parts.ts';
import { approversOf, type EndedState, hasEnded, momentOf, progressOf, sentenceOf } from './words.ts';

export const cardKeyOf = ({ _id }: Pick<Approval, '_id'>): string => `approval:${_id}`;

/** The card of a request in each of its rooms, at the revision that the write will give it. */
export function approvalCards(approval: Approval): OutboxContent[] {
  const shown = approvalReply(approval, approval.zone);
  return approval.rooms.map((destination) => ({
    kind: 'card',
    destination,
    key: cardKeyOf(approval),
    revision: approval.version,
    reply: shown,
  }));
}

/** A request as a card, an answer or a page shows it: what would happen, why, who may decide, and the buttons. */
export function approvalReply(approval: Approval, zone: string): Reply {
  if (approval.state !== 'open') return outcomeReply(approval, zone);
  const { _id, payloadHash, title, summary, evidence, approveLabel } = approval;
  const input = { approval: _id, hash: payloadHash };
  return withStatus(
    'look',
    reply(
      [{ bold: `${title}?` }],
      text(summary),
      ...changesOf(approval),
      ...evidence,
      fields(factsOf(approval, zone)),
      buttons(
        { label: approveLabel, operation: 'approval.approve', input, style: 'primary' },
        { label: 'Reject', operation: 'approval.reject', input, style: 'danger' },
      ),
      reference(approval),
    ),
  );
}

/** Who asks, who may decide, how far it is, and until when. */
export function factsOf(approval: Approval, zone: string): Record<string, string> {
  const { requester, voters, eligible, expiresAt } = approval;
  const can = eligible === 1 ? '1 person can vote' : `${eligible} people can vote`;
  const asker = requester.kind === 'system' ? 'the protocol' : requester.name;
  return {
    'Asked by': asker,
    Votes: `${progressOf(approval)}; ${can} (from ${permissions[voters].role} up)`,
    Until: `${momentOf(expiresAt, zone)} (${zone})`,
  };
}

export function changesOf({ changes }: Pick<ApprovalCase, 'changes'>): Block[] {
  if (changes.length === 0) return [];
  return [list(changes.map(({ what, before, after }) => [`${what}: ${before} → `, { bold: after }]))];
}

function outcomeReply(approval: Approval, zone: string): Reply {
  const { state, title, result, evidence } = approval;
  const figures = evidence.filter(({ kind }) => kind === 'fields');
  const sentence = `${sentenceOf(approval, zone)}.`;
  const report = state === 'done' && result ? result.blocks.filter(({ kind }) => kind !== 'buttons') : [];
  const status = state === 'failed' ? 'act' : hasEnded(state) ? 'ok' : 'look';
  const head = reply(
    [{ bold: `${title}: ${state === 'executing' ? 'approved' : state}` }],
    text(sentence),
    ...report,
    ...changesOf(approval),
    ...figures,
    reference(approval),
  );
  return withStatus(status, head);
}

const reference = (approval: Approval): Block =>
  context([{ code: shortIdOf(approval) }, ' · payload ', { code: approval.payloadHash.slice(0, 8) }]);

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
