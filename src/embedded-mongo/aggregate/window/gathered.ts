/** Window functions that gather the values of a window, as accumulators do those of a group. */
import type { Doc, Value } from '../../value.ts';
import type { Gatherer } from '../gathering.ts';
import type { Accumulator } from '../sum.ts';
import type { Bounds } from './bounds.ts';
import { endpointsOf } from './endpoints.ts';
import type { Running, WindowFunction } from './partition.ts';

/** So many values are added between two pauses. */
const ADDED_AT_ONCE = 4096;

/** A window that only grows at its end is added to; any other is gathered anew. */
export function gathered({ evaluate, start }: Gatherer, bounds: Bounds): WindowFunction {
  return (docs) => new Gathered(docs, evaluate, () => start({}), bounds);
}

class Gathered implements Running {
  private readonly inputs: (position: number) => Value;
  private readonly start: () => Accumulator;
  private readonly endpoints: ReturnType<typeof endpointsOf>;
  private accumulator: Accumulator;
  private from = 0;
  /** One past the last value added, and past the last wanted. */
  private added = 0;
  private until = 0;
  private current = -1;
  private result: Value;
  private hasResult = false;

  constructor(docs: readonly Doc[], evaluate: (doc: Doc) => Value, start: () => Accumulator, bounds: Bounds) {
    const known: Value[] = [];
    this.inputs = (position) => {
      if (position >= known.length)
        for (let at = known.length; at <= position; at++) known.push(evaluate(docs[at] ?? {}));
      return known[position];
    };
    this.start = start;
    this.endpoints = endpointsOf(bounds, docs);
    this.accumulator = start();
  }

  advance(position: number): boolean {
    if (position !== this.current) this.moveTo(position);
    const stop = Math.min(this.until, this.added + ADDED_AT_ONCE);
    for (; this.added < stop; this.added++) this.accumulator.add(this.inputs(this.added));
    return this.added === this.until;
  }

  private moveTo(position: number): void {
    this.current = position;
    const [first, last] = this.endpoints(position) ?? [0, -1];
    if (first === this.from && last + 1 === this.until) return;
    this.hasResult = false;
    if (first !== this.from || last + 1 < this.added) {
      this.accumulator = this.start();
      this.from = first;
      this.added = first;
    }
    this.until = Math.max(last + 1, first);
  }

  value(): Value {
    if (this.hasResult) return this.result;
    const result = this.accumulator.result();
    this.result = Array.isArray(result) ? [...result] : result;
    this.hasResult = true;
    return this.result;
  }
}
