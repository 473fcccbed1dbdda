/** Dates as text by a format, for `$dateToString`. */
import { ObjectId, Timestamp } from 'bson';
import { mongoError } from '../errors.ts';
import { typeName, type Value } from '../value.ts';
import { dayOfYear, isoWeek, isoWeekday, localOf, sundayWeek, UTC, type Zone, zoneOf } from './calendar.ts';
import { convertToDate } from './conversions.ts';
import { type ArgumentRules, readArguments } from './named-arguments.ts';
import { type Compiler, type Evaluate, isNullish, type Operators } from './operator.ts';

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
  ['Z', (_, minutes) => String(minutes)],
  ['%', () => '%'],
]);

function signOf(minutes: number): string {
  return minutes < 0 ? '-' : '+';
}

function pad(number: number, width = 2): string {
  return String(number).padStart(width, '0');
}

const RULES: ArgumentRules = {
  shape: 18629,
  unknown: 18534,
  required: [['date', 18628]],
  optional: ['format', 'timezone', 'onNull'],
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToString/ */
export const DATE_TEXT: Operators = [['$dateToString', toText]];

function toText(operand: Value, compiler: Compiler, name: string): Evaluate {
  const given = readArguments(operand, compiler, name, RULES);
  return (scope) => {
    const format = given.value('format', scope);
    if (!isNullish(format)) checkFormat(format);
    const timezone = given.value('timezone', scope);
    const isMissingZone = given.has('timezone') && isNullish(timezone);
    const zone = isMissingZone ? UTC : zoneOf(timezone);
    const date = given.value('date', scope);
    if (isNullish(date)) return given.has('onNull') ? given.value('onNull', scope) : null;
    if (isMissingZone || (given.has('format') && isNullish(format))) return null;
    const pattern = format ?? `%Y-%m-%dT%H:%M:%S.%L${zone === UTC ? 'Z' : ''}`;
    return written(dateOf(date), zone, String(pattern));
  };
}

/** Throws 18533 for no text, 18535 and 18536 for what is no format. */
function checkFormat(format: Value): void {
  if (typeof format !== 'string') {
    throw mongoError(18533, `$dateToString requires that 'format' be a string, found: ${typeName(format)}`);
  }
  for (const [, letter = ''] of format.matchAll(/%(.?)/gs)) {
    if (letter === '') throw mongoError(18535, "Unmatched '%' at end of format string");
    if (!FORMATS.has(letter))
      throw mongoError(18536, `Invalid format character '%${letter}' in format string`);
  }
}

function written(moment: Date, zone: Zone, pattern: string): string {
  const offsetMinutes = Math.trunc(zone(moment.getTime()));
  const local = localOf(moment, zone);
  const year = local.getUTCFullYear();
  if (year < 0 || year > 9999) {
    throw mongoError(
      18537,
      `Could not convert date to string: date component was outside the supported range of 0-9999: ${year}`,
    );
  }
  return pattern.replace(/%(.)/gs, (_whole, letter: string) => {
    return FORMATS.get(letter)?.(local, offsetMinutes) ?? '';
  });
}
