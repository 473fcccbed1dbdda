/** The order in which MongoDB judges the conditions of a filter: the last one that meets an array tells its position. */
import { type Doc, docWith, fieldOf, isDoc, namesOf, type Value } from '../value.ts';
import { isOperatorDoc, isRegex } from './operators.ts';

type Condition = { readonly name: string; readonly condition: Value; readonly rank: number };

/** Kinds of conditions, as `MatchExpression::MatchType` numbers them. */
const RANKS: ReadonlyMap<string, number> = new Map(
  [
    ['$and', '$all'],
    ['$or'],
    ['$elemMatch'],
    ['$size'],
    ['$eq'],
    ['$lte'],
    ['$lt'],
    ['$gt'],
    ['$gte'],
    ['$regex'],
    ['$mod'],
    ['$exists'],
    ['$in'],
    ['$bitsAllSet', '$bitsAllClear', '$bitsAnySet', '$bitsAnyClear'],
    ['$not', '$ne', '$nin'],
    ['$nor'],
    ['$type'],
  ].flatMap((names, rank) => names.map((name) => [name, rank] as const)),
);

/**
 * The same filter with its conditions in the order MongoDB has them once it has normalized it: by kind, then
 * by path. Only for matches that have to tell a position.
 */
export function inMatchOrder(filter: Doc): Doc {
  const sorted = conditionsIn(filter).sort(
    (a, b) => a.rank - b.rank || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
  if (sorted.length < 2) return filter;
  return { $and: sorted.map(({ name, condition }) => docWith([[name, condition]])) };
}

function conditionsIn(filter: Doc): Condition[] {
  return namesOf(filter).flatMap((name) => {
    const condition = fieldOf(filter, name);
    if (name === '$and' && Array.isArray(condition)) return condition.filter(isDoc).flatMap(conditionsIn);
    if (name.startsWith('$')) return [{ name, condition, rank: rankOf(name) }];
    if (isRegex(condition)) return [{ name, condition, rank: rankOf('$regex') }];
    if (!isOperatorDoc(condition)) return [{ name, condition, rank: rankOf('$eq') }];
    if (fieldOf(condition, '$options') !== undefined) return [{ name, condition, rank: rankOf('$regex') }];
    return namesOf(condition).map((operator) => ({
      name,
      condition: docWith([[operator, fieldOf(condition, operator)]]),
      rank: rankOf(operator),
    }));
  });
}

function rankOf(kind: string): number {
  return RANKS.get(kind) ?? RANKS.size;
}
