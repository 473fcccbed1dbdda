/** The tests of a value's type, an array's size, and a number's remainder. */
import { Decimal128, Long } from 'bson';
import { mongoError } from '../errors.ts';
import { show } from '../show.ts';
import { isNumber, TYPE, toNumber, typeCode, type Value, wholeNumber } from '../value.ts';
import type { Test } from './compare.ts';

const NUMBER_TYPES: readonly number[] = [TYPE.int, TYPE.long, TYPE.double, TYPE.decimal];
const TYPE_CODES: ReadonlyMap<string, number> = new Map(
  Object.entries(TYPE).filter(([name]) => name !== 'missing'),
);
const KNOWN_CODES: ReadonlySet<number> = new Set(TYPE_CODES.values());

/**
 * Reads the operand of `$type`: a name, a number, or an array of them
 * (https://www.mongodb.com/docs/manual/reference/operator/query/type/). Throws 2, 9 or 14.
 */
export function typeTest(operand: Value, path: string): Test {
  const wanted = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(typeCodes));
  if (wanted.size === 0) throw mongoError(9, `${path} must match at least one type`);
  return (value) => value !== undefined && wanted.has(typeCode(value));
}

function typeCodes(alias: Value): readonly number[] {
  if (typeof alias === 'string') {
    if (alias === 'number') return NUMBER_TYPES;
    const code = TYPE_CODES.get(alias);
    if (code === undefined) throw mongoError(2, `Unknown type name alias: ${alias}`);
    return [code];
  }
  if (!isNumber(alias)) throw mongoError(14, 'type must be represented as a number or a string');
  const code = wholeNumber(alias);
  if (code === 0) throw mongoError(2, 'Invalid numerical type code: 0. Instead use {$exists:false}.');
  if (code === undefined || !KNOWN_CODES.has(code)) {
    throw mongoError(2, `Invalid numerical type code: ${String(alias)}`);
  }
  return [code];
}

/**
 * An array of exactly this many elements
 * (https://www.mongodb.com/docs/manual/reference/operator/query/size/).
 */
export function sizeTest(operand: Value): Test {
  const shown = `$size: ${show(operand)}`;
  if (!isNumber(operand)) throw mongoError(2, `Failed to parse $size. Expected a number in: ${shown}`);
  const size = wholeNumber(operand);
  if (size === undefined) throw mongoError(2, `Failed to parse $size. Expected an integer: ${shown}`);
  if (size < 0) throw mongoError(2, `Failed to parse $size. Expected a non-negative number in: ${shown}`);
  return (value) => Array.isArray(value) && value.length === size;
}

/**
 * Numbers whose whole part leaves this remainder
 * (https://www.mongodb.com/docs/manual/reference/operator/query/mod/). Throws 2 when malformed.
 */
export function modTest(operand: Value): Test {
  if (!Array.isArray(operand)) throw mongoError(2, 'malformed mod, needs to be an array');
  if (operand.length < 2) throw mongoError(2, 'malformed mod, not enough elements');
  if (operand.length > 2) throw mongoError(2, 'malformed mod, too many elements');
  const divisor = modPart(operand[0], 'divisor');
  const remainder = modPart(operand[1], 'remainder');
  if (divisor === 0n) throw mongoError(2, 'divisor cannot be 0');
  return (value) => {
    const whole = wholePart(value);
    return whole !== undefined && whole % divisor === remainder;
  };
}

function modPart(value: Value, role: string): bigint {
  if (!isNumber(value)) throw mongoError(2, `malformed mod, ${role} not a number`);
  const whole = wholePart(value);
  if (whole !== undefined) return whole;
  const reason = Number.isFinite(toNumber(value))
    ? 'Out of bounds coercing to integral value'
    : 'Unable to coerce NaN/Inf to integral type';
  throw mongoError(2, `malformed mod, ${role} value is invalid :: caused by :: ${reason}`);
}

/** A number cut to a whole one within 64 bits; `undefined` for anything else. */
function wholePart(value: Value): bigint | undefined {
  if (value instanceof Long) return value.toBigInt();
  if (!isNumber(value)) return undefined;
  if (value instanceof Decimal128) return wholePart(toNumber(value));
  const number = Math.trunc(toNumber(value));
  if (!Number.isFinite(number) || number < -(2 ** 63) || number >= 2 ** 63) return undefined;
  return BigInt(number);
}
