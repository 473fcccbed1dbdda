/** Rounding, powers, roots, logarithms and angles in expressions. */
import { Decimal128, Double } from 'bson';
import { readDecimal, writeDecimal } from '../decimal.ts';
import { mongoError } from '../errors.ts';
import { integer, toBigInt, widerType } from '../numeric.ts';
import {
  isDoc,
  isNumber,
  namesOf,
  show,
  TYPE,
  toNumber,
  typeCode,
  typeName,
  type Value,
  wholeNumber,
} from '../value.ts';
import { isNullish, type Operator, type Operators, positional, unary } from './operator.ts';

type RoundingRule = 'ceil' | 'floor' | 'trunc' | 'halfEven';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#arithmetic-expression-operators */
export const ROUNDING: Operators = [
  ['$ceil', unary((value, name) => roundTo(value, 0, 'ceil', name))],
  ['$floor', unary((value, name) => roundTo(value, 0, 'floor', name))],
  ['$round', placed('halfEven')],
  ['$trunc', placed('trunc')],
  ['$sqrt', real(Math.sqrt, (x) => x >= 0, 28714, "$sqrt's argument must be greater than or equal to 0")],
  ['$exp', real(Math.exp)],
  ['$ln', real(Math.log, (x) => x > 0, 28766, "$ln's argument must be a positive number")],
  ['$log10', real(Math.log10, (x) => x > 0, 28761, "$log10's argument must be a positive number")],
  ['$log', positional(2, 2, ([value, base]) => logarithm(value, base))],
  ['$pow', positional(2, 2, ([base, exponent]) => power(base, exponent))],
  ['$sin', real(Math.sin)],
  ['$cos', real(Math.cos)],
  ['$tan', real(Math.tan)],
  ['$asin', real(Math.asin)],
  ['$acos', real(Math.acos)],
  ['$atan', real(Math.atan)],
  ['$sinh', real(Math.sinh)],
  ['$cosh', real(Math.cosh)],
  ['$tanh', real(Math.tanh)],
  ['$degreesToRadians', real((x) => (x * Math.PI) / 180)],
  ['$rand', randomNumber],
  ['$radiansToDegrees', real((x) => (x * 180) / Math.PI)],
];

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/rand/ */
function randomNumber(operand: Value): ReturnType<Operator> {
  const isEmpty = isDoc(operand)
    ? namesOf(operand).length === 0
    : Array.isArray(operand) && operand.length === 0;
  if (!isEmpty) throw mongoError(3040501, '$rand does not currently accept arguments');
  return () => new Double(Math.random());
}

/** A function of a real number; decimals are refused, since doubles could not answer exactly. */
function real(
  compute: (x: number) => number,
  isAllowed: (x: number) => boolean = () => true,
  code = 2,
  message = '',
): Operator {
  return unary((value, name) => {
    const x = realNumber(value, name);
    if (!Number.isNaN(x) && !isAllowed(x)) throw mongoError(code, `${message}, but is ${show(value)}`);
    return new Double(compute(x));
  });
}

function realNumber(value: Value, name: string): number {
  if (!isNumber(value))
    throw mongoError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
  if (value instanceof Decimal128) {
    throw mongoError(115, `${name} of a decimal is not supported by the embedded engine`);
  }
  return toNumber(value);
}

function placed(rule: RoundingRule): Operator {
  return positional(1, 2, ([value, place], name) => {
    if (isNullish(value) || place === null) return null;
    const digits = place === undefined ? 0 : wholeNumber(place);
    if (digits === undefined || digits < -20 || digits > 100) {
      throw mongoError(
        51083,
        `cannot apply ${name} with precision value ${show(place)} value must be in [-20, 100]`,
      );
    }
    return roundTo(value, digits, rule, name);
  });
}

function roundTo(value: Value, place: number, rule: RoundingRule, name: string): Value {
  switch (typeCode(value)) {
    case TYPE.int:
    case TYPE.long: {
      if (place >= 0) return value;
      const whole = toBigInt(value);
      const unit = 10n ** BigInt(-place);
      return integer(roundQuotient(whole, unit, rule) * unit, typeCode(value));
    }
    case TYPE.double:
      return new Double(roundDouble(toNumber(value), place, rule));
    case TYPE.decimal:
      return roundDecimal(value as Decimal128, place, rule);
    default:
      throw mongoError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
  }
}

/** value ÷ unit as a whole number by a rounding rule. */
function roundQuotient(value: bigint, unit: bigint, rule: RoundingRule): bigint {
  const quotient = value / unit;
  const rest = value % unit;
  if (rest === 0n || rule === 'trunc') return quotient;
  const away = value < 0n ? -1n : 1n;
  if (rule === 'ceil') return value > 0n ? quotient + 1n : quotient;
  if (rule === 'floor') return value < 0n ? quotient - 1n : quotient;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const isUp = twice > unit || (twice === unit && quotient % 2n !== 0n);
  return isUp ? quotient + away : quotient;
}

function roundDouble(value: number, place: number, rule: RoundingRule): number {
  if (!Number.isFinite(value)) return value;
  if (place === 0) {
    if (rule === 'ceil') return Math.ceil(value);
    if (rule === 'floor') return Math.floor(value);
    if (rule === 'trunc') return Math.trunc(value);
  }
  const rounded = roundDecimal(Decimal128.fromStringWithRounding(value.toString()), place, rule);
  return toNumber(rounded);
}

function roundDecimal(value: Decimal128, place: number, rule: RoundingRule): Decimal128 {
  const decimal = readDecimal(value);
  if (decimal.kind !== 'finite' || decimal.exponent >= -place) return value;
  const whole = decimal.negative ? -decimal.coefficient : decimal.coefficient;
  const rounded = roundQuotient(whole, 10n ** BigInt(-place - decimal.exponent), rule);
  return writeDecimal(decimal.negative, rounded < 0n ? -rounded : rounded, -place);
}

function logarithm(value: Value, base: Value): Value {
  if (isNullish(value) || isNullish(base)) return null;
  const x = realNumber(value, '$log');
  const b = realNumber(base, '$log');
  if (x <= 0) throw mongoError(28758, `$log's argument must be a positive number, but is ${show(value)}`);
  if (b <= 0 || b === 1) {
    throw mongoError(28759, `$log's base must be a positive number not equal to 1, but is ${show(base)}`);
  }
  return new Double(Math.log(x) / Math.log(b));
}

/** Integers stay integers when the power is whole and fits; otherwise a double. */
function power(base: Value, exponent: Value): Value {
  if (isNullish(base) || isNullish(exponent)) return null;
  if (!isNumber(base)) throw mongoError(28762, `$pow's base must be numeric, not ${typeName(base)}`);
  if (!isNumber(exponent))
    throw mongoError(28763, `$pow's exponent must be numeric, not ${typeName(exponent)}`);
  const [b, e] = [realNumber(base, '$pow'), realNumber(exponent, '$pow')];
  if (b === 0 && e < 0) throw mongoError(28764, '$pow cannot take a base of 0 and a negative exponent');
  const type = widerType(base, exponent);
  if (type !== TYPE.double && e >= 0 && Math.abs(b) ** e < 2 ** 64) {
    const exact = integer(toBigInt(base) ** toBigInt(exponent), type);
    if (exact !== undefined) return exact;
  }
  return new Double(b ** e);
}
