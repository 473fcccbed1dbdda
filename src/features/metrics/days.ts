// Stretches of whole days of a zone: those that a stretch lies on, and the last ones up to its end.
import { DateTime } from 'luxon';

export interface Stretch {
  readonly from: Date;
  readonly to: Date;
}

/** What has begun of a stretch by now. */
export function upToNow({ from, to }: Stretch, now: Date): Stretch {
  return { from, to: to > now ? now : to };
}

/** The days of the zone that a stretch lies on, each cut to it, in order. */
export function daysOf({ from, to }: Stretch, zone: string): readonly Stretch[] {
  const days: Stretch[] = [];
  let start = from;
  while (start < to) {
    const next = DateTime.fromJSDate(start, { zone })
      .startOf('day')
      .plus({ days: 1 })
      .startOf('day')
      .toJSDate();
    const end = next < to ? next : to;
    days.push({ from: start, to: end });
    start = end;
  }
  return days;
}

/** The last so many days of the zone up to the end of a stretch, the one it ends in included. */
export function lastDays(count: number, { to }: Stretch, zone: string): Stretch {
  const last = DateTime.fromMillis(to.getTime() - 1, { zone }).startOf('day');
  return {
    from: last
      .minus({ days: count - 1 })
      .startOf('day')
      .toJSDate(),
    to,
  };
}
