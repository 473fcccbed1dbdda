/** Steps in time: `$dateAdd`, `$dateSubtract`, `$dateDiff`, `$dateTrunc`. */
import { Long } from 'bson';
import type { DateTime } from 'luxon';
import { mongoError } from '../errors.ts';
import { type Doc, show, type Value } from '../value.ts';
import { amountOf, momentOf, zoneOf } from './dates.ts';
import { isNullish, named, type Operators } from './operator.ts';

type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const UNITS: readonly string[] = [
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

function unitOf(value: Value): Unit {
  if (typeof value === 'string' && UNITS.includes(value)) return value as Unit;
  throw mongoError(9, `unknown time unit value: ${show(value)}`);
}

function hasNull(args: Doc): boolean {
  return Object.values(args).some(isNullish);
}

function shift(args: Doc, sign: 1 | -1): Value {
  if (hasNull(args)) return null;
  const start = momentOf(args['startDate'], zoneOf(args['timezone']));
  return start.plus({ [unitOf(args['unit'])]: sign * amountOf(args['amount']) }).toJSDate();
}

/** Counts the boundaries of the unit between two dates, not whole units passed. */
function difference(args: Doc): Value {
  if (hasNull(args)) return null;
  const unit = unitOf(args['unit']);
  const zone = zoneOf(args['timezone']);
  const first = weekdayOf(args['startOfWeek']);
  const [start, end] = [momentOf(args['startDate'], zone), momentOf(args['endDate'], zone)];
  const from = startOf(start, unit, first);
  const to = startOf(end, unit, first);
  return Long.fromNumber(Math.round(to.diff(from, unit).as(unit)));
}

function startOf(date: DateTime, unit: Unit, firstWeekday: number): DateTime {
  if (unit !== 'week') return date.startOf(unit);
  const day = date.startOf('day');
  return day.minus({ days: (day.weekday - firstWeekday + 7) % 7 });
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
  const date = momentOf(args['date'], zoneOf(args['timezone']));
  return startOf(date, unitOf(args['unit']), weekdayOf(args['startOfWeek'])).toJSDate();
}
