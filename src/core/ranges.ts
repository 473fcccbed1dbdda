// The grammar of time ranges: “last 7 days”, “this month”, “kal”, “q3”, resolved with a clock and a zone.
import { DateTime } from 'luxon';
import { AppError } from './errors.ts';
import { type CalendarUnit, readCalendar, readDay, type Stretch, stretch } from './range-days.ts';
import { endOf, movedBy, plainWords, stretchWords } from './range-words.ts';

/** Half open, with the words a person reads, such as “1–7 Nov”. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly words: string;
}

/** What a line of values over the range is counted in. */
export type Grain = 'hour' | 'day' | 'week' | 'month';

export interface Range extends Span {
  readonly zone: string;
  readonly grain: Grain;
  /** The period has not ended: its value stands, and nothing is compared with it. */
  readonly partial: boolean;
  /** As long and of the same kind, directly before. */
  readonly previous: Span;
  /** The same days of the calendar, a year before. */
  readonly yearBefore: Span;
}

/** IANA zone of the reader, and the instant that “now” is. */
export interface ReaderTime {
  readonly now: Date;
  readonly zone: string;
}

export const rangeExamples =
  'today, yesterday, last 7 days, this month, last month, since monday, from 2026-11-01 to 2026-11-07, q3, 2026-10';

const QUARTER_HOUR_MIN = 15;
const YEARS_MAX = 10;
const FIRST_YEAR = 2000;
const COUNT_MAX = 3_660;

/**
 * The range that a text names. Days are those of the zone; “last 7 days” are whole ones, up to yesterday.
 * @throws AppError `input.invalid` that quotes the text and shows what would work.
 */
export function resolveRange(text: string, { now, zone }: ReaderTime, field = 'range'): Range {
  const here = DateTime.fromJSDate(now, { zone });
  const named = readStretch(plainWords(text), here);
  if (!named) throw refused(field, `“${shortened(text)}” is no range of time`);
  const end = endOf(named);
  if (named.start > here) throw refused(field, `“${shortened(text)}” lies in the future`);
  if (named.start.year < FIRST_YEAR || end > named.start.plus({ years: YEARS_MAX }))
    throw refused(field, `“${shortened(text)}” is more than ${YEARS_MAX} years, or before ${FIRST_YEAR}`);
  return {
    ...spanOf(named, here),
    zone,
    grain: grainOf(named),
    partial: end > here,
    previous: spanOf({ ...named, start: movedBy(named, named.unit, -named.count) }, here),
    yearBefore: spanOf({ ...named, start: movedBy(named, 'year', -1) }, here),
  };
}

/** Whether a text names a range, for doors that tell words apart without a clock. */
export function saysRange(text: string): boolean {
  return readStretch(plainWords(text), DateTime.fromMillis(4e12, { zone: 'utc' })) !== undefined;
}

/** The steps of a range by its grain, in order: where each starts and ends, and whether it is whole by now. */
export function stepsOf(
  range: Pick<Range, 'from' | 'to' | 'zone' | 'grain'>,
  now: Date,
): readonly { readonly from: Date; readonly to: Date; readonly partial: boolean }[] {
  const steps: { from: Date; to: Date; partial: boolean }[] = [];
  let start: DateTime = DateTime.fromJSDate(range.from, { zone: range.zone });
  const end: DateTime = DateTime.fromJSDate(range.to, { zone: range.zone });
  while (start < end && start.toMillis() <= now.getTime()) {
    const next = nextStep(start, range.grain);
    const to = DateTime.min(next, end);
    const isCut = next > end || start.startOf(range.grain) < start;
    const isWhole = range.grain === 'hour' || range.grain === 'day' || !isCut;
    steps.push({
      from: start.toJSDate(),
      to: to.toJSDate(),
      partial: !isWhole || to.toMillis() > now.getTime(),
    });
    start = next;
  }
  return steps;
}

/** Hours are counted in elapsed time, so that the one a clock repeats is counted as well. */
function nextStep(start: DateTime, grain: Grain): DateTime {
  if (grain === 'hour') return start.plus({ hours: 1 });
  return start
    .startOf(grain)
    .plus({ [grain]: 1 })
    .startOf('day');
}

type Rule = readonly [RegExp, (match: RegExpExecArray, now: DateTime) => Stretch | undefined];

const UNIT = '(hour|day|week|month|quarter|year)';

