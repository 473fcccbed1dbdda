/** Keeps long work fair: says when to let the event loop run, and when the time limit has passed. */
import { type MongoError, mongoError } from './errors.ts';

const SLICE_MS = 5;
/** The clock is read once in this many steps. */
const STEPS_PER_LOOK = 32;

/** The error of a command that ran out of its time. */
export function timeIsOver(): MongoError {
  return mongoError(50, 'operation exceeded time limit');
}

type Client = { readonly closed: boolean };

export class Pace {
  #deadlineMs: number | undefined;
  #leftMs: number | undefined;
  #client: Client;
  /** Begins with the first look. */
  #sliceEndMs: number | undefined;
  #steps = 0;

  /** `maxTimeMs` of 0 or undefined is no limit; for a client that is gone nobody waits any more. */
  constructor(maxTimeMs: number | undefined, client: Client) {
    this.#deadlineMs = maxTimeMs ? performance.now() + maxTimeMs : undefined;
    this.#client = client;
  }

  /** True when there is a time limit. */
  get isLimited(): boolean {
    return this.#deadlineMs !== undefined;
  }

  /** Counts one step; true when it is time to pause. Throws 50 past the limit, 11601 when abandoned. */
  due(): boolean {
    this.#steps += 1;
    if (this.#steps < STEPS_PER_LOOK) return false;
    this.#steps = 0;
    return this.isOver();
  }

  /** True when the slice is used up; throws like `due`. */
  isOver(): boolean {
    const nowMs = performance.now();
    this.check(nowMs);
    this.#sliceEndMs ??= nowMs + SLICE_MS;
    return nowMs >= this.#sliceEndMs;
  }

  /** Throws 50 past the time limit and 11601 when the client is gone. */
  check(nowMs = performance.now()): void {
    if (this.#deadlineMs !== undefined && nowMs > this.#deadlineMs) {
      throw timeIsOver();
    }
    if (this.#client.closed) throw mongoError(11601, 'operation was interrupted: the client is gone');
  }

  /** Lets the event loop run and starts the next slice. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#sliceEndMs = performance.now() + SLICE_MS;
  }

  /** A cursor waits for its next getMore: that time counts for nobody. */
  suspend(): void {
    if (this.#deadlineMs !== undefined) this.#leftMs = this.#deadlineMs - performance.now();
  }

  /** Goes on for another command with what is left of the time limit; throws 50 when nothing is. */
  resume(client: Client): void {
    const nowMs = performance.now();
    if (this.#leftMs !== undefined) this.#deadlineMs = nowMs + this.#leftMs;
    this.#client = client;
    this.#sliceEndMs = nowMs + SLICE_MS;
    this.check(nowMs);
  }
}
