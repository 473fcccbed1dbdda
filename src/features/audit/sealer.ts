// Seals open audit rows into chained blocks, one tenant at a time; any number of sealers may race.
import { type AuditBlock, blockId } from '../../../models/audit-block.ts';
import type { AuditRow } from '../../../models/audit-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { RecordCollection } from '../../core/store.ts';
import { blockHash, sealedRow } from './chain.ts';

/** How many rows one block seals at most. */
const BLOCK_ROWS = 500;

export interface ChainParts {
  readonly rows: RecordCollection<AuditRow>;
  readonly blocks: RecordCollection<AuditBlock>;
  /** Signs the blocks; must be kept outside the database. */
  readonly key: string;
  readonly clock: Clock;
}

/**
 * Seals what is open for a tenant and returns how many rows this call has sealed. Safe at any number of sealers and
 * after the death of one at any step, because of the order: finish the last block's rows before looking for open ones.
 */
export async function sealTenant(parts: ChainParts, tenant: string): Promise<number> {
  let sealed = 0;
  for (;;) {
    const count = await sealNext(parts, tenant);
    if (count === undefined) return sealed;
    sealed += count;
  }
}

/** Tries the next block: its rows when this sealer made it, 0 when a rival did, undefined when nothing is open. */
async function sealNext(parts: ChainParts, tenant: string): Promise<number | undefined> {
  const rows = parts.rows.scoped(tenant);
  const blocks = parts.blocks.scoped(tenant);
  const where = { open: true };
  if ((await rows.find({ where, limit: 1 })).length === 0) return undefined;

  const head = await headBlock(parts, tenant);
  if (head) await rows.updateMany(idsOf(head), { open: false });
  const open = await rows.find({ where, sort: [['_id', 1]], limit: BLOCK_ROWS });
  if (open.length === 0) return undefined;

  const block = {
    n: (head?.n ?? 0) + 1,
    prev: head?.hash ?? '',
    sealedAt: parts.clock.now(),
    rows: open.map(sealedRow),
  };
  const hash = blockHash(parts.key, { tenant, ...block });
  const { inserted } = await blocks.insertOnce(blockId(tenant, block.n), { ...block, hash });
  if (!inserted) return 0;
  await rows.updateMany(
    open.map(({ _id }) => _id),
    { open: false },
  );
  return open.length;
}

/** The newest block of a tenant: what is posted every day, so that a cut tail shows. */
export async function headBlock(parts: ChainParts, tenant: string): Promise<AuditBlock | undefined> {
  const [head] = await parts.blocks.scoped(tenant).find({ where: {}, sort: [['n', -1]], limit: 1 });
  return head;
}

const idsOf = (block: AuditBlock): readonly string[] => block.rows.map(({ id }) => id);