const rules: readonly Rule[] = [
  [/^(week|month|quarter|year)[ -]to[ -]date$/, ([, unit], now) => current(unit, now)],
  [/^(w|m|q|y)td$/, ([, letter], now) => current(longUnits[letter ?? ''], now)],
  [new RegExp(`^this ${UNIT}$`), ([, unit], now) => current(unit, now)],
  [new RegExp(`^last ${UNIT}$`), ([, unit], now) => lastUnits(1, unit, now)],
  [
    new RegExp(`^(?:last )?(\\d{1,4}) ${UNIT}$`),
    ([, count, unit], now) => lastUnits(Number(count), unit, now),
  ],
  [/^(?:since )(.+)$/, ([, day], now) => since(day, now)],
  [/^(.+) se$/, ([, day], now) => since(day, now)],
  [
    /^(?:from )?(.+?) ?(?:\bto\b|\.\.|\bse\b|\buntil\b) ?(.+?)(?: tak)?$/,
    ([, a, b], now) => between(a, b, now),
  ],
];

const longUnits: Readonly<Record<string, string>> = { w: 'week', m: 'month', q: 'quarter', y: 'year' };

function readStretch(words: string, now: DateTime): Stretch | undefined {
  const day = readDay(words, now);
  if (day) return stretch(day, 'day');
  const calendar = readCalendar(words, now);
  if (calendar) return calendar;
  for (const [pattern, read] of rules) {
    const match = pattern.exec(words);
    const found = match && read(match, now);
    if (found) return found;
  }
  return undefined;
}

function current(unit: string | undefined, now: DateTime): Stretch | undefined {
  const known = unitNamed(unit);
  return known && stretch(now.startOf(known), known);
}

/** Whole units that have ended; hours end at the last quarter of an hour, where the counts are whole. */
function lastUnits(count: number, unit: string | undefined, now: DateTime): Stretch | undefined {
  const known = unitNamed(unit);
  if (!known || count < 1 || count > COUNT_MAX) return undefined;
  if (known === 'hour') return stretch(quarterHour(now).minus({ hours: count }), 'hour', count);
  return stretch(now.startOf(known).minus({ [known]: count }), known, count);
}

function quarterHour(now: DateTime): DateTime {
  const stepMs = QUARTER_HOUR_MIN * 60_000;
  return DateTime.fromMillis(Math.floor(now.toMillis() / stepMs) * stepMs, { zone: now.zone });
}

/** From that day on, to the end of today. */
function since(words: string | undefined, now: DateTime): Stretch | undefined {
  const first = readDay(words ?? '', now) ?? readCalendar(words ?? '', now)?.start;
  return first && first <= now ? days(first, now.startOf('day').plus({ days: 1 })) : undefined;
}

/** Both days are in it; months and years count whole. */
function between(first: string | undefined, last: string | undefined, now: DateTime): Stretch | undefined {
  const ending = readDay(last ?? '', now) ?? readDay(`${last} ${now.year}`, now);
  const lastMonths = readCalendar(last ?? '', now);
  const end = ending ? ending.plus({ days: 1 }) : lastMonths && endOf(lastMonths);
  // “1 to 7 nov”: the month is said once.
  const month = /^\d{1,2}(?:st|nd|rd|th)? (.+)$/.exec(last ?? '')?.[1];
  const start =
    readDay(first ?? '', now) ??
    (month && /^\d{1,2}$/.test(first ?? '') ? readDay(`${first} ${month}`, now) : undefined) ??
    readCalendar(first ?? '', now)?.start;
  if (!start || !end || end <= start) return undefined;
  return wholeCalendar(start, end) ?? days(start, end);
}

/** The month, quarter or year that these days are exactly: its like is the one before, however long. */
function wholeCalendar(start: DateTime, end: DateTime): Stretch | undefined {
  const unit = (['month', 'quarter', 'year'] as const).find(
    (one) => +start.startOf(one) === +start && +start.plus({ [one]: 1 }) === +end,
  );
  return unit && stretch(start, unit);
}

function days(start: DateTime, end: DateTime): Stretch | undefined {
  return stretch(start, 'day', Math.round(end.diff(start, 'days').days));
}

function unitNamed(unit: string | undefined): CalendarUnit | undefined {
  return (['hour', 'day', 'week', 'month', 'quarter', 'year'] as const).find((one) => one === unit);
}

function grainOf(of: Stretch): Grain {
  const length = endOf(of).diff(of.start, 'days').days;
  if (length <= 2) return 'hour';
  if (length <= 93) return 'day';
  return length <= 370 ? 'week' : 'month';
}

function spanOf(of: Stretch, now: DateTime): Span {
  return { from: of.start.toJSDate(), to: endOf(of).toJSDate(), words: stretchWords(of, now) };
}

function refused(field: string, problem: string): AppError {
  const example = 'last 7 days';
  return new AppError('input.invalid', `${problem}; these work: ${rangeExamples}.`, {
    fields: [{ field, problem: `${problem}; these work: ${rangeExamples}`, example }],
  });
}

function shortened(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 60 ? `${trimmed.slice(0, 57)}…` : trimmed;
}
