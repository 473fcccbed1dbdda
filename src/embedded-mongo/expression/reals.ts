/** Roots, powers, logarithms and angles in expressions: doubles, and decimals where one comes in. */
import { Decimal128, Double, Int32 } from 'bson';
import { infiniteDecimal, nanDecimal, readDecimal, writeDecimal } from '../decimal.ts';
import { DECIMAL_FUNCTIONS, decimalArcTangent2, decimalPower } from '../decimal-functions.ts';
import { mongoError } from '../errors.ts';
import { compareValues } from '../key.ts';
import { divideDecimals, integer, multiplyNumbers, toBigInt, toDecimal, widerType } from '../numeric.ts';
import { show } from '../show.ts';
import { isDoc, isNumber, namesOf, TYPE, toNumber, typeName, type Value } from '../value.ts';
import { isNullish, type Operator, type Operators, positional, unary } from './operator.ts';

const [NONE, ONE, MINUS_ONE] = [new Int32(0), new Int32(1), new Int32(-1)];

/** The numbers a function is defined for, and the error for the others. */
interface Domain {
  readonly holds: (value: Value) => boolean;
  readonly code: number;
  readonly message: (shown: string) => string;
}

/**
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/#arithmetic-expression-operators
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/#trigonometry-expression-operators
 */
export const REALS: Operators = [
  ['$sqrt', real(Math.sqrt, required(28714, isNotNegative, 'must be greater than or equal to 0'))],
  ['$exp', real(Math.exp)],
  ['$ln', real(Math.log, required(28766, isPositive, 'must be a positive number', '$ln'))],
  ['$log10', real(Math.log10, required(28761, isPositive, 'must be a positive number', '$log10'))],
  ['$log', positional(2, 2, ([value, base]) => logarithm(value, base))],
  ['$pow', positional(2, 2, ([base, exponent]) => power(base, exponent))],
  [
    '$sin',
    real(
      Math.sin,
      within('$sin', '(-inf,inf)', (x) => !isInfinite(x)),
    ),
  ],
  [
    '$cos',
    real(
      Math.cos,
      within('$cos', '(-inf,inf)', (x) => !isInfinite(x)),
    ),
  ],
  [
    '$tan',
    real(
      Math.tan,
      within('$tan', '(-inf,inf)', (x) => !isInfinite(x)),
    ),
  ],
  ['$asin', real(Math.asin, within('$asin', '[-1,1]', isOfUnit))],
  ['$acos', real(Math.acos, within('$acos', '[-1,1]', isOfUnit))],
  ['$atan', real(Math.atan)],
  ['$atan2', positional(2, 2, ([y, x]) => arcTangent2(y, x))],
  ['$sinh', real(Math.sinh)],
  ['$cosh', real(Math.cosh)],
  ['$tanh', real(Math.tanh)],
  ['$asinh', real(Math.asinh)],
  [
    '$acosh',
    real(
      Math.acosh,
      within('$acosh', '[1,inf]', (x) => compareValues(x, ONE) >= 0),
    ),
  ],
  ['$atanh', real(Math.atanh, within('$atanh', '[-1,1]', isOfUnit))],
  ['$degreesToRadians', scaled(Math.PI / 180, '0.01745329251994329576923690768488613')],
  ['$radiansToDegrees', scaled(180 / Math.PI, '57.29577951308232087679815481410517')],
  ['$rand', randomNumber],
];

function required(code: number, holds: (value: Value) => boolean, rule: string, name = '$sqrt'): Domain {
  return { code, holds, message: (shown) => `${name}'s argument ${rule}, but is ${shown}` };
}

function within(name: string, range: string, holds: (value: Value) => boolean): Domain {
  return {
    code: 50989,
    holds,
    message: (shown) => `cannot apply ${name} to ${shown}, value must in ${range}`,
  };
}

function isOfUnit(value: Value): boolean {
  return compareValues(value, MINUS_ONE) >= 0 && compareValues(value, ONE) <= 0;
}

function isInfinite(value: Value): boolean {
  return value instanceof Decimal128
    ? readDecimal(value).kind === 'infinite'
    : !Number.isFinite(toNumber(value));
}

function real(compute: (x: number) => number, domain?: Domain): Operator {
  return unary((value, name) => {
    const x = realNumber(value, name);
    if (domain !== undefined && !Number.isNaN(x) && !domain.holds(value)) {
      throw mongoError(domain.code, domain.message(show(value)));
    }
    if (!(value instanceof Decimal128)) return new Double(compute(x));
    const decimal = readDecimal(value);
    const exactly = DECIMAL_FUNCTIONS[name];
    if (decimal.kind !== 'finite' || exactly === undefined) return decimalOf(compute(x), name);
    return exactly(decimal);
  });
}

/** What a function makes of no finite number, as a decimal. */
function decimalOf(limit: number, name: string): Decimal128 {
  if (Number.isNaN(limit)) return nanDecimal();
  if (!Number.isFinite(limit)) return infiniteDecimal(limit < 0);
  if (name === '$atan') return decimalArcTangent2(readDecimal(infiniteDecimal(limit < 0)), readDecimal(ZERO));
  return writeDecimal(limit < 0, BigInt(Math.abs(limit)), 0);
}

