/** Rounding of numbers in expressions. */
import { Decimal128, Double } from 'bson';
import { readDecimal, writeDecimal } from '../decimal.ts';
import { mongoError } from '../errors.ts';
import { integer, toBigInt } from '../numeric.ts';
import { show } from '../show.ts';
import { isNumber, TYPE, toNumber, typeCode, typeName, type Value, wholeNumber } from '../value.ts';
import { isNullish, type Operator, type Operators, positional, unary } from './operator.ts';

type RoundingRule = 'ceil' | 'floor' | 'trunc' | 'halfEven';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#arithmetic-expression-operators */
export const ROUNDING: Operators = [
  ['$ceil', unary((value, name) => roundTo(value, 0, 'ceil', name))],
  ['$floor', unary((value, name) => roundTo(value, 0, 'floor', name))],
  ['$round', placed('halfEven')],
  ['$trunc', placed('trunc')],
];

function placed(rule: RoundingRule): Operator {
  return positional(1, 2, ([value, place], name) => {
    if (isNullish(value) || place === null) return null;
    if (!isNumber(value))
      throw mongoError(51081, `${name} only supports numeric types, not ${typeName(value)}`);
    const digits = place === undefined ? 0 : wholeNumber(place);
    if (digits === undefined)
      throw mongoError(51082, `precision argument to  ${name} must be a integral value`);
    if (digits < -20 || digits > 100) {
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
      const rounded = integer(roundQuotient(whole, unit, rule) * unit, typeCode(value));
      if (rounded !== undefined) return rounded;
      throw mongoError(
        51080,
        `invalid conversion from Decimal128 result in ${name} resulting from arguments: ` +
          `[${show(value)}, ${place}]`,
      );
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
