/** The positional parts of update paths: `$`, `$[]` and `$[identifier]` become array indexes. */
import { mongoError } from '../errors.ts';
import { compileFilter, type Matcher } from '../match.ts';
import { valueAt } from '../path.ts';
import { show } from '../show.ts';
import { type Doc, fieldOf, isDoc, namesOf, type Value } from '../value.ts';

/** Array filters by identifier. */
export type ArrayFilters = ReadonlyMap<string, Matcher>;

const IDENTIFIER = /^\$\[(.*)\]$/;

/** Is a path component `$`, `$[]` or `$[identifier]`? */
export function isPositional(part: string): boolean {
  return part === '$' || IDENTIFIER.test(part);
}

/** The identifier in `$[identifier]`; empty for `$[]`; `undefined` for other components. */
export function identifierOf(part: string): string | undefined {
  return IDENTIFIER.exec(part)?.[1];
}

/**
 * Compiles array filters
 * (https://www.mongodb.com/docs/manual/reference/operator/update/positional-filtered/).
 * Throws 9 unless each speaks of exactly one identifier, 2 for a wrong identifier.
 */
export function compileArrayFilters(filters: readonly Doc[]): ArrayFilters {
  const compiled = new Map<string, Matcher>();
  for (const filter of filters) {
    if (!isDoc(filter)) throw mongoError(14, 'arrayFilters must be an array of documents');
    refuseTopLevel(filter);
    const matches = compileFilter(filter);
    const identifier = identifierIn(filter);
    if (compiled.has(identifier)) {
      throw mongoError(9, `Found multiple array filters with the same top-level field name ${identifier}`);
    }
    compiled.set(identifier, matches);
  }
  return compiled;
}

function refuseTopLevel(filter: Doc): void {
  for (const name of namesOf(filter)) {
    if (name === '$expr') throw mongoError(224, '$expr is not allowed in this context');
    if (name === '$text' || name === '$where') throw mongoError(2, `${name} is not allowed in this context`);
    const branches = fieldOf(filter, name);
    if (name.startsWith('$') && Array.isArray(branches)) branches.filter(isDoc).forEach(refuseTopLevel);
  }
}

function identifierIn(filter: Doc): string {
  const found = new Set(topNames(filter));
  const [first, second] = found;
  if (first === undefined) {
    throw mongoError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
  }
  if (second !== undefined) {
    throw mongoError(
      9,
      'Error parsing array filter :: caused by :: Expected a single top-level field name, found ' +
        `'${first}' and '${second}'`,
    );
  }
  if (!/^[a-z][a-zA-Z0-9]*$/.test(first)) {
    throw mongoError(
      2,
      'Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string ' +
        `beginning with a lowercase letter, found '${first}'`,
    );
  }
  return first;
}

function topNames(filter: Doc): string[] {
  return namesOf(filter).flatMap((name) => {
    if (!name.startsWith('$')) return [name.split('.')[0] ?? ''];
    const branches = fieldOf(filter, name);
    return Array.isArray(branches) ? branches.filter(isDoc).flatMap(topNames) : [];
  });
}

/** The concrete paths a dynamic path stands for in this document. */
export function resolvePaths(
  doc: Doc,
  parts: readonly string[],
  filters: ArrayFilters,
  matchedIndex: number | undefined,
): string[][] {
  let paths: string[][] = [[]];
  for (const part of parts) {
    if (part === '$') {
      if (matchedIndex === undefined) {
        throw mongoError(2, 'The positional operator did not find the match needed from the query.');
      }
      paths = paths.map((path) => [...path, String(matchedIndex)]);
      continue;
    }
    const identifier = identifierOf(part);
    if (identifier === undefined) paths = paths.map((path) => [...path, part]);
    else paths = paths.flatMap((path) => elementsOf(doc, path, identifier, filters));
  }
  return paths;
}

function elementsOf(
  doc: Doc,
  path: readonly string[],
  identifier: string,
  filters: ArrayFilters,
): string[][] {
  const array = valueAt(doc, path);
  if (array === undefined) {
    throw mongoError(
      2,
      `The path '${path.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(array)) {
    throw mongoError(2, `Cannot apply array updates to non-array element ${path.at(-1)}: ${show(array)}`);
  }
  const matches = filters.get(identifier);
  return array.flatMap((element: Value, index) =>
    matches === undefined || matches({ [identifier]: element }) ? [[...path, String(index)]] : [],
  );
}
