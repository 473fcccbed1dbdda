/** Accumulators: what `$group` gathers, value by value. */
import { Double } from 'bson';
import { merge } from '../expression/objects.ts';
import { isNullish } from '../expression/operator.ts';
import { encodeKey } from '../key.ts';
import { integer } from '../numeric.ts';
import { isNumber, toNumber, type Value } from '../value.ts';
import { type Accumulator, Average, Sum } from './sum.ts';

export type { Accumulator };

/**
 * A fresh accumulator by operator name
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/#accumulator-operator).
 */
export const ACCUMULATORS: ReadonlyMap<string, () => Accumulator> = new Map<string, () => Accumulator>([
  ['$sum', () => new Sum()],
  ['$avg', () => new Average()],
  ['$min', () => new Extreme(-1)],
  ['$max', () => new Extreme(1)],
  ['$first', () => new First()],
  ['$last', () => new Last()],
  ['$push', () => new Push()],
  ['$addToSet', () => new Distinct()],
  ['$count', () => new Counter()],
  ['$mergeObjects', () => new Merge()],
  ['$stdDevPop', () => new Deviation(0)],
  ['$stdDevSamp', () => new Deviation(1)],
]);

/** The least or greatest value over all types; null and missing are passed over. */
class Extreme implements Accumulator {
  private readonly sign: 1 | -1;
  private best: Value;
  private bestKey = '';

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  add(value: Value): void {
    if (isNullish(value)) return;
    const key = encodeKey(value);
    const isBetter = this.sign === 1 ? key > this.bestKey : key < this.bestKey;
    if (this.best !== undefined && !isBetter) return;
    this.best = value;
    this.bestKey = key;
  }

  result(): Value {
    return this.best ?? null;
  }
}

class First implements Accumulator {
  private isSet = false;
  private value: Value;

  add(value: Value): void {
    if (!this.isSet) this.value = value;
    this.isSet = true;
  }

  result(): Value {
    return this.value ?? null;
  }
}

class Last implements Accumulator {
  private value: Value;

  add(value: Value): void {
    this.value = value;
  }

  result(): Value {
    return this.value ?? null;
  }
}

class Push implements Accumulator {
  private readonly values: Value[] = [];

  add(value: Value): void {
    if (value !== undefined) this.values.push(value);
  }

  result(): Value {
    return this.values;
  }
}

class Distinct implements Accumulator {
  private readonly values = new Map<string, Value>();

  add(value: Value): void {
    if (value === undefined) return;
    const key = encodeKey(value);
    if (!this.values.has(key)) this.values.set(key, value);
  }

  result(): Value {
    return [...this.values.values()];
  }
}

class Counter implements Accumulator {
  private count = 0;

  add(): void {
    this.count += 1;
  }

  result(): Value {
    return integer(BigInt(this.count));
  }
}

class Merge implements Accumulator {
  private docs: Value = {};

  add(value: Value): void {
    this.docs = merge([this.docs, value]);
  }

  result(): Value {
    return this.docs;
  }
}

/** Standard deviation in doubles by Welford's method; `$stdDevSamp` of one value is null. */
class Deviation implements Accumulator {
  private readonly less: 0 | 1;
  private count = 0;
  private mean = 0;
  private squares = 0;

  constructor(less: 0 | 1) {
    this.less = less;
  }

  add(value: Value): void {
    if (!isNumber(value)) return;
    const number = toNumber(value);
    this.count += 1;
    const before = number - this.mean;
    this.mean += before / this.count;
    this.squares += before * (number - this.mean);
  }

  result(): Value {
    const divisor = this.count - this.less;
    return divisor <= 0 ? null : new Double(Math.sqrt(this.squares / divisor));
  }
}
