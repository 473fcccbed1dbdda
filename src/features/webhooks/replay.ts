// Works on dead letters again: one, a range, or all of them; one that was done may be worked on again by its id.
import type { WebhookEvent } from '../../../models/webhook-inbox.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { FactCollection, Where } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { unknownEvent } from './refusals.ts';

const PAGE = 50;

export interface ReplayWish {
  /** The id of one event; undefined for all dead letters. */
  readonly id?: string | undefined;
  readonly source?: string | undefined;
  /** Of their receipt. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/**
 * Lets events be worked on again and answers how many. The same effect again revives none a second time and answers
 * the same. The handlers know each event by its id, so that what was done is not done again.
 * @throws AppError `record.not_found`, `record.conflict` when it is being worked on or its body is forgotten.
 */
export async function replayEvents(
  inbox: FactCollection<WebhookEvent>,
  ctx: Ctx,
  wish: ReplayWish,
): Promise<number> {
  const events = inbox.scoped(ctx.tenant);
  if (wish.id !== undefined) {
    const event = await events.get(wish.id);
    if (!event) throw unknownEvent(wish.id);
    await revive(event._id, true);
    return 1;
  }
  const { since, until } = wish;
  const where: Where<WebhookEvent> = {
    status: 'dead',
    replayKey: { not: ctx.effectKey },
    forgetAt: { gt: ctx.now },
    ...(wish.source === undefined ? {} : { source: wish.source }),
    ...(since || until ? { createdAt: { ...(since && { gte: since }), ...(until && { lt: until }) } } : {}),
  };
  for (;;) {
    const dead = await events.find({ where, sort: [['createdAt', 1]], limit: PAGE });
    let revived = 0;
    for (const { _id: id } of dead) revived += (await revive(id, false)) ? 1 : 0;
    if (revived === 0) return await events.count({ replayKey: ctx.effectKey });
  }

  async function revive(id: string, one: boolean): Promise<boolean> {
    let changed = false;
    await changeOnce(events, id, ctx.effectKey, (event) => {
      changed = event.status === 'dead' || (one && event.status === 'done');
      if (one && (!changed || event.body === null)) throw notNow(event);
      if (!changed) return null;
      const change = {
        status: 'received' as const,
        attempts: 0,
        nextAt: ctx.now,
        doneAt: null,
        diedAt: null,
        replayKey: ctx.effectKey,
      };
      const before = { status: event.status };
      return { change, trace: traceOf(ctx, { target: id, before, after: { status: 'received' } }) };
    });
    return changed;
  }
}

function notNow(event: WebhookEvent): AppError {
  const problem =
    event.body === null ? 'its body was forgotten after 30 days' : 'it waits or is being worked on already';
  return new AppError('record.conflict', `“${event._id}” cannot be replayed: ${problem}.`);
}
