// Carries an approved request out, once: everything is checked again first, and its id is the effect's key.
import type { Approval } from '../../../models/approval.ts';
import type { Actor } from '../../core/actor.ts';
import type { ApprovalEnd, ApprovalGrant } from '../../core/approval.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Ctx } from '../../core/context.ts';
import { type AppError, toAppError } from '../../core/errors.ts';
import { withTenant } from '../../core/tenant.ts';
import { type ApprovalParts, ownCtx, payloadHashOf } from './parts.ts';
import { type ApprovalStep, begun, done, ended, held, reopened } from './states.ts';
import { areEnough, recounted } from './votes.ts';
import { approversOf, hasEnded } from './words.ts';
import type { Writes } from './writes.ts';

const LEASE_MS = 60_000;
const MOST_ATTEMPTS = 5;
const RETRY_AFTER_MS = 20_000;

export interface Execution {
  /** Goes on with whatever a request waits for, as far as it gets; returns it as it then stands. */
  goOn(approval: Approval): Promise<Approval>;
  /** Ends an open request whose time is over, or whose facts have changed; the others stay as they are. */
  recheck(approval: Approval): Promise<Approval>;
}

export function createExecution(parts: ApprovalParts, writes: Writes): Execution {
  const { operations, team, clock, worker, logger } = parts;

  const inHand = new Map<string, Promise<Approval>>();

  /** One pair of hands in this process for each request. */
  function goOn(approval: Approval): Promise<Approval> {
    const { _id: id, tenant } = approval;
    const held = inHand.get(id) ?? withTenant(tenant, () => work(approval)).finally(() => inHand.delete(id));
    inHand.set(id, held);
    return held;
  }

  async function work(approval: Approval): Promise<Approval> {
    let current = approval;
    if (current.state === 'open' && current.expiresAt <= clock.now()) current = await expire(current);
    else if (current.state === 'approved') current = await begin(current);
    else if (current.state === 'executing') current = await takeOver(current);
    if (current.state === 'executing' && current.worker === worker) current = await carryOut(current);
    if (hasEnded(current.state) && current.wakeAt !== null) current = await tellOfEnd(current);
    return current;
  }

  function expire(approval: Approval): Promise<Approval> {
    const now = clock.now();
    const step = ended('expired', 'Wardroom', now, lateReason(approval));
    return stepped(ownCtx(approval, now, 'expire'), approval, step);
  }

  /** Approved → executing by compare-and-set, if everything that was approved still holds. */
  async function begin(approval: Approval): Promise<Approval> {
    const now = clock.now();
    const able = await team.able(approval.tenant, approval.voters);
    const votes = recounted(approval, able);
    const ctx = ownCtx(approval, now, 'begin');
    const hindrance = await hindranceOf(approval, now);
    if (hindrance) return await stepped(ctx, approval, hindrance);
    if (!areEnough(approval, votes)) return await stepped(ctx, approval, reopened(approval, votes));
    const step = begun(approval, votes, { worker, now, leaseMs: LEASE_MS });
    return (await writes.note(ctx, approval, step)) ?? (await fresh(approval));
  }

  /** Why it must not be carried out any more; null when nothing stands in the way. */
  async function hindranceOf(approval: Approval, now: Date): Promise<ApprovalStep | null> {
    const { tenant, operation, input, payloadHash, expiresAt } = approval;
    const stale = (reason: string): ApprovalStep => ended('stale', 'Wardroom', now, reason);
    if (expiresAt <= now) return ended('expired', 'Wardroom', now, lateReason(approval));
    if (payloadHashOf(tenant, operation, input) !== payloadHash)
      return ended('failed', 'Wardroom', now, 'the payload is not the one that was approved');
    try {
      const actor = await askerOf(approval);
      if (!actor) return stale(`${approval.requester.name} may not ask for this any more`);
      const ctx = { ...ownCtx(approval, now, 'recheck'), actor };
      const { asked } = await operations.describe(ctx, operation, input);
      const holds = digestOf(asked.state ?? null) === approval.stateHash;
      return holds ? null : stale('what it rests on has changed since it was asked');
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.retryable || error.kind === 'bug') throw error;
      return stale(plainSentence(error));
    }
  }

  function askerOf({ tenant, requester, operation, input }: Approval): Promise<Actor | null> {
    return team.standing(tenant, requester, operations.rulesOf(operation, input).permission);
  }

  /** Whoever held it is gone: its effect key makes beginning again harmless. */
  async function takeOver(approval: Approval): Promise<Approval> {
    const now = clock.now();
    if (approval.leaseUntil !== null && approval.leaseUntil > now) return approval;
    const ctx = ownCtx(approval, now, 'take_over');
    const step = held(approval, { worker, now, leaseMs: LEASE_MS });
    return (await writes.note(ctx, approval, step)) ?? (await fresh(approval));
  }

  async function carryOut(approval: Approval): Promise<Approval> {
    const { operation, input, requester } = approval;
    const ctx = { ...ownCtx(approval, clock.now(), 'execute'), effectKey: approval._id };
    const { kind, id, name, role } = requester;
    const actor = { kind, id, name, role };
    try {
      const outcome = await operations.execute(
        { ...ctx, actor, approval: grantOf(approval) },
        operation,
        input,
      );
      return await finished(approval, done(clock.now(), outcome.reply));
    } catch (thrown) {
      return await failed(approval, toAppError(thrown));
    }
  }

  async function failed(approval: Approval, error: AppError): Promise<Approval> {
    const now = clock.now();
    const more = { err: error, approval: approval._id, attempt: approval.attempts };
    logger.warn(more, 'an approved request could not be carried out');
    // A fault says nothing of the effect, and beginning again is harmless; only a refusal is the operation's own word.
    const isRefusal = !error.retryable && error.kind !== 'bug';
    if (!isRefusal && approval.attempts < MOST_ATTEMPTS) {
      const leaseUntil = new Date(now.getTime() + RETRY_AFTER_MS);
      const step = { leaseUntil, wakeAt: leaseUntil, worker: null };
      return (await writes.note(ownCtx(approval, now, 'retry'), approval, step)) ?? (await fresh(approval));
    }
    const unknown = `given up after ${approval.attempts} tries; whether it took effect is not known`;
    const reason = isRefusal ? plainSentence(error) : `${unknown} (reference ${approval._id})`;
    return await finished(approval, ended('failed', 'Wardroom', now, reason));
  }

  /** The version is the fence: whoever was overtaken leaves the outcome to the other. */
  function finished(approval: Approval, step: ApprovalStep): Promise<Approval> {
    return stepped(ownCtx(approval, clock.now(), 'execute'), approval, step);
  }

  async function stepped(ctx: Ctx, approval: Approval, step: ApprovalStep): Promise<Approval> {
    return (await writes.step(ctx, approval, step)) ?? (await fresh(approval));
  }

  async function fresh(approval: Approval): Promise<Approval> {
    return (await writes.get(approval.tenant, approval._id)) ?? approval;
  }

  /** What else must happen after an end without execution; then the sweeper has no more to do with it. */
  async function tellOfEnd(approval: Approval): Promise<Approval> {
    const { state, tenant, _id, operation, input, endedBy, endedAt, reason } = approval;
    const tell = operations.endedOf(operation);
    const ctx = ownCtx(approval, clock.now(), 'ended');
    if (tell && state !== 'done' && hasEnded(state)) {
      const end: ApprovalEnd = { approval: _id, state, by: endedBy ?? '', at: endedAt ?? ctx.now, reason };
      await tell({ ...ctx, tenant, effectKey: `${_id}:ended` }, input, end);
    }
    return (await writes.note(ctx, approval, { wakeAt: null })) ?? (await fresh(approval));
  }

  async function recheck(approval: Approval): Promise<Approval> {
    if (approval.state !== 'open') return approval;
    const now = clock.now();
    const hindrance = await hindranceOf(approval, now);
    if (!hindrance) return approval;
    return await goOn(await stepped(ownCtx(approval, now, 'recheck'), approval, hindrance));
  }

  return { goOn, recheck };
}

function grantOf(approval: Approval): ApprovalGrant {
  const approvers = approversOf(approval);
  return {
    approval: approval._id,
    approvedBy: approvers.map(({ voter: id, name }) => ({ id, name })),
    approvedAt: approval.approvedAt ?? approval.updatedAt,
    note: approvers.flatMap(({ note }) => (note === '' ? [] : [note])).join('; '),
    selfApproved: approval.selfApproved,
  };
}

const lateReason = ({ state }: Approval): string =>
  state === 'approved' ? 'approved in time, and not begun in time' : 'nobody decided in time';

/** A public message without its full stop, to stand at the end of a sentence. */
const plainSentence = (error: AppError): string => error.publicMessage.replace(/\.$/, '');
