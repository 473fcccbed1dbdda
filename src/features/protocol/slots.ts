// The arithmetic of slots: pure, in UTC, so that no zone or clock change can skip or double one.

/** The slot that an instant is in: floor(epoch ÷ every) × every. */
export function slotOf(now: Date, everyMs: number): Date {
  return new Date(Math.floor(now.getTime() / everyMs) * everyMs);
}

/** The slots after `last` and before `current`, oldest first: nobody was awake for them. At most `limit` of the newest. */
export function slotsBetween(last: Date, current: Date, everyMs: number, limit: number): Date[] {
  const first = slotOf(last, everyMs).getTime() + everyMs;
  const count = Math.max(0, Math.floor((current.getTime() - first) / everyMs));
  const skipped = Math.max(0, count - limit);
  return Array.from({ length: count - skipped }, (_, index) => new Date(first + (skipped + index) * everyMs));
}

/** Whether it is too late to resume a slot's run: one whole further slot has passed. */
export function isPast(slotStart: Date, now: Date, everyMs: number): boolean {
  return now.getTime() >= slotStart.getTime() + 2 * everyMs;
}
