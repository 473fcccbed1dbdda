/** Parts of dates in expressions, and dates as text, in any time zone. */
import { Int32, Long, ObjectId, Timestamp } from 'bson';
import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import { mongoError } from '../errors.ts';
import { type Doc, isDoc, isNumber, show, toNumber, typeName, type Value, wholeNumber } from '../value.ts';
import { convertToDate } from './conversions.ts';
import { type Compiler, type Evaluate, isNullish, named, type Operator, type Operators } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#date-expression-operators */
export const DATES: Operators = [
  ['$year', part((date) => date.year)],
  ['$month', part((date) => date.month)],
  ['$dayOfMonth', part((date) => date.day)],
  ['$hour', part((date) => date.hour)],
  ['$minute', part((date) => date.minute)],
  ['$second', part((date) => date.second)],
  ['$millisecond', part((date) => date.millisecond)],
  ['$dayOfYear', part((date) => date.ordinal)],
  ['$dayOfWeek', part((date) => (date.weekday % 7) + 1)],
  ['$isoDayOfWeek', part((date) => date.weekday)],
  ['$week', part(sundayWeek)],
  ['$isoWeek', part((date) => date.weekNumber)],
  [
    '$isoWeekYear',
    part(
      (date) => date.weekYear,
      (year) => Long.fromNumber(year),
    ),
  ],
  ['$dateToString', named(['date'], ['format', 'timezone', 'onNull'], toText)],
  ['$dateToParts', named(['date'], ['timezone', 'iso8601'], toParts)],
  ['$dateFromParts', fromParts],
  ['$dateFromString', named(['dateString'], ['timezone', 'onNull', 'onError', 'format'], fromText)],
];

