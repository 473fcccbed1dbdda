/** How conversions fail: always with 241, which `onError` of `$convert` answers for. */
import { mongoError } from '../errors.ts';
import { typeName, type Value } from '../value.ts';

/** 241 with what went wrong before MongoDB's remark on `onError`, and what follows it. */
export function conversionFailed(what: string, rest = ''): Error {
  return mongoError(241, `${what} in $convert with no onError value${rest}`);
}

/** A value of a type that has no conversion to another. */
export function unsupportedConversion(value: Value, to: string): Error {
  return conversionFailed(`Unsupported conversion from ${typeName(value)} to ${to}`);
}

/** A number too large for its target; MongoDB shows doubles and decimals, and no integers. */
export function conversionOverflow(shown = ''): Error {
  return conversionFailed('Conversion would overflow target type', `: ${shown}`);
}
