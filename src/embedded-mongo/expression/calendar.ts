/** The calendar of a time zone: local parts of a moment, moments from local parts, and steps between them. */
import { mongoError } from '../errors.ts';
import { typeName, type Value } from '../value.ts';

/** A time zone: minutes east of UTC at a moment (milliseconds since 1970), with seconds as a fraction. */
export type Zone = (momentMs: number) => number;
/** Units of time that dates step by. */
export type Unit =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const FIXED_MS: ReadonlyMap<Unit, number> = new Map<Unit, number>([
  ['week', 7 * DAY_MS],
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', MINUTE_MS],
  ['second', 1000],
  ['millisecond', 1],
]);
const MONTHS: ReadonlyMap<Unit, number> = new Map<Unit, number>([
  ['year', 12],
  ['quarter', 3],
  ['month', 1],
]);

/** Coordinated universal time, and any zone given by an offset of zero. */
export const UTC: Zone = () => 0;

/** An IANA name, `UTC` or an offset such as `+05:30`; throws 40485 for an unknown zone, `code` for no text. */
export function zoneOf(value: Value, code = 40517): Zone {
  if (value === undefined || value === 'UTC' || value === 'GMT') return UTC;
  if (typeof value !== 'string')
    throw mongoError(code, `timezone must evaluate to a string, found ${typeName(value)}`);
  const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(value);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    if (minutes === 0) return UTC;
    return () => (offset[1] === '-' ? -minutes : minutes);
  }
  return namedZone(value);
}

const namedZones = new Map<string, Zone>();

function namedZone(name: string): Zone {
  const known = namedZones.get(name);
  if (known !== undefined) return known;
  const format = formatOf(name);
  const zone: Zone = (momentMs) => {
    const parts = new Map(format.formatToParts(momentMs).map((part) => [part.type, Number(part.value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const localMs = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return (localMs - Math.floor(momentMs / 1000) * 1000) / MINUTE_MS;
  };
  namedZones.set(name, zone);
  return zone;
}

function formatOf(name: string): Intl.DateTimeFormat {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, calendar: 'iso8601', ...numeric, ...time });
  } catch {
    throw mongoError(40485, `unrecognized time zone identifier: "${name}"`);
  }
}

/** A moment's local time as a Date whose UTC parts are the local ones. */
export function localOf(date: Date, zone: Zone): Date {
  return new Date(date.getTime() + Math.round(zone(date.getTime()) * MINUTE_MS));
}

/** The moment of a local time; one that a clock change skips moves on by the change, east and west of UTC. */
export function momentOf(localMs: number, zone: Zone): Date {
  const first = localMs - Math.round(zone(localMs) * MINUTE_MS);
  const second = localMs - Math.round(zone(first) * MINUTE_MS);
  const isSkipped = first !== second && localOf(new Date(second), zone).getTime() !== localMs;
  return new Date(isSkipped ? Math.max(first, second) : second);
}

/** Midnight UTC of a day, also in the years 1 to 99, which `Date.UTC` takes for 1901 to 1999. */
export function utcMs(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

/** The day of the year, from 1. */
export function dayOfYear(local: Date): number {
  return Math.floor((local.getTime() - utcMs(local.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

/** 1 for Monday to 7 for Sunday. */
export function isoWeekday(local: Date): number {
  return ((local.getUTCDay() + 6) % 7) + 1;
}

/** The ISO 8601 week and the year it belongs to: that of its Thursday. */
export function isoWeek(local: Date): { year: number; week: number } {
  const thursday = new Date(local.getTime() + (4 - isoWeekday(local)) * DAY_MS);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

/** The Monday of an ISO week, as midnight UTC: January 4 is always in the first one. */
export function startOfIsoWeek(year: number, week: number): number {
  const fourth = utcMs(year, 0, 4);
  return fourth - (isoWeekday(new Date(fourth)) - 1) * DAY_MS + (week - 1) * 7 * DAY_MS;
}

/** The week of the year; weeks begin on Sundays, days before the first Sunday are in week 0. */
export function sundayWeek(local: Date): number {
  return Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7);
}

/** Adds an amount of a unit: months keep the day where they can, days and weeks keep the local time. */
export function addTo(date: Date, unit: Unit, amount: number, zone: Zone): Date {
  const months = MONTHS.get(unit);
  const step = FIXED_MS.get(unit) ?? 0;
  if (months === undefined && step < DAY_MS) return new Date(date.getTime() + amount * step);
  const local = localOf(date, zone);
  if (months === undefined) return momentOf(local.getTime() + amount * step, zone);
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth() + amount * months];
  const lastDay = new Date(utcMs(year, month + 1, 0)).getUTCDate();
  const day = utcMs(year, month, Math.min(local.getUTCDate(), lastDay));
  return momentOf(day + (((local.getTime() % DAY_MS) + DAY_MS) % DAY_MS), zone);
}

/** The local start of the unit a local time lies in; weeks begin on `firstWeekday` (1 Monday to 7 Sunday). */
export function startOf(local: Date, unit: Unit, firstWeekday: number): number {
  const months = MONTHS.get(unit);
  if (months !== undefined) {
    const month = local.getUTCMonth();
    return utcMs(local.getUTCFullYear(), month - (month % months), 1);
  }
  if (unit === 'week') {
    const day = Math.floor(local.getTime() / DAY_MS) * DAY_MS;
    return day - ((isoWeekday(local) - firstWeekday + 7) % 7) * DAY_MS;
  }
  const step = FIXED_MS.get(unit) ?? 1;
  return Math.floor(local.getTime() / step) * step;
}

/** How many boundaries of the unit lie between two moments. */
export function boundariesBetween(
  from: Date,
  to: Date,
  unit: Unit,
  firstWeekday: number,
  zone: Zone,
): number {
  const [start, end] = [localOf(from, zone), localOf(to, zone)];
  const months = MONTHS.get(unit);
  if (months !== undefined)
    return Math.floor(monthNumber(end) / months) - Math.floor(monthNumber(start) / months);
  const step = FIXED_MS.get(unit) ?? 1;
  const difference = startOf(end, unit, firstWeekday) - startOf(start, unit, firstWeekday);
  const shift = step < DAY_MS ? (zone(to.getTime()) - zone(from.getTime())) * MINUTE_MS : 0;
  return Math.round((difference - shift) / step);
}

function monthNumber(local: Date): number {
  return local.getUTCFullYear() * 12 + local.getUTCMonth();
}

const REFERENCE_YEAR = 2000;

/**
 * The start of the bin of `size` units that a moment lies in; bins are counted from the year 2000 in the
 * zone, of weeks from the first `firstWeekday` in it
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateTrunc/#binsize-and-unit-fields).
 */
export function startOfBin(date: Date, unit: Unit, size: number, firstWeekday: number, zone: Zone): Date {
  const reference = utcMs(REFERENCE_YEAR, 0, 1);
  const months = MONTHS.get(unit);
  const local = localOf(date, zone);
  if (months !== undefined) {
    const passed = monthNumber(local) - REFERENCE_YEAR * 12;
    return momentOf(utcMs(REFERENCE_YEAR, floorTo(passed, size * months), 1), zone);
  }
  const step = (FIXED_MS.get(unit) ?? 1) * size;
  if (unit !== 'day' && unit !== 'week') {
    const start = momentOf(reference, zone).getTime();
    return new Date(start + floorTo(date.getTime() - start, step));
  }
  const shift = unit === 'day' ? 0 : ((firstWeekday - isoWeekday(new Date(reference)) + 7) % 7) * DAY_MS;
  const start = reference + shift;
  return momentOf(start + floorTo(local.getTime() - start, step), zone);
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
