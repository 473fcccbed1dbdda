/** What a partial index may be limited to: conditions of which MongoDB can tell that a query implies them. */
import { mongoError } from './errors.ts';
import { type Doc, fieldOf, isDoc, isTruthy, namesOf, TYPE, typeCode, type Value } from './value.ts';

const ALLOWED = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$in']);

/** https://www.mongodb.com/docs/manual/core/index-partial/#create-a-partial-index; throws 67. */
export function checkPartialFilter(filter: Doc): void {
  for (const name of namesOf(filter)) {
    const value = fieldOf(filter, name);
    if (name === '$and' || name === '$or') {
      if (Array.isArray(value)) for (const part of value) if (isDoc(part)) checkPartialFilter(part);
    } else if (name.startsWith('$')) {
      if (name !== '$comment') throw unsupported(name);
    } else checkCondition(name, value);
  }
}

function checkCondition(path: string, value: Value): void {
  if (typeCode(value) === TYPE.regex) throw unsupported(`${path} $regex`);
  if (!isDoc(value)) return;
  const [first] = namesOf(value);
  if (first?.startsWith('$') !== true || /^\$(id|ref|db)$/.test(first)) return;
  for (const operator of namesOf(value)) {
    const isTrueExists = operator === '$exists' && isTruthy(fieldOf(value, operator));
    if (!isTrueExists && !ALLOWED.has(operator)) throw unsupported(`${path} ${operator}`);
  }
}

function unsupported(shown: string): Error {
  return mongoError(67, `Expression not supported in partial index: ${shown}`);
}
