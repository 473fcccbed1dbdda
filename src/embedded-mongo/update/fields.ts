/** The update operators on a single field: each turns its operand into a modifier, or refuses it. */
import { Int32, Long, Timestamp } from 'bson';
import { mongoError } from '../errors.ts';
import { compareValues } from '../key.ts';
import { addNumbers, integer, multiplyNumbers, toBigInt } from '../numeric.ts';
import { show } from '../show.ts';
import {
  fieldOf,
  isDoc,
  isNumber,
  namesOf,
  TYPE,
  toNumber,
  typeCode,
  typeName,
  type Value,
} from '../value.ts';
import { lastPart, type Modifier, type Place, REMOVE, showId } from './change.ts';

/** Builds the modifier of an operator for one path; `now` is the time of the statement. */
export type FieldOperator = (operand: Value, path: string, now: Date) => Modifier;

/** Field operators (https://www.mongodb.com/docs/manual/reference/operator/update-field/) and `$bit`. */
export const FIELD_OPERATORS: ReadonlyMap<string, FieldOperator> = new Map<string, FieldOperator>([
  ['$set', (operand) => () => operand],
  ['$setOnInsert', (operand) => () => operand],
  ['$unset', () => (current) => (current === undefined ? current : REMOVE)],
  ['$inc', increment],
  ['$mul', multiply],
  ['$min', (operand) => (current) => keepUnless(current, operand, compareValues(operand, current) < 0)],
  ['$max', (operand) => (current) => keepUnless(current, operand, compareValues(operand, current) > 0)],
  ['$currentDate', currentDate],
  ['$bit', bitwise],
]);

function keepUnless(current: Value, operand: Value, isBetter: boolean): Value {
  return current === undefined || isBetter ? operand : current;
}

function increment(operand: Value, path: string): Modifier {
  if (!isNumber(operand)) {
    throw mongoError(14, `Cannot increment with non-numeric argument: {${path}: ${show(operand)}}`);
  }
  return (current, place) => {
    if (current === undefined) return operand;
    requireNumber('$inc', current, place);
    return addNumbers(current, operand) ?? failOverflow('$inc', current, place);
  };
}

function multiply(operand: Value, path: string): Modifier {
  if (!isNumber(operand)) {
    throw mongoError(14, `Cannot multiply with non-numeric argument: {${path}: ${show(operand)}}`);
  }
  return (current, place) => {
    if (current === undefined) return multiplyNumbers(new Int32(0), operand);
    requireNumber('$mul', current, place);
    return multiplyNumbers(current, operand) ?? failOverflow('$mul', current, place);
  };
}

function requireNumber(operator: string, current: Value, place: Place): void {
  if (isNumber(current)) return;
  throw mongoError(
    14,
    `Cannot apply ${operator} to a value of non-numeric type. ${showId(place.doc)} has the field ` +
      `'${lastPart(place.path)}' of non-numeric type ${typeName(current)}`,
  );
}

function failOverflow(operator: string, current: Value, place: Place): never {
  const shown =
    current instanceof Long ? `(NumberLong)${current.toString()}` : `(NumberInt)${toNumber(current)}`;
  throw mongoError(
    2,
    `Failed to apply ${operator} operations to current value (${shown}) for document ${showId(place.doc)}`,
  );
}

function currentDate(operand: Value, _path: string, now: Date): Modifier {
  const date = new Date(now.getTime());
  if (typeof operand === 'boolean') return () => date;
  if (!isDoc(operand)) {
    throw mongoError(
      2,
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') ` +
        "or a $type expression ({$type: 'timestamp/date'}).",
    );
  }
  for (const name of namesOf(operand)) {
    if (name !== '$type') throw mongoError(2, `Unrecognized $currentDate option: ${name}`);
  }
  const kind = operand['$type'];
  if (kind === 'date') return () => date;
  if (kind === 'timestamp') {
    const timestamp = new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
    return () => timestamp;
  }
  throw mongoError(
    2,
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : " +
      "{$type: 'date'}}}",
  );
}

const BIT_OPERATIONS: ReadonlyMap<string, (a: bigint, b: bigint) => bigint> = new Map([
  ['and', (a: bigint, b: bigint) => a & b],
  ['or', (a: bigint, b: bigint) => a | b],
  ['xor', (a: bigint, b: bigint) => a ^ b],
]);

function isInteger(value: Value): boolean {
  const code = typeCode(value);
  return code === TYPE.int || code === TYPE.long;
}

/** https://www.mongodb.com/docs/manual/reference/operator/update/bit/ */
function bitwise(operand: Value, path: string): Modifier {
  if (!isDoc(operand)) {
    throw mongoError(
      2,
      `The $bit modifier is not compatible with a ${typeName(operand)}. ` +
        'You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}',
    );
  }
  const steps = namesOf(operand).map((name) => bitStep(name, fieldOf(operand, name), operand));
  if (steps.length === 0) {
    throw mongoError(
      2,
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  return (current, place) => {
    if (current !== undefined && !isInteger(current)) {
      throw mongoError(
        2,
        `Cannot apply $bit to a value of non-integral type.${showId(place.doc)} has the field ` +
          `${lastPart(path)} of non-integer type ${typeName(current)}`,
      );
    }
    return steps.reduce<Value>((value, step) => step(value), current);
  };
}

function bitStep(name: string, mask: Value, operand: Value): (value: Value) => Value {
  const operation = BIT_OPERATIONS.get(name);
  if (operation === undefined) {
    throw mongoError(
      2,
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an ` +
        `unknown operator: ${show(operand)}`,
    );
  }
  if (!isInteger(mask)) {
    throw mongoError(
      2,
      `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(mask)}' is not ` +
        `supported here: ${show(operand)}`,
    );
  }
  return (value) => {
    const before = value === undefined ? new Int32(0) : value;
    const isInt = typeCode(before) === TYPE.int && typeCode(mask) === TYPE.int;
    return integer(operation(toBigInt(before), toBigInt(mask)), isInt ? TYPE.int : TYPE.long);
  };
}
