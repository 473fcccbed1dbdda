// Reads the conditions of a query as one of four forms; anything else, such as an operator from outside, is refused.
import { AppError } from '../src/core/errors.ts';
import type { Scalar } from '../src/core/store.ts';
import { isPlain } from './copy.ts';
import { type CollectionDefinition, type FieldDefinition, type FieldType, mixed } from './define.ts';
import { isList, optionsOf, typeProblem } from './field-check.ts';

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

/** A query whose every part was read. */
export interface KnownQuery {
  readonly where: readonly FieldTest[];
  readonly sort: Sort;
  readonly limit: number;
  readonly skip: number;
}

/** The fields that may stand in a query with what they hold: those declared, and the bookkeeping but for the tenant. */
export type KnownFields = ReadonlyMap<string, FieldType>;

export function knownFields(definition: CollectionDefinition): KnownFields {
  const dates = definition.kind === 'facts' ? (['createdAt', 'updatedAt'] as const) : [];
  return new Map<string, FieldType>([
    ['_id', String],
    ['version', Number],
    ...dates.map((field) => [field, Date] as const),
    ...Object.entries(definition.fields).map(([field, form]) => [field, elementType(form)] as const),
  ]);
}

/** A list is asked for by its elements; what is nested or mixed may be compared with any value. */
function elementType(definition: FieldDefinition): FieldType {
  const { type } = optionsOf(definition);
  if (typeof type === 'function') return type;
  return isList(type) ? elementType(type[0]) : mixed;
}

/**
 * The conditions as tests that must all hold. A field given as undefined is refused: it would select everything.
 * @throws AppError `internal.bug` for a field that is not known, and for a condition that is neither a value of the
 * field's type nor one of our own operators.
 */
export function readWhere(known: KnownFields, where: LooseQuery['where']): readonly FieldTest[] {
  return Object.entries(where).map(([field, condition]) => {
    const type = known.get(field);
    if (!type) throw fault(field, 'is no field to ask for');
    const isValue = (value: unknown): value is Scalar =>
      isScalar(value) && (value === null || typeProblem(type, value, field) === undefined);
    return { field, tests: readCondition(field, condition, isValue) };
  });
}

/**
 * A query with its defaults filled in; a limit of 0 finds nothing.
 * @throws AppError `internal.bug` when limit or skip is no count, or when the sort names no field or direction.
 */
export function readQuery(known: KnownFields, query: LooseQuery): KnownQuery {
  const { where, sort = [], limit, skip = 0 } = query;
  for (const [name, count] of Object.entries({ limit, skip })) {
    if (!Number.isSafeInteger(count) || count < 0) throw fault(name, `${String(count)} is no count`);
  }
  for (const [field, direction] of sort) {
    if (!known.has(field)) throw fault(String(field), 'is no field to sort by');
    if (direction !== 1 && direction !== -1) throw fault(field, 'is sorted up (1) or down (-1)');
  }
  return { where: readWhere(known, where), sort, limit, skip };
}

type IsValue = (value: unknown) => value is Scalar;

function readCondition(field: string, condition: unknown, isValue: IsValue): readonly Test[] {
  if (isValue(condition)) return [{ operator: 'is', value: condition }];
  if (!isPlain(condition)) throw fault(field, 'is compared with what it cannot hold');
  const entries = Object.entries(condition);
  if (entries.length === 0) throw fault(field, 'is an empty condition');
  return entries.map(([operator, value]) => readTest(field, operator, value, isValue));
}

function readTest(field: string, operator: string, value: unknown, isValue: IsValue): Test {
  if (operator === 'in') {
    if (!Array.isArray(value) || !value.every(isValue)) throw fault(field, '`in` takes a list of its values');
    return { operator, values: value };
  }
  if (!isValue(value)) throw fault(field, 'is compared with what it cannot hold');
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
