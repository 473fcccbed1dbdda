/** What a planner may read off a filter: its simple conditions, and whether they imply a partial index's. */
import { MaxKey, MinKey } from 'bson';
import { compareValues, encodeKey, rankOf } from '../key.ts';
import { type Doc, fieldOf, isDoc, isTruthy, namesOf, type Value } from '../value.ts';
import { inRange } from './compare.ts';
import { isOperatorDoc, isRegex } from './operators.ts';

/**
 * One simple condition that every match fulfils; `op` is `$eq`, `$in`, `$gt`, … or `$regex`, `$not` and so
 * on.
 */
export interface Conjunct {
  readonly path: string;
  readonly op: string;
  readonly value: Value;
}

/** The flat AND list of a filter's conditions on paths; `$or`, `$nor`, `$expr` are left out. */
export function conjuncts(filter: Doc): Conjunct[] {
  const list: Conjunct[] = [];
  for (const name of namesOf(filter)) {
    const condition = fieldOf(filter, name);
    if (name === '$and' && Array.isArray(condition)) {
      for (const branch of condition) if (isDoc(branch)) list.push(...conjuncts(branch));
    } else if (!name.startsWith('$')) list.push(...conditionsOf(name, condition));
  }
  return list;
}

/** The branches of each `$or` that every match fulfils one branch of. */
export function alternativesOf(filter: Doc): Doc[][] {
  const own = orBranches(filter);
  const found = own.length > 0 ? [own] : [];
  const parts = filter['$and'];
  if (!Array.isArray(parts)) return found;
  return [...found, ...parts.filter(isDoc).flatMap(alternativesOf)];
}

function conditionsOf(path: string, condition: Value): Conjunct[] {
  if (isRegex(condition)) return [{ path, op: '$regex', value: condition }];
  if (!isOperatorDoc(condition)) return [{ path, op: '$eq', value: condition }];
  return namesOf(condition)
    .filter((op) => op !== '$options')
    .map((op) => ({ path, op, value: fieldOf(condition, op) }));
}

/**
 * Does every document that `filter` matches also match `partial`
 * (https://www.mongodb.com/docs/manual/core/index-partial/)? May say no where the answer is yes, never the
 * reverse.
 */
export function filterImplies(filter: Doc, partial: Doc): boolean {
  const alternatives = orBranches(filter);
  if (alternatives.length > 0 && !impliesAll(conjuncts(filter), partial)) {
    const { $or: _, ...rest } = filter;
    return alternatives.every((branch) => filterImplies({ $and: [rest, branch] }, partial));
  }
  return impliesAll(conjuncts(filter), partial);
}

function orBranches(filter: Doc): Doc[] {
  const branches = filter['$or'];
  return Array.isArray(branches) && branches.every(isDoc) ? branches : [];
}

function impliesAll(known: readonly Conjunct[], partial: Doc): boolean {
  return namesOf(partial).every((name) => {
    const condition = fieldOf(partial, name);
    if (name === '$and')
      return Array.isArray(condition) && condition.every((part) => isDoc(part) && impliesAll(known, part));
    if (name === '$or')
      return Array.isArray(condition) && condition.some((part) => isDoc(part) && impliesAll(known, part));
    if (name.startsWith('$')) return false;
    return conditionsOf(name, condition).every((wanted) => known.some((given) => implies(given, wanted)));
  });
}

function implies(given: Conjunct, wanted: Conjunct): boolean {
  if (given.path !== wanted.path) return false;
  if (given.op === wanted.op && encodeKey(given.value) === encodeKey(wanted.value)) return true;
  if (wanted.op === '$exists') return isTruthy(wanted.value) && excludesMissing(given);
  const values = pointsOf(given);
  if (values === undefined) return impliesRange(given, wanted);
  return values.every((value) => isIn(value, wanted));
}

/** The values one of which the condition finds, when it is a finite list. */
function pointsOf(given: Conjunct): readonly Value[] | undefined {
  if (given.op === '$eq') return [given.value];
  if (given.op !== '$in' || !Array.isArray(given.value)) return undefined;
  return given.value.some(isRegex) ? undefined : given.value;
}

const NEVER_MISSING = new Set([
  '$type',
  '$regex',
  '$size',
  '$mod',
  '$elemMatch',
  '$bitsAllSet',
  '$bitsAnySet',
]);

function excludesMissing(given: Conjunct): boolean {
  const { op, value } = given;
  if (op === '$exists') return isTruthy(value);
  if (op === '$gt' || op === '$lt') return !isExtreme(value);
  if (op === '$eq' || op === '$gte' || op === '$lte')
    return !isExtreme(value) && value !== null && value !== undefined;
  if (op === '$in') return Array.isArray(value) && !value.some((item) => item === null || item === undefined);
  if (op === '$ne') return value === null && !given.path.includes('.');
  if (op === '$all') return Array.isArray(value) && value.length > 0 && !value.includes(null);
  return NEVER_MISSING.has(op);
}

function isExtreme(value: Value): boolean {
  return value instanceof MinKey || value instanceof MaxKey;
}

function isIn(value: Value, wanted: Conjunct): boolean {
  switch (wanted.op) {
    case '$eq':
      return encodeKey(value) === encodeKey(wanted.value);
    case '$in':
      return (
        Array.isArray(wanted.value) &&
        wanted.value.some((item) => !isRegex(item) && encodeKey(item) === encodeKey(value))
      );
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return !Array.isArray(value) && inRange(wanted.op, wanted.value)(value);
    default:
      return false;
  }
}

function impliesRange(given: Conjunct, wanted: Conjunct): boolean {
  const isUp = given.op === '$gt' || given.op === '$gte';
  const isDown = given.op === '$lt' || given.op === '$lte';
  if (!isUp && !isDown) return false;
  if (isUp ? wanted.op !== '$gt' && wanted.op !== '$gte' : wanted.op !== '$lt' && wanted.op !== '$lte')
    return false;
  if (isExtreme(given.value) || isExtreme(wanted.value) || rankOf(given.value) !== rankOf(wanted.value))
    return false;
  const order = compareValues(given.value, wanted.value) * (isUp ? 1 : -1);
  if (order !== 0) return order > 0;
  return wanted.op.length >= given.op.length;
}
