/** Numbers as the texts conversions make of them, and texts as the numbers they are read as. */
import { Decimal128, Long } from 'bson';
import { infiniteDecimal, nanDecimal, writeDecimal } from '../decimal.ts';
import { toNumber, type Value } from '../value.ts';
import { conversionFailed, conversionOverflow } from './conversion-errors.ts';

/** A number as `$toString` writes it. */
export function numberText(value: Value): string {
  if (value instanceof Long || value instanceof Decimal128) return value.toString();
  return doubleText(toNumber(value));
}

/** The shortest digits that read as the same double; an exponent below 10^-4 and from 10^16. */
function doubleText(number: number): string {
  if (Object.is(number, -0)) return '-0';
  if (!Number.isFinite(number)) return String(number);
  const [digits = '', power = ''] = number.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 16)
    return String(number).includes('e') ? number.toFixed() : String(number);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function unread(text: string, reason: string): Error {
  return conversionFailed(`Failed to parse number '${text}'`, `: ${reason}`);
}

function refuseHexadecimal(text: string): void {
  if (/^0x/i.test(text)) throw conversionFailed('Illegal hexadecimal input', `: ${text}`);
}

/** Digits with a sign and nothing else, as an integer of `bits` bits. */
export function readInteger(text: string, bits: 32 | 64): bigint {
  refuseHexadecimal(text);
  const found = /^([+-]?)(\d*)/.exec(text);
  const [, sign = '', digits = ''] = found ?? [];
  const limit = 2n ** BigInt(bits - 1);
  const size = BigInt(digits.replace(/^0+/, '').slice(0, 20));
  if (size > (sign === '-' ? limit : limit - 1n)) throw unread(text, 'Overflow');
  if (sign.length === text.length) throw unread(text, 'No digits');
  if (sign.length + digits.length < text.length) throw unread(text, 'Did not consume whole string.');
  return sign === '-' ? -size : size;
}

const REAL = /^([+-]?)(?:(inf(?:inity)?)|(nan)|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i;
const SMALLEST_NORMAL = 2 ** -1022;

/** A text as C reads a double, with nothing before or after it. */
export function readDouble(text: string): number {
  refuseHexadecimal(text);
  if (text === '') throw unread(text, 'Empty string');
  if (/^[ \t\n\v\f\r]/.test(text)) throw unread(text, 'Leading whitespace');
  const found = REAL.exec(text);
  if (found === null) throw unread(text, 'Did not consume any digits');
  const [all, sign, infinity, nan] = found;
  const size = numberOf(all, infinity, nan);
  const isOutOfRange = size === Infinity ? infinity === undefined : isBelowNormal(size, all);
  if (isOutOfRange) throw unread(text, 'Out of range');
  if (all.length < text.length) throw unread(text, 'Did not consume whole string.');
  return sign === '-' ? -size : size;
}

function numberOf(text: string, infinity: string | undefined, nan: string | undefined): number {
  if (nan !== undefined) return Number.NaN;
  return infinity === undefined ? Number(text.replace(/^[+-]/, '')) : Infinity;
}

/** Whether a number that is not zero became zero, or too small for all of its digits. */
function isBelowNormal(size: number, text: string): boolean {
  return size < SMALLEST_NORMAL && /[1-9]/.test(text.split(/e/i)[0] ?? '');
}

/** Decimal exponents beyond this have only zero or infinity. */
const FAR = 20_000;

/** Of the digits after these, only whether they are all zero has a say in the rounding. */
const KEPT = 50;

/** A text as a decimal, rounded to 34 digits. */
export function readDecimalText(text: string): Decimal128 {
  refuseHexadecimal(text);
  if (text === '') throw unread(text, 'Empty string');
  const found = REAL.exec(text);
  if (found === null || found[0].length < text.length)
    throw unread(text, 'Failed to parse string to decimal');
  const negative = found[1] === '-';
  if (found[2] !== undefined) return infiniteDecimal(negative);
  if (found[3] !== undefined) return nanDecimal();
  const [mantissa = '', power = '0'] = text.replace(/^[+-]/, '').split(/e/i);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const [first, rest] = [digits.slice(0, KEPT), digits.slice(KEPT)];
  const coefficient = BigInt(first);
  const exponent = Math.max(-FAR, Math.min(FAR, Number(power))) - fraction.length + rest.length;
  const decimal = writeDecimal(negative, coefficient, exponent, /[1-9]/.test(rest));
  if (coefficient === 0n) return decimal;
  const shown = decimal.toString();
  if (shown.endsWith('Infinity')) throw unread(text, 'Conversion from string to decimal would overflow');
  if (/^-?0/.test(shown) && !/[1-9]/.test(shown.split('E')[0] ?? ''))
    throw unread(text, 'Conversion from string to decimal would underflow');
  return decimal;
}

/** A decimal as the nearest double; what is too large or too small for one overflows. */
export function doubleOfDecimal(decimal: Decimal128): number {
  const number = toNumber(decimal);
  const shown = decimal.toString();
  const isInfinite = Math.abs(number) === Infinity && !shown.endsWith('Infinity');
  if (isInfinite || isBelowNormal(Math.abs(number), shown)) throw conversionOverflow(shown);
  return number;
}
