// The audit log: takes rows in, seals them, answers who did what, and says whether the chain still holds.
import { type AuditRow, auditBody } from '../../../models/audit-log.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { AuditEntry } from '../../core/outbox-item.ts';
import type { Where } from '../../core/store.ts';
import { type ChainParts, headBlock, sealTenant } from './sealer.ts';
import { resolveSince, saysSince } from './since.ts';
import { type ChainReport, type PostedHead, verifyChain } from './verify.ts';

/** A row on its way from a document of an effect; its id is that of the outbox item. */
export interface RelayedRow {
  readonly id: string;
  readonly tenant: string;
  readonly at: Date;
  readonly entry: AuditEntry;
}

export interface AuditQuery {
  /** A person, a thing or since when: whichever it reads as. */
  readonly about?: string | undefined;
  readonly who?: string | undefined;
  readonly what?: string | undefined;
  readonly since?: string | undefined;
  readonly limit: number;
  readonly skip?: number;
}

export type Audit = ReturnType<typeof createAudit>;

export function createAudit(parts: ChainParts & { readonly ids: Ids; readonly logger: Logger }) {
  const { rows, ids, logger } = parts;

  /** Writes a row that belongs to no document: a denial, or a read that is watched. */
  async function recordDirectly(tenant: string, at: Date, entry: AuditEntry): Promise<void> {
    await rows.scoped(tenant).insertOnce(ids.fresh('aud'), auditBody(entry, at));
  }

  /** Takes rows from the relay, any number of times: each id is kept once. */
  async function insertRows(relayed: readonly RelayedRow[]): Promise<void> {
    for (const tenant of new Set(relayed.map((row) => row.tenant))) {
      const own = relayed.filter((row) => row.tenant === tenant);
      const bodies = own.map(({ id, at, entry }) => ({ id, body: auditBody(entry, at) }));
      await rows.scoped(tenant).insertMany(bodies);
    }
  }

  /** Seals what is open for every tenant; returns how many rows this call has sealed. */
  async function sealAll(): Promise<number> {
    let sealed = 0;
    for (;;) {
      const open = await rows.acrossTenants('seal').find({ where: { open: true }, limit: 500 });
      const tenants = new Set(open.map(({ tenant }) => tenant));
      for (const tenant of tenants) sealed += await sealTenant(parts, tenant);
      if (open.length < 500) return sealed;
    }
  }

  /**
   * The newest rows that fit, and how many fit in all.
   * @throws AppError `input.invalid` when `since` is no time.
   */
  async function list(ctx: Ctx, query: AuditQuery): Promise<{ rows: readonly AuditRow[]; total: number }> {
    const log = rows.scoped(ctx.tenant);
    const filters = filtersOf(query).map((filter) => whereOf(ctx, filter));
    for (const where of filters) {
      const total = await log.count(where);
      if (total === 0) continue;
      const { limit, skip = 0 } = query;
      return { rows: await log.find({ where, sort: NEWEST_FIRST, limit, skip }), total };
    }
    return { rows: [], total: 0 };
  }

  /** Checks the whole chain of the caller's tenant, against heads that were posted when there are any. */
  async function verify(tenant: string, posted: readonly PostedHead[] = []): Promise<ChainReport> {
    const report = await verifyChain(parts, tenant, posted);
    const { problems, blocks } = report;
    if (problems.length > 0)
      logger.error({ tenant, blocks, problems: problems.slice(0, 20) }, 'the audit chain does not hold');
    return report;
  }

  /** The newest block of the tenant's chain, to be posted where the database cannot reach; null before the first. */
  async function head(tenant: string): Promise<PostedHead | null> {
    const block = await headBlock(parts, tenant);
    return block ? { n: block.n, hash: block.hash } : null;
  }

  const seal = (tenant: string): Promise<number> => sealTenant(parts, tenant);
  return { recordDirectly, insertRows, seal, sealAll, list, verify, head };
}

const NEWEST_FIRST = [
  ['at', -1],
  ['_id', -1],
] as const;

type Filter = Pick<AuditQuery, 'who' | 'what' | 'since'>;

/** A word that was given without a name says since when; else it is first tried as a person, then as a thing. */
function filtersOf({ about, who, what, since }: AuditQuery): readonly Filter[] {
  if (about === undefined) return [{ who, what, since }];
  if (saysSince(about)) return [{ who, what, since: since ?? about }];
  return [
    { who: who ?? about, what, since },
    { who, what: what ?? about, since },
  ];
}

function whereOf(ctx: Ctx, { who, what, since }: Filter): Where<AuditRow> {
  return {
    ...(who === undefined ? {} : { who: who.toLowerCase() }),
    ...(what === undefined ? {} : { what }),
    ...(since === undefined ? {} : { at: { gte: sinceOf(ctx, since) } }),
  };
}

function sinceOf(ctx: Ctx, since: string): Date {
  const from = resolveSince(since, ctx.now, ctx.zone);
  if (from) return from;
  const problem = { en: `“${since}” is no time`, hi: `“${since}” कोई समय नहीं है` };
  throw new AppError('input.invalid', `since: ${problem.en} — for example 7d, today, 2026-11-01`, {
    fields: [{ field: 'since', problem: problem[ctx.language], example: '7d' }],
  });
}
