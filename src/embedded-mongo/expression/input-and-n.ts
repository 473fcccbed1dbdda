/** Reads what `$firstN` and its siblings are given: `{input, n}`. */
import { mongoError } from '../errors.ts';
import { show } from '../show.ts';
import { isDoc, isNumber, namesOf, toNumber, type Value } from '../value.ts';

/** Reads `{input, n}`; throws `shapeCode` unless it is a document, 5787901, 5787906 and 5787907 for its fields. */
export function readInputAndN(argument: Value, shapeCode: number): { input: Value; n: Value } {
  if (!isDoc(argument))
    throw mongoError(shapeCode, `specification must be an object; found ${show(argument)}`);
  for (const name of namesOf(argument)) {
    if (name !== 'input' && name !== 'n')
      throw mongoError(5787901, `Unknown argument for 'n' operator: ${name}`);
  }
  if (!Object.hasOwn(argument, 'n')) throw mongoError(5787906, "Missing value for 'n'");
  if (!Object.hasOwn(argument, 'input')) throw mongoError(5787907, "Missing value for 'input'");
  return { input: argument['input'], n: argument['n'] };
}

/** An evaluated `n`; throws 5787902, 5787903 and 5787908 unless it is a whole number above zero. */
export function readN(value: Value): number {
  const text = `Value for 'n' must be of integral type, but found ${show(value)}`;
  if (!isNumber(value)) throw mongoError(5787902, text);
  const n = toNumber(value);
  if (!Number.isInteger(n)) throw mongoError(5787903, text);
  if (n <= 0) throw mongoError(5787908, `'n' must be greater than 0, found ${n}`);
  return n;
}
