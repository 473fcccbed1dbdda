/** What an update operator does to one path: the shape shared by the parser, the operators and the runner. */
import { Decimal128 } from 'bson';
import { encodeKey } from '../key.ts';
import { show } from '../show.ts';
import { type Doc, fieldOf, isDoc, isNumber, namesOf, toNumber, typeCode, type Value } from '../value.ts';

/** What an operator may ask about where it works. */
export interface Place {
  readonly doc: Doc;
  readonly path: string;
}
/** Returned by a modifier to take the field away. */
export const REMOVE: unique symbol = Symbol('remove');
/**
 * Gives the new value for the current one (`undefined`: missing); the current one itself means "leave it".
 */
export type Modifier = (current: Value, place: Place) => Value | typeof REMOVE;

/** One operator on one path, before positional parts are resolved. */
export interface Change {
  readonly path: string;
  readonly parts: readonly string[];
  readonly onInsertOnly: boolean;
  readonly modify: Modifier;
  /** For operators that never make a field: refuses a path that could not be made (28). */
  readonly needsRoom?: boolean;
  /** For `$rename`: where the value comes from. */
  readonly from?: readonly string[];
}

/** A document as error messages name it. */
export function showId(doc: Doc): string {
  return `{_id: ${show(fieldOf(doc, '_id'))}}`;
}

/** The last name of a path. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** The same value in the same BSON types and bytes, so that writing one over the other changes nothing. */
export function isIdentical(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeCode(a) !== typeCode(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isIdentical(item, b[i]));
  }
  if (isDoc(a) && isDoc(b)) {
    const names = namesOf(a);
    const others = namesOf(b);
    return (
      names.length === others.length &&
      names.every((name, i) => name === others[i] && isIdentical(fieldOf(a, name), fieldOf(b, name)))
    );
  }
  if (a instanceof Decimal128 && b instanceof Decimal128) return Buffer.compare(a.bytes, b.bytes) === 0;
  if (isNumber(a) && Object.is(toNumber(a), -0) !== Object.is(toNumber(b), -0)) return false;
  return encodeKey(a) === encodeKey(b);
}
