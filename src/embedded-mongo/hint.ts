/** Hints: which index a query names, or that it wants none. */
import type { Collection } from './collection.ts';
import { mongoError } from './errors.ts';
import type { Index } from './index.ts';
import { encodeKey } from './key.ts';
import type { Query } from './planner.ts';
import { show } from './show.ts';
import { type Doc, isDoc, namesOf, toNumber, type Value } from './value.ts';

/** 1 or -1 when the collection is read in its own order, by the sort or by the hint; a sort is made after it. */
export function naturalOrder({ hint, sort }: Query): number | undefined {
  if (sort !== undefined) checkNaturalSort(sort);
  const wanted = sort?.['$natural'] ?? (isDoc(hint) ? hint['$natural'] : undefined);
  return wanted === undefined ? undefined : toNumber(wanted);
}

/** Throws 2 for a sort by `$natural` with other fields or of another direction. */
function checkNaturalSort(sort: Doc): void {
  const wanted = sort['$natural'];
  if (wanted === undefined) return;
  if (namesOf(sort).length > 1)
    throw mongoError(2, `Cannot include '$natural' in compound sort: ${show(sort)}`);
  if (Math.abs(toNumber(wanted)) !== 1)
    throw mongoError(2, '$natural sort cannot be set to a value other than -1 or 1.');
}

/** The index of a hint, by name or by pattern; throws 2 when there is none. */
export function hintedIndex(collection: Collection, hint: Value): Index | undefined {
  if (hint === undefined || (isDoc(hint) && (namesOf(hint).length === 0 || '$natural' in hint))) {
    return undefined;
  }
  const found = collection.indexes.find(({ spec }) =>
    typeof hint === 'string' ? spec.name === hint : encodeKey(spec.key) === encodeKey(hint),
  );
  if (found === undefined || found.spec.hidden) {
    throw mongoError(
      2,
      'error processing query: planner returned error :: caused by :: ' +
        'hint provided does not correspond to an existing index',
    );
  }
  return found.spec.isWildcard ? undefined : found;
}
