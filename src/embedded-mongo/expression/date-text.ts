/** Dates as text by a format, for `$dateToString`. */
import { ObjectId, Timestamp } from 'bson';
import { mongoError } from '../errors.ts';
import { type Doc, typeName, type Value } from '../value.ts';
import { dayOfYear, isoWeek, isoWeekday, localOf, sundayWeek, zoneOf } from './calendar.ts';
import { convertToDate } from './conversions.ts';
import { isNullish } from './operator.ts';

/** A date, or that of an ObjectId or timestamp; throws 16006 for anything else. */
export function dateOf(value: Value): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId || value instanceof Timestamp) return convertToDate(value);
  throw mongoError(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

type Write = (local: Date, offsetMinutes: number) => string;

const FORMATS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['Y', (local) => pad(local.getUTCFullYear(), 4)],
  ['m', (local) => pad(local.getUTCMonth() + 1)],
  ['d', (local) => pad(local.getUTCDate())],
  ['H', (local) => pad(local.getUTCHours())],
  ['M', (local) => pad(local.getUTCMinutes())],
  ['S', (local) => pad(local.getUTCSeconds())],
  ['L', (local) => pad(local.getUTCMilliseconds(), 3)],
  ['j', (local) => pad(dayOfYear(local), 3)],
  ['w', (local) => String(local.getUTCDay() + 1)],
  ['u', (local) => String(isoWeekday(local))],
  ['U', (local) => pad(sundayWeek(local))],
  ['V', (local) => pad(isoWeek(local).week)],
  ['G', (local) => pad(isoWeek(local).year, 4)],
  ['b', (local) => (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3)],
  ['B', (local) => MONTHS[local.getUTCMonth()] ?? ''],
  [
    'z',
    (_, minutes) => signOf(minutes) + pad(Math.trunc(Math.abs(minutes) / 60)) + pad(Math.abs(minutes) % 60),
  ],
  ['Z', (_, minutes) => signOf(minutes) + pad(Math.abs(minutes), 3)],
  ['%', () => '%'],
]);

function signOf(minutes: number): string {
  return minutes < 0 ? '-' : '+';
}

function pad(number: number, width = 2): string {
  return String(number).padStart(width, '0');
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToString/, arguments evaluated. */
export function dateText(args: Doc): Value {
  const [date, format, timezone] = [args['date'], args['format'], args['timezone']];
  if (isNullish(date)) return args['onNull'] ?? null;
  if (('timezone' in args && isNullish(timezone)) || ('format' in args && isNullish(format))) return null;
  const zone = zoneOf(timezone);
  const moment = dateOf(date);
  const offsetMinutes = zone(moment.getTime());
  const pattern = format ?? `%Y-%m-%dT%H:%M:%S.%L${offsetMinutes === 0 ? 'Z' : ''}`;
  if (typeof pattern !== 'string') {
    throw mongoError(18533, `$dateToString requires that 'format' be a string, found: ${typeName(pattern)}`);
  }
  const local = localOf(moment, zone);
  return pattern.replace(/%(.?)/gs, (_whole, letter: string) => {
    const write = FORMATS.get(letter);
    if (letter === '') throw mongoError(18535, "Unmatched '%' at end of format string");
    if (write !== undefined) return write(local, offsetMinutes);
    throw mongoError(18536, `Invalid format character '%${letter}' in format string`);
  });
}
