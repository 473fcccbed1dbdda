// What must hold of every request at the end of a simulated run, whatever went wrong in it.
import type { Approval } from '../../models/approval.ts';
import { ROOMS } from '../approvals/approval-world.ts';
import { type Witness, wasSo } from './approvals-witness.ts';

export interface ApprovalsEnd {
  readonly all: readonly Approval[];
  readonly witness: Witness;
  /** How long the calls between looking and writing may have taken. */
  readonly slackMs: number;
  /** True when every clock told the truth. */
  readonly clocksAgree: boolean;
}

const ENDED = ['done', 'failed', 'rejected', 'expired', 'withdrawn', 'stale'];

/** Every broken promise, in words; none when all hold. */
export function brokenPromises(end: ApprovalsEnd): string[] {
  return end.all.flatMap((approval) =>
    [
      ...atRest(approval),
      ...onceAtMost(approval, end),
      ...byPeople(approval),
      ...atTheBeginning(approval, end),
      ...toldEverywhere(approval, end),
    ].map((broken) => `${approval._id} (${approval.state}): ${broken}`),
  );
}

function atRest({ state, wakeAt, leaseUntil }: Approval): string[] {
  if (!ENDED.includes(state)) return [`ends as ${state}`];
  return wakeAt !== null || leaseUntil !== null ? ['is not at rest'] : [];
}

/** The effect once where it is done, and never otherwise; what else must happen at another end, once. */
function onceAtMost({ _id, state }: Approval, { witness: { effects, begun } }: ApprovalsEnd): string[] {
  const times = effects.get(_id) ?? 0;
  const told = effects.get(`${_id}:ended`) ?? 0;
  const starts = begun.filter(({ approval }) => approval._id === _id).length;
  return [
    ...(times === (state === 'done' ? 1 : 0) ? [] : [`its effect happened ${times} times`]),
    ...(told === (state === 'done' ? 0 : 1) ? [] : [`its end was told ${told} times`]),
    ...(starts > 1 ? [`it was begun ${starts} times`] : []),
    ...(starts > 0 && !['done', 'failed'].includes(state) ? ['it was begun and has another end'] : []),
  ];
}

/** Distinct people, none of whom asked; one no ends it. */
function byPeople({ votes, requester, selfApproved, state }: Approval): string[] {
  const live = votes.filter((vote) => vote.void === null);
  const voters = live.map(({ voter }) => voter);
  const kinds = live.map(({ kind, voter }) => `${kind} ${voter}`);
  const own = live.some(
    ({ kind, voter, alone }) => kind === 'approve' && voter === requester.person && !alone,
  );
  const rejected = live.some(({ kind }) => kind === 'reject');
  return [
    ...(new Set(kinds).size === kinds.length ? [] : ['somebody counts twice']),
    ...(own ? ['whoever asked counts'] : []),
    ...(voters.some((voter) => !voter.startsWith('usr_')) ? ['a machine counts'] : []),
    ...(voters.includes('usr_stranger') ? ['a stranger counts'] : []),
    ...(rejected === (state === 'rejected') ? [] : ['a no did not end it, or it ended as if by one']),
    ...(selfApproved && !live.some(({ alone }) => alone) ? ['it is marked as self-approved and is not'] : []),
  ];
}

/** When it was begun there were enough people who could vote, time was left, and what it rests on held. */
function atTheBeginning({ _id, needed, expiresAt, input }: Approval, end: ApprovalsEnd): string[] {
  const { witness, slackMs, clocksAgree } = end;
  const start = witness.begun.find(({ approval }) => approval._id === _id);
  if (!start) return [];
  const { atMs, approval } = start;
  const yes = approval.votes.filter(({ kind, void: gone }) => kind === 'approve' && gone === null);
  const able = yes.filter(({ voter }) =>
    wasSo(witness.able.get(voter) ?? [], atMs - slackMs, atMs, (isAble) => isAble),
  );
  const alone = yes.some((vote) => vote.alone);
  const begunAt = approval.begunAt ?? new Date(Number.POSITIVE_INFINITY);
  const paise = witness.paise.get(String(input['item'])) ?? [];
  return [
    ...(new Set(able.map(({ voter }) => voter)).size >= needed || alone
      ? []
      : ['too few people had said yes']),
    ...(begunAt < expiresAt ? [] : ['it was begun after its end']),
    ...(clocksAgree && atMs > expiresAt.getTime() + slackMs ? ['it was begun long after its end'] : []),
    ...(wasSo(paise, atMs - slackMs, atMs, (value) => value === input['from'])
      ? []
      : ['what it rests on was gone']),
  ];
}

/** Every copy of the card shows the outcome; the request and its end are one event each. */
function toldEverywhere({ _id, state, title, version }: Approval, { witness }: ApprovalsEnd): string[] {
  const told = witness.told.filter(({ approval }) => approval === _id);
  const events = told.flatMap(({ content }) => (content.kind === 'event' ? [content.event.type] : []));
  const stale = ROOMS.filter((room) => {
    const cards = told.flatMap(({ content }) =>
      content.kind === 'card' && content.destination === room ? [content] : [],
    );
    const newest = cards.toSorted((a, b) => a.revision - b.revision).at(-1);
    const shown = JSON.stringify(newest?.reply ?? '');
    return (
      !shown.includes(`${title}: ${state}`) ||
      shown.includes('"buttons"') ||
      (newest?.revision ?? 0) > version
    );
  });
  return [
    ...stale.map((room) => `its card in ${room} does not show the outcome`),
    ...(events.join() === 'approval.requested,approval.decided' ? [] : [`its events are ${events.join()}`]),
  ];
}
