/** Parts of dates in expressions, and dates made of parts or read from text, in any time zone. */
import { Int32, Long } from 'bson';
import { mongoError } from '../errors.ts';
import { type Doc, fieldOf, isDoc, namesOf, show, typeName, type Value, wholeNumber } from '../value.ts';
import { addTo, dayOfYear, isoWeek, isoWeekday, localOf, momentOf, sundayWeek, zoneOf } from './calendar.ts';
import { dateOf, dateText } from './date-text.ts';
import { type Compiler, type Evaluate, isNullish, named, type Operator, type Operators } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#date-expression-operators */
export const DATES: Operators = [
  ['$year', part((local) => local.getUTCFullYear())],
  ['$month', part((local) => local.getUTCMonth() + 1)],
  ['$dayOfMonth', part((local) => local.getUTCDate())],
  ['$hour', part((local) => local.getUTCHours())],
  ['$minute', part((local) => local.getUTCMinutes())],
  ['$second', part((local) => local.getUTCSeconds())],
  ['$millisecond', part((local) => local.getUTCMilliseconds())],
  ['$dayOfYear', part(dayOfYear)],
  ['$dayOfWeek', part((local) => local.getUTCDay() + 1)],
  ['$isoDayOfWeek', part(isoWeekday)],
  ['$week', part(sundayWeek)],
  ['$isoWeek', part((local) => isoWeek(local).week)],
  [
    '$isoWeekYear',
    part(
      (local) => isoWeek(local).year,
      (year) => Long.fromNumber(year),
    ),
  ],
  ['$dateToString', named(['date'], ['format', 'timezone', 'onNull'], dateText)],
  ['$dateToParts', named(['date'], ['timezone', 'iso8601'], toParts)],
  ['$dateFromParts', fromParts],
  ['$dateFromString', named(['dateString'], ['timezone', 'onNull', 'onError', 'format'], fromText)],
];

/** `{$year: date}` or `{$year: {date, timezone}}`. */
function part(read: (local: Date) => number, make: (n: number) => Value = (n) => new Int32(n)): Operator {
  const apply = (date: Value, timezone: Value, hasZone: boolean): Value => {
    if (isNullish(date) || (hasZone && isNullish(timezone))) return null;
    return make(read(localOf(dateOf(date), zoneOf(timezone))));
  };
  const withZone = named(['date'], ['timezone'], (args) =>
    apply(args['date'], args['timezone'], 'timezone' in args),
  );
  return (operand, compiler, name) => {
    if (isDoc(operand) && !namesOf(operand)[0]?.startsWith('$')) return withZone(operand, compiler, name);
    const parts: readonly Value[] = Array.isArray(operand) ? operand : [operand];
    if (parts.length !== 1) throw mongoError(40536, `${name} accepts exactly one argument if given an array`);
    const date = compiler.compile(parts[0]);
    return (scope) => apply(date(scope), undefined, false);
  };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToParts/ */
function toParts(args: Doc): Value {
  if (isNullish(args['date']) || ('timezone' in args && isNullish(args['timezone']))) return null;
  const local = localOf(dateOf(args['date']), zoneOf(args['timezone']));
  const week = isoWeek(local);
  const day =
    args['iso8601'] === true
      ? { isoWeekYear: week.year, isoWeek: week.week, isoDayOfWeek: isoWeekday(local) }
      : { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
  const time = {
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
  return Object.fromEntries(Object.entries({ ...day, ...time }).map(([name, n]) => [name, new Int32(n)]));
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;

/**
 * Parts beyond their range carry over
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateFromParts/).
 */
function fromParts(operand: Value, compiler: Compiler, name: string): Evaluate {
  if (isDoc(operand) && namesOf(operand).some((key) => key.startsWith('iso'))) {
    throw mongoError(115, 'ISO weeks in $dateFromParts are not supported by the embedded engine');
  }
  return named(['year'], [...PARTS.slice(1), 'timezone'], madeOfParts)(operand, compiler, name);
}

function madeOfParts(args: Doc): Value {
  if (Object.values(args).some(isNullish)) return null;
  const numbers = PARTS.map((key) => {
    const number = key in args ? wholeNumber(fieldOf(args, key)) : Number(key === 'month' || key === 'day');
    if (number !== undefined) return number;
    throw mongoError(40515, `'${key}' must evaluate to an integer, found ${typeName(fieldOf(args, key))}`);
  });
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = numbers;
  if (year < 1 || year > 9999) {
    throw mongoError(40523, "'year' must evaluate to an integer in the range 1 to 9999");
  }
  const firstOfYear = addTo(new Date(Date.UTC(2000, 0, 1)), 'year', year - 2000, () => 0);
  const firstOfMonth = addTo(firstOfYear, 'month', month - 1, () => 0).getTime();
  const timeMs = Date.UTC(1970, 0, day, hour, minute, second, millisecond);
  return momentOf(firstOfMonth + timeMs, zoneOf(args['timezone']));
}

/** ISO 8601 only (https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateFromString/). */
function fromText(args: Doc): Value {
  if ('format' in args) {
    throw mongoError(115, "'format' in $dateFromString is not supported by the embedded engine");
  }
  const text = args['dateString'];
  if (isNullish(text)) return args['onNull'] ?? null;
  const date = typeof text === 'string' ? parseIso(text, args['timezone']) : undefined;
  if (date !== undefined) return date;
  if ('onError' in args) return args['onError'];
  throw mongoError(241, `Error parsing date string '${typeof text === 'string' ? text : show(text)}'`);
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** Text without a zone of its own is local to the zone given. */
function parseIso(text: string, timezone: Value): Date | undefined {
  const [, day, time = '00:00', zone] = ISO.exec(text) ?? [];
  if (day === undefined) return undefined;
  const read = new Date(`${day}T${time}${zone ?? 'Z'}`);
  if (Number.isNaN(read.getTime())) return undefined;
  return zone === undefined ? momentOf(read.getTime(), zoneOf(timezone)) : read;
}
