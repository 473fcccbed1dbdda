// Quarters of an hour and days as numbers: in UTC for sums, in a zone for counting units.
import { DateTime } from 'luxon';

export const QUARTER_MS = 15 * 60 * 1000;
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Days since the epoch of the wall clock in that zone; daylight saving is heeded. */
export function dayIn(zone: string, at: Date): number {
  const { offset } = DateTime.fromJSDate(at, { zone });
  return Math.floor((at.getTime() + offset * 60_000) / DAY_MS);
}

/** `dayIn` for the start of a quarter of an hour, remembered: facts of a batch share few of them. */
export function createDayOf(zone: string): (bucket: number) => number {
  const known = new Map<number, number>();
  return (bucket) => {
    const found = known.get(bucket);
    if (found !== undefined) return found;
    const day = dayIn(zone, new Date(bucket * QUARTER_MS));
    if (known.size > 10_000) known.clear();
    known.set(bucket, day);
    return day;
  };
}

/** Starts of days by zone, remembered: every page asks for the same few hundred. */
const starts = new Map<string, number>();
const STARTS_MAX = 20_000;

/** The instant at which a day of the zone begins; where its midnight is skipped, the first instant after. */
export function startOfDay(zone: string, day: number): Date {
  const key = `${zone}:${day}`;
  const known = starts.get(key);
  if (known !== undefined) return new Date(known);
  const date = new Date(day * DAY_MS);
  const parts = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  const start = DateTime.fromObject(parts, { zone }).startOf('day').toMillis();
  if (starts.size > STARTS_MAX) starts.clear();
  starts.set(key, start);
  return new Date(start);
}
