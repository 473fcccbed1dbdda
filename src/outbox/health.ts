// How the outbox stands, in four numbers.
import type { Card } from '../../models/card.ts';
import type { OutboxRow } from '../../models/outbox-row.ts';
import type { RecordCollection } from '../core/store.ts';
import type { OutboxHealth } from './types.ts';

/** Counts over all tenants. */
export async function readHealth(options: {
  readonly rows: RecordCollection<OutboxRow>;
  readonly cards: RecordCollection<Card>;
  readonly now: Date;
}): Promise<OutboxHealth> {
  const rows = options.rows.acrossTenants('health');
  const cards = options.cards.acrossTenants('health');
  const total = async (where: Parameters<typeof rows.count>[0] & Parameters<typeof cards.count>[0]) =>
    (await rows.count(where)) + (await cards.count(where));
  const oldestRow = (await rows.find({ where: { status: 'waiting' }, sort: [['at', 1]], limit: 1 }))[0];
  const oldestCard = (await cards.find({ where: { status: 'waiting' }, sort: [['since', 1]], limit: 1 }))[0];
  const ages = [oldestRow?.at, oldestCard?.since].map((at) =>
    at ? options.now.getTime() - at.getTime() : 0,
  );
  return {
    waiting: await total({ status: 'waiting' }),
    dead: await total({ status: 'dead' }),
    ambiguous: await total({ ambiguities: { gte: 1 } }),
    oldestMs: Math.max(0, ...ages),
  };
}
