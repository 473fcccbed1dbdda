/** Documents in expressions: merging, and fields with names no path can say. */
import { mongoError } from '../errors.ts';
import {
  copyDoc,
  type Doc,
  fieldOf,
  isDoc,
  namesOf,
  removeField,
  setField,
  typeName,
  type Value,
} from '../value.ts';
import {
  type Compiler,
  type Evaluate,
  isNullish,
  type Operators,
  positional,
  readNamed,
} from './operator.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#object-expression-operators */
export const OBJECTS: Operators = [
  [
    '$mergeObjects',
    positional(0, Number.POSITIVE_INFINITY, (args) =>
      merge(args.length === 1 && Array.isArray(args[0]) ? args[0] : args),
    ),
  ],
  ['$getField', getField],
  ['$setField', setFieldOf],
  ['$unsetField', unsetFieldOf],
];

/** Merges documents, later fields over earlier ones; null and missing count as empty. */
export function merge(docs: readonly Value[]): Doc {
  const result: Doc = {};
  for (const doc of docs) {
    if (isNullish(doc)) continue;
    if (!isDoc(doc)) {
      throw mongoError(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(doc)}`);
    }
    for (const name of namesOf(doc)) setField(result, name, fieldOf(doc, name));
  }
  return result;
}

/** Codes for a name that is a path, another expression, or a constant that is no text. */
type NameCodes = readonly [path: number, expression: number, constant: number];

/** A field's name: constant text, or `{$literal: text}`. */
function constantName(operand: Value, name: string, [path, expression, constant]: NameCodes): string {
  const literal = isDoc(operand) ? literalOf(operand) : undefined;
  if (literal === undefined && (isDoc(operand) || Array.isArray(operand))) {
    throw mongoError(expression, `${name} requires 'field' to evaluate to a constant, got an expression`);
  }
  const text = literal === undefined ? operand : literal.value;
  if (typeof text !== 'string')
    throw mongoError(constant, `${name} requires 'field' to evaluate to type String, got ${typeName(text)}`);
  if (literal === undefined && text.startsWith('$')) {
    throw mongoError(
      path,
      `A field path reference which is not allowed in this context. Did you mean {$literal: '${text}'}?`,
    );
  }
  if (text.includes('\0')) throw mongoError(16411, "FieldPath field names may not contain '\0'.");
  return text;
}

function literalOf(operand: Doc): { readonly value: Value } | undefined {
  const [name, another] = namesOf(operand);
  if (another !== undefined || (name !== '$literal' && name !== '$const')) return undefined;
  return { value: fieldOf(operand, name) };
}

function getField(operand: Value, compiler: Compiler, name: string): Evaluate {
  const isShort = !isDoc(operand) || namesOf(operand)[0]?.startsWith('$') === true;
  const parts = isShort
    ? { field: operand, input: '$$CURRENT' }
    : readNamed(operand, ['field', 'input'], [], name);
  const field = constantName(parts['field'], name, [5654600, 5654601, 5654602]);
  const input = compiler.compile(parts['input']);
  return (scope) => {
    const value = input(scope);
    if (isDoc(value)) return fieldOf(value, field);
    return value === null ? null : undefined;
  };
}

function setFieldOf(operand: Value, compiler: Compiler, name: string): Evaluate {
  const parts = readNamed(operand, ['field', 'value', 'input'], [], name);
  const field = constantName(parts['field'], name, [4161108, 4161106, 4161107]);
  const input = compiler.compile(parts['input']);
  const value = compiler.compile(parts['value']);
  return (scope) => {
    const doc = input(scope);
    if (isNullish(doc)) return null;
    if (!isDoc(doc)) throw mongoError(4161105, `${name} requires 'input' to evaluate to type Object`);
    const copy = copyDoc(doc);
    const next = value(scope);
    if (next === undefined) removeField(copy, field);
    else setField(copy, field, next);
    return copy;
  };
}

function unsetFieldOf(operand: Value, compiler: Compiler, name: string): Evaluate {
  const parts = readNamed(operand, ['field', 'input'], [], name);
  return setFieldOf({ field: parts['field'], input: parts['input'], value: '$$REMOVE' }, compiler, name);
}
