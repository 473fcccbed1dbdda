/** Reads the arguments of commands strictly: wrong types and unknown fields are errors, never ignored. */
import { Long } from 'bson';
import { MongoError, mongoError } from './errors.ts';
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
    throw mongoError(40415, `BSON field '${structOf(command)}.${field}' is an unknown field.`);
  }
}

/** Throws 40415 for an unknown field of an embedded document. */
export function checkOnly(given: Doc, where: string, known: readonly string[]): void {
  for (const field of namesOf(given)) {
    if (!known.includes(field))
      throw mongoError(40415, `BSON field '${where}.${field}' is an unknown field.`);
  }
}

/**
 * The error for an argument that is missing or of a wrong type. A name without a dot is the command's own
 * field: the answer tells it with the command's name before it.
 */
export class ArgumentError extends MongoError {
  readonly #field: string;
  readonly #rest: string;

  constructor(code: number, field: string, rest: string) {
    super(code, `BSON field '${field}' ${rest}`);
    this.name = 'ArgumentError';
    this.#field = field;
    this.#rest = rest;
  }

  /** The same error as the named command tells it. */
  of(command: string): MongoError {
    if (this.#field.includes('.')) return this;
    return mongoError(this.code, `BSON field '${structOf(command)}.${this.#field}' ${this.#rest}`);
  }
}

/** MongoDB's messages call the arguments of find by the name of their type. */
function structOf(command: string): string {
  return command === 'find' ? 'FindCommandRequest' : command;
}

export function docArg(value: Value, name: string): Doc {
  if (!isDoc(value)) throw wrongType(name, value, "type 'object'");
  return value;
}

/** MongoDB's commands take null for an argument that is not given. */
export function optionalDoc(value: Value, name: string): Doc | undefined {
  return value === undefined || value === null ? undefined : docArg(value, name);
}

export function docsArg(value: Value, name: string): Doc[] {
  if (value === null) throw mongoError(10065, `invalid parameter: expected an object (${name})`);
  if (!Array.isArray(value)) throw wrongType(name, value, "type 'array'");
  return value.map((item: Value, at) => docArg(item, `${name}.${at}`));
}

/** A pipeline, whose errors MongoDB words by themselves. */
export function pipelineArg(value: Value): Doc[] {
  if (value === undefined) throw wrongType('pipeline', value, "type 'array'");
  if (!Array.isArray(value)) throw mongoError(14, "'pipeline' option must be specified as an array");
  return value.map((stage: Value) => {
    if (isDoc(stage)) return stage;
    throw mongoError(14, "Each element of the 'pipeline' array must be an object");
  });
}

export function stringArg(value: Value, name: string): string {
  if (typeof value !== 'string') throw wrongType(name, value, "type 'string'");
  return value;
}

export function flagArg(value: Value, name: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean' && !isNumber(value)) throw wrongType(name, value, FLAG_TYPES);
  return isTruthy(value);
}

/** A number not below zero, without its fraction, or undefined when it is not given. */
export function countArg(value: Value, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value)) throw wrongType(name, value, COUNT_TYPES);
  const number = Math.trunc(toNumber(value)) || 0;
  if (number < 0) {
    const field = name.slice(name.lastIndexOf('.') + 1);
    throw mongoError(51024, `BSON field '${field}' value must be >= 0, actual value '${number}'`);
  }
  return number;
}

const MOST_MS = 2 ** 31 - 1;

/** Commands that read the limit as an argument of their own, too. */
const LIMITED = new Set(['find', 'aggregate', 'count', 'distinct', 'findAndModify']);

/**
 * A time limit in milliseconds, or undefined when it is not given
 * (https://www.mongodb.com/docs/manual/reference/method/cursor.maxTimeMS/). Throws 2 for what is no whole int32,
 * and for commands that read it themselves first 14 and 51024 for what is no count.
 */
export function timeLimitArg(value: Value, command: string): number | undefined {
  if (value === undefined) return undefined;
  if (LIMITED.has(command)) countArg(value, 'maxTimeMS');
  if (!isNumber(value)) throw mongoError(2, 'maxTimeMS must be a number');
  const limitMs = Math.trunc(toNumber(value)) || 0;
  if (limitMs < 0 || limitMs > MOST_MS) {
    throw mongoError(2, `${value instanceof Long ? value : limitMs} value for maxTimeMS is out of range`);
  }
  if (limitMs !== toNumber(value)) throw mongoError(2, 'maxTimeMS has non-integral value');
  return limitMs;
}

/** A hint: an index name or a key pattern; an empty pattern is none. */
export function hintArg(value: Value): Value {
  if (value === undefined || typeof value === 'string') return value;
  if (!isDoc(value)) throw mongoError(9, 'Hint must be a string or an object');
  return namesOf(value).length === 0 ? undefined : value;
}

/** MongoDB's own lists, closed as it closes them. */
const FLAG_TYPES = "types '[bool, long, int, decimal, double']";
const COUNT_TYPES = "types '[long, int, decimal, double']";

/** The error for a field that is missing (40414) or of a wrong type (14); `wanted` as in `type 'string'`. */
export function wrongType(name: string, value: Value, wanted: string): Error {
  if (value === undefined) return new ArgumentError(40414, name, 'is missing but a required field');
  return new ArgumentError(14, name, `is the wrong type '${typeName(value)}', expected ${wanted}`);
}
