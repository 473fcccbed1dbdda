// How ranges are said: words of English, Hindi and Hinglish made one for reading, and “1–7 Nov” for showing.
import type { DateTime } from 'luxon';
import type { CalendarUnit, Stretch } from './range-days.ts';

/** Words of other languages and spellings, by the English word that the grammar knows. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  today: ['aaj', 'aj', 'आज'],
  yesterday: ['kal', 'कल'],
  'day before yesterday': ['parso', 'parson', 'परसों', 'परसो'],
  last: ['past', 'previous', 'pichle', 'pichhle', 'pichla', 'pichli', 'पिछले', 'पिछला', 'पिछली'],
  this: ['is', 'iss', 'current', 'इस'],
  hour: ['hours', 'h', 'hr', 'hrs', 'ghante', 'ghanta', 'घंटे', 'घंटा'],
  day: ['days', 'd', 'din', 'दिन', 'दिनों'],
  week: ['weeks', 'w', 'hafte', 'hafta', 'हफ़्ते', 'हफ्ते', 'हफ़्ता', 'हफ्ता'],
  month: ['months', 'mahine', 'mahina', 'maheene', 'महीने', 'महीना', 'माह'],
  quarter: ['quarters', 'timahi', 'तिमाही'],
  year: ['years', 'y', 'saal', 'sal', 'साल', 'वर्ष'],
  se: ['से'],
  tak: ['तक'],
  monday: ['somvar', 'somwar', 'सोमवार'],
  tuesday: ['mangalvar', 'mangalwar', 'मंगलवार'],
  wednesday: ['budhvar', 'budhwar', 'बुधवार'],
  thursday: ['guruvar', 'guruwar', 'गुरुवार'],
  friday: ['shukravar', 'shukrawar', 'शुक्रवार'],
  saturday: ['shanivar', 'shaniwar', 'शनिवार'],
  sunday: ['ravivar', 'raviwar', 'रविवार'],
};

const english = new Map(
  Object.entries(spellings).flatMap(([word, others]) =>
    others.map((other) => [other.normalize('NFC'), word]),
  ),
);

/** The words in lower case, in English, with one space between; `7d` becomes `7 day`. */
export function plainWords(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(',', ' ')
    .replaceAll('…', '..')
    .replaceAll(/\s*(?:–|—)\s*/g, ' to ')
    .replaceAll(/(?<![-\w])(\d{1,4})([hdwy])(?!\w)/g, '$1 $2')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => english.get(word) ?? word)
    .join(' ');
}

/** `1–7 Nov`, `28 Oct – 3 Nov`, `Nov 2026`, `21 Nov, 10:15–13:15`; the year stands where it is not this one. */
export function stretchWords(of: Stretch, now: DateTime): string {
  const { start, unit, count } = of;
  const end = endOf(of);
  if (unit === 'hour') return hourWords(start, end, now);
  if (count === 1 && unit === 'year') return String(start.year);
  if (count === 1 && unit === 'month') return start.toFormat('LLL yyyy');
  return dayWords(start, end.minus({ milliseconds: 1 }), now);
}

export function endOf(of: Stretch): DateTime {
  return movedBy(of, of.unit, of.count);
}

/** The start moved by units. Days begin when they begin, also where the clock skips their midnight. */
export function movedBy({ start, unit }: Stretch, by: CalendarUnit, count: number): DateTime {
  const moved = start.plus({ [by]: count });
  return unit === 'hour' ? moved : moved.startOf('day');
}

function dayWords(first: DateTime, last: DateTime, now: DateTime): string {
  const year = (at: DateTime): string => (at.year === now.year ? '' : ` ${at.year}`);
  if (first.hasSame(last, 'day')) return `${first.toFormat('d LLL')}${year(first)}`;
  if (first.hasSame(last, 'month')) return `${first.day}–${last.toFormat('d LLL')}${year(last)}`;
  const firstYear = first.year === last.year ? '' : ` ${first.year}`;
  const lastYear = first.year === last.year ? year(last) : ` ${last.year}`;
  return `${first.toFormat('d LLL')}${firstYear} – ${last.toFormat('d LLL')}${lastYear}`;
}

function hourWords(start: DateTime, end: DateTime, now: DateTime): string {
  const day = (at: DateTime): string => `${dayWords(at, at, now)}, `;
  const until = end.hasSame(start, 'day') ? '' : ` ${day(end)}`;
  return `${day(start)}${start.toFormat('HH:mm')}–${until.trimStart()}${end.toFormat('HH:mm')}`;
}
