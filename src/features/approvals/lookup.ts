// Finding requests: by id as people type it, by subject, and the lists that one person may see.
import type { Approval } from '../../../models/approval.ts';
import type { Actor } from '../../core/actor.ts';
import type { Ctx } from '../../core/context.ts';
import { holds, type Permission, permissions } from '../../core/permissions.ts';
import type { Where } from '../../core/store.ts';
import type { ApprovalParts } from './parts.ts';
import { noRequest, severalRequests } from './refusals.ts';
import { mustTypeId, voterOf } from './votes.ts';
import { endedStates } from './words.ts';

export const approvalViews = ['waiting', 'open', 'decided', 'all'] as const;
export type ApprovalView = (typeof approvalViews)[number];

const PENDING = ['open', 'approved', 'executing'] as const;
const MOST_PENDING = 200;

export function createLookup({ approvals, team }: Pick<ApprovalParts, 'approvals' | 'team'>) {
  const newestFirst = [['createdAt', -1]] as const;

  /**
   * A request by its id, the beginning of it, or the key of what it is about while it is open.
   * @throws AppError `record.not_found` also for one that this actor may not see; `record.conflict` when several fit
   */
  async function find(ctx: Ctx, said: string): Promise<Approval> {
    const prefix = said.startsWith('apr_') ? said : `apr_${said}`;
    const where = { _id: { gte: prefix, lt: `${prefix}~` } };
    const byId = await approvals.scoped(ctx.tenant).find({ where, limit: 2 });
    const found = byId.length > 0 ? byId : await openByKey(ctx.tenant, said);
    const [only, other] = found.filter((approval) => maySee(approval, ctx.actor));
    if (!only) throw noRequest(said);
    if (other && only._id !== prefix) throw severalRequests(said);
    return only;
  }

  /** For a vote: whoever presses a button has met the request, and is told why not instead of that it is not there. */
  async function findToVote(ctx: Ctx, said: string): Promise<Approval> {
    return (await approvals.scoped(ctx.tenant).get(said)) ?? (await find(ctx, said));
  }

  async function openByKey(tenant: string, key: string): Promise<Approval[]> {
    const pending = await approvals
      .scoped(tenant)
      .find({ where: { state: 'open' }, sort: newestFirst, limit: MOST_PENDING });
    return pending.filter(({ subject }) => subject.slice(subject.indexOf(':') + 1) === key);
  }

  function pendingAbout(tenant: string, subject: string): Promise<Approval[]> {
    const where = { subject, state: { in: PENDING } };
    return approvals.scoped(tenant).find({ where, sort: newestFirst, limit: MOST_PENDING });
  }

  /** The one that waits, else the newest. */
  async function newestAbout(tenant: string, subject: string): Promise<Approval | null> {
    const [pending] = await pendingAbout(tenant, subject);
    if (pending) return pending;
    const where = { subject };
    const [newest] = await approvals.scoped(tenant).find({ where, sort: newestFirst, limit: 1 });
    return newest ?? null;
  }

  function endedAbout(tenant: string, subject: string): Promise<number> {
    const ended = endedStates.filter((state) => state !== 'done');
    return approvals.scoped(tenant).count({ subject, state: { in: ended } });
  }

  /** What this person may decide or has asked for, the newest first. */
  async function list(
    ctx: Ctx,
    view: ApprovalView,
    limit: number,
    skip = 0,
  ): Promise<{ approvals: Approval[]; total: number }> {
    if (view === 'waiting') {
      const waiting = await waitingFor(ctx);
      return { approvals: waiting.slice(skip, skip + limit), total: waiting.length };
    }
    const records = approvals.scoped(ctx.tenant);
    const wheres = visibleTo(ctx.actor).map((where) => ({ ...where, ...statesOf(view) }));
    const pages = await Promise.all(
      wheres.map((where) => records.find({ where, sort: newestFirst, limit: skip + limit })),
    );
    const totals = await Promise.all(wheres.map((where) => records.count(where)));
    const merged = pages.flat().sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    return { approvals: merged.slice(skip, skip + limit), total: totals.reduce((sum, one) => sum + one, 0) };
  }

  /** What waits for this person's own vote, the most urgent first. */
  async function waitingFor({ tenant, actor, now }: Ctx): Promise<Approval[]> {
    if (actor.kind !== 'person' && actor.kind !== 'cli') return [];
    const where = { state: 'open', voters: { in: heldBy(actor) }, expiresAt: { gt: now } } as const;
    const open = await approvals
      .scoped(tenant)
      .find({ where, sort: [['expiresAt', 1]], limit: MOST_PENDING });
    const voter = voterOf(actor);
    const undecided = open.filter(({ votes }) =>
      votes.every((vote) => vote.voter !== voter || vote.void !== null),
    );
    const mine = await Promise.all(undecided.map((approval) => isForVoter(approval, voter)));
    return undecided.filter((_, index) => mine[index]);
  }

  /** Whether this person's yes to a request needs its id typed. */
  async function needsTyping({ tenant, actor }: Ctx, approval: Approval): Promise<boolean> {
    return mustTypeId(approval, voterOf(actor), await team.able(tenant, approval.voters));
  }

  /** One's own request waits for oneself only where nobody else could decide. */
  async function isForVoter(approval: Approval, voter: string): Promise<boolean> {
    if (approval.requester.person !== voter) return true;
    return (await team.able(approval.tenant, approval.voters)).every(({ id }) => id === voter);
  }

  return { find, findToVote, pendingAbout, newestAbout, endedAbout, list, waitingFor, needsTyping };
}

const everyPermission = Object.keys(permissions).filter((name): name is Permission => name in permissions);

const heldBy = ({ role }: Actor): Permission[] =>
  everyPermission.filter((permission) => holds(role, permission));

/** The program itself sees everything; people what they may decide and what they asked for. */
function maySee(approval: Approval, actor: Actor): boolean {
  return actor.kind === 'system' || holds(actor.role, approval.voters) || isAskedBy(approval, actor);
}

const isAskedBy = ({ requester }: Approval, actor: Actor): boolean =>
  requester.id === actor.id || requester.person === voterOf(actor);

/** Two conditions that no request meets both of. */
function visibleTo(actor: Actor): Where<Approval>[] {
  const held = heldBy(actor);
  const others = everyPermission.filter((permission) => !held.includes(permission));
  return [{ voters: { in: held } }, { voters: { in: others }, askedBy: voterOf(actor) }];
}

function statesOf(view: ApprovalView): Where<Approval> {
  if (view === 'all') return {};
  return { state: { in: view === 'open' ? PENDING : endedStates } };
}
