// How many events of one source are worked on in a minute: a steady rate with room for a burst, kept in memory.

/** Where staff set nothing else: above what any sender is known to keep up, below what would hold up the others. */
export const PRESET_PER_MINUTE = 6_000;
const MINUTE_MS = 60_000;
/** So many come through at once, when there was quiet before. */
const BURST_MS = 2_000;
const MOST_RESERVED = 10_000;

export interface Pace {
  /** Null when the event may be worked on now; else when it may. A time once given is kept for that event. */
  waitFor(source: string, event: string, perMinute: number, now: Date): Date | null;
}

/**
 * The generic cell rate algorithm: each event has its place in time, and may come as much as a burst before it.
 * Source: ITU-T I.371, annex A, “virtual scheduling”. A process keeps its own pace.
 */
export function createPace(): Pace {
  const nextMs = new Map<string, number>();
  const reserved = new Set<string>();
  return {
    waitFor: (source, event, perMinute, now) => {
      if (reserved.delete(event)) return null;
      const at = now.getTime();
      const due = Math.max(at, nextMs.get(source) ?? at);
      nextMs.set(source, due + MINUTE_MS / perMinute);
      const burstMs = Math.max(BURST_MS, MINUTE_MS / perMinute);
      if (due - at < burstMs) return null;
      if (reserved.size >= MOST_RESERVED) reserved.clear();
      reserved.add(event);
      return new Date(due - burstMs + 1);
    },
  };
}
