/** The version of what a greeting tells of the set, and the monitors that wait for it to change. */
import { Long, ObjectId } from 'bson';
import type { Doc } from './value.ts';

/** https://github.com/mongodb/specifications/blob/master/source/server-discovery-and-monitoring/server-discovery-and-monitoring.md#topologyversion */
export class Topology {
  readonly #processId = new ObjectId();
  #counter = 0;
  readonly #waiting = new Set<() => void>();

  version(): Doc {
    return { processId: this.#processId, counter: Long.fromNumber(this.#counter) };
  }

  /** Counts a change and answers those who wait for one. */
  change(): void {
    this.#counter += 1;
    for (const wake of this.#waiting) wake();
  }

  /** True when a monitor that knows this version knows what there is to know. */
  isCurrent(processId: unknown, counter: Long): boolean {
    const isOurs = processId instanceof ObjectId && processId.equals(this.#processId);
    return isOurs && counter.toNumber() === this.#counter;
  }

  /** Resolves at the next change, or after the time. */
  changed(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }
}
