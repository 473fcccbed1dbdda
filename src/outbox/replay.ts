// Sends dead letters again: the wish is a fact, written first, and carried out as often as it takes.
import type { Card } from '../../models/card.ts';
import type { Destination } from '../../models/destination.ts';
import type { OutboxReplay } from '../../models/outbox-replay.ts';
import type { OutboxRow } from '../../models/outbox-row.ts';
import { changeOnce } from '../core/change-once.ts';
import type { Ctx } from '../core/context.ts';
import { AppError } from '../core/errors.ts';
import { derivedId } from '../core/ids.ts';
import type { FactCollection, RecordCollection } from '../core/store.ts';
import { traceOf } from '../core/trace.ts';
import { cardAfter } from './card-state.ts';
import { changeRecord } from './change-record.ts';
import { rowAfter } from './row-state.ts';
import type { ReplayChoice } from './types.ts';
import { wake } from './wake.ts';

export interface ReplayParts {
  readonly replays: FactCollection<OutboxReplay>;
  readonly rows: RecordCollection<OutboxRow>;
  readonly cards: RecordCollection<Card>;
  readonly destinations: RecordCollection<Destination>;
  readonly now: () => Date;
}

const PAGE = 200;

/**
 * Sends one dead letter again, or all; returns how many. The same effect key again returns the first outcome.
 * @throws AppError `record.not_found` when there is no such message, `record.conflict` when it is not dead.
 */
export async function askReplay(parts: ReplayParts, ctx: Ctx, choice: ReplayChoice): Promise<number> {
  const item = choice === 'all' ? null : choice.item;
  const id = derivedId('obx', ctx.tenant, ctx.effectKey, 'replay');
  const replays = parts.replays.scoped(ctx.tenant);
  if (item !== null && (await replays.get(id)) === null) await mustBeDead(parts, ctx.tenant, item);
  const target = item ?? 'every dead letter';
  const trace = traceOf(ctx, { target, before: { status: 'dead' }, after: { status: 'waiting' } });
  const body = { item, askedAt: ctx.now, status: 'open', revived: null } as const;
  const { record } = await replays.insertOnce(id, body, trace);
  return await carryOut(parts, record);
}

/** Finishes what was asked for and then lost in a crash. */
export async function finishReplays(parts: ReplayParts): Promise<void> {
  const open = await parts.replays
    .acrossTenants('sweep')
    .find({ where: { status: 'open' }, sort: [['askedAt', 1]], limit: PAGE });
  for (const replay of open) await carryOut(parts, replay);
}

async function mustBeDead(parts: ReplayParts, tenant: string, item: string): Promise<void> {
  const found = (await parts.rows.scoped(tenant).get(item)) ?? (await parts.cards.scoped(tenant).get(item));
  if (!found) throw new AppError('record.not_found', `There is no message “${item}” in the outbox.`);
  if (found.status === 'dead') return;
  throw new AppError('record.conflict', `“${item}” is ${found.status}; only dead letters are sent again.`);
}

async function carryOut(parts: ReplayParts, replay: OutboxReplay): Promise<number> {
  if (replay.revived !== null) return replay.revived;
  const { tenant, item } = replay;
  const revived = item === null ? await reviveAll(parts, replay) : await reviveOne(parts, replay, item);
  const effectKey = `${replay._id}:done`;
  const history = { effectKey, at: parts.now(), by: 'system', operation: 'outbox.retry' };
  const change = { status: 'done', revived } as const;
  const replays = parts.replays.scoped(tenant);
  const done = await changeOnce<OutboxReplay>(replays, replay._id, effectKey, () => ({
    change,
    trace: { history, items: [] },
  }));
  return done.record.revived ?? revived;
}

async function reviveAll(parts: ReplayParts, replay: OutboxReplay): Promise<number> {
  const { tenant, askedAt } = replay;
  const where = { status: 'dead', diedAt: { lte: askedAt } } as const;
  const rows = parts.rows.scoped(tenant);
  const cards = parts.cards.scoped(tenant);
  let revived = 0;
  for (;;) {
    const dead = [
      ...(await rows.find({ where, sort: [['diedAt', 1]], limit: PAGE })),
      ...(await cards.find({ where, sort: [['diedAt', 1]], limit: PAGE })),
    ];
    let fresh = 0;
    for (const { _id } of dead) fresh += await reviveOne(parts, replay, _id);
    revived += fresh;
    if (fresh === 0) return revived;
  }
}

/** 1 when the message was dead and now waits, 0 when this replay had revived it before. */
async function reviveOne(parts: ReplayParts, replay: OutboxReplay, id: string): Promise<number> {
  const { tenant } = replay;
  const event = { kind: 'revived', at: parts.now(), replayKey: replay._id } as const;
  let changed = 0;
  const note = <C>(change: C | null): C | null => {
    changed = change ? 1 : 0;
    return change;
  };
  const revived =
    (await changeRecord(parts.rows.scoped(tenant), id, (row) => note(rowAfter(row, event).change))) ??
    (await changeRecord(parts.cards.scoped(tenant), id, (card) => note(cardAfter(card, event).change)));
  if (revived) await wake(parts.destinations, tenant, revived.destination, event.at);
  return changed;
}
