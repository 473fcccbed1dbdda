/** Queries: compiles a filter document into a closure that judges documents, strictly as MongoDB does. */
import { mongoError } from './errors.ts';
import { compileExpression, type Variables, variablesOf } from './expression.ts';
import { compileSchema } from './match/json-schema.ts';
import { isOperatorDoc, parseCondition } from './match/operators.ts';
import { atPath, every, type MatchDetails, type Matcher } from './match/predicate.ts';
import {
  type Doc,
  fieldOf,
  isDoc,
  isNumber,
  isTruthy,
  namesOf,
  setField,
  toNumber,
  type Value,
} from './value.ts';

export { alternativesOf, type Conjunct, conjuncts, filterImplies } from './match/implies.ts';
export type { MatchDetails, Matcher };

/** What `$expr` may read: a command's `let` and the time, or variables already bound. */
export interface FilterOptions {
  readonly vars?: Doc;
  readonly now?: Date;
  readonly variables?: Variables | undefined;
}

/**
 * Compiles a filter (https://www.mongodb.com/docs/manual/reference/operator/query/). The matcher takes a
 * document and, for the positional operator, an object that receives the matching array index.
 * Throws MongoDB's code 2 for an unknown operator and 115 for one the engine refuses.
 */
export function compileFilter(filter: Doc, options: FilterOptions = {}): Matcher {
  return every(namesOf(filter).map((name) => compileField(name, fieldOf(filter, name), options)));
}

function compileField(name: string, condition: Value, options: FilterOptions): Matcher {
  if (name.startsWith('$')) return compileLogical(name, condition, options);
  const predicates = parseCondition(name, condition, (nested) => compileFilter(nested, options));
  return every(predicates.map((predicate) => atPath(name, predicate)));
}

const REFUSED = new Set(['$where', '$text']);

function compileLogical(name: string, condition: Value, options: FilterOptions): Matcher {
  switch (name) {
    case '$and':
      return every(branches(name, condition, options));
    case '$or': {
      const sameField = asOneOf(condition);
      if (sameField !== undefined) return compileFilter(sameField, options);
      const parts = branches(name, condition, options);
      return (doc) => parts.some((part) => part(doc));
    }
    case '$nor': {
      const parts = branches(name, condition, options);
      return (doc) => !parts.some((part) => part(doc));
    }
    case '$expr': {
      const variables = options.variables ?? variablesOf(options.now, options.vars);
      const evaluate = compileExpression(condition, variables);
      return (doc) => isTruthy(evaluate(doc));
    }
    case '$jsonSchema':
      return compileSchema(condition);
    case '$comment':
      return () => true;
    case '$sampleRate':
      return sampleTest(condition);
    case '$alwaysTrue':
    case '$alwaysFalse':
      return () => name === '$alwaysTrue';
    default:
      if (REFUSED.has(name)) throw mongoError(115, `${name} is not supported by the embedded engine`);
      throw mongoError(
        2,
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, ` +
          'consider using $getField or $setField.',
      );
  }
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/sampleRate/ */
function sampleTest(rate: Value): Matcher {
  if (!isNumber(rate)) throw mongoError(2, 'argument to $sampleRate must be a numeric type');
  const share = toNumber(rate);
  if (!(share >= 0 && share <= 1)) throw mongoError(2, 'numeric argument to $sampleRate must be in [0, 1]');
  return () => Math.random() < share;
}

/** Equalities on one field are a set of values, as in MongoDB: only so do they know a matching position. */
function asOneOf(condition: Value): Doc | undefined {
  if (!Array.isArray(condition)) return undefined;
  const values: Value[] = [];
  let path: string | undefined;
  for (const branch of condition) {
    const [name, another] = isDoc(branch) ? namesOf(branch) : [];
    if (name === undefined || another !== undefined || name.startsWith('$')) return undefined;
    if (path !== undefined && path !== name) return undefined;
    path = name;
    const value = fieldOf(branch as Doc, name);
    if (value === undefined || isOperatorDoc(value)) return undefined;
    values.push(value);
  }
  if (path === undefined) return undefined;
  const oneOf: Doc = {};
  setField(oneOf, path, { $in: values });
  return oneOf;
}

function branches(name: string, condition: Value, options: FilterOptions): Matcher[] {
  if (!Array.isArray(condition)) throw mongoError(2, `${name} must be an array`);
  if (condition.length === 0) throw mongoError(2, '$and/$or/$nor must be a nonempty array');
  return condition.map((branch: Value) => {
    if (!isDoc(branch)) throw mongoError(2, '$or/$and/$nor entries need to be full objects');
    return compileFilter(branch, options);
  });
}
