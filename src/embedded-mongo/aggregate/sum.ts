/** Sums and means over the four number types. */
import { Double, Int32, Long } from 'bson';
import { decimalFromDouble, writeDecimal } from '../decimal.ts';
import { addNumbers, divideDecimals, integer, toBigInt, toDecimal } from '../numeric.ts';
import { isNumber, TYPE, toNumber, typeCode, type Value } from '../value.ts';

/** Takes values one by one and gives the result at the end. */
export interface Accumulator {
  add(value: Value): void;
  result(): Value;
}

/** Two numbers up to here add up exactly in a double. */
const EXACT_LIMIT = 2 ** 52;

/** Sums exactly in integers and decimals and with a compensation term in doubles; others are passed over. */
export class Sum implements Accumulator {
  private small = 0;
  private large = 0n;
  private double = 0;
  private lost = 0;
  private decimal: Value;
  private widest: number = TYPE.int;
  count = 0;

  add(value: Value): void {
    if (value instanceof Int32) this.addSmall(value.value);
    else if (isNumber(value)) this.addOther(value);
    else return;
    this.count += 1;
  }

  private addSmall(number: number): void {
    this.small += number;
    if (Math.abs(this.small) <= EXACT_LIMIT) return;
    this.large += BigInt(this.small);
    this.small = 0;
  }

  private addOther(value: Value): void {
    const type = typeCode(value);
    if (type === TYPE.decimal) {
      this.widest = TYPE.decimal;
      this.decimal = this.decimal === undefined ? value : addNumbers(this.decimal, value);
    } else if (type === TYPE.double) {
      if (this.widest !== TYPE.decimal) this.widest = TYPE.double;
      this.addDouble(toNumber(value));
    } else {
      if (type === TYPE.long && this.widest === TYPE.int) this.widest = TYPE.long;
      const number = toNumber(value);
      if (Math.abs(number) <= EXACT_LIMIT) this.addSmall(number);
      else this.large += toBigInt(value);
    }
  }

  /** Neumaier's summation: keeps the bits that a double sum loses. */
  private addDouble(number: number): void {
    const sum = this.double + number;
    if (!Number.isFinite(sum)) {
      this.double = sum;
      this.lost = 0;
      return;
    }
    const isLarger = Math.abs(this.double) >= Math.abs(number);
    this.lost += isLarger ? this.double - sum + number : number - sum + this.double;
    this.double = sum;
  }

  /** The sum as a double. */
  asDouble(): number {
    const whole = this.large + BigInt(this.small);
    const near = Number(whole);
    if (!Number.isFinite(this.double)) return this.double;
    const total = new Sum();
    total.double = this.double;
    total.lost = this.lost;
    total.addDouble(near);
    return total.double + total.lost + Number(whole - BigInt(near));
  }

  /** The sum as a decimal, when a decimal was among the values. */
  asDecimal(): Value | undefined {
    if (this.decimal === undefined) return undefined;
    const whole = this.large + BigInt(this.small);
    const integers = writeDecimal(whole < 0n, whole < 0n ? -whole : whole, 0);
    const doubles = this.double + this.lost;
    const sum = addNumbers(this.decimal, integers);
    return doubles === 0 ? sum : addNumbers(sum, decimalFromDouble(doubles));
  }

  result(): Value {
    if (this.widest === TYPE.decimal) return this.asDecimal();
    if (this.widest === TYPE.double) return new Double(this.asDouble());
    const whole = this.large + BigInt(this.small);
    return integer(whole, this.widest) ?? new Double(Number(whole));
  }
}

/** The mean of the numbers; null without any. */
export class Average implements Accumulator {
  private readonly sum = new Sum();

  add(value: Value): void {
    this.sum.add(value);
  }

  result(): Value {
    if (this.sum.count === 0) return null;
    const decimal = this.sum.asDecimal();
    if (decimal !== undefined)
      return divideDecimals(toDecimal(decimal), toDecimal(Long.fromNumber(this.sum.count)));
    return new Double(this.sum.asDouble() / this.sum.count);
  }
}
