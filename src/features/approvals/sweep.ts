// Looks after requests by the clock: reminders, expiry, executions and endings that were cut off.
import type { Approval } from '../../../models/approval.ts';
import { toAppError } from '../../core/errors.ts';
import { withTenant } from '../../core/tenant.ts';
import type { Execution } from './execute.ts';
import { approvalCards, digest, reminder } from './notices.ts';
import { type ApprovalParts, ownCtx } from './parts.ts';
import { wakeOf } from './states.ts';
import type { Writes } from './writes.ts';

const AT_ONCE = 200;
/** More reminders than these at once are one message. */
const MOST_REMINDERS = 3;

/** Returns a sweep over every tenant; it gives how many requests it had to do with. */
export function createSweep(parts: ApprovalParts, writes: Writes, execution: Execution) {
  const { approvals, clock, logger } = parts;

  return async function sweep(): Promise<number> {
    const now = clock.now();
    const due = await approvals
      .acrossTenants('sweep')
      .find({ where: { wakeAt: { lte: now } }, sort: [['wakeAt', 1]], limit: AT_ONCE });
    const byTenant = new Map<string, Approval[]>();
    for (const approval of due)
      byTenant.set(approval.tenant, [...(byTenant.get(approval.tenant) ?? []), approval]);
    for (const [tenant, mine] of byTenant) await withTenant(tenant, () => attendTo(mine, now));
    return due.length;
  };

  async function attendTo(due: readonly Approval[], now: Date): Promise<void> {
    const toRemind: Approval[] = [];
    for (const approval of due) {
      try {
        const current = await attended(approval, now);
        if (current) toRemind.push(current);
      } catch (thrown) {
        logger.error(
          { err: toAppError(thrown), approval: approval._id },
          'a request could not be looked after',
        );
      }
    }
    await remind(toRemind, now);
  }

  /** Goes on with a request; gives it back when people are to be reminded of it. */
  async function attended(approval: Approval, now: Date): Promise<Approval | null> {
    if (approval.state !== 'open' || approval.expiresAt <= now) {
      await execution.goOn(approval);
      return null;
    }
    const current = await execution.recheck(approval);
    return current.state === 'open' ? current : null;
  }

  /** The card is shown anew, which keeps its buttons alive; the message comes once for each time it is due. */
  async function remind(waiting: readonly Approval[], now: Date): Promise<void> {
    const [first] = waiting;
    const isFlood = waiting.length > MOST_REMINDERS;
    for (const approval of waiting) {
      const { createdAt, expiresAt } = approval;
      let { reminders } = approval;
      while (reminders < 2 && wakeOf(createdAt, expiresAt, reminders) <= now) reminders += 1;
      const next = { ...approval, reminders, version: approval.version + 1 };
      const message = isFlood ? (approval === first ? digest(waiting, approval.rooms) : []) : reminder(next);
      const step = { reminders, wakeAt: wakeOf(createdAt, expiresAt, reminders) };
      await writes.note(ownCtx(approval, now, 'remind'), approval, step, [
        ...approvalCards(next),
        ...message,
      ]);
    }
  }
}
