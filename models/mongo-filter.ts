// Filters for the database, made of tests that were read: explicit operators of ours around plain values.
import { trusted } from 'mongoose';
import type { FieldTest, Test } from './conditions.ts';
import type { Loose } from './documents.ts';
import type { Reach } from './store.ts';

const operators = { is: '$eq', not: '$ne', lt: '$lt', lte: '$lte', gt: '$gt', gte: '$gte' } as const;

export function only(tenant: string, id: string): { tenant: string; _id: string } {
  return { tenant, _id: id };
}

/** The filter of a read; a tenant's begins with the tenant. */
export function filterOf(reach: Reach, where: readonly FieldTest[]): Loose {
  const filter: Record<string, unknown> = 'tenant' in reach ? { tenant: reach.tenant } : {};
  for (const { field, tests } of where) filter[field] = trusted(Object.fromEntries(tests.map(conditionOf)));
  return filter;
}

function conditionOf(test: Test): [string, unknown] {
  return test.operator === 'in' ? ['$in', [...test.values]] : [operators[test.operator], test.value];
}

/** A read over all tenants says why: for the database's log, and for the test that reads every command. */
export function reasonOf(reach: Reach): { readonly comment?: string } {
  return 'tenant' in reach ? {} : { comment: `across tenants: ${reach.reason}` };
}