/** A date, ObjectId or timestamp as a moment in a zone; throws 16006 for anything else. */
export function momentOf(value: Value, zone: Zone): DateTime {
  if (value instanceof Date) return DateTime.fromJSDate(value, { zone });
  if (value instanceof ObjectId || value instanceof Timestamp) {
    return DateTime.fromJSDate(convertToDate(value), { zone });
  }
  throw mongoError(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

/** An IANA name, `UTC` or an offset such as `+05:30`; throws 40485 for an unknown zone. */
export function zoneOf(value: Value): Zone {
  if (value === undefined) return FixedOffsetZone.utcInstance;
  if (typeof value !== 'string')
    throw mongoError(40533, `timezone must evaluate to a string, found ${typeName(value)}`);
  const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(value);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return FixedOffsetZone.instance(offset[1] === '-' ? -minutes : minutes);
  }
  const zone = value === 'UTC' || value === 'GMT' ? FixedOffsetZone.utcInstance : IANAZone.create(value);
  if (!zone.isValid) throw mongoError(40485, `unrecognized time zone identifier: "${value}"`);
  return zone;
}

/** `{$year: date}` or `{$year: {date, timezone}}`. */
function part(read: (date: DateTime) => number, make: (n: number) => Value = (n) => new Int32(n)): Operator {
  const apply = (date: Value, timezone: Value, hasZone: boolean): Value => {
    if (isNullish(date) || (hasZone && isNullish(timezone))) return null;
    return make(read(momentOf(date, zoneOf(timezone))));
  };
  const withZone = named(['date'], ['timezone'], (args) =>
    apply(args['date'], args['timezone'], 'timezone' in args),
  );
  return (operand, compiler, name) => {
    if (isDoc(operand) && !Object.keys(operand)[0]?.startsWith('$')) return withZone(operand, compiler, name);
    const parts: readonly Value[] = Array.isArray(operand) ? operand : [operand];
    if (parts.length !== 1) throw mongoError(40536, `${name} accepts exactly one argument if given an array`);
    const date = compiler.compile(parts[0]);
    return (scope) => apply(date(scope), undefined, false);
  };
}

/** Weeks begin on Sundays; days before the first Sunday are in week 0. */
function sundayWeek(date: DateTime): number {
  return Math.floor((date.ordinal + 6 - (date.weekday % 7)) / 7);
}

const FORMATS: ReadonlyMap<string, (date: DateTime) => string> = new Map<string, (date: DateTime) => string>([
  ['Y', (date) => String(date.year).padStart(4, '0')],
  ['m', (date) => pad(date.month)],
  ['d', (date) => pad(date.day)],
  ['H', (date) => pad(date.hour)],
  ['M', (date) => pad(date.minute)],
  ['S', (date) => pad(date.second)],
  ['L', (date) => pad(date.millisecond, 3)],
  ['j', (date) => pad(date.ordinal, 3)],
  ['w', (date) => String((date.weekday % 7) + 1)],
  ['u', (date) => String(date.weekday)],
  ['U', (date) => pad(sundayWeek(date))],
  ['V', (date) => pad(date.weekNumber)],
  ['G', (date) => String(date.weekYear).padStart(4, '0')],
  ['b', (date) => date.setLocale('en-US').monthShort ?? ''],
  ['B', (date) => date.setLocale('en-US').monthLong ?? ''],
  ['z', (date) => date.toFormat('ZZZ')],
  ['Z', (date) => `${date.offset < 0 ? '-' : '+'}${pad(Math.abs(date.offset), 3)}`],
  ['%', () => '%'],
]);

function pad(number: number, width = 2): string {
  return String(number).padStart(width, '0');
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToString/ */
function toText(args: Doc): Value {
  const [date, format, timezone] = [args['date'], args['format'], args['timezone']];
  if (isNullish(date)) return args['onNull'] ?? null;
  if ('timezone' in args && isNullish(timezone)) return null;
  const moment = momentOf(date, zoneOf(timezone));
  const suffix = timezone === undefined || moment.offset === 0 ? 'Z' : '';
  if ('format' in args && isNullish(format)) return null;
  const pattern = format ?? `%Y-%m-%dT%H:%M:%S.%L${suffix}`;
  if (typeof pattern !== 'string') {
    throw mongoError(18533, `$dateToString requires that 'format' be a string, found: ${typeName(pattern)}`);
  }
  return pattern.replace(/%(.?)/gs, (_whole, letter: string) => {
    const write = FORMATS.get(letter);
    if (letter === '') throw mongoError(18535, "Unmatched '%' at end of format string");
    if (write === undefined)
      throw mongoError(18536, `Invalid format character '%${letter}' in format string`);
    return write(moment);
  });
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToParts/ */
function toParts(args: Doc): Value {
  if (isNullish(args['date']) || ('timezone' in args && isNullish(args['timezone']))) return null;
  const date = momentOf(args['date'], zoneOf(args['timezone']));
  const day =
    args['iso8601'] === true
      ? { isoWeekYear: date.weekYear, isoWeek: date.weekNumber, isoDayOfWeek: date.weekday }
      : { year: date.year, month: date.month, day: date.day };
  const time = { hour: date.hour, minute: date.minute, second: date.second, millisecond: date.millisecond };
  return Object.fromEntries(Object.entries({ ...day, ...time }).map(([name, n]) => [name, new Int32(n)]));
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;

/**
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateFromParts/ – parts beyond their
 * range carry over.
 */
function fromParts(operand: Value, compiler: Compiler, name: string): Evaluate {
  if (isDoc(operand) && Object.keys(operand).some((key) => key.startsWith('iso'))) {
    throw mongoError(115, 'ISO weeks in $dateFromParts are not supported by the embedded engine');
  }
  const build = named(['year'], [...PARTS.slice(1), 'timezone'], (args) => {
    if (Object.values(args).some(isNullish)) return null;
    const numbers = PARTS.map((key, i) => {
      const number = key in args ? wholeNumber(args[key]) : i === 1 || i === 2 ? 1 : 0;
      if (number === undefined)
        throw mongoError(40515, `'${key}' must evaluate to an integer, found ${typeName(args[key])}`);
      return number;
    });
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = numbers;
    if (year < 1 || year > 9999)
      throw mongoError(40523, "'year' must evaluate to an integer in the range 1 to 9999");
    const start = DateTime.fromObject({ year }, { zone: zoneOf(args['timezone']) });
    const days = start.plus({ months: month - 1 }).plus({ days: day - 1 });
    return days.plus({ hours: hour, minutes: minute, seconds: second, milliseconds: millisecond }).toJSDate();
  });
  return build(operand, compiler, name);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateFromString/ – ISO 8601 only. */
function fromText(args: Doc): Value {
  if ('format' in args)
    throw mongoError(115, "'format' in $dateFromString is not supported by the embedded engine");
  const text = args['dateString'];
  if (isNullish(text)) return args['onNull'] ?? null;
  const date =
    typeof text === 'string' ? DateTime.fromISO(text, { zone: zoneOf(args['timezone']) }) : undefined;
  if (date?.isValid) return date.toJSDate();
  if ('onError' in args) return args['onError'];
  throw mongoError(241, `Error parsing date string '${typeof text === 'string' ? text : show(text)}'`);
}

/** A whole amount of units; throws 5166405 otherwise. */
export function amountOf(value: Value): number {
  const amount = wholeNumber(value);
  if (amount !== undefined) return amount;
  throw mongoError(
    5166405,
    `'amount' must evaluate to an integer, found ${isNumber(value) ? toNumber(value) : typeName(value)}`,
  );
}
