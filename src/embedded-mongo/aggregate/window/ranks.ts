/** The window functions that number documents: `$rank`, `$denseRank`, `$documentNumber`. */
import { mongoError } from '../../errors.ts';
import { integer } from '../../numeric.ts';
import { sortKey } from '../../sort.ts';
import { type Doc, fieldOf, isDoc, namesOf } from '../../value.ts';
import type { WindowScope } from './bounds.ts';
import { atOnce, type WindowFunction } from './partition.ts';

/**
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/rank/ — null and missing are equal, as
 * in sorting. Throws 5371601 to 5371603.
 */
export function readRank(name: string, statement: Doc, { sortBy }: WindowScope): WindowFunction {
  if (namesOf(statement).length !== 1)
    throw mongoError(5371601, 'Rank style window functions take no other arguments');
  const argument = fieldOf(statement, name);
  if (!isDoc(argument) || namesOf(argument).length > 0)
    throw mongoError(5371603, `${name} must be specified with '{}' as the value`);
  const [part, second] = sortBy ?? [];
  if (part === undefined || second !== undefined) {
    throw mongoError(
      5371602,
      `${name} must be specified with a top level sortBy expression with exactly one element`,
    );
  }
  return (docs) => {
    let rank = 0;
    let lastKey: string | undefined;
    return atOnce((position) => {
      const key = sortKey(docs[position] ?? {}, part.path, part.direction);
      const isSame = key === lastKey && name !== '$documentNumber';
      if (!isSame) rank = name === '$denseRank' ? rank + 1 : position + 1;
      lastKey = key;
      return integer(BigInt(rank));
    });
  };
}
