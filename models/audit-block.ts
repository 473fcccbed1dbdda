// The collection of audit blocks: each seals some rows by their digests and is chained to the block before it.
import type { Stored } from '../src/core/store.ts';
import { defineRecords, mixed } from './define.ts';

export interface SealedRow {
  readonly id: string;
  /** SHA-256 of the row's canonical JSON without `open` and `version`. */
  readonly digest: string;
}

/** The n-th block of a tenant, from 1; its id is `<tenant>:<n>`, which lets one of several rival sealers win. */
export interface AuditBlock extends Stored {
  readonly n: number;
  /** The hash of the block before; empty for the first. */
  readonly prev: string;
  readonly sealedAt: Date;
  readonly rows: readonly SealedRow[];
  /** HMAC-SHA-256 over all of the above, with a key that is not in the database. */
  readonly hash: string;
}

export const auditBlocks = defineRecords<AuditBlock>({
  name: 'audit_blocks',
  fields: {
    n: { type: Number, required: true, min: 1 },
    prev: { type: String, required: true },
    sealedAt: { type: Date, required: true },
    rows: mixed,
    hash: { type: String, required: true },
  },
  indexes: [{ keys: { n: 1 }, unique: true }],
  about: {
    holds: 'One link of the chain that shows whether audit rows were altered or removed.',
    writer: 'the sealer',
    retention: 'kept; never changed',
  },
});

export function blockId(tenant: string, n: number): string {
  return `${tenant}:${n}`;
}
