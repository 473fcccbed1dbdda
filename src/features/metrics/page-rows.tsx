// The facts behind a metric, the newest first, with what is personal masked.
import type { ReactElement } from 'react';
import type { Range } from '../../core/ranges.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { ExactTime } from '../../ui/components/time.tsx';
import { ShortId } from '../../ui/components/values.tsx';
import { addressOf, type Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import type { Metric } from './definition.ts';
import { DEFAULT_RANGE } from './question.ts';
import type { MetricService, RowPage } from './service.ts';
import { valueWords } from './words.ts';

interface Model {
  readonly metric: Metric;
  readonly range: Range;
  readonly page: RowPage;
}

type Row = RowPage['rows'][number];

const ROWS = 50;

export const rowsPage = pagesOf<{ readonly metrics: MetricService }>()({
  path: '/admin/metrics/:metric/rows',
  permission: 'fact.read',
  load: async ({ services: { metrics }, ...ctx }, query): Promise<Model> => {
    const metric = metrics.named(query['metric'] ?? '');
    const { range } = metrics.ask(ctx, { metric: metric.id, range: query['range'] ?? DEFAULT_RANGE });
    const after = query['after'];
    const page = await metrics.rows(ctx, metric, range, { limit: ROWS, ...(after ? { after } : {}) });
    return { metric, range, page };
  },
  title: ({ metric }) => `Facts behind ${metric.name.en}`,
  trail: ({ metric }) => [
    { label: 'Metrics', href: '/admin/metrics' },
    { label: metric.name.en, href: `/admin/metrics/${metric.id}` },
  ],
  view: (model, frame) => <RowsView {...model} frame={frame} />,
});

function RowsView({ metric, range, page, frame }: Model & { readonly frame: Frame }): ReactElement {
  const { rows, next } = page;
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row.data)))];
  const alike = rows.length > 1 ? fields.filter((field) => isAlike(rows, field)) : [];
  const differing = fields.filter((field) => !alike.includes(field));
  return (
    <>
      <p className="quiet-text">
        {range.words}, times in {range.zone}; {metric.formula}. Personal fields are masked.
        {alike.length > 0 &&
          ` In all of these: ${alike.map((field) => `${field} ${rows[0]?.data[field]}`).join(', ')}.`}
      </p>
      <DataTable
        frame={frame}
        caption={`Facts behind ${metric.name.en}`}
        columns={[...columnsOf(frame), ...differing.map(fieldColumn)]}
        rows={rows}
        rowKey={(row) => row.id}
        total={rows.length}
        query={tableQuery({}, [], 'at')}
        empty={{
          why: `No fact lies behind it in ${range.words}.`,
          next: { label: 'Back to the metric', href: `/admin/metrics/${metric.id}` },
        }}
      />
      {next !== null && (
        <p>
          <a href={addressOf(frame, { after: next })} rel="next">
            Older facts
          </a>
        </p>
      )}
    </>
  );
}

/** Fields that say the same in every row are said once, above the table. */
function isAlike(rows: readonly Row[], field: string): boolean {
  return rows.every((row) => row.data[field] === rows[0]?.data[field]);
}

function columnsOf(frame: Frame): readonly TableColumn<Row>[] {
  return [
    { key: 'at', label: 'When', cell: (row) => <ExactTime at={row.at} zone={frame.zone} /> },
    { key: 'source', label: 'Source', cell: (row) => row.source },
    { key: 'id', label: 'Id', cell: (row) => <ShortId id={row.id} /> },
  ];
}

/** Amounts are shown as money, everything else as it is. */
function fieldColumn(field: string): TableColumn<Row> {
  const isMoney = field.endsWith('Paise');
  return {
    key: field,
    label: isMoney ? field.slice(0, -'Paise'.length) : field,
    numeric: isMoney,
    cell: ({ data }) => {
      const value = data[field];
      if (value === undefined) return '';
      return isMoney && typeof value === 'number' ? valueWords(value, 'paise') : String(value);
    },
  };
}
