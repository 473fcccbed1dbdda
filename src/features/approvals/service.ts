// Approvals: requests are opened, voted on by distinct people, carried out once, and told of in every room.
import type { Approval, ApprovalRequester } from '../../../models/approval.ts';
import type { ApprovalDesk, ApprovalTicket, ApprovalVote } from '../../core/approval.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Ctx } from '../../core/context.ts';
import { toAppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { Outcome } from '../../core/operation.ts';
import { holds } from '../../core/permissions.ts';
import { auditEntry, traceOf } from '../../core/trace.ts';
import { createExecution } from './execute.ts';
import { createLookup } from './lookup.ts';
import { approvalCards, requestedEvent } from './notices.ts';
import { type ApprovalParts, payloadHashOf, shortIdOf } from './parts.ts';
import { askedByOthers, notYours } from './refusals.ts';
import { askedReply } from './replies.ts';
import { assertOpen, type Cast, ended, type Opening, opened, voted } from './states.ts';
import { createSweep } from './sweep.ts';
import { voterOf } from './votes.ts';
import { approversOf, caseOf, sentenceOf } from './words.ts';
import { auditFacts, createWrites } from './writes.ts';

export type { Team } from './parts.ts';

export type Approvals = ReturnType<typeof createApprovals>;

export function createApprovals(parts: ApprovalParts) {
  const { approvals, operations, team, clock, logger, auditDirectly } = parts;
  const writes = createWrites(parts);
  const execution = createExecution(parts, writes);
  const lookup = createLookup(parts);
  const sweep = createSweep(parts, writes, execution);

  async function open(ctx: Ctx, operation: string, raw: unknown) {
    const id = derivedId('apr', ctx.tenant, ctx.effectKey);
    const known = await writes.get(ctx.tenant, id);
    return answered(ctx, known ?? (await openNew(ctx, id, await openingOf(ctx, operation, raw))));
  }

  async function openingOf(ctx: Ctx, operation: string, raw: unknown): Promise<Opening> {
    const { input, asked } = await operations.describe(ctx, operation, raw);
    const rules = operations.rulesOf(operation, input);
    const able = await team.able(ctx.tenant, rules.voters);
    const { rooms } = parts;
    return { operation, input, asked, rules, requester: await requesterOf(ctx), able, rooms };
  }

  async function requesterOf({ tenant, actor }: Ctx): Promise<ApprovalRequester> {
    return { ...actor, person: await team.personBehind(tenant, actor) };
  }

  async function openNew(ctx: Ctx, id: string, opening: Opening): Promise<Approval> {
    const body = opened(ctx, opening);
    const same = await makeWay(ctx, id, opening);
    if (same) return same;
    const { tenant, now } = ctx;
    const bookkeeping = {
      _id: id,
      tenant,
      version: 1,
      createdAt: now,
      updatedAt: now,
      history: [],
      outbox: [],
    };
    const next: Approval = { ...body, ...bookkeeping };
    const items = [...approvalCards(next), requestedEvent(next)];
    const asked = { ...ctx, operation: opening.operation };
    const trace = traceOf(asked, { ...auditFacts(next), before: {} }, ...items);
    return (await approvals.scoped(tenant).insertOnce(id, body, trace)).record;
  }

  /**
   * What is open about the same subject: the same payload from the same hands is that request, another payload of
   * theirs is withdrawn for the new one, and what others asked for is theirs to decide first.
   */
  async function makeWay(ctx: Ctx, id: string, opening: Opening): Promise<Approval | null> {
    const { asked, operation, input, requester } = opening;
    const payloadHash = payloadHashOf(ctx.tenant, operation, input);
    const stateHash = digestOf(asked.state ?? null);
    for (const other of await lookup.pendingAbout(ctx.tenant, asked.subject)) {
      const isMine = other.requester.person === requester.person && other.requester.kind === requester.kind;
      if (!isMine || other.state !== 'open') throw askedByOthers(other, ctx.zone);
      if (other.payloadHash === payloadHash && other.stateHash === stateHash) return other;
      const reason = `asked anew with another payload, as ${shortIdOf({ _id: id })}`;
      await writes.change({ ...ctx, effectKey: `${id}:replaces` }, other._id, (current) =>
        current.state === 'open'
          ? { ...ended('withdrawn', ctx.actor.name, ctx.now, reason), replacedBy: id }
          : null,
      );
    }
    return null;
  }

  async function castVote(ctx: Ctx, id: string, cast: Cast): Promise<Approval> {
    const known = await lookup.findToVote(ctx, id);
    // Time may have ended it, and nobody have looked since.
    if (known.state === 'open' && known.expiresAt <= clock.now()) await goneOn(known);
    try {
      const counted = await writes.change(ctx, known._id, async (current) =>
        voted(current, ctx, await team.able(ctx.tenant, current.voters), cast),
      );
      return await goneOn(counted);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'permission.denied')
        await auditDirectly(ctx.tenant, ctx.now, auditEntry(ctx, 'denied', deniedFacts(known)));
      throw error;
    }
  }

  /** The vote stands whatever becomes of the execution now: the sweeper goes on where this ends. */
  async function goneOn(approval: Approval): Promise<Approval> {
    try {
      return await execution.goOn(approval);
    } catch (thrown) {
      logger.error({ err: toAppError(thrown), approval: approval._id }, 'a decided request could not go on');
      return (await writes.get(approval.tenant, approval._id)) ?? approval;
    }
  }

  function approve(ctx: Ctx, id: string, vote: ApprovalVote): Promise<Approval> {
    return castVote(ctx, id, { kind: 'approve', ...vote });
  }

  function reject(ctx: Ctx, id: string, vote: ApprovalVote): Promise<Approval> {
    return castVote(ctx, id, { kind: 'reject', ...vote });
  }

  async function withdraw(ctx: Ctx, id: string, reason: string): Promise<Approval> {
    const known = await lookup.find(ctx, id);
    const withdrawn = await writes.change(ctx, known._id, (current) => {
      assertMayWithdraw(current, ctx);
      assertOpen(current, ctx.zone);
      return ended('withdrawn', ctx.actor.name, ctx.now, reason);
    });
    return await goneOn(withdrawn);
  }

  async function recheck(ctx: Ctx, id: string): Promise<Approval> {
    return await execution.recheck(await lookup.find(ctx, id));
  }

  async function about(ctx: Ctx, subject: string): Promise<ApprovalTicket | null> {
    const newest = await lookup.newestAbout(ctx.tenant, subject);
    return newest && ticketOf(newest, ctx.zone);
  }

  const ticketed =
    <A extends readonly unknown[]>(act: (ctx: Ctx, ...rest: A) => Promise<Approval>) =>
    async (ctx: Ctx, ...rest: A): Promise<ApprovalTicket> =>
      ticketOf(await act(ctx, ...rest), ctx.zone);

  /** What other capabilities and the dispatcher reach. */
  const desk: ApprovalDesk = {
    open,
    about,
    endedAbout: (ctx, subject) => lookup.endedAbout(ctx.tenant, subject),
    approve: ticketed(approve),
    reject: ticketed(reject),
    withdraw: ticketed(withdraw),
    recheck: ticketed(recheck),
  };

  const { find, list, waitingFor, needsTyping } = lookup;
  return { desk, approve, reject, withdraw, find, list, waitingFor, needsTyping, sweep };
}

