// Reads single days, months, quarters and years as people write them; without a year, the latest that has begun.
import type { DateTime } from 'luxon';

/** What ranges are counted in, from the finest. */
export type CalendarUnit = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

/** A stretch of calendar time: so many whole units from a start on. */
export interface Stretch {
  readonly start: DateTime;
  readonly unit: CalendarUnit;
  readonly count: number;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The start of the day that the words name; `now` is in the zone of the reader. Undefined when they name none. */
export function readDay(words: string, now: DateTime): DateTime | undefined {
  const today = now.startOf('day');
  if (words === 'today') return today;
  if (words === 'yesterday') return today.minus({ days: 1 });
  if (words === 'day before yesterday') return today.minus({ days: 2 });
  const weekday = placeIn(weekdays, words);
  if (weekday !== undefined) return today.minus({ days: (today.weekday - weekday + 7) % 7 });
  return isoDay(words, now) ?? slashedDay(words, now) ?? namedDay(words, now);
}

/** The month, quarter or year that the words name. */
export function readCalendar(words: string, now: DateTime): Stretch | undefined {
  const year = /^(20\d{2})$/.exec(words);
  if (year) return stretch(on(now, Number(year[1]), 1, 1), 'year');
  return monthIn(words, now) ?? quarterIn(words, now);
}

export function stretch(start: DateTime | undefined, unit: CalendarUnit, count = 1): Stretch | undefined {
  return start && { start, unit, count };
}

function monthIn(words: string, now: DateTime): Stretch | undefined {
  const iso = /^(20\d{2})-(\d{2})$/.exec(words);
  if (iso) return stretch(on(now, Number(iso[1]), Number(iso[2]), 1), 'month');
  const named = /^([a-z]{3,9})(?: (20\d{2}))?$/.exec(words);
  const month = placeIn(months, named?.[1] ?? '');
  if (month === undefined) return undefined;
  return stretch(dated(now, named?.[2], month, 1), 'month');
}

function quarterIn(words: string, now: DateTime): Stretch | undefined {
  const match = /^q([1-4])(?: (20\d{2}))?$/.exec(words) ?? /^(20\d{2})[- ]q([1-4])$/.exec(words);
  if (!match) return undefined;
  const [quarter, year] = words.startsWith('q') ? [match[1], match[2]] : [match[2], match[1]];
  return stretch(dated(now, year, (Number(quarter) - 1) * 3 + 1, 1), 'quarter');
}

function isoDay(words: string, now: DateTime): DateTime | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(words);
  return match ? on(now, Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}

/** Day first, as India writes it: 7/11/2026. */
function slashedDay(words: string, now: DateTime): DateTime | undefined {
  const match = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?$/.exec(words);
  return match ? dated(now, match[3], Number(match[2]), Number(match[1])) : undefined;
}

/** “7 nov”, “nov 7th”, “7 november 2026”. */
function namedDay(words: string, now: DateTime): DateTime | undefined {
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})(?: (\d{4}))?$/.exec(words);
  const monthFirst = /^([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(words);
  const [day, name, year] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3]]
    : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]];
  const month = placeIn(months, name ?? '');
  return month === undefined ? undefined : dated(now, year, month, Number(day));
}

/** That date; without a year in the latest year in which it has begun. */
function dated(now: DateTime, year: string | undefined, month: number, day: number): DateTime | undefined {
  if (year !== undefined) return on(now, Number(year), month, day);
  const candidates = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((back) => on(now, now.year - back, month, day));
  return candidates.find((date) => date !== undefined && date <= now);
}

function on(now: DateTime, year: number, month: number, day: number): DateTime | undefined {
  const date = now.set({ year, month, day }).startOf('day');
  const isReal = date.isValid && date.year === year && date.month === month && date.day === day;
  return isReal ? date : undefined;
}

/** The place, from 1, of a name that is written out or cut to three letters or more. */
function placeIn(names: readonly string[], word: string): number | undefined {
  if (word.length < 3) return undefined;
  const place = names.findIndex((name) => word.startsWith(name) && isEnding(name, word));
  return place < 0 ? undefined : place + 1;
}

const wholeNames = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'sept'],
  ...['october', 'november', 'december'],
  ...['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'tues', 'thur', 'thurs'],
];

const isEnding = (name: string, word: string): boolean => word === name || wholeNames.includes(word);
