/** A few values of an array, and its percentiles, in expressions. */
import { Double } from 'bson';
import { ExtremeN, FirstN, LastN } from '../aggregate/accumulators-n.ts';
import { Percentile, readQuantiles } from '../aggregate/percentile.ts';
import type { Accumulator } from '../aggregate/sum.ts';
import { mongoError } from '../errors.ts';
import { isNumber, toNumber, type Value } from '../value.ts';
import { readInputAndN, readN } from './input-and-n.ts';
import type { Compiler, Evaluate, Operator, Operators } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/firstN/ and its siblings. */
export const FEW: Operators = [
  ['$firstN', few(5787801, (n) => new FirstN(n))],
  ['$lastN', few(5787801, (n) => new LastN(n))],
  ['$minN', few(5787900, (n) => new ExtremeN(n, 'least'))],
  ['$maxN', few(5787900, (n) => new ExtremeN(n, 'greatest'))],
  ['$percentile', quantiles],
  ['$median', quantiles],
];

/** `{input, n}` over an array; throws 5788200 for any other input. */
function few(shapeCode: number, make: (n: number) => Accumulator): Operator {
  return (operand, compiler) => {
    const parts = readInputAndN(operand, shapeCode);
    const [count, input] = [compiler.compile(parts.n), compiler.compile(parts.input)];
    return (scope) => {
      const accumulator = make(readN(count(scope)));
      const array = input(scope);
      if (!Array.isArray(array)) throw mongoError(5788200, 'Input must be an array');
      for (const item of array) accumulator.add(item);
      return accumulator.result();
    };
  };
}

/** Over the numbers of an array, or of one number. */
function quantiles(operand: Value, compiler: Compiler, name: string): Evaluate {
  const { input, shares, isSingle } = readQuantiles(operand, name, (part) => {
    const evaluate = compiler.compile(part);
    return (root) => evaluate({ root, vars: undefined });
  });
  const evaluate = compiler.compile(input);
  return (scope) => {
    const value = evaluate(scope);
    if (isNumber(value)) {
      const same = new Double(toNumber(value));
      return isSingle ? same : shares.map(() => same);
    }
    const percentile = new Percentile(shares, isSingle);
    if (Array.isArray(value)) for (const item of value) percentile.add(item);
    return percentile.result();
  };
}
