/** Expressions on the bits of integers, and on the parts of timestamps and the size of binary values. */
import { Binary, Int32, Long, Timestamp } from 'bson';
import { mongoError } from '../errors.ts';
import { integer, toBigInt } from '../numeric.ts';
import { TYPE, typeCode, typeName, type Value } from '../value.ts';
import { isNullish, type Operator, type Operators, positional, unary } from './operator.ts';

/**
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/#bitwise-operators
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/#timestamp-expression-operators
 */
export const BITS: Operators = [
  ['$bitAnd', combining(-1, (a, b) => a & b)],
  ['$bitOr', combining(0, (a, b) => a | b)],
  ['$bitXor', combining(0, (a, b) => a ^ b)],
  ['$bitNot', unary(complement)],
  [
    '$tsSecond',
    unary((value, name) => Long.fromNumber(timestampOf(value, name, 5687301).getHighBitsUnsigned())),
  ],
  [
    '$tsIncrement',
    unary((value, name) => Long.fromNumber(timestampOf(value, name, 5687302).getLowBitsUnsigned())),
  ],
  ['$binarySize', unary(binarySize)],
];

function isInteger(value: Value): boolean {
  const code = typeCode(value);
  return code === TYPE.int || code === TYPE.long;
}

function combining(start: number, step: (a: bigint, b: bigint) => bigint): Operator {
  return positional(0, Number.POSITIVE_INFINITY, (args, name) => {
    let result: Value = new Int32(start);
    for (const arg of args) {
      if (isNullish(arg)) return null;
      if (!isInteger(arg)) throw mongoError(14, `${name} only supports int and long operands.`);
      const isInt = typeCode(arg) === TYPE.int && typeCode(result) === TYPE.int;
      result = integer(step(toBigInt(result), toBigInt(arg)), isInt ? TYPE.int : TYPE.long);
    }
    return result;
  });
}

function complement(value: Value): Value {
  if (isInteger(value)) return integer(~toBigInt(value), typeCode(value));
  throw mongoError(14, `$bitNot only supports int and long, not: ${typeName(value)}.`);
}

function timestampOf(value: Value, name: string, code: number): Timestamp {
  if (value instanceof Timestamp) return value;
  throw mongoError(code, `Argument to ${name} must be a timestamp, but is ${typeName(value)}`);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/binarySize/ */
function binarySize(value: Value): Value {
  if (typeof value === 'string') return new Int32(Buffer.byteLength(value));
  if (value instanceof Binary) return new Int32(value.length());
  throw mongoError(51276, `$binarySize requires a string or BinData argument, found: ${typeName(value)}`);
}
