// Reads the conditions of a query as one of four forms; anything else, such as an operator from outside, is refused.
import { AppError } from '../src/core/errors.ts';
import type { Scalar } from '../src/core/store.ts';
import type { CollectionDefinition } from './define.ts';

export type RangeOperator = 'lt' | 'lte' | 'gt' | 'gte';

export type Test =
  | { readonly operator: 'is' | 'not' | RangeOperator; readonly value: Scalar }
  | { readonly operator: 'in'; readonly values: readonly Scalar[] };

export type Sort = readonly (readonly [field: string, direction: 1 | -1])[];

/** A query as it comes in, before anything of it is believed. */
export interface LooseQuery {
  readonly where: Readonly<Record<string, unknown>>;
  readonly sort?: Sort;
  readonly limit: number;
  readonly skip?: number;
}

export interface FieldTest {
  readonly field: string;
  readonly tests: readonly Test[];
}

const ranges: readonly string[] = ['lt', 'lte', 'gt', 'gte'] satisfies RangeOperator[];

/** The fields that may stand in a query: those declared, and the bookkeeping but for the tenant. */
export function knownFields(definition: CollectionDefinition): ReadonlySet<string> {
  const dates = definition.kind === 'facts' ? ['createdAt', 'updatedAt'] : [];
  return new Set(['_id', 'version', ...dates, ...Object.keys(definition.fields)]);
}

/**
 * The conditions as tests that must all hold. A field given as undefined is refused: it would select everything.
 * @throws AppError `internal.bug` for what is neither a scalar nor one of our own operators.
 */
export function readWhere(
  known: ReadonlySet<string>,
  where: Readonly<Record<string, unknown>>,
): readonly FieldTest[] {
  return Object.entries(where).map(([field, condition]) => {
    if (!known.has(field)) throw fault(field, 'is no field to ask for');
    return { field, tests: readCondition(field, condition) };
  });
}

/**
 * A query with its defaults filled in; a limit of 0 finds nothing.
 * @throws AppError `internal.bug` when limit or skip is no count, or when the sort names no field or direction.
 */
export function readQuery(known: ReadonlySet<string>, query: LooseQuery): Required<LooseQuery> {
  const { where, sort = [], limit, skip = 0 } = query;
  for (const [name, count] of Object.entries({ limit, skip })) {
    if (!Number.isSafeInteger(count) || count < 0) throw fault(name, `${String(count)} is no count`);
  }
  for (const [field, direction] of sort) {
    if (!known.has(field)) throw fault(String(field), 'is no field to sort by');
    if (direction !== 1 && direction !== -1) throw fault(field, 'is sorted up (1) or down (-1)');
  }
  return { where, sort, limit, skip };
}

function readCondition(field: string, condition: unknown): readonly Test[] {
  if (isScalar(condition)) return [{ operator: 'is', value: condition }];
  if (typeof condition !== 'object' || Array.isArray(condition)) throw fault(field, 'is no condition');
  const entries = Object.entries(condition as object);
  if (entries.length === 0) throw fault(field, 'is an empty condition');
  return entries.map(([operator, value]) => readTest(field, operator, value));
}

function readTest(field: string, operator: string, value: unknown): Test {
  if (operator === 'in') {
    if (!Array.isArray(value) || !value.every(isScalar)) throw fault(field, '`in` takes a list of values');
    return { operator, values: value };
  }
  if (!isScalar(value)) throw fault(field, 'compares with something that is no value');
  if (operator === 'not' || isRange(operator)) return { operator, value };
  throw fault(field, `${JSON.stringify(operator)} is no operator`);
}

function isRange(operator: string): operator is RangeOperator {
  return ranges.includes(operator);
}

function isScalar(value: unknown): value is Scalar {
  return (
    value === null ||
    value instanceof Date ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  );
}

function fault(field: string, problem: string): AppError {
  return new AppError('internal.bug', 'This failed because of a fault on our side.', {
    internal: `a query was refused: ${field} ${problem}`,
  });
}
