/** Aggregation expressions: compiled once into closures over typed values. */
import { cameUpIn, MongoError, mongoError } from './errors.ts';
import { checkVariableCharacters } from './expression/conditions.ts';
import type { Compiler, Evaluate, Scope, Variables } from './expression/operator.ts';
import { OPERATORS, REFUSED_OPERATORS } from './expression/operators.ts';
import { refuseDollar } from './path.ts';
import { show } from './show.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, type Value } from './value.ts';

export type { Variables };

const SYSTEM_VARIABLES: readonly string[] = ['ROOT', 'CURRENT', 'REMOVE'];

/**
 * Compiles an expression (https://www.mongodb.com/docs/manual/reference/operator/aggregation/) into a
 * function
 * of the document, with the variables given (`NOW` among them). Throws 168 for an unknown operator, 17276 for
 * an unknown variable, 15983 for a document with an operator among other fields.
 */
export function compileExpression(expression: Value, variables?: Variables): (root: Doc) => Value {
  const evaluate = compileScoped(expression, variables);
  return (root) => evaluate(root, variables);
}

/** Like `compileExpression`, with variables bound anew at every run; those given now say which names there are. */
export function compileScoped(
  expression: Value,
  variables: Variables | undefined,
): (root: Value, bound: Variables | undefined) => Value {
  const known = new Set(SYSTEM_VARIABLES);
  for (let vars = variables; vars !== undefined; vars = vars.outer) known.add(vars.name);
  const evaluate = compilerOf(known).compile(expression);
  return (root, vars) => evaluate({ root, vars });
}

/** Nobody logs in, so nobody has a role. */
const WITHOUT_ROLES: Variables = { name: 'USER_ROLES', value: [], outer: undefined };

/** Variables for a run: the time of the statement and those of the command's `let`. */
export function variablesOf(now?: Date, vars: Doc = {}): Variables | undefined {
  let chain: Variables | undefined = WITHOUT_ROLES;
  if (now !== undefined) chain = { name: 'NOW', value: now, outer: chain };
  for (const name of namesOf(vars)) chain = { name, value: fieldOf(vars, name), outer: chain };
  return chain;
}

function compilerOf(known: ReadonlySet<string>): Compiler {
  const compiler: Compiler = {
    compile: (expression) => compile(expression, compiler, known),
    knowing: (names) => compilerOf(new Set([...known, ...names])),
  };
  return compiler;
}

function compile(expression: Value, compiler: Compiler, known: ReadonlySet<string>): Evaluate {
  if (typeof expression === 'string' && expression.startsWith('$')) return compilePath(expression, known);
  if (Array.isArray(expression)) {
    const items = expression.map((item: Value) => compiler.compile(item));
    return (scope) => items.map((item) => item(scope) ?? null);
  }
  if (!isDoc(expression)) return () => expression;
  const names = namesOf(expression);
  const operator = names.find((name) => name.startsWith('$'));
  if (operator === undefined) return compileObject(expression, compiler);
  if (names.length > 1) {
    throw mongoError(
      15983,
      `An object representing an expression must have exactly one field: ${show(expression)}`,
    );
  }
  const readsBefore = reads;
  const evaluate = operatorNamed(operator)(fieldOf(expression, operator), compiler, operator);
  if (VOLATILE.has(operator)) reads += 1;
  return reads === readsBefore ? folded(evaluate) : evaluate;
}

/** Counts what was compiled that is not the same at every run; where it stands still, all was constant. */
let reads = 0;
const VOLATILE = new Set(['$rand']);
/** Errors of expressions that were evaluated before there was a document. */
const OF_CONSTANTS = new WeakSet<MongoError>();

/** What reads nothing is evaluated once, and fails before any document does, as in MongoDB. */
function folded(evaluate: Evaluate): Evaluate {
  try {
    const value = evaluate({ root: {}, vars: undefined });
    return () => value;
  } catch (error) {
    if (error instanceof MongoError) {
      OF_CONSTANTS.add(error);
      error.origin ??= '';
    }
    throw error;
  }
}

