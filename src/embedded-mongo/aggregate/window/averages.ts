/** The window functions `$expMovingAvg`, `$covariancePop` and `$covarianceSamp`. */
import { Decimal128, Double, Int32, Long } from 'bson';
import { mongoError } from '../../errors.ts';
import { divide, multiply, subtract } from '../../expression/arithmetic.ts';
import { compileExpression } from '../../expression.ts';
import { addNumbers, divideDecimals, multiplyNumbers, subtractNumbers, toDecimal } from '../../numeric.ts';
import { show } from '../../show.ts';
import { type Doc, fieldOf, isDoc, isNumber, namesOf, toNumber, typeName, type Value } from '../../value.ts';
import { type Accumulator, Average, Sum } from '../sum.ts';
import type { WindowScope } from './bounds.ts';
import { atOnce, type WindowFunction } from './partition.ts';

/**
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/expMovingAvg/ — reckoned in decimals,
 * given as a double unless a decimal was among the values. Throws 9.
 */
export function readExpMovingAvg(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  const spec = fieldOf(statement, name);
  if (namesOf(statement).length !== 1 || !isDoc(spec))
    throw mongoError(9, '$expMovingAvg must have exactly one argument that is an object');
  if (namesOf(spec).length !== 2 || spec['input'] === undefined) {
    throw mongoError(
      9,
      "$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field " +
        "or an 'alpha' field",
    );
  }
  if (scope.sortBy === undefined) throw mongoError(9, "$expMovingAvg requires an explicit 'sortBy'");
  const evaluate = compileExpression(spec['input'], scope.variables);
  const alpha = readAlpha(spec);
  const rest = subtractNumbers(toDecimal(new Int32(1)), alpha);
  return (docs) => {
    let average: Value;
    let isDecimal = false;
    return atOnce((position) => {
      const value = evaluate(docs[position] ?? {});
      if (isNumber(value)) {
        if (value instanceof Decimal128) isDecimal = true;
        const decimal = toDecimal(value);
        average =
          average === undefined
            ? decimal
            : addNumbers(multiplyNumbers(decimal, alpha), multiplyNumbers(average, rest));
      }
      if (average === undefined) return null;
      return isDecimal ? average : new Double(toNumber(average));
    });
  };
}

function readAlpha(spec: Doc): Decimal128 {
  const { N: n, alpha } = { N: spec['N'], alpha: spec['alpha'] };
  if (n !== undefined) {
    if (!isNumber(n)) throw mongoError(9, `'N' field must be an integer, but found type ${typeName(n)}`);
    const number = toNumber(n);
    if (!Number.isInteger(number)) {
      throw mongoError(
        9,
        `'N' field must be an integer, but found  N: ${show(n)}. To use a non-integer, use the 'alpha' ` +
          'argument instead',
      );
    }
    if (number <= 0) throw mongoError(9, `'N' must be greater than zero. Got ${number}`);
    return divideDecimals(toDecimal(new Int32(2)), toDecimal(Long.fromNumber(number + 1)));
  }
  if (alpha === undefined) throw mongoError(9, 'Got unrecognized field in $expMovingAvg');
  if (!isNumber(alpha)) throw mongoError(9, "'alpha' must be a number");
  if (toNumber(alpha) > 0 && toNumber(alpha) < 1) return toDecimal(alpha);
  throw mongoError(9, `'alpha' must be between 0 and 1 (exclusive), found alpha: ${show(alpha)}`);
}

/**
 * The covariance of pairs of numbers by the running means; anything else is passed over
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/covariancePop/).
 */
export class Covariance implements Accumulator {
  private readonly isSample: boolean;
  private readonly meanX = new Average();
  private readonly meanY = new Average();
  private readonly sum = new Sum();
  private count = 0;

  constructor(isSample: boolean) {
    this.isSample = isSample;
  }

  add(pair: Value): void {
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(isNumber)) return;
    const [x, y] = pair;
    const numbers = [toNumber(x), toNumber(y)];
    if (!numbers.every(Number.isFinite)) {
      this.sum.add(notFinite(numbers, pair));
      return;
    }
    this.count += 1;
    const fromMean = subtract(x, this.meanX.result());
    this.meanX.add(x);
    this.meanY.add(y);
    this.sum.add(multiply([fromMean, subtract(y, this.meanY.result())]));
  }

  result(): Value {
    if (this.count === 1 && !this.isSample) return new Double(0);
    const divisor = this.isSample ? this.count - 1 : this.count;
    if (divisor <= 0) return null;
    const sum = this.sum.result();
    return sum instanceof Decimal128 ? divide(sum, new Double(divisor)) : new Double(toNumber(sum) / divisor);
  }
}

/** NaN where one is NaN or the two are infinite in different directions, else the infinity. */
function notFinite(numbers: readonly number[], pair: readonly Value[]): Value {
  const infinite = numbers.filter((number) => !Number.isFinite(number));
  const [first = Number.NaN] = infinite;
  const number = infinite.every((other) => other === first) ? first : Number.NaN;
  return pair.some((value) => value instanceof Decimal128)
    ? toDecimal(new Double(number))
    : new Double(number);
}
