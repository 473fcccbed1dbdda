/** The stage `$documents`: documents that the pipeline itself brings along. */
import { mongoError } from '../errors.ts';
import { compileExpression, type Variables } from '../expression.ts';
import { type Doc, fieldOf, isDoc, namesOf, typeName, type Value } from '../value.ts';

/**
 * The documents an expression gives (https://www.mongodb.com/docs/manual/reference/operator/aggregation/documents/).
 * Throws 5858203 for no array and 40228 for an element that is no document.
 */
export function documentsOf(spec: Value, variables: Variables | undefined): Doc[] {
  const value = compileExpression(spec, variables)({});
  if (!Array.isArray(value)) {
    throw mongoError(5858203, `an array is expected in $documents, but ${typeName(value)} was found`);
  }
  return value.map((item: Value) => {
    if (!isDoc(item)) throw mongoError(40228, `$documents: an object is expected, not ${typeName(item)}`);
    return item;
  });
}

/** The operand of a leading `$documents` and the stages after it; undefined for another start. */
export function leadingDocuments(pipeline: Value): { spec: Value; rest: Value[] } | undefined {
  if (!Array.isArray(pipeline)) return undefined;
  const [first, ...rest] = pipeline;
  if (!isDoc(first) || namesOf(first).join() !== '$documents') return undefined;
  return { spec: fieldOf(first, '$documents'), rest };
}
