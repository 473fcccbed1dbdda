/** `$percentile` and `$median`, as accumulators and as expressions. */
import { Double } from 'bson';
import { mongoError } from '../errors.ts';
import { constantOf } from '../expression/constant.ts';
import { show } from '../show.ts';
import { type Doc, isDoc, isNumber, namesOf, toNumber, typeName, type Value } from '../value.ts';
import type { Accumulator } from './sum.ts';

/** Compiles an expression of the document. */
export type Compile = (expression: Value) => (root: Doc) => Value;

/** What `$percentile` and `$median` are asked: the input, and which shares of the values lie below. */
export interface Quantiles {
  readonly input: Value;
  readonly shares: readonly number[];
  readonly isSingle: boolean;
}

/**
 * Gathers numbers and gives the values below which the shares lie
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/percentile/). MongoDB's method is
 * `approximate`; the values given are those it approximates, members of the input.
 */
export class Percentile implements Accumulator {
  private readonly shares: readonly number[];
  private readonly isSingle: boolean;
  private numbers: number[] = [];
  private isSorted = true;

  constructor(shares: readonly number[], isSingle: boolean) {
    this.shares = shares;
    this.isSingle = isSingle;
  }

  add(value: Value): void {
    if (!isNumber(value)) return;
    const number = toNumber(value);
    if (Number.isNaN(number)) return;
    this.numbers.push(number);
    this.isSorted = false;
  }

  result(): Value {
    if (!this.isSorted) this.numbers = [...Float64Array.from(this.numbers).sort()];
    this.isSorted = true;
    const found = this.shares.map((share) => this.at(share));
    return this.isSingle ? found[0] : found;
  }

  private at(share: number): Value {
    const { length } = this.numbers;
    if (length === 0) return null;
    const rank = share >= 1 ? length - 1 : Math.max(0, Math.ceil(length * share) - 1);
    return new Double(this.numbers[rank] ?? Number.NaN);
  }
}

/**
 * Reads `{input, p, method}` or `{input, method}`. Throws 7429703 (`$percentile`) or 7436100 (`$median`)
 * for another shape, 40414 and 40415 for fields, 2 for the method, 7750300 to 7750303 for the shares.
 */
export function readQuantiles(operand: Value, name: string, compile: Compile): Quantiles {
  const isMedian = name === '$median';
  if (!isDoc(operand)) {
    throw mongoError(isMedian ? 7436100 : 7429703, `specification must be an object; found ${show(operand)}`);
  }
  const fields = isMedian ? ['input', 'method'] : ['input', 'p', 'method'];
  for (const field of namesOf(operand)) {
    if (!fields.includes(field))
      throw mongoError(40415, `BSON field '${name}.${field}' is an unknown field.`);
  }
  for (const field of fields) {
    if (!Object.hasOwn(operand, field))
      throw mongoError(40414, `BSON field '${name}.${field}' is missing but a required field`);
  }
  checkMethod(operand, name);
  const shares = isMedian ? [0.5] : readShares(operand['p'], compile);
  return { input: operand['input'], shares, isSingle: isMedian };
}

function checkMethod(operand: Doc, name: string): void {
  const method = operand['method'];
  if (typeof method !== 'string') {
    throw mongoError(
      14,
      `BSON field '${name}.method' is the wrong type '${typeName(method)}', expected type 'string'`,
    );
  }
  if (method !== 'approximate')
    throw mongoError(2, "Currently only 'approximate' can be used as percentile 'method'.");
}

function readShares(operand: Value, compile: Compile): number[] {
  const constant = constantOf(compile(operand));
  if (constant === undefined) {
    throw mongoError(
      7750300,
      `The $percentile 'p' field must be an array of constant values, but found value: ${show(operand)}.`,
    );
  }
  const values = constant.value;
  const wanted = "The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ";
  if (!Array.isArray(values) || values.length === 0) throw mongoError(7750301, wanted + show(values));
  return values.map((value: Value) => {
    if (!isNumber(value)) throw mongoError(7750302, wanted + show(value));
    const share = toNumber(value);
    if (!(share >= 0 && share <= 1)) throw mongoError(7750303, wanted + String(share));
    return share;
  });
}
