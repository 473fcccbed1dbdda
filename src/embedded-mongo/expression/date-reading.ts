/** Reads dates from text without a format, in the ways that are written most. */

import { UTC, type Zone } from './calendar.ts';
import { momentOfReading, type Reading, unreadable } from './date-moment.ts';
import { monthOf, readZone } from './date-words.ts';

type Take = (parts: readonly string[], reading: Reading) => boolean;

function dated(year: string, month: number | undefined, day: string): Take {
  return (_parts, reading) => {
    if (reading.day !== undefined || month === undefined) return false;
    const number = Number(year);
    reading.year = year.length === 2 ? number + (number < 70 ? 2000 : 1900) : number;
    reading.month = month;
    reading.day = Number(day);
    return true;
  };
}

/** Year, month and day by their places among the pattern's groups. */
function byPlace(year: number, month: number, day: number): Take {
  return (parts, reading) =>
    dated(
      parts[year] ?? '',
      monthOf(parts[month] ?? '') ?? numberOf(parts[month]),
      parts[day] ?? '1',
    )(parts, reading);
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

const monthAndDay: Take = (parts, reading) => {
  const month = monthOf(parts[1] ?? '');
  if (month === undefined || reading.day !== undefined) return false;
  reading.month = month;
  reading.day = Number(parts[2]);
  return true;
};

const time: Take = (parts, reading) => {
  if (reading.hour !== undefined) return false;
  const [, hour = '0', minute = '0', second = '0', fraction = '', half = ''] = parts;
  const isPm = half.toLowerCase().startsWith('p');
  reading.hour = half === '' ? Number(hour) : (Number(hour) % 12) + (isPm ? 12 : 0);
  reading.minute = Number(minute);
  reading.second = Number(second);
  reading.millisecond = Math.floor(Number(`0.${fraction === '' ? '0' : fraction}`) * 1000);
  return true;
};

const hourOnly: Take = ([whole = '', hour = '', half = ''], reading) =>
  time([whole, hour, '0', '0', '', half], reading);

const word: Take = ([name = ''], reading) => {
  if (reading.hour !== undefined) return false;
  reading.hour = name.toLowerCase() === 'noon' ? 12 : 0;
  return true;
};

/** Tried in this order at each place of the text. */
const PATTERNS: readonly (readonly [RegExp, Take])[] = [
  [/(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/iy, byPlace(1, 2, 3)],
  [/(\d{4})\/(\d{1,2})\/(\d{1,2})(?!\d)/iy, byPlace(1, 2, 3)],
  [/(\d{4})(\d{2})(\d{2})(?!\d)/iy, byPlace(1, 2, 3)],
  [/(\d{4})-([a-z]{3,9})-(\d{1,2})(?!\d)/iy, byPlace(1, 2, 3)],
  [/(\d{4})-(\d{2})(?![\d-])/iy, byPlace(1, 2, 9)],
  [/(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?!\d)/iy, byPlace(3, 1, 2)],
  [/(\d{1,2})[-.](\d{1,2})[-.](\d{4})(?!\d)/iy, byPlace(3, 2, 1)],
  [/(\d{1,2})(?:st|nd|rd|th)?[ -]+([a-z]{3,9})[ ,.-]+(\d{4})(?![\d:])/iy, byPlace(3, 2, 1)],
  [/([a-z]{3,9})[ .-]+(\d{1,2})(?:st|nd|rd|th)?[ ,.-]+(\d{4})(?![\d:])/iy, byPlace(3, 1, 2)],
  [/([a-z]{3,9})[ .-]+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])/iy, monthAndDay],
  [/t?(\d{1,2}):(\d{2})[:.](\d{2})(?:[.,:](\d{1,9}))?\s?([ap]\.?m\.?)?(?!\d)/iy, time],
  [/t?(\d{1,2}):(\d{2})()()\s?([ap]\.?m\.?)?(?![\d:])/iy, time],
  [/(\d{1,2})\s?([ap]\.?m\.?)(?![a-z])/iy, hourOnly],
  [/t(\d{2})(\d{2})(\d{2})(?:[.,](\d{1,9}))?(?!\d)/iy, time],
  [/(?:noon|midnight)(?![a-z])/iy, word],
  [/(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])/iy, () => true],
];

/** The moment a text means, local to `zone` unless it names one; throws 241. */
export function readDate(text: string, zone: Zone = UTC): Date {
  const reading: Reading = {};
  let at = 0;
  while (at < text.length) {
    const next = skipped(text, at) ?? taken(text, at, reading) ?? zoneTaken(text, at, reading);
    if (next === undefined) throw unreadable(text, `${at}: Unexpected character '${text[at]}'`);
    at = next;
  }
  return momentOfReading(reading, text, zone);
}

function skipped(text: string, at: number): number | undefined {
  return /[\s,]/.test(text[at] ?? '') ? at + 1 : undefined;
}

function taken(text: string, at: number, reading: Reading): number | undefined {
  for (const [pattern, take] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null && take(found, reading)) return at + found[0].length;
  }
  return undefined;
}

function zoneTaken(text: string, at: number, reading: Reading): number | undefined {
  const zone = reading.offset === undefined ? readZone(text.slice(at)) : undefined;
  if (zone === undefined) return undefined;
  const followsDay = reading.day !== undefined && text[at - 1] === ' ';
  if (reading.hour === undefined && zone.name === undefined && !followsDay) return undefined;
  reading.offset = zone.minutes;
  if (zone.name !== undefined && zone.name.toLowerCase() !== 'z') reading.zoneName = zone.name;
  return at + zone.length;
}
