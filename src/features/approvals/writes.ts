// Every write on a request: the change with its audit row, its card in every room and, at the end, its event.
import type { Approval } from '../../../models/approval.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import type { Facts } from '../../core/store.ts';
import { type Trace, traceOf } from '../../core/trace.ts';
import { approvalCards, decidedEvent } from './notices.ts';
import type { ApprovalParts } from './parts.ts';
import type { ApprovalStep } from './states.ts';
import { hasEnded } from './words.ts';

export interface Writes {
  get(tenant: string, id: string): Promise<Approval | null>;
  /** Decides on the present state until no one was faster; null changes nothing. The same effect again changes nothing. */
  change(
    ctx: Ctx,
    id: string,
    decide: (current: Approval) => Promise<ApprovalStep | null> | ApprovalStep | null,
  ): Promise<Approval>;
  /** Changes this very version; null when somebody was faster. */
  step(ctx: Ctx, current: Approval, step: ApprovalStep): Promise<Approval | null>;
  /** Bookkeeping of this very version, which nobody is told of: leases and wake-ups. */
  note(
    ctx: Ctx,
    current: Approval,
    step: ApprovalStep,
    items?: readonly OutboxContent[],
  ): Promise<Approval | null>;
}

export function createWrites({ approvals }: Pick<ApprovalParts, 'approvals'>): Writes {
  const of = (tenant: string): Facts<Approval> => approvals.scoped(tenant);

  return {
    get: (tenant, id) => of(tenant).get(id),
    change: async (ctx, id, decide) => {
      const { record } = await changeOnce(of(ctx.tenant), id, ctx.effectKey, async (current) => {
        const change = await decide(current);
        return change && { change, trace: traceOfStep(ctx, current, change) };
      });
      return record;
    },
    step: (ctx, current, step) =>
      of(current.tenant).compareAndSet(current, step, traceOfStep(ctx, current, step)),
    note: (ctx, current, step, items = []) => {
      const { effectKey, now: at, actor, operation } = ctx;
      const history = { effectKey, at, by: actor.id, operation };
      return of(current.tenant).compareAndSet(current, step, { history, items });
    },
  };
}

/** Both hashes are in every audit row: what was decided, and what had to hold for it. */
export function auditFacts(approval: Approval) {
  const { _id: target, state, payloadHash, stateHash, votes, needed, reason } = approval;
  const last = votes.at(-1);
  const vote = last ? { vote: last.kind, voter: last.name, selfApproved: last.alone } : {};
  const after = { state, operation: approval.operation, payloadHash, stateHash, needed, ...vote };
  return { target, after, ...(reason === '' ? {} : { reason }) };
}

function traceOfStep(ctx: Ctx, current: Approval, step: ApprovalStep): Trace {
  const next: Approval = { ...current, ...step, version: current.version + 1 };
  const { state } = next;
  const events = !hasEnded(current.state) && hasEnded(state) ? [decidedEvent(next, state)] : [];
  const facts = { ...auditFacts(next), before: { state: current.state } };
  return traceOf(ctx, facts, ...approvalCards(next), ...events);
}
