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
  [
    '$unsetField',
    (operand, compiler, name) =>
      setFieldOf({ ...(isDoc(operand) ? operand : {}), value: '$$REMOVE' }, compiler, name),
  ],
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

/** A field's name: constant text, or `{$literal: text}`. */
function constantName(operand: Value, name: string): string {
  const text = isDoc(operand) && namesOf(operand).join() === '$literal' ? operand['$literal'] : operand;
  if (typeof text !== 'string' || (text === operand && text.startsWith('$'))) {
    throw mongoError(5654602, `${name} requires 'field' to evaluate to a constant, type string`);
  }
  if (text.includes('\0')) throw mongoError(16411, "FieldPath field names may not contain '\0'.");
  return text;
}

function getField(operand: Value, compiler: Compiler, name: string): Evaluate {
  const isShort = !isDoc(operand) || namesOf(operand)[0]?.startsWith('$') === true;
  const parts = isShort
    ? { field: operand, input: '$$CURRENT' }
    : readNamed(operand, ['field', 'input'], [], name);
  const field = constantName(parts['field'], name);
  const input = compiler.compile(parts['input']);
  return (scope) => {
    const value = input(scope);
    if (isDoc(value)) return fieldOf(value, field);
    return value === null ? null : undefined;
  };
}

function setFieldOf(operand: Value, compiler: Compiler, name: string): Evaluate {
  const parts = readNamed(operand, ['field', 'input', 'value'], [], name);
  const field = constantName(parts['field'], name);
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
