/** What every keyword of a schema is made of, and its operands read strictly. */
import { mongoError } from '../errors.ts';
import { type Doc, isDoc, isNumber, type Value, wholeNumber } from '../value.ts';

/** Judges a value that is there. */
export type Rule = (value: Value) => boolean;

/** Where a keyword stands: its name, the schema around it, and how schemas within it are compiled. */
export type Place = {
  readonly keyword: string;
  readonly schema: Doc;
  readonly compile: (schema: Value) => Rule;
};
export type Keyword = (operand: Value, place: Place) => Rule;

/** A whole number not below zero; throws 14 and 9. */
export function countOperand(operand: Value, { keyword }: Place): number {
  if (!isNumber(operand)) throw mongoError(14, `$jsonSchema keyword '${keyword}' must be a number`);
  const count = wholeNumber(operand);
  if (count === undefined) throw mongoError(9, `$jsonSchema keyword '${keyword}' must be a whole number`);
  if (count < 0) throw mongoError(9, `$jsonSchema keyword '${keyword}' must not be negative`);
  return count;
}

/** An array that is not empty; throws 14 and 9. */
export function listOperand(operand: Value, { keyword }: Place): readonly Value[] {
  if (!Array.isArray(operand)) throw mongoError(14, `$jsonSchema keyword '${keyword}' must be an array`);
  if (operand.length === 0) throw mongoError(9, `$jsonSchema keyword '${keyword}' cannot be an empty array`);
  return operand;
}

/** An array of different strings; throws 14 and 9. */
export function namesOperand(operand: Value, place: Place): readonly string[] {
  const names = listOperand(operand, place);
  for (const name of names) {
    if (typeof name !== 'string') {
      throw mongoError(14, `$jsonSchema keyword '${place.keyword}' must hold strings only`);
    }
  }
  if (new Set(names).size < names.length) {
    throw mongoError(9, `$jsonSchema keyword '${place.keyword}' cannot contain duplicate values`);
  }
  return names.map(String);
}

/** A document; throws 14. */
export function docOperand(operand: Value, { keyword }: Place): Doc {
  if (!isDoc(operand)) throw mongoError(14, `$jsonSchema keyword '${keyword}' must be an object`);
  return operand;
}

/** A boolean; throws 14. */
export function flagOperand(operand: Value, keyword: string): boolean {
  if (typeof operand !== 'boolean') {
    throw mongoError(14, `$jsonSchema keyword '${keyword}' must be a boolean`);
  }
  return operand;
}

/** The rules of a list of schemas. */
export function schemasOperand(operand: Value, place: Place): Rule[] {
  return listOperand(operand, place).map(place.compile);
}
