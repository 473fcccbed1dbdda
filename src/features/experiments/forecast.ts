// When a test will have what it waits for, if units go on coming at the pace they came at so far.
import type { WaitsFor } from './look.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Pace {
  /** The first and the last exposure; null where the data has no times. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  readonly units: number;
  readonly maxUnits: number;
  readonly horizonDays: number;
  readonly now: Date;
}

/** The instant at which a reason is expected to hold no more; null where nothing tells it, or where it has passed. */
export function expectedAt({ code, have, need }: WaitsFor, pace: Pace): Date | null {
  const { firstAt, lastAt, now } = pace;
  if (!firstAt || !lastAt || need === null) return null;
  const atMs =
    code === 'days' ? firstAt.getTime() + need * DAY_MS : reachedAtMs(code, have ?? 0, need, firstAt, lastAt);
  return atMs !== null && atMs > now.getTime() ? new Date(atMs) : null;
}

/** The end of the test at the latest: all planned units, or the horizon; null without times or when it has passed. */
export function endsBy(pace: Pace): Date | null {
  const { firstAt, lastAt, units, maxUnits, horizonDays, now } = pace;
  if (!firstAt || !lastAt) return null;
  const horizonMs = firstAt.getTime() + horizonDays * DAY_MS;
  const allMs = reachedAtMs('units', units, maxUnits, firstAt, lastAt) ?? Number.POSITIVE_INFINITY;
  const atMs = Math.min(horizonMs, allMs);
  return atMs > now.getTime() ? new Date(atMs) : null;
}

/** Units a day over the days observed; null before one whole day, which tells nothing of the others. */
export function unitsPerDay({ firstAt, lastAt, units }: Pace): number | null {
  if (!firstAt || !lastAt) return null;
  const spanMs = lastAt.getTime() - firstAt.getTime();
  return spanMs >= DAY_MS ? (units * DAY_MS) / spanMs : null;
}

/** Counts grow evenly; evidence (z) does not, so that nothing foretells it. */
function reachedAtMs(
  code: WaitsFor['code'],
  have: number,
  need: number,
  firstAt: Date,
  lastAt: Date,
): number | null {
  const spanMs = lastAt.getTime() - firstAt.getTime();
  if ((code !== 'units' && code !== 'conversions') || have <= 0 || spanMs < DAY_MS) return null;
  return lastAt.getTime() + (Math.max(0, need - have) * spanMs) / have;
}
