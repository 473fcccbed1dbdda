/** Accumulators that keep a few values: the first, last, least or greatest, or those at an end of an order. */
import { encodeKey } from '../key.ts';
import type { Doc, Value } from '../value.ts';
import type { Accumulator } from './sum.ts';

/** The first `most` values; missing ones count as null. */
export class FirstN implements Accumulator {
  private readonly most: number;
  private readonly values: Value[] = [];

  constructor(most: number) {
    this.most = most;
  }

  add(value: Value): void {
    if (this.values.length < this.most) this.values.push(value ?? null);
  }

  result(): Value {
    return this.values;
  }
}

/** The last `most` values in the order they came; missing ones count as null. */
export class LastN implements Accumulator {
  private readonly most: number;
  private values: Value[] = [];

  constructor(most: number) {
    this.most = most;
  }

  add(value: Value): void {
    this.values.push(value ?? null);
    if (this.values.length >= 2 * this.most + 64) this.values = this.values.slice(-this.most);
  }

  result(): Value {
    return this.values.slice(-this.most);
  }
}

interface Keyed {
  readonly key: string;
  readonly value: Value;
}

/** Keeps the `most` entries at one end of the key order; of equal keys the first that came. */
class BestN {
  private readonly most: number;
  private readonly end: 'least' | 'greatest';
  readonly entries: Keyed[] = [];

  constructor(most: number, end: 'least' | 'greatest') {
    this.most = most;
    this.end = end;
  }

  add(key: string, value: Value): void {
    const { entries } = this;
    if (entries.length === this.most) {
      const worst = this.end === 'least' ? entries.at(-1) : entries[0];
      const isBetter = worst !== undefined && (this.end === 'least' ? key < worst.key : key > worst.key);
      if (!isBetter) return;
      if (this.end === 'least') entries.pop();
      else entries.shift();
    }
    entries.splice(this.placeOf(key), 0, { key, value });
  }

  /** After the entries with the same key. */
  private placeOf(key: string): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle]?.key ?? '') <= key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The `most` least values in rising or greatest in falling order; null and missing are passed over. */
export class ExtremeN implements Accumulator {
  private readonly best: BestN;
  private readonly end: 'least' | 'greatest';

  constructor(most: number, end: 'least' | 'greatest') {
    this.best = new BestN(most, end);
    this.end = end;
  }

  add(value: Value): void {
    if (value !== null && value !== undefined) this.best.add(encodeKey(value), value);
  }

  result(): Value {
    const values = this.best.entries.map((entry) => entry.value);
    return this.end === 'least' ? values : values.reverse();
  }
}

/** What a document hands to `TopN`: its place in the order, and its output. */
export interface Placed {
  readonly sortKey: string;
  readonly output: Value;
}

/** The outputs of the `most` documents at the top or bottom of an order, in that order. */
export class TopN implements Accumulator {
  private readonly best: BestN;
  private readonly isSingle: boolean;

  constructor(most: number, end: 'top' | 'bottom', isSingle: boolean) {
    this.best = new BestN(most, end === 'top' ? 'least' : 'greatest');
    this.isSingle = isSingle;
  }

  add(value: Value): void {
    const { sortKey, output } = value as Placed;
    this.best.add(sortKey, output ?? null);
  }

  result(): Value {
    const values = this.best.entries.map((entry) => entry.value);
    return this.isSingle ? (values[0] ?? null) : values;
  }
}

/** A document as `TopN` takes it. */
export function placed(doc: Doc, keyOf: (doc: Doc) => string, output: (doc: Doc) => Value): Placed {
  return { sortKey: keyOf(doc), output: output(doc) };
}
