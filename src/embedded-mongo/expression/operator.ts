/** What an aggregation expression operator is, and how its arguments are read. */
import { UNDEFINED } from '../bson/deprecated.ts';
import { mongoError } from '../errors.ts';
import { type Doc, docWith, fieldOf, hasField, isDoc, namesOf, type Value } from '../value.ts';
import { argumentCodes } from './argument-codes.ts';

/** Variables in force, innermost first. */
export interface Variables {
  readonly name: string;
  readonly value: Value;
  readonly outer: Variables | undefined;
}
/** What an expression is evaluated against: the whole document and the variables. */
export interface Scope {
  readonly root: Value;
  readonly vars: Variables | undefined;
}
/** A compiled expression; `undefined` is a missing value. */
export type Evaluate = (scope: Scope) => Value;

/** Compiles parts of an operator; `knowing` also allows some more variables. */
export interface Compiler {
  compile(expression: Value): Evaluate;
  knowing(names: readonly string[]): Compiler;
}
/** Builds an operator from its operand. */
export type Operator = (operand: Value, compiler: Compiler, name: string) => Evaluate;
/** Named operators, as each module of operators lists them. */
export type Operators = readonly (readonly [string, Operator])[];

/** A scope with one more variable. */
export function bind(scope: Scope, name: string, value: Value): Scope {
  return { root: scope.root, vars: { name, value, outer: scope.vars } };
}

/** An operator of positional arguments, all evaluated before. Throws 16020 or 28667 for a wrong number. */
export function positional(
  least: number,
  most: number,
  apply: (args: readonly Value[], name: string) => Value,
): Operator {
  return (operand, compiler, name) => {
    const parts: readonly Value[] = Array.isArray(operand) ? operand : [operand];
    checkCount(name, parts.length, least, most);
    const evaluates = parts.map((part) => compiler.compile(part));
    const [first, second] = evaluates;
    if (first !== undefined && evaluates.length === 1) return (scope) => apply([first(scope)], name);
    if (first !== undefined && second !== undefined && evaluates.length === 2) {
      return (scope) => apply([first(scope), second(scope)], name);
    }
    return (scope) =>
      apply(
        evaluates.map((evaluate) => evaluate(scope)),
        name,
      );
  };
}

function checkCount(name: string, count: number, least: number, most: number): void {
  if (count >= least && count <= most) return;
  if (least === most) {
    throw mongoError(16020, `Expression ${name} takes exactly ${least} arguments. ${count} were passed in.`);
  }
  const limit = most === Number.POSITIVE_INFINITY ? '' : `, and at most ${most}`;
  throw mongoError(
    28667,
    `Expression ${name} takes at least ${least} arguments${limit}, but ${count} were passed in.`,
  );
}

/** An operator of one argument that is null for null and missing. */
export function unary(apply: (value: Value, name: string) => Value): Operator {
  return positional(1, 1, ([value], name) => (isNullish(value) ? null : apply(value, name)));
}

/**
 * An operator of named arguments, all evaluated before; absent ones are `undefined`. Throws 9 for other
 * names.
 */
export function named(
  required: readonly string[],
  optional: readonly string[],
  apply: (args: Doc, name: string) => Value,
): Operator {
  return (operand, compiler, name) => {
    const parts = readNamed(operand, required, optional, name);
    const evaluates = namesOf(parts).map((key) => [key, compiler.compile(fieldOf(parts, key))] as const);
    return (scope) => apply(docWith(evaluates.map(([key, evaluate]) => [key, evaluate(scope)])), name);
  };
}

/** Checks the names of an operand document; throws the operator's own codes. */
export function readNamed(
  operand: Value,
  required: readonly string[],
  optional: readonly string[],
  name: string,
): Doc {
  const codes = argumentCodes(name);
  if (!isDoc(operand)) throw mongoError(codes.shape, `${name} only supports an object as its argument`);
  for (const key of namesOf(operand)) {
    if (!required.includes(key) && !optional.includes(key)) {
      throw mongoError(codes.unknown, `Unrecognized argument to ${name}: ${key}`);
    }
  }
  for (const key of required) {
    if (hasField(operand, key)) continue;
    throw mongoError(codes.missing.get(key) ?? 9, `Missing '${key}' parameter to ${name}`);
  }
  return operand;
}

/** Null, undefined or missing. */
export function isNullish(value: Value): value is null | undefined {
  return value === null || value === undefined || value === UNDEFINED;
}
