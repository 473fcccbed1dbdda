// The states of a request as pure changes: open → approved → executing → done or failed, or one of four other ends.
import type { Approval, ApprovalRequester, CountedVote } from '../../../models/approval.ts';
import type { ApprovalCase, ApprovalRules } from '../../core/approval.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Ctx } from '../../core/context.ts';
import type { Reply } from '../../core/reply.ts';
import type { Body } from '../../core/store.ts';
import { payloadHashOf, type Voter } from './parts.ts';
import { decidedAlready } from './refusals.ts';
import { areEnough, assertMayVote, assertSamePayload, othersOf, recounted, voterOf } from './votes.ts';

export type ApprovalStep = Partial<Body<Approval>>;

/** How soon the sweeper looks after what was to go on at once. */
export const RESUME_AFTER_MS = 15_000;
const HOUR_MS = 3_600_000;

export interface Opening {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly asked: ApprovalCase;
  readonly rules: ApprovalRules;
  readonly requester: ApprovalRequester;
  readonly able: readonly Voter[];
  readonly rooms: readonly string[];
}

export function opened(ctx: Ctx, opening: Opening): Body<Approval> {
  const { operation, input, asked, rules, requester, able, rooms } = opening;
  const { title, summary, changes, evidence, subject, state, approve = 'Approve', inHindi = null } = asked;
  const expiresAt = new Date(ctx.now.getTime() + rules.expiresAfterMs);
  const fresh = {
    votes: [],
    approvedAt: null,
    endedBy: null,
    endedAt: null,
    reason: '',
    replacedBy: null,
    selfApproved: false,
    begunAt: null,
    attempts: 0,
    worker: null,
    leaseUntil: null,
    result: null,
    reminders: 0,
  };
  return {
    ...fresh,
    ...{ operation, input, subject, title, summary, changes, evidence, requester, rooms, expiresAt },
    askedBy: requester.person,
    approveLabel: approve,
    inHindi,
    voters: rules.voters,
    needed: rules.needed,
    eligible: othersOf({ requester }, able).length,
    payloadHash: payloadHashOf(ctx.tenant, operation, input),
    stateHash: digestOf(state ?? null),
    door: ctx.door,
    zone: ctx.zone,
    state: 'open',
    wakeAt: wakeOf(ctx.now, expiresAt, 0),
  };
}

/** When a request is looked after next: at half of its time, shortly before its end, and at its end. */
export function wakeOf(createdAt: Date, expiresAt: Date, reminders: number): Date {
  const endMs = expiresAt.getTime();
  const lifeMs = endMs - createdAt.getTime();
  const due = [endMs - lifeMs / 2, endMs - Math.min(HOUR_MS, lifeMs / 8)];
  return new Date(due[reminders] ?? endMs);
}

/** @throws AppError `record.conflict` saying who decided, when there is nothing to decide any more. */
export function assertOpen(approval: Approval, zone: string): void {
  if (approval.state === 'open') return;
  throw decidedAlready(approval, zone);
}

export interface Cast {
  readonly kind: CountedVote['kind'];
  readonly note: string;
  readonly hash?: string | undefined;
  readonly confirm?: string | undefined;
}

/**
 * One vote, counted with those that still count. Null when this person's same vote stands already.
 * @throws AppError `record.conflict`, `permission.denied`, `approval.confirm`
 */
export function voted(approval: Approval, ctx: Ctx, able: readonly Voter[], cast: Cast): ApprovalStep | null {
  const { kind, note, hash } = cast;
  assertOpen(approval, ctx.zone);
  assertSamePayload(approval, hash);
  const { alone } = assertMayVote(approval, ctx, able, cast);
  const counted = recounted(approval, able);
  const voter = voterOf(ctx.actor);
  const stands = counted.some((vote) => vote.void === null && vote.voter === voter && vote.kind === kind);
  if (stands) return null;
  const { name, role } = ctx.actor;
  const { payloadHash } = approval;
  const mine: CountedVote = {
    ...{ kind, voter, name, role, note, payloadHash, alone, at: ctx.now, door: ctx.door, void: null },
  };
  const votes = [...counted, mine];
  const eligible = othersOf(approval, able).length;
  if (kind === 'reject') return { votes, eligible, ...ended('rejected', name, ctx.now, note) };
  if (!areEnough(approval, votes)) return { votes, eligible };
  return {
    ...{ votes, eligible, state: 'approved', approvedAt: ctx.now, selfApproved: alone },
    wakeAt: new Date(ctx.now.getTime() + RESUME_AFTER_MS),
  };
}

/** An end without execution; the sweeper sees to what must happen besides. */
export function ended(
  state: 'rejected' | 'expired' | 'withdrawn' | 'stale' | 'failed',
  by: string,
  now: Date,
  reason: string,
): ApprovalStep {
  const wakeAt = new Date(now.getTime() + RESUME_AFTER_MS);
  return { state, endedBy: by, endedAt: now, reason, wakeAt, worker: null, leaseUntil: null };
}

/** Votes fell away after they had been enough: people are asked again, for what is left of the time. */
export function reopened(approval: Approval, votes: readonly CountedVote[]): ApprovalStep {
  const { createdAt, expiresAt, reminders } = approval;
  const wakeAt = wakeOf(createdAt, expiresAt, reminders);
  return { state: 'open', votes, approvedAt: null, selfApproved: false, wakeAt };
}

export function begun(
  approval: Approval,
  votes: readonly CountedVote[],
  hands: { readonly worker: string; readonly now: Date; readonly leaseMs: number },
): ApprovalStep {
  return { ...held(approval, hands), votes, state: 'executing', begunAt: hands.now };
}

/** The execution in the hands of one process; the version of the request is the fence. */
export function held(
  approval: Approval,
  hands: { readonly worker: string; readonly now: Date; readonly leaseMs: number },
): ApprovalStep {
  const leaseUntil = new Date(hands.now.getTime() + hands.leaseMs);
  return { worker: hands.worker, leaseUntil, wakeAt: leaseUntil, attempts: approval.attempts + 1 };
}

export function done(now: Date, result: Reply): ApprovalStep {
  return { state: 'done', endedAt: now, result, wakeAt: null, worker: null, leaseUntil: null };
}
