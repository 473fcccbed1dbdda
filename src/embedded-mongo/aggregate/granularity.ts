/** Rounds the boundaries of `$bucketAuto` to powers of two or to a series of preferred numbers. */
import { Decimal128, Double, Int32 } from 'bson';
import { mongoError } from '../errors.ts';
import { compareValues } from '../key.ts';
import { divideDecimals, integer, multiplyNumbers, toBigInt, toDecimal } from '../numeric.ts';
import { TYPE, toNumber, typeCode, type Value } from '../value.ts';
import { SERIES } from './granularity-series.ts';

/** Rounds a number that is not negative to the next step above it, and to the next below it. */
export interface Rounder {
  up(value: Value): Value;
  down(value: Value): Value;
}

/** The rounder named; throws 40257 for an unknown name. */
export function rounderNamed(name: string): Rounder {
  if (name === 'POWERSOF2') return { up: powerAbove, down: powerBelow };
  const series = SERIES.get(name);
  if (series === undefined) throw mongoError(40257, `Unknown rounding granularity '${name}'`);
  return { up: (value) => stepAbove(value, series), down: (value) => stepBelow(value, series) };
}

function powerAbove(value: Value): Value {
  if (toNumber(value) === 0) return value;
  if (isWhole(value)) return twoTo(toBigInt(value).toString(2).length);
  return realPower(value, Math.floor(Math.log2(toNumber(value))) + 1);
}

function powerBelow(value: Value): Value {
  if (toNumber(value) === 0) return value;
  if (isWhole(value)) {
    const whole = toBigInt(value);
    const isPower = (whole & (whole - 1n)) === 0n;
    return twoTo(whole.toString(2).length - 1 - (isPower ? 1 : 0));
  }
  return realPower(value, Math.ceil(Math.log2(toNumber(value))) - 1);
}

function isWhole(value: Value): boolean {
  return typeCode(value) === TYPE.int || typeCode(value) === TYPE.long;
}

/** `{$pow: [2, exponent]}` of an int: whole where it can be. */
function twoTo(exponent: number): Value {
  if (exponent < 0) return new Double(2 ** exponent);
  return integer(2n ** BigInt(exponent)) ?? new Double(2 ** exponent);
}

/** A double's exponent is an int, so that its power is whole; a decimal's power is a decimal. */
function realPower(value: Value, exponent: number): Value {
  if (!(value instanceof Decimal128)) return twoTo(exponent);
  const one = new Int32(1);
  const power = toDecimal(integer(2n ** BigInt(Math.abs(exponent))) ?? one);
  return exponent < 0 ? divideDecimals(toDecimal(one), power) : power;
}

/** Arithmetic in the type of the value: doubles, or decimals for a decimal. */
interface Scale {
  at(step: number): Value;
  grow(): void;
  shrink(): void;
}

function scaleOf(value: Value): Scale {
  if (value instanceof Decimal128) {
    const ten = Decimal128.fromString('10');
    let factor: Value = Decimal128.fromString('1');
    return {
      at: (step) => multiplyNumbers(toDecimal(new Int32(step)), factor),
      grow: () => {
        factor = multiplyNumbers(factor, ten);
      },
      shrink: () => {
        factor = divideDecimals(toDecimal(factor), ten);
      },
    };
  }
  let factor = 1;
  return {
    at: (step) => new Double(step * factor),
    grow: () => {
      factor *= 10;
    },
    shrink: () => {
      factor /= 10;
    },
  };
}

/** The least number of the series, in any decade, above the value; infinity stays. */
function stepAbove(value: Value, series: readonly number[]): Value {
  const number = toNumber(value);
  if (number === 0 || number === Infinity) return value;
  const [least, greatest] = [series[0] ?? 1, series.at(-1) ?? 1];
  const scale = scaleOf(value);
  while (compareValues(value, scale.at(greatest)) >= 0) scale.grow();
  while (compareValues(value, scale.at(least)) < 0) {
    const above = scale.at(least);
    scale.shrink();
    if (compareValues(value, scale.at(greatest)) >= 0) return above;
  }
  const found = series.find((step) => compareValues(value, scale.at(step)) < 0);
  return scale.at(found ?? greatest);
}

/** The greatest number of the series, in any decade, below the value; infinity stays. */
function stepBelow(value: Value, series: readonly number[]): Value {
  const number = toNumber(value);
  if (number === 0 || number === Infinity) return value;
  const [least, greatest] = [series[0] ?? 1, series.at(-1) ?? 1];
  const scale = scaleOf(value);
  while (compareValues(value, scale.at(least)) <= 0) scale.shrink();
  while (compareValues(value, scale.at(greatest)) > 0) {
    const below = scale.at(greatest);
    scale.grow();
    if (compareValues(value, scale.at(least)) <= 0) return below;
  }
  const found = series.findLast((step) => compareValues(scale.at(step), value) < 0);
  return scale.at(found ?? least);
}
