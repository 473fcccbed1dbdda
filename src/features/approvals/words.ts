// Requests in words: how one stands, who decided and why, how long it may still be decided; in English unless told.
import type { Approval, CountedVote } from '../../../models/approval.ts';
import type { ApprovalState, CaseWords } from '../../core/approval.ts';
import type { Language } from '../../core/context.ts';
import { standingIn } from './standing-words.ts';
import { approvalsAmong } from './votes.ts';

export const endedStates = ['done', 'failed', 'rejected', 'expired', 'withdrawn', 'stale'] as const;
export type EndedState = (typeof endedStates)[number];

export const hasEnded = (state: ApprovalState): state is EndedState =>
  endedStates.some((one) => one === state);

export const momentOf = (at: Date, zone: string, language: Language = 'en'): string =>
  standingIn[language].moment(at, zone);

/** Those who said yes and count, in the order of their votes. */
export const approversOf = ({ votes }: Pick<Approval, 'votes'>): readonly CountedVote[] =>
  approvalsAmong(votes);

const namesOf = (approval: Approval): string[] => approversOf(approval).map(({ name }) => name);

/** What there is to decide as this reader reads it; in English where nobody wrote it in their language. */
export const caseOf = (approval: Approval, language: Language): CaseWords =>
  (language === 'hi' ? approval.inHindi : null) ?? { ...approval, approve: approval.approveLabel };

/** How a request stands, in one sentence without a stop: `Asha approved it on 2 Nov at 15:00: looks right`. */
export function sentenceOf(approval: Approval, zone: string, language: Language = 'en'): string {
  const say = standingIn[language];
  const { state, reason, endedBy, endedAt } = approval;
  const at = endedAt && say.moment(endedAt, zone);
  switch (state) {
    case 'open':
      return say.open(progressOf(approval, language), say.moment(approval.expiresAt, zone));
    case 'approved':
    case 'executing':
      return say.underway(approvedSentence(approval, zone, language));
    case 'done':
      return approvedSentence(approval, zone, language);
    case 'failed':
      return say.failed(approvedSentence(approval, zone, language), reason);
    case 'rejected':
    case 'withdrawn':
      return say[state](endedBy, at, reason);
    case 'expired':
      return say.expired(at, reason);
    case 'stale':
      return say.stale(reason);
  }
}

function approvedSentence(approval: Approval, zone: string, language: Language): string {
  const { approvedAt, selfApproved } = approval;
  const say = standingIn[language];
  const notes = approversOf(approval).flatMap(({ note }) => (note === '' ? [] : [note]));
  const at = approvedAt && say.moment(approvedAt, zone);
  return say.approved(namesOf(approval), { isAlone: selfApproved, at, why: notes.join('; ') });
}

/** `1 of 2 said yes (Asha)`. */
export function progressOf(approval: Approval, language: Language = 'en'): string {
  return standingIn[language].progress(namesOf(approval), approval.needed);
}
