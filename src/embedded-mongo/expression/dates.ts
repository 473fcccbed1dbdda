/** Parts of dates in expressions, in any time zone, and of timestamps. */
import { Int32, Long, Timestamp } from 'bson';
import { mongoError } from '../errors.ts';
import { isDoc, namesOf, typeName, type Value } from '../value.ts';
import { dayOfYear, isoWeek, isoWeekday, localOf, sundayWeek, zoneOf } from './calendar.ts';
import { dateOf } from './date-text.ts';
import { type ArgumentRules, readArguments } from './named-arguments.ts';
import { isNullish, type Operator, type Operators, unary } from './operator.ts';

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
  ['$tsSecond', unary((value, name) => Long.fromNumber(stampOf(value, name, 5687301).t))],
  ['$tsIncrement', unary((value, name) => Long.fromNumber(stampOf(value, name, 5687302).i))],
];

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/tsSecond/ and `$tsIncrement` give longs. */
function stampOf(value: Value, name: string, code: number): Timestamp {
  if (value instanceof Timestamp) return value;
  throw mongoError(code, `Argument to ${name} must be a timestamp, but is ${typeName(value)}`);
}

const WITH_ZONE: ArgumentRules = {
  shape: 40535,
  unknown: 40535,
  required: [['date', 40539]],
  optional: ['timezone'],
};

/** `{$year: date}` or `{$year: {date, timezone}}`. */
function part(read: (local: Date) => number, make: (n: number) => Value = (n) => new Int32(n)): Operator {
  const apply = (date: Value, timezone: Value, hasZone: boolean): Value => {
    if (isNullish(date) || (hasZone && isNullish(timezone))) return null;
    return make(read(localOf(dateOf(date), zoneOf(timezone, 40533))));
  };
  return (operand, compiler, name) => {
    if (isDoc(operand) && !namesOf(operand)[0]?.startsWith('$')) {
      const given = readArguments(operand, compiler, name, WITH_ZONE);
      return (scope) =>
        apply(given.value('date', scope), given.value('timezone', scope), given.has('timezone'));
    }
    const parts: readonly Value[] = Array.isArray(operand) ? operand : [operand];
    if (parts.length !== 1) {
      throw mongoError(
        40536,
        `${name} accepts exactly one argument if given an array, but was given ${parts.length}`,
      );
    }
    const date = compiler.compile(parts[0]);
    return (scope) => apply(date(scope), undefined, false);
  };
}
