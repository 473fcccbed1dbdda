// The arithmetic of the chain: digests of rows and the keyed hash that binds a block to the one before it.
import { createHmac } from 'node:crypto';
import type { AuditBlock, SealedRow } from '../../../models/audit-block.ts';
import type { AuditRow } from '../../../models/audit-log.ts';
import { canonicalJson, digestOf } from '../../core/canonical.ts';

/** What a block says before it is hashed. */
export type BlockContent = Pick<AuditBlock, 'tenant' | 'n' | 'prev' | 'sealedAt' | 'rows'>;

/** A row with the digest of all that must never change: everything but the sealer's mark. */
export function sealedRow(row: AuditRow): SealedRow {
  const { open: _open, version: _version, ...content } = row;
  return { id: row._id, digest: digestOf(content) };
}

/** HMAC-SHA-256 of the block's content in canonical JSON, as 64 hex digits. */
export function blockHash(key: string, { tenant, n, prev, sealedAt, rows }: BlockContent): string {
  return createHmac('sha256', key).update(canonicalJson({ tenant, n, prev, sealedAt, rows })).digest('hex');
}
