/** Reads the named arguments of operators that have codes of their own for what is wrong with them. */
import { mongoError } from '../errors.ts';
import { fieldOf, isDoc, namesOf, type Value } from '../value.ts';
import type { Compiler, Evaluate, Scope } from './operator.ts';

/** The codes an operator answers with, and the names it takes; required names carry their own code. */
export interface ArgumentRules {
  readonly shape: number;
  readonly unknown: number;
  readonly required: readonly (readonly [string, number])[];
  readonly optional: readonly string[];
}

/** Compiled arguments by name. */
export interface NamedArguments {
  has(name: string): boolean;
  /** The value of an argument; `undefined` when it is missing or not given. */
  value(name: string, scope: Scope): Value;
}

/** Compiles the arguments; throws by the rules' codes. */
export function readArguments(
  operand: Value,
  compiler: Compiler,
  operator: string,
  rules: ArgumentRules,
): NamedArguments {
  if (!isDoc(operand)) throw mongoError(rules.shape, `${operator} only supports an object as its argument`);
  const known = new Set([...rules.required.map(([name]) => name), ...rules.optional]);
  const evaluates = new Map<string, Evaluate>();
  for (const name of namesOf(operand)) {
    if (!known.has(name)) throw mongoError(rules.unknown, `Unrecognized argument to ${operator}: ${name}`);
    evaluates.set(name, compiler.compile(fieldOf(operand, name)));
  }
  for (const [name, code] of rules.required) {
    if (!evaluates.has(name)) throw mongoError(code, `Missing '${name}' parameter to ${operator}`);
  }
  return {
    has: (name) => evaluates.has(name),
    value: (name, scope) => evaluates.get(name)?.(scope),
  };
}