function answered(ctx: Ctx, approval: Approval): { ticket: ApprovalTicket; answer: Outcome } {
  const { _id: id, state, needed, payloadHash } = approval;
  const { title } = caseOf(approval, ctx.language);
  const expiresAt = approval.expiresAt.toISOString();
  const output = { approval: id, state, title, needed, expiresAt, payloadHash };
  const said = askedReply(approval, ctx);
  return { ticket: ticketOf(approval, ctx.zone), answer: { output, reply: said, approval: id } };
}

export function ticketOf(approval: Approval, zone: string): ApprovalTicket {
  const { _id: id, operation, title, state, needed, expiresAt, payloadHash } = approval;
  const given = approversOf(approval).length;
  return {
    id,
    operation,
    title,
    state,
    needed,
    given,
    expiresAt,
    payloadHash,
    sentence: sentenceOf(approval, zone),
  };
}

const deniedFacts = (approval: Approval) => {
  const { target, after } = auditFacts(approval);
  const { payloadHash, stateHash } = after;
  return { target, after: { payloadHash, stateHash } };
};

/** @throws AppError `permission.denied` unless it is one’s own, or an admin asks. */
function assertMayWithdraw(approval: Approval, { actor }: Ctx): void {
  const { requester } = approval;
  const isOwn = requester.id === actor.id || requester.person === voterOf(actor);
  if (isOwn || actor.kind === 'system' || holds(actor.role, 'people.manage')) return;
  throw notYours(approval);
}
