/** Comparisons, logic and choices in expressions. */
import { Int32 } from 'bson';
import { mongoError } from '../errors.ts';
import { compareValues, equalValues } from '../key.ts';
import { fieldOf, hasField, isDoc, isTruthy, namesOf, type Value } from '../value.ts';
import { bind, isNullish, type Operator, type Operators, positional, readNamed } from './operator.ts';

/**
 * Over the total order of all types; missing is below null
 * (https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/).
 */
export const CONDITIONS: Operators = [
  ['$eq', positional(2, 2, ([a, b]) => equalValues(a, b))],
  ['$ne', positional(2, 2, ([a, b]) => !equalValues(a, b))],
  ['$gt', positional(2, 2, ([a, b]) => compareValues(a, b) > 0)],
  ['$gte', positional(2, 2, ([a, b]) => compareValues(a, b) >= 0)],
  ['$lt', positional(2, 2, ([a, b]) => compareValues(a, b) < 0)],
  ['$lte', positional(2, 2, ([a, b]) => compareValues(a, b) <= 0)],
  ['$cmp', positional(2, 2, ([a, b]) => new Int32(compareValues(a, b)))],
  ['$and', junction(false)],
  ['$or', junction(true)],
  ['$not', positional(1, 1, ([value]) => !isTruthy(value))],
  ['$cond', condition],
  ['$ifNull', firstNotNull],
  ['$switch', choice],
  ['$literal', (operand) => () => operand],
  ['$const', (operand) => () => operand],
  ['$let', letIn],
];

/** Stops at the first value that decides. */
function junction(deciding: boolean): Operator {
  return (operand, compiler) => {
    const parts = (Array.isArray(operand) ? operand : [operand]).map((part: Value) => compiler.compile(part));
    return (scope) => (parts.some((part) => isTruthy(part(scope)) === deciding) ? deciding : !deciding);
  };
}

function condition(operand: Value, { compile }: Parameters<Operator>[1], name: string): ReturnType<Operator> {
  let parts: readonly Value[];
  if (isDoc(operand)) {
    for (const key of namesOf(operand)) {
      if (!['if', 'then', 'else'].includes(key))
        throw mongoError(17083, `Unrecognized parameter to $cond: ${key}`);
    }
    for (const [key, code] of [
      ['if', 17080],
      ['then', 17081],
      ['else', 17082],
    ] as const) {
      if (!hasField(operand, key)) throw mongoError(code, `Missing '${key}' parameter to $cond`);
    }
    parts = [operand['if'], operand['then'], operand['else']];
  } else {
    parts = Array.isArray(operand) ? operand : [operand];
    if (parts.length !== 3) {
      throw mongoError(
        16020,
        `Expression ${name} takes exactly 3 arguments. ${parts.length} were passed in.`,
      );
    }
  }
  const [test, yes, no] = [compile(parts[0]), compile(parts[1]), compile(parts[2])];
  return (scope) => (isTruthy(test(scope)) ? yes(scope) : no(scope));
}

function firstNotNull(operand: Value, { compile }: Parameters<Operator>[1]): ReturnType<Operator> {
  const parts = Array.isArray(operand) ? operand : [operand];
  if (parts.length < 2)
    throw mongoError(1257300, `$ifNull needs at least two arguments, had: ${parts.length}`);
  const evaluates = parts.map((part: Value) => compile(part));
  return (scope) => {
    let value: Value;
    for (const evaluate of evaluates) {
      value = evaluate(scope);
      if (!isNullish(value)) return value;
    }
    return value;
  };
}

function choice(operand: Value, { compile }: Parameters<Operator>[1]): ReturnType<Operator> {
  if (!isDoc(operand)) throw mongoError(40060, '$switch requires an object as an argument');
  for (const key of namesOf(operand)) {
    if (key !== 'branches' && key !== 'default') {
      throw mongoError(40067, `$switch found an unknown argument: ${key}`);
    }
  }
  const branches = operand['branches'];
  if (!Array.isArray(branches)) throw mongoError(40061, "$switch expected an array for 'branches'");
  if (branches.length === 0) throw mongoError(40068, '$switch requires at least one branch');
  const cases = branches.map((branch: Value) => {
    if (!isDoc(branch)) throw mongoError(40062, '$switch expected each branch to be an object');
    for (const key of namesOf(branch)) {
      if (key !== 'case' && key !== 'then')
        throw mongoError(40063, `$switch found an unknown argument to a branch: ${key}`);
    }
    if (!Object.hasOwn(branch, 'case'))
      throw mongoError(40064, "$switch requires each branch have a 'case' expression");
    if (!Object.hasOwn(branch, 'then'))
      throw mongoError(40065, "$switch requires each branch have a 'then' expression.");
    return { when: compile(branch['case']), answer: compile(branch['then']) };
  });
  const otherwise = Object.hasOwn(operand, 'default') ? compile(operand['default']) : undefined;
  return (scope) => {
    const found = cases.find((each) => isTruthy(each.when(scope)));
    if (found !== undefined) return found.answer(scope);
    if (otherwise !== undefined) return otherwise(scope);
    throw mongoError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
}

function letIn(operand: Value, compiler: Parameters<Operator>[1], name: string): ReturnType<Operator> {
  const parts = readNamed(operand, ['vars', 'in'], [], name);
  const vars = parts['vars'];
  if (!isDoc(vars)) throw mongoError(10065, 'invalid parameter: expected an object (vars)');
  const names = namesOf(vars);
  for (const each of names) checkUserVariable(each);
  const values = names.map((each) => [each, compiler.compile(fieldOf(vars, each))] as const);
  const body = compiler.knowing(names).compile(parts['in']);
  return (scope) => {
    let inner = scope;
    for (const [each, evaluate] of values) inner = bind(inner, each, evaluate(scope));
    return body(inner);
  };
}

/** User variables start with a lower-case letter; only CURRENT may be bound besides. */
export function checkUserVariable(name: string): void {
  if (name === '') throw mongoError(9, 'empty variable names are not allowed');
  if (name === 'CURRENT') return;
  if (!/^[a-z\u0080-\uffff]/.test(name)) {
    throw mongoError(9, `'${name}' starts with an invalid character for a user variable name`);
  }
  checkVariableCharacters(name);
}

/** Letters, digits, the underscore and everything beyond ASCII. */
export function checkVariableCharacters(name: string): void {
  const bad = /[^\w\u0080-\uffff]/.exec(name)?.[0];
  if (bad === undefined) return;
  throw mongoError(9, `'${name}' contains an invalid character for a variable name: '${bad}'`);
}
