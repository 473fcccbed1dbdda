// Since when: the small grammar of “7d”, “last 3 days”, “today”, “yesterday” and “2026-11-01”, in the reader's zone.
import { DateTime } from 'luxon';
import { parseDuration } from '../../core/duration.ts';

/** Whether a text says since when; `resolveSince` then finds the instant. */
export function saysSince(text: string): boolean {
  return resolveSince(text, new Date(0), 'utc') !== undefined;
}

/** The instant that the text names, in the reader's IANA zone; undefined when it names none. */
export function resolveSince(text: string, now: Date, zone: string): Date | undefined {
  const said = text.trim().toLowerCase();
  const local = DateTime.fromJSDate(now, { zone });
  if (said === 'today') return local.startOf('day').toJSDate();
  if (said === 'yesterday') return local.minus({ days: 1 }).startOf('day').toJSDate();
  const durationMs = parseDuration(said.replace(/^last\s+/, ''));
  if (durationMs !== undefined) return new Date(now.getTime() - durationMs);
  if (!/^\d{4}-\d{2}-\d{2}([t ]\d{2}:\d{2})?$/.test(said)) return undefined;
  const date = DateTime.fromISO(said.replace(' ', 't').toUpperCase(), { zone });
  return date.isValid ? date.toJSDate() : undefined;
}
