// Sends dead letters, or what an endpoint was sent, again: the wish is a fact, written first, and carried out as often as it takes.
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
const MOST_AT_ONCE = 1_000;

/**
 * Sends again what was chosen; returns how many. The same effect key again returns the first outcome.
 * @throws AppError `record.not_found` when there is no such message, `record.conflict` when it is not dead,
 * `input.invalid` when a time holds more than 1,000.
 */
export async function askReplay(parts: ReplayParts, ctx: Ctx, choice: ReplayChoice): Promise<number> {
  const id = derivedId('obx', ctx.tenant, ctx.effectKey, 'replay');
  const replays = parts.replays.scoped(ctx.tenant);
  const wish = wishOf(choice, ctx.now);
  if ((await replays.get(id)) === null) await mustBePossible(parts, ctx.tenant, wish);
  const target = wish.item ?? wish.destination ?? 'every dead letter';
  const before = { status: wish.from || (wish.item && wish.destination) ? 'sent or dead' : 'dead' };
  const trace = traceOf(ctx, { target, before, after: { status: 'waiting' } });
  const body = { ...wish, askedAt: ctx.now, status: 'open', revived: null } as const;
  const { record } = await replays.insertOnce(id, body, trace);
  return await carryOut(parts, record);
}

type Wish = Pick<OutboxReplay, 'item' | 'destination' | 'from' | 'to'>;

function wishOf(choice: ReplayChoice, now: Date): Wish {
  const all: Wish = { item: null, destination: null, from: null, to: null };
  if (choice === 'all') return all;
  if ('item' in choice) return { ...all, item: choice.item, destination: choice.destination ?? null };
  const { destination, from, to } = choice;
  return from || to
    ? { ...all, destination, from: from ?? new Date(0), to: to ?? now }
    : { ...all, destination };
}

/** Finishes what was asked for and then lost in a crash. */
export async function finishReplays(parts: ReplayParts): Promise<void> {
  const open = await parts.replays
    .acrossTenants('sweep')
    .find({ where: { status: 'open' }, sort: [['askedAt', 1]], limit: PAGE });
  for (const replay of open) await carryOut(parts, replay);
}

async function mustBePossible(parts: ReplayParts, tenant: string, wish: Wish): Promise<void> {
  const { item, destination } = wish;
  if (item !== null) return await mustBeThere(parts, tenant, item, destination);
  if (wish.from === null) return;
  const found = await parts.rows.scoped(tenant).count(withinTime(wish));
  if (found <= MOST_AT_ONCE) return;
  throw new AppError(
    'input.invalid',
    `That time holds ${found} deliveries; at most ${MOST_AT_ONCE} are sent again at once. Name a shorter one.`,
    {
      inHindi: `इस समय में ${found} डिलीवरी हैं; एक बार में ज़्यादा से ज़्यादा ${MOST_AT_ONCE} भेजी जाती हैं। छोटा समय दें।`,
    },
  );
}

async function mustBeThere(
  parts: ReplayParts,
  tenant: string,
  item: string,
  destination: string | null,
): Promise<void> {
  const found = (await parts.rows.scoped(tenant).get(item)) ?? (await parts.cards.scoped(tenant).get(item));
  if (!found || (destination !== null && found.destination !== destination))
    throw new AppError('record.not_found', `There is no message “${item}” in the outbox.`, {
      inHindi: `“${item}” नाम का कोई संदेश नहीं है। अटके संदेश देखने के लिए लिखें: outbox`,
    });
  if (found.status === 'dead' || (destination !== null && found.status === 'sent')) return;
  throw new AppError('record.conflict', `“${item}” is ${found.status}; only dead letters are sent again.`, {
    inHindi: `“${item}” को फिर से नहीं भेजा जा सकता; वही भेजे जाते हैं जो नहीं जा सके थे।`,
  });
}

const withinTime = ({ destination, from, to }: Wish) =>
  ({ destination, status: { in: ['sent', 'dead'] }, at: { gte: from, lte: to } }) as const;

async function carryOut(parts: ReplayParts, replay: OutboxReplay): Promise<number> {
  if (replay.revived !== null) return replay.revived;
  const { tenant, item } = replay;
  const revived = await revive(parts, replay, item);
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

function revive(parts: ReplayParts, replay: OutboxReplay, item: string | null): Promise<number> {
  if (item !== null) return reviveOne(parts, replay, item);
  return replay.from === null ? reviveAll(parts, replay) : reviveTime(parts, replay);
}

/** Read whole before anything is revived: what goes out again must not move the pages under our feet. */
async function reviveTime(parts: ReplayParts, replay: OutboxReplay): Promise<number> {
  const found = await parts.rows
    .scoped(replay.tenant)
    .find({ where: withinTime(replay), sort: [['at', 1]], limit: 2 * MOST_AT_ONCE });
  let revived = 0;
  for (const { _id } of found) revived += await reviveOne(parts, replay, _id);
  return revived;
}

async function reviveAll(parts: ReplayParts, replay: OutboxReplay): Promise<number> {
  const { tenant, askedAt, destination } = replay;
  const there = destination === null ? {} : { destination };
  const where = { ...there, status: 'dead', diedAt: { lte: askedAt } } as const;
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
  const alsoSent = replay.from !== null || (replay.item !== null && replay.destination !== null);
  const event = { kind: 'revived', at: parts.now(), replayKey: replay._id, alsoSent } as const;
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
