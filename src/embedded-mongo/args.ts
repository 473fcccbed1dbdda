/** Reads the arguments of commands strictly: wrong types and unknown fields are errors, never ignored. */
import { mongoError } from './errors.ts';
import { type Doc, isDoc, isNumber, isTruthy, namesOf, toNumber, typeName, type Value } from './value.ts';

/** Fields any command may carry. */
const GENERIC = new Set([
  '$db',
  'lsid',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'txnNumber',
]);

/** Throws 40415 for a field that is neither the command's nor generic. */
export function checkFields(given: Doc, command: string, known: ReadonlySet<string>): void {
  for (const field of namesOf(given)) {
    if (field === command || known.has(field) || GENERIC.has(field)) continue;
    throw mongoError(40415, `BSON field '${command}.${field}' is an unknown field.`);
  }
}

/** Throws 40415 for an unknown field of an embedded document. */
export function checkOnly(given: Doc, where: string, known: readonly string[]): void {
  for (const field of namesOf(given)) {
    if (!known.includes(field))
      throw mongoError(40415, `BSON field '${where}.${field}' is an unknown field.`);
  }
}

export function docArg(value: Value, name: string): Doc {
  if (!isDoc(value)) throw wrongType(name, value, 'object');
  return value;
}

/** MongoDB's commands take null for an argument that is not given. */
export function optionalDoc(value: Value, name: string): Doc | undefined {
  return value === undefined || value === null ? undefined : docArg(value, name);
}

export function docsArg(value: Value, name: string): Doc[] {
  if (!Array.isArray(value)) throw wrongType(name, value, 'array');
  return value.map((item: Value, at) => docArg(item, `${name}.${at}`));
}

/** A pipeline, whose errors MongoDB words by themselves. */
export function pipelineArg(value: Value): Doc[] {
  if (!Array.isArray(value)) throw mongoError(14, "'pipeline' option must be specified as an array");
  return value.map((stage: Value) => {
    if (isDoc(stage)) return stage;
    throw mongoError(14, "Each element of the 'pipeline' array must be an object");
  });
}

export function stringArg(value: Value, name: string): string {
  if (typeof value !== 'string') throw wrongType(name, value, 'string');
  return value;
}

export function flagArg(value: Value, name: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean' && !isNumber(value)) throw wrongType(name, value, 'bool');
  return isTruthy(value);
}

/** A whole number not below zero, or undefined when it is not given. */
export function countArg(value: Value, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value)) throw wrongType(name, value, 'long');
  const number = toNumber(value);
  if (!Number.isSafeInteger(number)) throw mongoError(2, `'${name}' must be a whole number, not ${number}`);
  if (number < 0)
    throw mongoError(51024, `BSON field '${name}' value must be >= 0, actual value '${number}'`);
  return number;
}

/** A hint: an index name or a key pattern; an empty pattern is none. */
export function hintArg(value: Value): Value {
  if (value === undefined || typeof value === 'string') return value;
  if (!isDoc(value)) throw mongoError(9, 'Hint must be a string or an object');
  return namesOf(value).length === 0 ? undefined : value;
}

/** The error for a field of a wrong type (14). */
export function wrongType(name: string, value: Value, wanted: string): Error {
  return mongoError(
    14,
    `BSON field '${name}' is the wrong type '${typeName(value)}', expected type '${wanted}'`,
  );
}
