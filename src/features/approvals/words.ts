// Requests in words: how one stands, who decided and why, how long it may still be decided.
import { DateTime } from 'luxon';
import type { Approval, CountedVote } from '../../../models/approval.ts';
import type { ApprovalState } from '../../core/approval.ts';
import { together } from '../../core/names.ts';
import { approvalsAmong } from './votes.ts';

export const endedStates = ['done', 'failed', 'rejected', 'expired', 'withdrawn', 'stale'] as const;
export type EndedState = (typeof endedStates)[number];

export const hasEnded = (state: ApprovalState): state is EndedState =>
  endedStates.some((one) => one === state);

export const momentOf = (at: Date, zone: string): string =>
  DateTime.fromJSDate(at, { zone }).toFormat("d LLL 'at' HH:mm");

/** Those who said yes and count, in the order of their votes. */
export const approversOf = ({ votes }: Pick<Approval, 'votes'>): readonly CountedVote[] =>
  approvalsAmong(votes);

/** How a request stands, in one sentence without a stop: `Asha approved it on 2 Nov at 15:00: looks right`. */
export function sentenceOf(approval: Approval, zone: string): string {
  const { state, reason, endedBy, endedAt } = approval;
  const at = endedAt ? ` on ${momentOf(endedAt, zone)}` : '';
  const why = reason === '' ? '' : `: ${reason}`;
  switch (state) {
    case 'open':
      return `${progressOf(approval)}, until ${momentOf(approval.expiresAt, zone)}`;
    case 'approved':
    case 'executing':
      return `${approvedSentence(approval, zone)}; it is being carried out`;
    case 'done':
      return approvedSentence(approval, zone);
    case 'failed':
      return `${approvedSentence(approval, zone)}, and it failed${why}`;
    case 'rejected':
    case 'withdrawn':
      return `${endedBy ?? 'Somebody'} ${state === 'rejected' ? 'rejected' : 'withdrew'} it${at}${why}`;
    case 'expired':
      return `It expired${at}${why}`;
    case 'stale':
      return `It no longer fits${why}`;
  }
}

function approvedSentence(approval: Approval, zone: string): string {
  const { approvedAt, selfApproved } = approval;
  const voted = approversOf(approval);
  const how = selfApproved ? 'self-approved' : 'approved';
  const at = approvedAt ? ` on ${momentOf(approvedAt, zone)}` : '';
  const notes = voted.flatMap(({ note }) => (note === '' ? [] : [note]));
  const why = notes.length > 0 ? `: ${notes.join('; ')}` : '';
  return `${together(voted.map(({ name }) => name))} ${how} it${at}${why}`;
}

/** `1 of 2 said yes (Asha)`. */
export function progressOf(approval: Approval): string {
  const voted = approversOf(approval);
  const who = voted.length > 0 ? ` (${together(voted.map(({ name }) => name))})` : '';
  return `${voted.length} of ${approval.needed} said yes${who}`;
}
