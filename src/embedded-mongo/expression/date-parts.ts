/** Dates made of parts, by the calendar's or by ISO weeks, and taken apart into them. */
import { Int32 } from 'bson';
import { mongoError } from '../errors.ts';
import { show } from '../show.ts';
import { isNumber, toNumber, typeName, type Value } from '../value.ts';
import {
  isoWeek,
  isoWeekday,
  localOf,
  momentOf,
  startOfIsoWeek,
  UTC,
  utcMs,
  type Zone,
  zoneOf,
} from './calendar.ts';
import { dateOf } from './date-text.ts';
import { type ArgumentRules, type NamedArguments, readArguments } from './named-arguments.ts';
import { type Compiler, type Evaluate, isNullish, type Operators, type Scope } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToParts/ and `$dateFromParts`. */
export const DATE_PARTS: Operators = [
  ['$dateToParts', toParts],
  ['$dateFromParts', fromParts],
];

const TO_PARTS: ArgumentRules = {
  shape: 40524,
  unknown: 40520,
  required: [['date', 40522]],
  optional: ['timezone', 'iso8601'],
};

function toParts(operand: Value, compiler: Compiler, name: string): Evaluate {
  const given = readArguments(operand, compiler, name, TO_PARTS);
  return (scope) => {
    const timezone = given.value('timezone', scope);
    const isMissingZone = given.has('timezone') && isNullish(timezone);
    const zone = isMissingZone ? UTC : zoneOf(timezone);
    const iso = given.has('iso8601') ? given.value('iso8601', scope) : false;
    const date = given.value('date', scope);
    if (isMissingZone || isNullish(iso) || isNullish(date)) return null;
    if (typeof iso !== 'boolean')
      throw mongoError(40521, `iso8601 must evaluate to a bool, found ${typeName(iso)}`);
    return partsOf(localOf(dateOf(date), zone), iso);
  };
}

function partsOf(local: Date, isIso: boolean): Value {
  const week = isoWeek(local);
  const day = isIso
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

const NATURAL = ['year', 'month', 'day'];
const ISO = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek'];
const FROM_PARTS: ArgumentRules = {
  shape: 40519,
  unknown: 40518,
  required: [],
  optional: [...NATURAL, ...ISO, 'hour', 'minute', 'second', 'millisecond', 'timezone'],
};

/** Parts beyond their range carry over. */
function fromParts(operand: Value, compiler: Compiler, name: string): Evaluate {
  const given = readArguments(operand, compiler, name, FROM_PARTS);
  const [hasYear, hasIsoYear] = [given.has('year'), given.has('isoWeekYear')];
  if (!hasYear && !hasIsoYear)
    throw mongoError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  if (hasYear && ISO.some((part) => given.has(part)))
    throw mongoError(40489, '$dateFromParts does not allow mixing natural dates with ISO dates');
  if (!hasYear && NATURAL.some((part) => given.has(part)))
    throw mongoError(40525, '$dateFromParts does not allow mixing ISO dates with natural dates');
  return (scope) => {
    const timezone = given.value('timezone', scope);
    if (given.has('timezone') && isNullish(timezone)) return null;
    return madeOf(given, scope, hasYear, zoneOf(timezone));
  };
}

function madeOf(given: NamedArguments, scope: Scope, isNatural: boolean, zone: Zone): Value {
  const [yearName, secondName, thirdName] = isNatural ? NATURAL : ISO;
  const year = part(given, scope, yearName, 1970);
  if (year === undefined) return null;
  if (year < 1 || year > 9999) {
    throw mongoError(
      isNatural ? 40523 : 31095,
      `'${yearName}' must evaluate to an integer in the range 1 to 9999, found ${year}`,
    );
  }
  const rest: number[] = [];
  for (const name of [secondName, thirdName, 'hour', 'minute', 'second', 'millisecond']) {
    const isDate = name === secondName || name === thirdName;
    const value = part(given, scope, name, isDate ? 1 : 0);
    if (value === undefined) return null;
    const isBounded = name !== 'second' && name !== 'millisecond';
    if (isBounded && (value < -32768 || value > 32767)) {
      throw mongoError(
        31034,
        `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${value} is not in range`,
      );
    }
    rest.push(value);
  }
  const [second = 1, third = 1, hour = 0, minute = 0, seconds = 0, milliseconds = 0] = rest;
  const startMs = isNatural ? utcMs(year, second - 1, 1) : startOfIsoWeek(year, second);
  const localMs =
    startMs + (third - 1) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + seconds * 1000 + milliseconds;
  return momentOf(localMs, zone);
}

const MOST_MILLISECONDS = 2 ** 63 / 1000;

/** A part as a whole number; undefined for null and missing. Throws 40515, and 159 past what a duration holds. */
function part(
  given: NamedArguments,
  scope: Scope,
  name: string | undefined,
  fallback: number,
): number | undefined {
  if (name === undefined || !given.has(name)) return fallback;
  const value = given.value(name, scope);
  if (isNullish(value)) return undefined;
  const number = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number) || Math.abs(number) > 2 ** 63) {
    throw mongoError(
      40515,
      `'${name}' must evaluate to an integer, found ${typeName(value)} with value ${show(value)}`,
    );
  }
  if (Math.abs(number) < MOST_MILLISECONDS) return number;
  throw mongoError(159, 'Overflow casting from a lower-precision duration to a higher-precision duration');
}
