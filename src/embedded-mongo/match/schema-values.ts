/** Keywords of a schema for any value, for numbers and for strings. */
import { Decimal128, Double } from 'bson';
import { mongoError } from '../errors.ts';
import { compareValues, encodeKey } from '../key.ts';
import { remainderDecimals, toBigInt, toDecimal } from '../numeric.ts';
import { fieldOf, isNumber, toNumber, type Value } from '../value.ts';
import { typeTest } from './elements.ts';
import { compileRegex } from './regex.ts';
import {
  countOperand,
  flagOperand,
  type Keyword,
  listOperand,
  type Place,
  type Rule,
  schemasOperand,
} from './schema-operands.ts';

/** JSON's names of types in MongoDB's; `integer` is refused, as MongoDB does. */
const JSON_TYPES: ReadonlyMap<Value, string> = new Map([
  ['object', 'object'],
  ['array', 'array'],
  ['number', 'number'],
  ['boolean', 'bool'],
  ['string', 'string'],
  ['null', 'null'],
]);

export const valueKeywords: Readonly<Record<string, Keyword>> = {
  bsonType: (operand) => typeTest(operand, 'bsonType'),
  type: (operand) => typeTest((Array.isArray(operand) ? operand : [operand]).map(jsonType), 'type'),
  enum: (operand, place) => {
    const allowed = new Set(listOperand(operand, place).map(encodeKey));
    return (value) => allowed.has(encodeKey(value));
  },
  allOf: (operand, place) => {
    const rules = schemasOperand(operand, place);
    return (value) => rules.every((rule) => rule(value));
  },
  anyOf: (operand, place) => {
    const rules = schemasOperand(operand, place);
    return (value) => rules.some((rule) => rule(value));
  },
  oneOf: (operand, place) => {
    const rules = schemasOperand(operand, place);
    return (value) => rules.filter((rule) => rule(value)).length === 1;
  },
  not: (operand, { compile }) => {
    const rule = compile(operand);
    return (value) => !rule(value);
  },
  minimum: (operand, place) => {
    const isOpen = isExclusive(place, 'exclusiveMinimum');
    return bound(operand, place, (order) => order > 0 || (order === 0 && !isOpen));
  },
  maximum: (operand, place) => {
    const isOpen = isExclusive(place, 'exclusiveMaximum');
    return bound(operand, place, (order) => order < 0 || (order === 0 && !isOpen));
  },
  multipleOf: (operand) => {
    if (!isNumber(operand) || !(toNumber(operand) > 0)) {
      throw mongoError(9, "$jsonSchema keyword 'multipleOf' must be a number above zero");
    }
    return (value) => !isNumber(value) || isMultiple(value, operand);
  },
  minLength: (operand, place) => {
    const count = countOperand(operand, place);
    return (value) => typeof value !== 'string' || [...value].length >= count;
  },
  maxLength: (operand, place) => {
    const count = countOperand(operand, place);
    return (value) => typeof value !== 'string' || [...value].length <= count;
  },
  pattern: (operand) => {
    if (typeof operand !== 'string') throw mongoError(14, "$jsonSchema keyword 'pattern' must be a string");
    const occurs = compileRegex(operand, '');
    return (value) => typeof value !== 'string' || occurs(value);
  },
};

function jsonType(name: Value): string {
  const known = JSON_TYPES.get(name);
  if (known !== undefined) return known;
  if (name === 'integer') throw mongoError(9, "$jsonSchema type 'integer' is not currently supported.");
  throw mongoError(2, `Unknown type name alias: ${String(name)}`);
}

function isExclusive({ schema }: Place, keyword: string): boolean {
  return fieldOf(schema, keyword) !== undefined && flagOperand(fieldOf(schema, keyword), keyword);
}

function bound(operand: Value, { keyword }: Place, holds: (order: number) => boolean): Rule {
  if (!isNumber(operand)) throw mongoError(14, `$jsonSchema keyword '${keyword}' must be a number`);
  return (value) => !isNumber(value) || holds(compareValues(value, operand));
}

function isMultiple(value: Value, of: Value): boolean {
  if (value instanceof Decimal128 || of instanceof Decimal128) {
    return toNumber(remainderDecimals(toDecimal(value), toDecimal(of))) === 0;
  }
  if (value instanceof Double || of instanceof Double) return toNumber(value) % toNumber(of) === 0;
  return toBigInt(value) % toBigInt(of) === 0n;
}
