// Incidents and deploys as facts of the stream `operations`: the newest known state stands, whatever order they are told in.
import type { StreamFact } from '../../../models/stream-fact.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { FactDoor, RowResult } from '../../core/ingestion.ts';
import type { RecordCollection } from '../../core/store.ts';

/** What a source tells of one incident or deploy. */
export interface Told {
  readonly kind: 'incident' | 'deploy';
  /** The webhook source that told it. */
  readonly source: string;
  /** The id by which that source knows it. */
  readonly externalId: string;
  readonly title: string;
  /** Of an incident: open, resolved, ignored. Of a deploy: waiting, running, succeeded, failed, replaced. */
  readonly status: string;
  readonly level: string;
  readonly environment: string;
  readonly url: string | null;
  /** When it happened, as the source says. */
  readonly happenedAt: Date;
  /** The place of this state among those of one instant: a later state never goes back to a lesser one. */
  readonly rank: number;
  /** When the event that says so was stored: decides between states that are otherwise equal in time. */
  readonly receivedAt: Date;
}

/** `older`: a newer state was known already; `known`: this very state was. Nothing changed then. */
export type Outcome = 'new' | 'changed' | 'known' | 'older';

export interface Operational {
  /** Records what a source tells. The same effect again, or an older state, changes nothing. */
  record(ctx: Ctx, told: Told): Promise<Outcome>;
  /** The newest first, each in its newest known state. */
  list(ctx: Pick<Ctx, 'tenant'>, limit: number): Promise<readonly (Told & { readonly tenant: string })[]>;
}

const STREAM = 'operations';
const LONGEST_WORD = 80;

const outcomes: Readonly<Record<RowResult, Outcome>> = {
  accepted: 'new',
  corrected: 'changed',
  duplicate: 'known',
  older: 'older',
  rejected: 'older',
};

export function createOperational(parts: {
  readonly ingestion: FactDoor;
  readonly facts: RecordCollection<StreamFact>;
}): Operational {
  return {
    record: async (ctx, told) => {
      const { source, receivedAt } = told;
      const { rows } = await parts.ingestion.ingest(ctx, STREAM, [rowOf(told)], { source, receivedAt });
      const [row] = rows;
      if (!row || row.result === 'rejected')
        throw new AppError('webhook.shape', `${row?.field ?? 'row'}: ${row?.reason ?? 'was not taken'}`);
      return outcomes[row.result];
    },
    list: async ({ tenant }, limit) => {
      const found = await parts.facts.scoped(tenant).find({
        where: { stream: STREAM, current: true },
        sort: [['at', -1]],
        limit: 2 * limit,
      });
      const replaced = new Set(found.flatMap(({ replaces }) => replaces ?? []));
      return found
        .filter((fact) => !replaced.has(fact._id))
        .slice(0, limit)
        .map(toldBy);
    },
  };
}

function rowOf({ kind, externalId, title, status, level, environment, url, happenedAt, rank }: Told) {
  const at = happenedAt.toISOString();
  return {
    id: `${kind}:${externalId}`,
    at,
    updatedAt: at,
    revision: rank,
    kind,
    title: printable(title),
    status,
    level: printable(level).slice(0, LONGEST_WORD) || 'info',
    ...(environment === '' ? {} : { environment: printable(environment).slice(0, LONGEST_WORD) }),
    ...(url === null ? {} : { url }),
  };
}

/** What another system writes is no fault: control characters become spaces. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').trim();
}

function toldBy({ tenant, source, externalId, at, revision, receivedAt, data }: StreamFact) {
  const textOf = (field: string): string => String(data?.[field] ?? '');
  const kind = textOf('kind') === 'deploy' ? ('deploy' as const) : ('incident' as const);
  return {
    tenant,
    kind,
    source,
    externalId: externalId.slice(externalId.indexOf(':') + 1),
    title: textOf('title'),
    status: textOf('status'),
    level: textOf('level'),
    environment: textOf('environment'),
    url: textOf('url') || null,
    happenedAt: at,
    rank: revision ?? 0,
    receivedAt,
  };
}
