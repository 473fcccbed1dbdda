/** Reads dates from text by a format, and is the operator `$dateFromString`. */
import { MongoError, mongoError } from '../errors.ts';
import { show } from '../show.ts';
import { typeName, type Value } from '../value.ts';
import { UTC, type Zone, zoneOf } from './calendar.ts';
import { momentOfReading, type Reading, unreadable } from './date-moment.ts';
import { readDate } from './date-reading.ts';
import { monthOf, readZone } from './date-words.ts';
import { type ArgumentRules, readArguments } from './named-arguments.ts';
import { type Compiler, type Evaluate, isNullish, type Operators } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateFromString/ */
export const DATE_FROM_TEXT: Operators = [['$dateFromString', fromText]];

const RULES: ArgumentRules = {
  shape: 40540,
  unknown: 40541,
  required: [['dateString', 40542]],
  optional: ['format', 'timezone', 'onNull', 'onError'],
};

function fromText(operand: Value, compiler: Compiler, name: string): Evaluate {
  const given = readArguments(operand, compiler, name, RULES);
  return (scope) => {
    const text = given.value('dateString', scope);
    const format = given.value('format', scope);
    if (!isNullish(format)) checkFormat(format);
    const timezone = given.value('timezone', scope);
    const isMissingZone = given.has('timezone') && isNullish(timezone);
    const zone = isMissingZone ? UTC : zoneOf(timezone);
    if (isNullish(text)) return given.has('onNull') ? given.value('onNull', scope) : null;
    if (typeof text === 'string' && (isMissingZone || (given.has('format') && isNullish(format))))
      return null;
    try {
      return readText(text, format, zone);
    } catch (error) {
      const isUnreadable = error instanceof MongoError && error.code === 241;
      if (!isUnreadable || !given.has('onError')) throw error;
      return given.value('onError', scope);
    }
  };
}

function readText(text: Value, format: Value, zone: Zone): Date {
  if (typeof text !== 'string') {
    throw mongoError(
      241,
      `$dateFromString requires that 'dateString' be a string, found: ${typeName(text)} with value ${show(text)}`,
    );
  }
  return typeof format === 'string' ? readByFormat(text, format, zone) : readDate(text, zone);
}

/** Reads one part at the start of the rest; gives how much it took, or what is wrong. */
type Take = (rest: string, reading: Reading) => number | string;

/** A number of so many digits, into a field. */
function digits(pattern: RegExp, set: (reading: Reading, number: number) => void, what: string): Take {
  return (rest, reading) => {
    const [found] = pattern.exec(rest) ?? [];
    if (found === undefined) return `A ${what} could not be found`;
    set(reading, Number(found));
    return found.length;
  };
}

const monthName: Take = (rest, reading) => {
  const [found = ''] = /^[a-z]+/i.exec(rest) ?? [];
  const month = monthOf(found);
  if (month === undefined) return 'A textual month could not be found';
  reading.month = month;
  return found.length;
};

const fraction: Take = (rest, reading) => {
  const [found] = /^\d{1,3}/.exec(rest) ?? [];
  if (found === undefined) return 'A three digit millisecond could not be found';
  reading.millisecond = Number(found.padEnd(3, '0'));
  return found.length;
};

const zoneText: Take = (rest, reading) => {
  const zone = readZone(rest);
  if (zone === undefined) return 'The timezone could not be found in the database';
  reading.offset = zone.minutes;
  if (zone.name !== undefined) reading.zoneName = zone.name;
  return zone.length;
};

const zoneInMinutes: Take = (rest, reading) => {
  const [found] = /^[+-]\d+/.exec(rest) ?? [];
  if (found === undefined) return 'The timezone offset in minutes could not be found';
  reading.offset = Number(found);
  return found.length;
};

const TAKES: ReadonlyMap<string, Take> = new Map<string, Take>([
  ['Y', digits(/^\d{1,4}/, (reading, n) => (reading.year = n), 'four digit year')],
  ['m', digits(/^\d{1,2}/, (reading, n) => (reading.month = n), 'two digit month')],
  ['d', digits(/^\d{1,2}/, (reading, n) => (reading.day = n), 'two digit day')],
  ['H', digits(/^\d{1,2}/, (reading, n) => (reading.hour = n), 'two digit hour')],
  ['M', digits(/^\d{2}/, (reading, n) => (reading.minute = n), 'two digit minute')],
  ['S', digits(/^\d{2}/, (reading, n) => (reading.second = n), 'two digit second')],
  ['L', fraction],
  ['j', digits(/^\d{1,3}/, (reading, n) => (reading.dayOfYear = n), 'three digit day-of-year')],
  ['b', monthName],
  ['B', monthName],
  ['G', digits(/^\d{1,4}/, (reading, n) => (reading.isoYear = n), 'four digit ISO year')],
  ['V', digits(/^\d{1,2}/, (reading, n) => (reading.isoWeek = n), 'two digit ISO week')],
  ['u', digits(/^\d/, (reading, n) => (reading.isoDay = n), 'single digit ISO day of week')],
  ['z', zoneText],
  ['Z', zoneInMinutes],
]);

/** Throws 40684 for no text, 18535 and 18536 for what is no format. */
function checkFormat(format: Value): void {
  if (typeof format !== 'string') {
    throw mongoError(40684, `$dateFromString requires that 'format' be a string, found: ${typeName(format)}`);
  }
  for (const [, letter = ''] of format.matchAll(/%(.?)/gs)) {
    if (letter === '') throw mongoError(18535, "Unmatched '%' at end of format string");
    if (letter !== '%' && !TAKES.has(letter))
      throw mongoError(18536, `Invalid format character '%${letter}' in format string`);
  }
}

/** As C texts end there, a zero byte ends the text and the format. */
function readByFormat(given: string, wanted: string, zone: Zone): Date {
  const [text = ''] = given.split('\0');
  const [format = ''] = wanted.split('\0');
  const reading: Reading = {};
  let at = 0;
  for (let i = 0; i < format.length; i++) {
    if (at >= text.length) throw unreadable(given, `${at}: Data missing ''`);
    const letter = format[i] === '%' ? (format[++i] ?? '') : undefined;
    const take =
      letter === undefined || letter === '%' ? literal(letter ?? format[i] ?? '') : TAKES.get(letter);
    const taken = take?.(text.slice(at), reading) ?? 'Format literal not found';
    if (typeof taken === 'string') throw unreadable(given, `${at}: ${taken} '${text[at] ?? ''}'`);
    at += taken;
  }
  if (at < text.length) throw unreadable(given, `${at}: Trailing data '${text[at]}'`);
  return momentOfReading(reading, given, zone);
}

function literal(character: string): Take {
  return (rest) => (rest.startsWith(character) ? character.length : 'Format literal not found');
}
