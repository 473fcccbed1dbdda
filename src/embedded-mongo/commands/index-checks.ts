/** The types of the options that createIndexes takes, whatever an index is then made of. */
import { mongoError } from '../errors.ts';
import { type Doc, fieldOf, isNumber, namesOf, typeName } from '../value.ts';

const TYPES: Readonly<Record<string, readonly string[]>> = {
  key: ['object'],
  name: ['string'],
  partialFilterExpression: ['object'],
};

/** Throws 14 for an option of a wrong type, 67 for a time to live that is no number. */
export function checkIndexOptions(given: Doc): void {
  for (const field of namesOf(given)) {
    const types = Object.hasOwn(TYPES, field) ? TYPES[field] : undefined;
    const type = typeName(fieldOf(given, field));
    if (types === undefined || types.includes(type)) continue;
    throw mongoError(14, `The field '${field}' must be of type ${types[0]}, but got ${type}`);
  }
  const expiry = given['expireAfterSeconds'];
  if (expiry !== undefined && !isNumber(expiry)) {
    throw mongoError(67, "TTL index 'expireAfterSeconds' option must be numeric");
  }
}
