// Rows of records: sorted by link, fifty a page, numbers to the right, actions as buttons with words.
import type { ReactElement, ReactNode } from 'react';
import { addressOf, type Frame } from '../frame.ts';
import { Icon } from '../icons.tsx';
import { EmptyState, type NextStep } from './loaded.tsx';
import { PAGE_SIZE, type TableQuery } from './table-query.ts';

export interface TableColumn<R> {
  /** The sort key in the address. */
  readonly key: string;
  readonly label: string;
  readonly cell: (row: R) => ReactNode;
  readonly numeric?: boolean;
  readonly sortable?: boolean;
}

interface DataTableProps<R> {
  readonly frame: Frame;
  /** What the rows are, such as “Open tasks”. */
  readonly caption: string;
  readonly columns: readonly TableColumn<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  /** All rows of the filter, over all pages. */
  readonly total: number;
  readonly query: TableQuery;
  /** What to say when there is no row. */
  readonly empty: { readonly why: string; readonly next?: NextStep };
  /** Buttons at the end of a row. */
  readonly actions?: (row: R) => ReactNode;
}

export function DataTable<R>(props: DataTableProps<R>): ReactElement {
  const { columns, rows, actions } = props;
  if (rows.length === 0) return <EmptyState {...props.empty} />;
  return (
    <div className="data-table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="table-region" aria-label={props.caption} tabIndex={0}>
        <table>
          <caption className="visually-hidden">{props.caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.key} column={column} frame={props.frame} query={props.query} />
              ))}
              {actions && (
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={props.rowKey(row)}>
                {columns.map((column) => (
                  <td key={column.key} className={column.numeric ? 'number' : undefined}>
                    {column.cell(row)}
                  </td>
                ))}
                {actions && (
                  <td className="row-actions">
                    <div className="actions">{actions(row)}</div>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Pages {...props} />
    </div>
  );
}

function Heading<R>(props: {
  readonly column: TableColumn<R>;
  readonly frame: Frame;
  readonly query: TableQuery;
}): ReactElement {
  const { column, query } = props;
  const here = query.sort === column.key;
  const next = here && query.direction === 1 ? `-${column.key}` : column.key;
  const className = column.numeric ? 'number' : undefined;
  if (!column.sortable) {
    return (
      <th scope="col" className={className}>
        {column.label}
      </th>
    );
  }
  return (
    <th
      scope="col"
      className={className}
      aria-sort={here ? (query.direction === 1 ? 'ascending' : 'descending') : undefined}
    >
      <a href={addressOf(props.frame, { sort: next, page: undefined })} className="sort">
        {column.label}
        <Icon name={here ? (query.direction === 1 ? 'up' : 'down') : 'both'} />
      </a>
    </th>
  );
}

/** “1–50 of 1,234”, and the ways on; nothing when one page holds all. */
function Pages<R>({ frame, rows, total, query, caption }: DataTableProps<R>): ReactElement {
  const first = query.skip + 1;
  const count = new Intl.NumberFormat('en-IN');
  const to = (page: number): string => addressOf(frame, { page: page > 1 ? String(page) : undefined });
  return (
    <nav className="pages" aria-label={`Pages of ${caption}`}>
      <p className="quiet-text">
        {count.format(first)}–{count.format(query.skip + rows.length)} of {count.format(total)}
      </p>
      {query.page > 1 && (
        <a href={to(query.page - 1)} rel="prev">
          Previous {PAGE_SIZE}
        </a>
      )}
      {query.skip + rows.length < total && (
        <a href={to(query.page + 1)} rel="next">
          Next {PAGE_SIZE}
        </a>
      )}
    </nav>
  );
}
