// Reads sort order and page of a table from the address, so that a link shows everybody the same rows.
import type { Query } from '../frame.ts';

/** Rows on one page. */
export const PAGE_SIZE = 50;

export interface TableQuery {
  readonly sort: string;
  readonly direction: 1 | -1;
  /** From 1. */
  readonly page: number;
  readonly skip: number;
  readonly limit: number;
}

const PAGE_MAX = 10_000;

/**
 * `?sort=due` is ascending, `?sort=-due` descending; what is not sortable or not a page counts as not given.
 * @param preset how the rows stand when the address does not say, such as `-createdAt`.
 */
export function tableQuery(query: Query, sortable: readonly string[], preset: string): TableQuery {
  const asked = query['sort'] ?? preset;
  const sort = sortable.includes(unsigned(asked)) ? asked : preset;
  const asNumber = Number(query['page'] ?? '1');
  const page = Number.isInteger(asNumber) && asNumber >= 1 && asNumber <= PAGE_MAX ? asNumber : 1;
  return {
    sort: unsigned(sort),
    direction: sort.startsWith('-') ? -1 : 1,
    page,
    skip: (page - 1) * PAGE_SIZE,
    limit: PAGE_SIZE,
  };
}

const unsigned = (sort: string): string => sort.replace(/^-/, '');
