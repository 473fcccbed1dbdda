// Reads the whole chain of a tenant again and names what does not fit: altered, removed, cut, or long unsealed.
import type { AuditBlock } from '../../../models/audit-block.ts';
import type { AuditRow } from '../../../models/audit-log.ts';
import { blockHash, sealedRow } from './chain.ts';
import { type ChainParts, headBlock } from './sealer.ts';

/** A row that has been open for longer means that no sealer is at work. */
export const SEALED_WITHIN_MS = 60_000;

/** Blocks read at a time. */
const PAGE = 20;

export type ProblemKind =
  | 'row_altered'
  | 'row_removed'
  | 'row_twice'
  | 'block_altered'
  | 'block_removed'
  | 'tail_cut'
  | 'row_unchained'
  | 'row_unsealed';

export interface ChainProblem {
  readonly kind: ProblemKind;
  /** The block in question; 0 where there is none. */
  readonly block: number;
  /** The row in question; empty where there is none. */
  readonly row: string;
}

/** The head of a chain as it was posted: a later chain must still hold that block. */
export interface PostedHead {
  readonly n: number;
  readonly hash: string;
}

export interface ChainReport {
  readonly blocks: number;
  readonly rows: number;
  /** Rows that wait for a sealer. */
  readonly open: number;
  readonly head: PostedHead | null;
  readonly problems: readonly ChainProblem[];
}

/**
 * Checks every block and every row of a tenant. The count of closed rows is taken first: a row closed later can
 * then only stand in a block that is read too.
 */
export async function verifyChain(
  parts: ChainParts,
  tenant: string,
  posted: readonly PostedHead[] = [],
): Promise<ChainReport> {
  const rows = parts.rows.scoped(tenant);
  const closed = await rows.count({ open: false });
  const walk = await walkBlocks(parts, tenant);
  const problems = [...walk.problems];
  for (const head of posted) {
    if (walk.hashes.get(head.n) !== head.hash) problems.push({ kind: 'tail_cut', block: head.n, row: '' });
  }
  if (closed > walk.present) problems.push(...(await unchained(parts, tenant, walk)));
  const before = new Date(parts.clock.now().getTime() - SEALED_WITHIN_MS);
  const late = await rows.find({ where: { open: true, at: { lt: before } }, sort: [['at', 1]], limit: 50 });
  problems.push(...late.map(({ _id }) => ({ kind: 'row_unsealed' as const, block: 0, row: _id })));
  const head = await headBlock(parts, tenant);
  return {
    blocks: walk.hashes.size,
    rows: walk.present,
    open: await rows.count({ open: true }),
    head: head ? { n: head.n, hash: head.hash } : null,
    problems,
  };
}

interface Walk {
  readonly hashes: Map<number, string>;
  readonly seen: Set<string>;
  readonly problems: ChainProblem[];
  /** Rows that stand in a block and in the log. */
  present: number;
}

async function walkBlocks(parts: ChainParts, tenant: string): Promise<Walk> {
  const walk: Walk = { hashes: new Map(), seen: new Set(), problems: [], present: 0 };
  let last = { n: 0, hash: '' };
  for (;;) {
    const page = await parts.blocks
      .scoped(tenant)
      .find({ where: { n: { gt: last.n } }, sort: [['n', 1]], limit: PAGE });
    if (page.length === 0) return walk;
    for (const block of page) {
      checkLink(parts.key, block, last, walk);
      await checkRows(parts, block, walk);
      walk.hashes.set(block.n, block.hash);
      last = { n: block.n, hash: block.hash };
    }
  }
}

function checkLink(key: string, block: AuditBlock, last: PostedHead, walk: Walk): void {
  for (let n = last.n + 1; n < block.n; n += 1)
    walk.problems.push({ kind: 'block_removed', block: n, row: '' });
  const follows = block.n !== last.n + 1 || block.prev === last.hash;
  if (block.hash !== blockHash(key, block) || !follows)
    walk.problems.push({ kind: 'block_altered', block: block.n, row: '' });
}

async function checkRows(parts: ChainParts, block: AuditBlock, walk: Walk): Promise<void> {
  const ids = block.rows.map(({ id }) => id);
  const found = await parts.rows
    .scoped(block.tenant)
    .find({ where: { _id: { in: ids } }, limit: Math.max(ids.length, 1) });
  const stored = new Map(found.map((row) => [row._id, sealedRow(row).digest]));
  for (const { id, digest } of block.rows) {
    const problem = rowProblem(stored.get(id), digest, walk.seen.has(id));
    if (problem) walk.problems.push({ kind: problem, block: block.n, row: id });
    if (stored.has(id) && !walk.seen.has(id)) walk.present += 1;
    walk.seen.add(id);
  }
}

function rowProblem(stored: string | undefined, digest: string, seen: boolean): ProblemKind | undefined {
  if (seen) return 'row_twice';
  if (stored === undefined) return 'row_removed';
  return stored === digest ? undefined : 'row_altered';
}

/** Rows that are marked as sealed and stand in no block: the block that held them is gone from the tail. */
async function unchained(parts: ChainParts, tenant: string, walk: Walk): Promise<ChainProblem[]> {
  const lost = new Set<string>();
  let last = '';
  for (;;) {
    const page: readonly AuditRow[] = await parts.rows
      .scoped(tenant)
      .find({ where: { open: false, _id: { gt: last } }, sort: [['_id', 1]], limit: 500 });
    if (page.length === 0) break;
    for (const { _id } of page) {
      if (!walk.seen.has(_id)) lost.add(_id);
      last = _id;
    }
  }
  const newer = await parts.blocks
    .scoped(tenant)
    .find({ where: { n: { gt: Math.max(0, ...walk.hashes.keys()) } }, limit: 1_000 });
  for (const { id } of newer.flatMap((block) => block.rows)) lost.delete(id);
  return [...lost].map((row) => ({ kind: 'row_unchained', block: 0, row }));
}
