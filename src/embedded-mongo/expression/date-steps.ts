/** Steps in time: `$dateAdd`, `$dateSubtract`, `$dateDiff`, `$dateTrunc`. */
import { Long } from 'bson';
import { mongoError } from '../errors.ts';
import { type Doc, show, type Value, wholeNumber } from '../value.ts';
import { addTo, boundariesBetween, localOf, momentOf, startOf, type Unit, zoneOf } from './calendar.ts';
import { dateOf } from './date-text.ts';
import { isNullish, named, type Operators } from './operator.ts';

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

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateAdd/ and its siblings. */
export const DATE_STEPS: Operators = [
  ['$dateAdd', named(['startDate', 'unit', 'amount'], ['timezone'], (args) => shift(args, 1))],
  ['$dateSubtract', named(['startDate', 'unit', 'amount'], ['timezone'], (args) => shift(args, -1))],
  ['$dateDiff', named(['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], difference)],
  ['$dateTrunc', named(['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], truncate)],
];

/** A unit of time by its name; throws 9 for another one. */
export function unitOf(value: Value): Unit {
  const unit = UNITS.find((name) => name === value);
  if (unit === undefined) throw mongoError(9, `unknown time unit value: ${show(value)}`);
  return unit;
}

function amountOf(value: Value): number {
  const amount = wholeNumber(value);
  if (amount === undefined)
    throw mongoError(5166405, `expects 'amount' to be an integer, found ${show(value)}`);
  return amount;
}

function hasNull(args: Doc): boolean {
  return Object.values(args).some(isNullish);
}

function shift(args: Doc, sign: 1 | -1): Value {
  if (hasNull(args)) return null;
  const amount = sign * amountOf(args['amount']);
  return addTo(dateOf(args['startDate']), unitOf(args['unit']), amount, zoneOf(args['timezone']));
}

/** Counts the boundaries of the unit between two dates, not whole units passed. */
function difference(args: Doc): Value {
  if (hasNull(args)) return null;
  const [start, end] = [dateOf(args['startDate']), dateOf(args['endDate'])];
  const first = weekdayOf(args['startOfWeek']);
  return Long.fromNumber(
    boundariesBetween(start, end, unitOf(args['unit']), first, zoneOf(args['timezone'])),
  );
}

/** 1 for Monday to 7 for Sunday, the default. */
function weekdayOf(value: Value): number {
  if (value === undefined) return 7;
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  const index = WEEKDAYS.findIndex((day) => day === name || day.slice(0, 3) === name);
  if (index === -1) throw mongoError(9, `unknown day of week value: ${show(value)}`);
  return index + 1;
}

/** Bins of more than one unit are refused: MongoDB counts them from the year 2000. */
function truncate(args: Doc): Value {
  if (hasNull(args)) return null;
  if ('binSize' in args && amountOf(args['binSize']) !== 1) {
    throw mongoError(115, "'binSize' in $dateTrunc is not supported by the embedded engine");
  }
  const zone = zoneOf(args['timezone']);
  const local = localOf(dateOf(args['date']), zone);
  return momentOf(startOf(local, unitOf(args['unit']), weekdayOf(args['startOfWeek'])), zone);
}
