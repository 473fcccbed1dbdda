/** Reads what `$densify` is asked: the steps, how far they go, and in which unit of time. */
import { mongoError } from '../errors.ts';
import { add } from '../expression/arithmetic.ts';
import { addTo, type Unit } from '../expression/calendar.ts';
import { unitOf } from '../expression/date-steps.ts';
import { compareValues } from '../key.ts';
import { isDoc, isNumber, namesOf, toNumber, typeCode, typeName, type Value } from '../value.ts';

/** From the first bound on, the second one excluded; over all values; or within each partition. */
export type DensifyBounds = 'full' | 'partition' | readonly [Value, Value];

/** The values at which there are to be documents. */
export interface DensifyRange {
  readonly bounds: DensifyBounds;
  /** The value one step on. */
  readonly next: (value: Value) => Value;
  /** Throws 5733201 unless the value is a number or a date, 6053600 unless it fits the unit. */
  readonly check: (value: Value) => void;
}

/**
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/densify/; throws 40414 and 40415 for its
 * fields, 5733401 to 5733410, 5876900, 5946800, 5946802 and 6586400 for their values.
 */
export function readRange(spec: Value): DensifyRange {
  if (!isDoc(spec)) {
    throw mongoError(
      14,
      `BSON field '$densify.range' is the wrong type '${typeName(spec)}', expected type 'object'`,
    );
  }
  for (const name of namesOf(spec)) {
    if (!['step', 'unit', 'bounds'].includes(name))
      throw mongoError(40415, `BSON field '$densify.range.${name}' is an unknown field.`);
  }
  const {
    step,
    unit: unitName,
    bounds,
  } = {
    step: spec['step'],
    unit: spec['unit'],
    bounds: spec['bounds'],
  };
  for (const [name, value] of [
    ['step', step],
    ['bounds', bounds],
  ] as const) {
    if (value === undefined)
      throw mongoError(40414, `BSON field '$densify.range.${name}' is missing but a required field`);
  }
  if (!isNumber(step)) throw wrongType('step', step, 'int, decimal, double, long');
  if (unitName !== undefined && typeof unitName !== 'string') throw wrongType('unit', unitName, 'string');
  if (!(toNumber(step) > 0)) {
    throw mongoError(
      5733401,
      'The step parameter in a range statement must be a strictly positive numeric value',
    );
  }
  const unit = unitName === undefined ? undefined : readUnit(unitName, step);
  const next = unit === undefined ? (value: Value) => add([value, step]) : dateStep(unit, toNumber(step));
  return {
    bounds: readBounds(bounds, step, unit !== undefined),
    next,
    check: (value) => checkKind(value, unit !== undefined),
  };
}

function wrongType(name: string, value: Value, wanted: string): Error {
  const types = wanted.includes(',') ? `types '[${wanted}']` : `type '${wanted}'`;
  return mongoError(
    14,
    `BSON field '$densify.range.${name}' is the wrong type '${typeName(value)}', expected ${types}`,
  );
}

function readUnit(name: Value, step: Value): Unit {
  if (!Number.isInteger(toNumber(step))) {
    throw mongoError(
      6586400,
      'The step parameter in a range statement must be a whole number when densifying a date range',
    );
  }
  return unitOf(name);
}

function dateStep(unit: Unit, step: number): (value: Value) => Value {
  return (value) => (value instanceof Date ? addTo(value, unit, step, () => 0) : value);
}

function readBounds(bounds: Value, step: Value, hasUnit: boolean): DensifyBounds {
  if (bounds === 'full' || bounds === 'partition') return bounds;
  if (typeof bounds === 'string')
    throw mongoError(5946802, "Bounds string must either be 'full' or 'partition'");
  if (!Array.isArray(bounds)) {
    throw mongoError(
      5733404,
      "The bounds in a range statement must be the string 'full', 'partition', or an ascending array of " +
        'two numbers or two dates',
    );
  }
  if (bounds.length !== 2) {
    throw mongoError(5733403, 'A bounding array in a range statement must have exactly two elements');
  }
  const [lower, upper]: readonly Value[] = bounds;
  if (compareValues(lower, upper) > 0) {
    throw mongoError(
      5733402,
      'A bounding array must be an ascending array of either two dates or two numbers',
    );
  }
  checkPair(lower, upper, step, hasUnit);
  return [lower, upper];
}

function checkPair(lower: Value, upper: Value, step: Value, hasUnit: boolean): void {
  const both = 'A bounding array must contain either both dates or both numeric types';
  if (isNumber(lower)) {
    if (hasUnit) throw mongoError(5733409, 'Numeric bounds may not have unit parameter');
    if (!isNumber(upper)) throw mongoError(5733406, both);
    if (typeCode(lower) !== typeCode(upper) || typeCode(lower) !== typeCode(step))
      throw mongoError(5876900, 'Upper bound, lower bound, and step must all have the same type');
  } else if (lower instanceof Date) {
    if (!(upper instanceof Date)) throw mongoError(5733405, both);
    if (!hasUnit) throw mongoError(5733410, 'A bounding array of dates must specify a unit');
  } else throw mongoError(5946800, 'Explicit bounds must be numeric or dates');
}

function checkKind(value: Value, hasUnit: boolean): void {
  if (!isNumber(value) && !(value instanceof Date))
    throw mongoError(5733201, 'Densify field type must be numeric or a date');
  if (value instanceof Date === hasUnit) return;
  throw mongoError(
    6053600,
    hasUnit
      ? 'Encountered numeric densify value in collection when step has a date unit.'
      : 'Encountered date densify value in collection when step does not have a date unit.',
  );
}
