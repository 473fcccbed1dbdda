// The page of the audit log: who did what, searchable, with the state of the chain above it.
import type { ReactElement } from 'react';
import type { AuditRow } from '../../../models/audit-log.ts';
import { auditEntry } from '../../core/trace.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { FilterForm } from '../../ui/components/filter-form.tsx';
import { Badge } from '../../ui/components/status.tsx';
import { type TableQuery, tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { ShortId } from '../../ui/components/values.tsx';
import { OperationForm } from '../../ui/form.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { auditOperations } from './operations.ts';
import type { Audit } from './service.ts';
import { saysSince } from './since.ts';
import type { PostedHead } from './verify.ts';

interface AuditModel {
  readonly rows: readonly AuditRow[];
  readonly total: number;
  readonly head: PostedHead | null;
  readonly table: TableQuery;
  /** A time in the filter that is none. */
  readonly wrongSince: string | undefined;
}

const page = pagesOf<{ readonly audit: Audit }>();

export const auditPages = [
  page({
    path: '/admin/audit',
    permission: 'audit.read',
    menu: { section: 'System', label: 'Audit log', order: 40, icon: 'audit' },
    load: async ({ services, ...ctx }, query): Promise<AuditModel> => {
      const table = tableQuery(query, [], '-at');
      const { who, what, since } = query;
      const isTime = since !== undefined && saysSince(since);
      const filter = {
        who: who || undefined,
        what: what || undefined,
        since: isTime ? since : undefined,
      };
      const { rows, total } = await services.audit.list(ctx, {
        ...filter,
        limit: table.limit,
        skip: table.skip,
      });
      const head = await services.audit.head(ctx.tenant);
      const look = auditEntry({ ...ctx, operation: 'audit.list' }, 'read', { target: '' });
      await services.audit.recordDirectly(ctx.tenant, ctx.now, look);
      return { rows, total, head, table, wrongSince: since && !isTime ? since : undefined };
    },
    title: 'Audit log',
    view: (model, frame) => <AuditView model={model} frame={frame} />,
  }),
];

const verify = auditOperations.find(({ name }) => name === 'audit.verify');

interface ViewProps {
  readonly model: AuditModel;
  readonly frame: Frame;
}

function AuditView({ model, frame }: ViewProps): ReactElement {
  const { rows, total, table, wrongSince } = model;
  const filters = [
    { name: 'who', label: 'Who' },
    { name: 'what', label: 'What' },
    { name: 'since', label: 'Since' },
  ];
  return (
    <>
      <ChainState model={model} frame={frame} />
      <FilterForm frame={frame} filters={filters} />
      {wrongSince && (
        <p role="alert">
          “{wrongSince}” is no time; 7d, today, yesterday and 2026-11-01 are. Rows of all times are shown.
        </p>
      )}
      <DataTable
        frame={frame}
        caption="Audit rows"
        columns={columnsOf(frame)}
        rows={rows}
        rowKey={(row) => row._id}
        total={total}
        query={table}
        empty={{ why: 'No audit row fits these filters.', next: { label: 'Show all', href: frame.path } }}
      />
    </>
  );
}

/** The head is shown to be written down elsewhere: against it a cut tail can be told. */
function ChainState({ model, frame }: ViewProps): ReactElement {
  const { head } = model;
  return (
    <section aria-label="Chain">
      {head ? (
        <p>
          Sealed up to block {head.n}, head <code>{`${head.n}:${head.hash}`}</code>
        </p>
      ) : (
        <p>Nothing is sealed yet.</p>
      )}
      {verify && (
        <OperationForm frame={frame} operation={verify} label="Verify the chain" fields={['head']} />
      )}
    </section>
  );
}

function columnsOf(frame: Frame): readonly TableColumn<AuditRow>[] {
  return [
    {
      key: 'at',
      label: 'When',
      cell: (row) => <RelativeTime at={row.at} now={frame.now} zone={frame.zone} />,
    },
    { key: 'who', label: 'Who', cell: (row) => <span title={row.actorId}>{row.actorName}</span> },
    { key: 'what', label: 'What', cell: (row) => <Deed row={row} /> },
    { key: 'target', label: 'On', cell: (row) => (row.target === '' ? null : <ShortId id={row.target} />) },
    { key: 'change', label: 'Change', cell: changeOf },
    { key: 'door', label: 'From', cell: (row) => row.door },
    {
      key: 'seal',
      label: 'Seal',
      cell: (row) => (row.open ? <Badge>waits</Badge> : <Badge status="ok">sealed</Badge>),
    },
  ];
}

function Deed({ row }: { readonly row: AuditRow }): ReactElement {
  if (row.outcome === 'done') return <>{row.operation}</>;
  return (
    <>
      {row.operation} {row.outcome === 'denied' ? <Badge status="look">denied</Badge> : <Badge>read</Badge>}
    </>
  );
}

/** Only what changed, such as `status: open → taken`; the reason when one was given. */
function changeOf({ before, after, reason }: AuditRow): string {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changes = fields.map((field) => {
    const [was, is] = [before?.[field], after?.[field]];
    return was === undefined ? `${field}: ${shown(is)}` : `${field}: ${shown(was)} → ${shown(is)}`;
  });
  return [...changes, ...(reason ? [`“${reason}”`] : [])].join(', ');
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  const text =
    value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
