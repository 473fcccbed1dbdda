/** The rules for specifications of wildcard indexes, which are listed but never used. */
import { mongoError } from './errors.ts';
import {
  type Doc,
  fieldOf,
  isDoc,
  isNumber,
  isTruthy,
  namesOf,
  toNumber,
  typeName,
  type Value,
} from './value.ts';

/** Everything, or everything below a path. */
export function isWildcardPath(path: string): boolean {
  return path === '$**' || path.endsWith('.$**');
}

/** Has the key pattern a wildcard? A text index over everything is another thing. */
export function isWildcardKey(key: Doc): boolean {
  return namesOf(key).some((path) => isWildcardPath(path) && fieldOf(key, path) !== 'text');
}

/** https://www.mongodb.com/docs/manual/core/indexes/index-types/index-wildcard/; throws 67 and 7246201. */
export function checkWildcard(key: Doc, given: Doc): void {
  const paths = namesOf(key);
  const wild = paths.filter(isWildcardPath);
  if (wild.length > 1)
    throw mongoError(7246201, 'Only one wildcard component is allowed in a compound wildcard index');
  const direction = fieldOf(key, wild[0] ?? '');
  if (paths.length === 1 && isNumber(direction) && toNumber(direction) < 0) {
    throw mongoError(67, 'A numeric value in a $** index key pattern must be positive.');
  }
  for (const option of ['unique', 'sparse']) {
    if (isTruthy(given[option]))
      throw mongoError(67, `Index type 'wildcard' does not support the ${option} option`);
  }
  if (given['expireAfterSeconds'] !== undefined)
    throw mongoError(67, "Index type 'wildcard' cannot be a TTL index");
}

/** Which fields a wildcard takes; throws 2, 9, 14, 31254 and 51271 for what is none. */
export function readWildcardProjection(key: Doc, given: Value): Doc | undefined {
  if (given === undefined) return undefined;
  if (!isDoc(given)) {
    throw mongoError(
      14,
      `The field 'wildcardProjection' must be a non-empty object, but got ${typeName(given)}`,
    );
  }
  if (!isWildcardKey(key)) {
    throw mongoError(2, "The field 'wildcardProjection' is only allowed in an 'wildcard' index");
  }
  const fields = namesOf(given);
  if (!namesOf(key).includes('$**') || fields.length === 0) {
    throw mongoError(
      9,
      "The field 'wildcardProjection' is only allowed when 'key' is {\"$**\": ±1}, and must not be empty",
    );
  }
  const values = fields.filter((name) => name !== '_id').map((name) => fieldOf(given, name));
  if (values.some((value) => typeof value === 'string')) {
    throw mongoError(51271, 'Bad projection specification, cannot use computed fields here');
  }
  const kept = values.filter(isTruthy).length;
  if (kept > 0 && kept < values.length) {
    throw mongoError(31254, 'Cannot do exclusion in inclusion projection');
  }
  return given;
}
