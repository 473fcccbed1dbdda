/** Steps in time: `$dateAdd`, `$dateSubtract`, `$dateDiff`, `$dateTrunc`. */
import { Long, ObjectId, Timestamp } from 'bson';
import { mongoError } from '../errors.ts';
import { show } from '../show.ts';
import { type Value, wholeNumber } from '../value.ts';
import { addTo, boundariesBetween, startOfBin, type Unit, type Zone, zoneOf } from './calendar.ts';
import { convertToDate } from './conversions.ts';
import { type ArgumentRules, type NamedArguments, readArguments } from './named-arguments.ts';
import { isNullish, type Operator, type Operators, type Scope } from './operator.ts';

const UNITS: readonly Unit[] = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
];
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const SHIFT: ArgumentRules = {
  shape: 5166400,
  unknown: 5166401,
  required: [
    ['startDate', 5166402],
    ['unit', 5166402],
    ['amount', 5166402],
  ],
  optional: ['timezone'],
};
const DIFFERENCE: ArgumentRules = {
  shape: 5166301,
  unknown: 5166302,
  required: [
    ['startDate', 5166303],
    ['endDate', 5166304],
    ['unit', 5166305],
  ],
  optional: ['timezone', 'startOfWeek'],
};
const TRUNCATION: ArgumentRules = {
  shape: 5439007,
  unknown: 5439008,
  required: [
    ['date', 5439009],
    ['unit', 5439010],
  ],
  optional: ['binSize', 'timezone', 'startOfWeek'],
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateAdd/ and its siblings. */
export const DATE_STEPS: Operators = [
  ['$dateAdd', step(SHIFT, shift(1))],
  ['$dateSubtract', step(SHIFT, shift(-1))],
  ['$dateDiff', step(DIFFERENCE, difference)],
  ['$dateTrunc', step(TRUNCATION, truncate)],
];

/** A unit of time by its name; throws 9 for another one. */
export function unitOf(value: Value): Unit {
  const unit = UNITS.find((name) => name === value);
  if (unit === undefined) throw mongoError(9, `unknown time unit value: ${show(value)}`);
  return unit;
}

type Read = (name: string) => Value;
type Apply = (read: Read, zone: Zone, operator: string) => Value;

/** Null and missing arguments give null before any other is looked at; a week's first day counts for weeks. */
function step(rules: ArgumentRules, apply: Apply): Operator {
  const names = [...rules.required.map(([name]) => name), ...rules.optional];
  return (operand, compiler, operator) => {
    const given = readArguments(operand, compiler, operator, rules);
    return (scope) => {
      const values = evaluated(given, names, scope);
      const isIgnored = (name: string) => name === 'startOfWeek' && values.get('unit') !== 'week';
      for (const [name, value] of values) if (isNullish(value) && !isIgnored(name)) return null;
      return apply((name) => values.get(name), zoneOf(values.get('timezone')), operator);
    };
  };
}

function evaluated(given: NamedArguments, names: readonly string[], scope: Scope): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const name of names) if (given.has(name)) values.set(name, given.value(name, scope));
  return values;
}

/** A date, or that of an ObjectId or timestamp; throws the code for anything else. */
function momentOfValue(value: Value, code: number, message: string): Date {
  if (value instanceof Date || value instanceof ObjectId || value instanceof Timestamp)
    return convertToDate(value);
  throw mongoError(code, message);
}

function shift(sign: 1 | -1): Apply {
  return (read, zone, operator) => {
    const start = momentOfValue(
      read('startDate'),
      5166403,
      `${operator} requires startDate to be convertible to a date`,
    );
    if (typeof read('unit') !== 'string')
      throw mongoError(5166404, `${operator} expects string defining the time unit`);
    const unit = unitOf(read('unit'));
    const amount = wholeNumber(read('amount'));
    if (amount === undefined) throw mongoError(5166405, `${operator} expects integer amount of time units`);
    return addTo(start, unit, sign * amount, zone);
  };
}

/** A unit by name; throws 5439013 for another type and 5439014 for another name. */
function unitNamed(value: Value, operator: string): Unit {
  if (typeof value !== 'string')
    throw mongoError(5439013, `${operator} requires 'unit' to be a string, but got ${show(value)}`);
  const unit = UNITS.find((name) => name === value);
  if (unit !== undefined) return unit;
  throw mongoError(
    5439014,
    `${operator} parameter 'unit' value cannot be recognized as a time unit: ${value}`,
  );
}

/** 1 for Monday to 7 for Sunday, the default; only looked at for weeks. Throws 5439015 and 5439016. */
function weekdayOf(value: Value, unit: Unit, operator: string): number {
  if (value === undefined || unit !== 'week') return 7;
  if (typeof value !== 'string')
    throw mongoError(5439015, `${operator} requires 'startOfWeek' to be a string, but got ${show(value)}`);
  const name = value.toLowerCase();
  const index = WEEKDAYS.findIndex((day) => day === name || day.slice(0, 3) === name);
  if (index !== -1) return index + 1;
  throw mongoError(
    5439016,
    `${operator} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`,
  );
}

/** Counts the boundaries of the unit between two dates, not whole units passed. */
function difference(read: Read, zone: Zone, operator: string): Value {
  const [start, end] = ['startDate', 'endDate'].map((name) =>
    momentOfValue(
      read(name),
      5166307,
      `${operator} requires '${name}' to be a date, but got ${show(read(name))}`,
    ),
  );
  const unit = unitNamed(read('unit'), operator);
  const first = weekdayOf(read('startOfWeek'), unit, operator);
  if (start === undefined || end === undefined) return null;
  return Long.fromNumber(boundariesBetween(start, end, unit, first, zone));
}

function truncate(read: Read, zone: Zone, operator: string): Value {
  const date = momentOfValue(
    read('date'),
    5439012,
    `${operator} requires 'date' to be a date, but got ${show(read('date'))}`,
  );
  const unit = unitNamed(read('unit'), operator);
  const size = read('binSize') === undefined ? 1 : wholeNumber(read('binSize'));
  if (size === undefined) {
    throw mongoError(
      5439017,
      `${operator} requires 'binSize' to be a 64-bit integer, but got value '${show(read('binSize'))}'`,
    );
  }
  if (size <= 0)
    throw mongoError(5439018, `${operator} requires 'binSize' to be greater than 0, but got value ${size}`);
  return startOfBin(date, unit, size, weekdayOf(read('startOfWeek'), unit, operator), zone);
}
