// Who may vote on a request and which votes count, as pure rules over the team as it stands now.
import type { Approval, CountedVote } from '../../../models/approval.ts';
import { type Actor, mayDo } from '../../core/actor.ts';
import type { Ctx } from '../../core/context.ts';
import { shortIdOf, type Voter } from './parts.ts';
import { askedItself, forPeopleAlone, mayNotVote, noVoter, otherPayload, untyped } from './vote-refusals.ts';

/** The operator at the machine: one voter, however many accounts the machine has. */
export const OPERATOR = 'cli';

export const voterOf = (actor: Pick<Actor, 'kind' | 'id'>): string =>
  actor.kind === 'cli' ? OPERATOR : actor.id;

/** Those who may vote and did not ask. */
export function othersOf(approval: Pick<Approval, 'requester'>, able: readonly Voter[]): readonly Voter[] {
  return able.filter(({ id }) => id !== approval.requester.person);
}

/**
 * The standing of one vote: whether its voter asked, and whether nobody else could vote.
 * The operator is nobody's second pair of eyes: their vote stands alone, or on what the protocol asks of one person.
 */
function standingOf(approval: Approval, voter: string, able: readonly Voter[]) {
  const isRequester = approval.requester.person === voter;
  const isAlone = able.every(({ id }) => id === voter);
  const isOperatorsPlace = isAlone || (approval.requester.kind === 'system' && approval.needed === 1);
  return {
    isRequester,
    isAlone,
    isOut: voter === OPERATOR ? !isOperatorsPlace : !able.some(({ id }) => id === voter),
    /** One person in the place of two: only a typed word makes it a decision. */
    mustType: isAlone && (isRequester || approval.needed > 1),
  };
}

/** @throws AppError `permission.denied` or `approval.confirm`, saying what to do instead. */
export function assertMayVote(
  approval: Approval,
  { actor, language }: Pick<Ctx, 'actor' | 'language'>,
  able: readonly Voter[],
  vote: { readonly kind: CountedVote['kind']; readonly confirm?: string | undefined },
): { readonly alone: boolean } {
  const { voters } = approval;
  if (actor.kind !== 'person' && actor.kind !== 'cli') throw forPeopleAlone();
  if (!mayDo(actor, voters)) throw mayNotVote(actor, approval);
  const standing = standingOf(approval, voterOf(actor), able);
  if (standing.isOut) throw noVoter(actor);
  if (vote.kind === 'reject') return { alone: false };
  if (standing.isRequester && !standing.isAlone) throw askedItself(namesOf(othersOf(approval, able)));
  if (standing.mustType && vote.confirm !== shortIdOf(approval)) throw untyped(approval, language);
  return { alone: standing.mustType };
}

/** Whether this voter's yes needs the typed id, since nobody else could say it. */
export function mustTypeId(approval: Approval, voter: string, able: readonly Voter[]): boolean {
  return standingOf(approval, voter, able).mustType;
}

/** The votes as they count now: whoever left, was demoted, or is not the only one any more counts no longer. */
export function recounted(approval: Approval, able: readonly Voter[]): readonly CountedVote[] {
  return approval.votes.map((vote) => {
    if (vote.void !== null) return vote;
    const { isOut, isAlone, isRequester } = standingOf(approval, vote.voter, able);
    if (isOut) return { ...vote, void: 'may no longer vote' };
    if (vote.alone && !isAlone) return { ...vote, void: 'others may vote by now' };
    if (isRequester && !vote.alone && vote.kind === 'approve') return { ...vote, void: 'asked for it' };
    return vote;
  });
}

/** The votes for it that count, one for each person. */
export function approvalsAmong(votes: readonly CountedVote[]): readonly CountedVote[] {
  const counted = votes.filter((vote) => vote.kind === 'approve' && vote.void === null);
  return [...new Map(counted.map((vote) => [vote.voter, vote])).values()];
}

export function areEnough(approval: Pick<Approval, 'needed'>, votes: readonly CountedVote[]): boolean {
  const counted = approvalsAmong(votes);
  return counted.length >= approval.needed || counted.some((vote) => vote.alone);
}

/** @throws AppError `record.conflict` when the voter saw another payload. */
export function assertSamePayload(approval: Approval, hash: string | undefined): void {
  if (hash === undefined || approval.payloadHash.startsWith(hash.toLowerCase())) return;
  throw otherPayload(approval, hash);
}

const namesOf = (voters: readonly Voter[]): string => {
  const names = voters.slice(0, 5).map(({ name }) => name);
  return voters.length > names.length ? `${names.join(', ')} and others` : names.join(', ');
};
