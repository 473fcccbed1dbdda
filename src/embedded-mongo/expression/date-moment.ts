/** What was read of a date in text, and the moment that it means. */
import { mongoError } from '../errors.ts';
import { momentOf, startOfIsoWeek, UTC, utcMs, type Zone } from './calendar.ts';

/** The parts found; `offset` is minutes east of UTC, given in the text itself. */
export interface Reading {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  isoYear?: number;
  isoWeek?: number;
  isoDay?: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
  offset?: number;
  /** The zone was given by a name such as EST, not by an offset. */
  zoneName?: string;
}

/** Makes (does not throw) 241 with MongoDB's words. */
export function unreadable(text: string, what = ''): Error {
  return mongoError(241, `Error parsing date string '${text}'${what === '' ? '' : `; ${what}`}`);
}

/**
 * The moment of a reading, local to `zone` unless the text names one; a text without time is at midnight.
 * Throws 241 when parts are missing or out of range, or both the text and the argument give a zone.
 */
export function momentOfReading(reading: Reading, text: string, zone: Zone): Date {
  const dayMs = dayOf(reading, text);
  const { hour = 0, minute = 0, second = 0, millisecond = 0, offset, zoneName } = reading;
  if (hour > 24 || minute > 59 || second > 59) throw unreadable(text, '0: The parsed time was invalid');
  const localMs = dayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond;
  if (offset === undefined) return momentOf(localMs, zone);
  if (zone !== UTC) {
    const what =
      zoneName === undefined ? 'GMT offset' : `time zone information ('${zoneName.toUpperCase()}')`;
    throw mongoError(
      241,
      `you cannot pass in a date/time string with ${what} together with a timezone argument`,
    );
  }
  return new Date(localMs - offset * 60_000);
}

function dayOf(reading: Reading, text: string): number {
  const { year, month, day, dayOfYear, isoYear, isoWeek, isoDay } = reading;
  if (isoYear !== undefined || isoWeek !== undefined || isoDay !== undefined) {
    if (year !== undefined || month !== undefined || day !== undefined)
      throw unreadable(text, '0: Mixing of ISO dates with natural dates is not allowed');
    if (isoYear === undefined) throw unreadable(text, '0: The parsed date was invalid');
    return startOfIsoWeek(isoYear, isoWeek ?? 1) + ((isoDay ?? 1) - 1) * 86_400_000;
  }
  if (year !== undefined && dayOfYear !== undefined) return utcMs(year, 0, dayOfYear);
  if (year === undefined || month === undefined || day === undefined) {
    throw mongoError(241, `an incomplete date/time string has been found, with elements missing: "${text}"`);
  }
  const lastDay = new Date(utcMs(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay)
    throw unreadable(text, '0: The parsed date was invalid');
  return utcMs(year, month - 1, day);
}