/** Runs a compilation and says of its constants' errors where they came up. */
export function tellingOfConstants<T>(origin: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof MongoError) || !OF_CONSTANTS.delete(error)) throw error;
    delete error.origin;
    throw cameUpIn(origin, error);
  }
}

function operatorNamed(name: string) {
  const operator = OPERATORS.get(name);
  if (operator !== undefined) return operator;
  if (REFUSED_OPERATORS.has(name)) throw mongoError(115, `${name} is not supported by the embedded engine`);
  throw mongoError(168, `Unrecognized expression '${name}'`);
}

function compileObject(expression: Doc, compiler: Compiler): Evaluate {
  const fields = namesOf(expression).map((name) => {
    if (name.includes('.')) {
      throw mongoError(
        16412,
        `FieldPath field names may not contain '.'. Consider using $getField or $setField.`,
      );
    }
    return [name, compiler.compile(fieldOf(expression, name))] as const;
  });
  return (scope) => {
    const result: Doc = {};
    for (const [name, evaluate] of fields) {
      const value = evaluate(scope);
      if (value !== undefined) setField(result, name, value);
    }
    return result;
  };
}

/** `$a.b`, `$$name` or `$$name.a.b`. */
function compilePath(text: string, known: ReadonlySet<string>): Evaluate {
  const isVariable = text.startsWith('$$');
  const parts = text.slice(isVariable ? 2 : 1).split('.');
  if (text.includes('\0')) throw mongoError(16411, "FieldPath field names may not contain '\0'.");
  if (text === '$') throw mongoError(16872, "'$' by itself is not a valid FieldPath");
  checkParts(isVariable ? parts.slice(1) : parts);
  reads += 1;
  if (!isVariable) return (scope) => walk(currentOf(scope), parts, 0);
  const name = parts.shift() ?? '';
  checkVariable(name, known);
  if (name === 'REMOVE') return () => undefined;
  const start = readVariable(name);
  return parts.length === 0 ? start : (scope) => walk(start(scope), parts, 0);
}

function checkParts(parts: readonly string[]): void {
  if (parts.length > 1 && parts.at(-1) === '') throw mongoError(40353, "FieldPath must not end with a '.'.");
  for (const part of parts) {
    if (part === '') throw mongoError(15998, 'FieldPath field names may not be empty strings.');
    refuseDollar(part);
  }
}

function checkVariable(name: string, known: ReadonlySet<string>): void {
  if (name === '') throw mongoError(9, 'empty variable names are not allowed');
  if (!/^[A-Za-z\u0080-\uffff]/.test(name))
    throw mongoError(9, `'${name}' starts with an invalid character for a user variable name`);
  checkVariableCharacters(name);
  if (!known.has(name)) throw mongoError(17276, `Use of undefined variable: ${name}`);
}

function readVariable(name: string): Evaluate {
  if (name === 'ROOT') return (scope) => scope.root;
  if (name === 'CURRENT') return currentOf;
  return (scope) => lookUp(scope, name)?.value;
}

function currentOf(scope: Scope): Value {
  const bound = lookUp(scope, 'CURRENT');
  return bound === undefined ? scope.root : bound.value;
}

function lookUp(scope: Scope, name: string): Variables | undefined {
  for (let vars = scope.vars; vars !== undefined; vars = vars.outer) if (vars.name === name) return vars;
  return undefined;
}

/**
 * Fields by name through documents; over an array, of each element that is a document. Numbers are names
 * too.
 */
function walk(start: Value, parts: readonly string[], from: number): Value {
  let value = start;
  for (let i = from; i < parts.length; i++) {
    if (i > from && Array.isArray(value)) return walkArray(value, parts, i);
    value = isDoc(value) ? fieldOf(value, parts[i] ?? '') : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

function walkArray(array: readonly Value[], parts: readonly string[], from: number): Value[] {
  const found: Value[] = [];
  for (const element of array) {
    if (!isDoc(element)) continue;
    const value = walk(element, parts, from);
    if (value !== undefined) found.push(value);
  }
  return found;
}
