/** Expressions that run another expression over the elements of an array. */
import { mongoError } from '../errors.ts';
import { isTruthy, typeName, type Value, wholeNumber } from '../value.ts';
import { checkUserVariable } from './conditions.ts';
import { bind, type Compiler, type Evaluate, isNullish, type Operators, readNamed } from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#array-expression-operators */
export const ITERATIONS: Operators = [
  ['$map', map],
  ['$filter', filter],
  ['$reduce', reduce],
  ['$zip', zip],
];

function elementName(as: Value): string {
  if (as === undefined) return 'this';
  if (typeof as !== 'string') throw mongoError(9, 'empty variable names are not allowed');
  checkUserVariable(as);
  return as;
}

function map(operand: Value, compiler: Compiler, name: string): Evaluate {
  const parts = readNamed(operand, ['input', 'in'], ['as'], name);
  const as = elementName(parts['as']);
  const input = compiler.compile(parts['input']);
  const body = compiler.knowing([as]).compile(parts['in']);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array))
      throw mongoError(16883, `input to $map must be an array not ${typeName(array)}`);
    return array.map((item: Value) => body(bind(scope, as, item)) ?? null);
  };
}

function filter(operand: Value, compiler: Compiler, name: string): Evaluate {
  const parts = readNamed(operand, ['input', 'cond'], ['as', 'limit'], name);
  const as = elementName(parts['as']);
  const input = compiler.compile(parts['input']);
  const cond = compiler.knowing([as]).compile(parts['cond']);
  const limit = compiler.compile(parts['limit'] ?? null);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array))
      throw mongoError(28651, `input to $filter must be an array not ${typeName(array)}`);
    const most = limitOf(limit(scope));
    const kept: Value[] = [];
    for (const item of array) {
      if (kept.length === most) break;
      if (isTruthy(cond(bind(scope, as, item)))) kept.push(item);
    }
    return kept;
  };
}

function limitOf(value: Value): number {
  if (isNullish(value)) return Number.POSITIVE_INFINITY;
  const number = wholeNumber(value);
  if (number === undefined)
    throw mongoError(327391, '$filter: limit must be represented as a 32-bit integral value');
  if (number <= 0) throw mongoError(327392, `$filter: limit must be greater than 0: ${number}`);
  return number;
}

function reduce(operand: Value, compiler: Compiler, name: string): Evaluate {
  const parts = readNamed(operand, ['input', 'initialValue', 'in'], [], name);
  const input = compiler.compile(parts['input']);
  const initial = compiler.compile(parts['initialValue']);
  const body = compiler.knowing(['this', 'value']).compile(parts['in']);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    if (!Array.isArray(array)) {
      throw mongoError(40080, `$reduce requires that 'input' be an array, found: ${typeName(array)}`);
    }
    return array.reduce(
      (value: Value, item: Value) => body(bind(bind(scope, 'this', item), 'value', value)),
      initial(scope),
    );
  };
}

function zip(operand: Value, compiler: Compiler, name: string): Evaluate {
  const parts = readZip(operand, name);
  const inputs = parts.inputs.map((input) => compiler.compile(input));
  const defaults = parts.defaults.map((fill) => compiler.compile(fill));
  return (scope) => {
    const arrays: (readonly Value[])[] = [];
    for (const input of inputs) {
      const list = input(scope);
      if (isNullish(list)) return null;
      if (!Array.isArray(list))
        throw mongoError(34468, `$zip found a non-array expression in input: ${typeName(list)}`);
      arrays.push(list);
    }
    const lengths = arrays.map((list) => list.length);
    const length = parts.isLongest ? Math.max(...lengths) : Math.min(...lengths);
    const fills = defaults.map((fill) => fill(scope));
    return Array.from({ length }, (_, i) =>
      arrays.map((list, k) => (i < list.length ? list[i] : (fills[k] ?? null))),
    );
  };
}

interface Zip {
  readonly inputs: readonly Value[];
  readonly defaults: readonly Value[];
  readonly isLongest: boolean;
}

function readZip(operand: Value, name: string): Zip {
  const parts = readNamed(operand, ['inputs'], ['useLongestLength', 'defaults'], name);
  const [inputs, defaults, longest] = [parts['inputs'], parts['defaults'], parts['useLongestLength']];
  if (!Array.isArray(inputs))
    throw mongoError(34461, `inputs must be an array of expressions, found ${typeName(inputs)}`);
  if (defaults !== undefined && !Array.isArray(defaults))
    throw mongoError(34462, `defaults must be an array of expressions, found ${typeName(defaults)}`);
  if (longest !== undefined && typeof longest !== 'boolean')
    throw mongoError(34463, `useLongestLength must be a bool, found ${typeName(longest)}`);
  if (inputs.length === 0) throw mongoError(34465, '$zip requires at least one input array');
  if (defaults !== undefined && defaults.length > 0) {
    if (longest !== true) throw mongoError(34466, 'cannot specify defaults unless useLongestLength is true');
    if (defaults.length !== inputs.length)
      throw mongoError(34467, 'defaults and inputs must have the same length');
  }
  return { inputs, defaults: defaults ?? [], isLongest: longest === true };
}
