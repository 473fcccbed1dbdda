// A time axis in the reader's zone: instants are shifted to the clock on the wall, so that ticks fall on its days.
import { utcFormat } from 'd3-time-format';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Milliseconds that read, as UTC, what the clock in that zone shows at the instant. */
export function wallTime(at: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  );
  return wall + (((at.getTime() % 1000) + 1000) % 1000);
}

const asDay = utcFormat('%-d %b');
const asHour = utcFormat('%H:%M');

/** How to write a tick of wall time over a span: days over more than two days, else hours with the day at midnight. */
export function tickWriter(spanMs: number): (wallMs: number) => string {
  if (spanMs > 2 * DAY_MS) return (wallMs) => asDay(new Date(wallMs));
  return (wallMs) => (wallMs % DAY_MS < MINUTE_MS ? asDay : asHour)(new Date(wallMs));
}
