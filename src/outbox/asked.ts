// What a loop shall look at in its next round: some by name, or all, and all at least every so often.

export interface Asked {
  /** Asks for one by its name, or for all. */
  add(name?: string): void;
  /** What to look at now, undefined for all; it is asked for no more. */
  take(): ReadonlySet<string> | undefined;
}

/** A look at everything costs a query for each; whoever has just written knows the one that is worth it. */
export function createAsked(everyMs: number, monotonicMs: () => number): Asked {
  let names: Set<string> | undefined;
  let allDueMs = Number.NEGATIVE_INFINITY;
  return {
    add(name) {
      if (name === undefined) names = undefined;
      else names?.add(name);
    },
    take() {
      const nowMs = monotonicMs();
      // Whoever comes unasked comes because a poll was due.
      const taken = nowMs >= allDueMs || names?.size === 0 ? undefined : names;
      if (taken === undefined) allDueMs = nowMs + everyMs;
      names = new Set();
      return taken;
    },
  };
}