const ZERO = writeDecimal(false, 0n, 0);

function scaled(factor: number, decimalFactor: string): Operator {
  const exactly = Decimal128.fromString(decimalFactor);
  return unary((value, name) => {
    const x = realNumber(value, name);
    return value instanceof Decimal128 ? multiplyNumbers(value, exactly) : new Double(x * factor);
  });
}

function realNumber(value: Value, name: string): number {
  if (!isNumber(value))
    throw mongoError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
  return toNumber(value);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/rand/ */
function randomNumber(operand: Value): ReturnType<Operator> {
  const isEmpty = isDoc(operand)
    ? namesOf(operand).length === 0
    : Array.isArray(operand) && operand.length === 0;
  if (!isEmpty) throw mongoError(3040501, '$rand does not currently accept arguments');
  return () => new Double(Math.random());
}

function isPositive(value: Value): boolean {
  return compareValues(value, NONE) > 0;
}

function isNotNegative(value: Value): boolean {
  return compareValues(value, NONE) >= 0;
}

function isNotANumber(value: Value): boolean {
  return Number.isNaN(toNumber(value));
}

function logarithm(value: Value, base: Value): Value {
  if (isNullish(value) || isNullish(base)) return null;
  if (!isNumber(value)) {
    throw mongoError(28756, `$log's argument must be numeric, not ${typeName(value)}`);
  }
  if (!isNumber(base)) throw mongoError(28757, `$log's base must be numeric, not ${typeName(base)}`);
  if (!isPositive(value) && !isNotANumber(value)) {
    throw mongoError(28758, `$log's argument must be a positive number, but is ${show(value)}`);
  }
  if ((!isPositive(base) && !isNotANumber(base)) || compareValues(base, ONE) === 0) {
    throw mongoError(28759, `$log's base must be a positive number not equal to 1, but is ${show(base)}`);
  }
  const [x, b] = [toNumber(value), toNumber(base)];
  if (widerType(value, base) !== TYPE.decimal) return new Double(Math.log(x) / Math.log(b));
  return divideDecimals(decimalLog(value), decimalLog(base));
}

function decimalLog(value: Value): Decimal128 {
  const decimal = readDecimal(toDecimal(value));
  const natural = DECIMAL_FUNCTIONS['$ln'];
  if (decimal.kind !== 'finite' || natural === undefined) return toDecimal(value);
  return natural(decimal);
}

/**
 * Integers stay integers when the power is whole and fits, otherwise they become a double; a decimal makes
 * a decimal.
 */
function power(base: Value, exponent: Value): Value {
  if (isNullish(base) || isNullish(exponent)) return null;
  if (!isNumber(base)) throw mongoError(28762, `$pow's base must be numeric, not ${typeName(base)}`);
  if (!isNumber(exponent))
    throw mongoError(28763, `$pow's exponent must be numeric, not ${typeName(exponent)}`);
  const [b, e] = [toNumber(base), toNumber(exponent)];
  if (b === 0 && e < 0) throw mongoError(28764, '$pow cannot take a base of 0 and a negative exponent');
  const type = widerType(base, exponent);
  if (type === TYPE.decimal) return powerOfDecimals(toDecimal(base), toDecimal(exponent));
  const exact = type === TYPE.double ? undefined : wholePower(base, exponent);
  return exact === undefined ? new Double(b ** e) : (integer(exact, type) ?? new Double(b ** e));
}

/** The power of integers that is an integer of some 64 bits; `undefined` for the others. */
function wholePower(base: Value, exponent: Value): bigint | undefined {
  const [b, e] = [toBigInt(base), toBigInt(exponent)];
  if (b === 1n || b === -1n) return b === 1n || e % 2n === 0n ? 1n : -1n;
  return e >= 0n && Math.abs(Number(b)) ** Number(e) < 2 ** 64 ? b ** e : undefined;
}

function powerOfDecimals(base: Decimal128, exponent: Decimal128): Decimal128 {
  const b = readDecimal(base);
  const e = readDecimal(exponent);
  if (b.kind === 'finite' && e.kind === 'finite') return decimalPower(b, e);
  return decimalOf(toNumber(base) ** toNumber(exponent), '$pow');
}

function arcTangent2(y: Value, x: Value): Value {
  if (isNullish(y) || isNullish(x)) return null;
  if (!isNumber(y)) throw mongoError(51044, `$atan2 only supports numeric types, not ${typeName(y)}`);
  if (!isNumber(x)) throw mongoError(51045, `$atan2 only supports numeric types, not ${typeName(x)}`);
  if (widerType(y, x) !== TYPE.decimal) return new Double(Math.atan2(toNumber(y), toNumber(x)));
  return decimalArcTangent2(readDecimal(toDecimal(y)), readDecimal(toDecimal(x)));
}
