// Instants for people: the age at a glance, the exact time with its zone on hover, in print and for machines.
import type { ReactElement } from 'react';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The zone as people say it at that instant, such as `IST`. */
export function zoneName(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-IN', { timeZone: zone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** Such as `21 Nov 2026, 14:05 IST`. */
export function exactTime(at: Date, zone: string): string {
  const text = new Intl.DateTimeFormat('en-IN', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  return `${text} ${zoneName(at, zone)}`;
}

/** Such as `3 min ago`, `in 2 h`, `just now`; older than a week it is the day. */
export function relativeTime(at: Date, now: Date, zone: string): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return 'just now';
  if (size >= 7 * DAY)
    return new Intl.DateTimeFormat('en-IN', {
      timeZone: zone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
    }).format(at);
  const span = spanOf(size);
  return seconds > 0 ? `${span} ago` : `in ${span}`;
}

/** A duration in its largest unit: `3 min`, `2 h`, `5 days`. */
export function spanOf(seconds: number): string {
  if (seconds < MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.round(seconds / HOUR)} h`;
  const days = Math.round(seconds / DAY);
  return days === 1 ? '1 day' : `${days} days`;
}

interface TimeProps {
  readonly at: Date;
  readonly now: Date;
  readonly zone: string;
}

/** The age on screen, the exact time on hover and on paper. */
export function RelativeTime({ at, now, zone }: TimeProps): ReactElement {
  const exact = exactTime(at, zone);
  return (
    <time dateTime={at.toISOString()} title={exact}>
      <span className="screen-only">{relativeTime(at, now, zone)}</span>
      <span className="print-only">{exact}</span>
    </time>
  );
}

/** The exact time itself. */
export function ExactTime({ at, zone }: { readonly at: Date; readonly zone: string }): ReactElement {
  return <time dateTime={at.toISOString()}>{exactTime(at, zone)}</time>;
}
