/** The bit tests of a query: a mask given as number, positions or bytes, against a number or bytes. */
import { Binary, Decimal128, Long } from 'bson';
import { mongoError } from '../errors.ts';
import { isNumber, toNumber, type Value, wholeNumber } from '../value.ts';
import type { Test } from './compare.ts';

/** `$bitsAllSet` and its three siblings. */
export type BitOperator = '$bitsAllSet' | '$bitsAllClear' | '$bitsAnySet' | '$bitsAnyClear';

/**
 * Compiles a bit test (https://www.mongodb.com/docs/manual/reference/operator/query-bitwise/). Numbers are
 * sign-extended, bytes end with zeros. Throws 2 or 9 for a mask MongoDB refuses.
 */
export function bitTest(operator: BitOperator, operand: Value): Test {
  const positions = bitPositions(operator, operand);
  const wantSet = operator === '$bitsAllSet' || operator === '$bitsAnySet';
  const all = operator === '$bitsAllSet' || operator === '$bitsAllClear';
  return (value) => {
    const isSet = bitReader(value);
    if (isSet === undefined) return false;
    return all
      ? positions.every((position) => isSet(position) === wantSet)
      : positions.some((position) => isSet(position) === wantSet);
  };
}

function bitReader(value: Value): ((position: number) => boolean) | undefined {
  if (value instanceof Binary) {
    const bytes = value.buffer.subarray(0, value.position);
    return (position) => (((bytes[position >> 3] ?? 0) >> (position & 7)) & 1) === 1;
  }
  const integer = asInteger(value);
  if (integer === undefined) return undefined;
  return (position) => ((integer >> BigInt(Math.min(position, 63))) & 1n) === 1n;
}

/** An integral number that fits 64 bits. */
function asInteger(value: Value): bigint | undefined {
  if (!isNumber(value)) return undefined;
  if (value instanceof Long) return value.toBigInt();
  const number = toNumber(value);
  if (!Number.isInteger(number) || number < -(2 ** 63) || number >= 2 ** 63) return undefined;
  if (value instanceof Decimal128 && !Number.isSafeInteger(number)) return undefined;
  return BigInt(number);
}

function bitPositions(operator: BitOperator, operand: Value): number[] {
  if (Array.isArray(operand)) return operand.map((position) => bitPosition(position));
  if (operand instanceof Binary) {
    const bytes = operand.buffer.subarray(0, operand.position);
    return [...bytes.keys()].flatMap((byte) =>
      setBits(BigInt(bytes[byte] ?? 0)).map((bit) => byte * 8 + bit),
    );
  }
  if (!isNumber(operand)) {
    throw mongoError(2, `${operator} takes an Array, a number, or a BinData but received: ${typeof operand}`);
  }
  const mask = asInteger(operand);
  if (mask === undefined) throw mongoError(9, `Expected an integer: ${operator}: ${String(operand)}`);
  if (mask < 0n) throw mongoError(9, `Expected a non-negative number in: ${operator}: ${String(operand)}`);
  return setBits(mask);
}

function setBits(mask: bigint): number[] {
  const bits: number[] = [];
  for (let rest = mask, bit = 0; rest > 0n; rest >>= 1n, bit++) if ((rest & 1n) === 1n) bits.push(bit);
  return bits;
}

function bitPosition(position: Value): number {
  const number = wholeNumber(position);
  if (number === undefined) {
    throw mongoError(2, `bit positions must be an integer but got: ${String(position)}`);
  }
  if (number < 0) throw mongoError(2, `bit positions must be >= 0 but got: ${number}`);
  return number;
}
