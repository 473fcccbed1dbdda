/** The operators a query allows on a field, each parsed strictly into a predicate. */
import { BSONRegExp, BSONSymbol } from 'bson';
import { UNDEFINED } from '../bson/deprecated.ts';
import { mongoError } from '../errors.ts';
import { encodeKey, regexParts } from '../key.ts';
import { show } from '../show.ts';
import { type Doc, docWith, fieldOf, isDoc, isTruthy, namesOf, type Value } from '../value.ts';
import { bitTest } from './bits.ts';
import { equalTo, inRange } from './compare.ts';
import { modTest, sizeTest, typeTest } from './elements.ts';
import { leaf, type Matcher, not, onValue, type Predicate, type ValueTest, wholeLeaf } from './predicate.ts';
import { compileRegex } from './regex.ts';

/** Compiles a nested filter, for `$elemMatch` over documents. */
export type CompileNested = (filter: Doc) => Matcher;

/** Is the value a regular expression? */
export function isRegex(value: Value): value is BSONRegExp | RegExp {
  return value instanceof BSONRegExp || value instanceof RegExp;
}

/** Is it a document of operators, such as `{$gt: 1}`? DBRef fields do not count. */
export function isOperatorDoc(value: Value): value is Doc {
  if (!isDoc(value)) return false;
  const names = namesOf(value);
  const [first] = names;
  if (first === '$ref' && names.includes('$id')) return false;
  return first?.startsWith('$') === true && first !== '$id' && first !== '$db';
}

const COMPARISONS = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte']);

/** What a plain value or a regular expression as a field's condition means. */
export function equality(operand: Value): Predicate {
  if (isRegex(operand)) return leaf(regexTest(operand));
  refuseUndefined(operand, 'cannot compare to undefined');
  return leaf(equalTo(operand));
}

function refuseUndefined(operand: Value, message: string): void {
  if (operand === UNDEFINED) throw mongoError(2, message);
}

/** Parses `{$gt: 1, $lt: 5, …}` into its predicates. Throws 2 for an unknown operator. */
export function parseOperators(path: string, operators: Doc, nested: CompileNested): Predicate[] {
  const predicates: Predicate[] = [];
  for (const name of namesOf(operators)) {
    if (name === '$options') {
      if (!Object.hasOwn(operators, '$regex')) throw mongoError(2, '$options needs a $regex');
      continue;
    }
    const operand = fieldOf(operators, name);
    if (name === '$regex') predicates.push(regexOperator(operand, operators['$options']));
    else predicates.push(parseOperator(path, name, operand, nested));
  }
  return predicates;
}

function parseOperator(path: string, name: string, operand: Value, nested: CompileNested): Predicate {
  if (COMPARISONS.has(name)) refuseUndefined(operand, 'cannot compare to undefined');
  switch (name) {
    case '$eq':
      return leaf(equalTo(operand));
    case '$ne':
      if (isRegex(operand)) throw mongoError(2, "Can't have regex as arg to $ne.");
      return not(leaf(equalTo(operand)));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (isRegex(operand)) {
        throw mongoError(2, `Can't have RegEx as arg to predicate over field '${path}'.`);
      }
      return leaf(inRange(name, operand));
    case '$in':
      return leaf(inTest(name, operand));
    case '$nin':
      return not(leaf(inTest(name, operand)));
    case '$exists': {
      const exists = leaf((value) => value !== undefined);
      return isTruthy(operand) ? exists : not(exists);
    }
    case '$type':
      return leaf(typeTest(operand, path));
    case '$not':
      return not(notOperand(path, operand, nested));
    case '$size':
      return wholeLeaf(sizeTest(operand));
    case '$mod':
      return leaf(modTest(operand));
    case '$all':
      return parseAll(path, operand, nested);
    case '$elemMatch':
      return parseElemMatch(path, operand, nested);
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return leaf(bitTest(name, operand));
    default:
      throw unknownOperator(name);
  }
}

const REFUSED = new Set([
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$within',
  '$geoNear',
  '$maxDistance',
  '$minDistance',
]);

function unknownOperator(name: string): Error {
  if (REFUSED.has(name)) return mongoError(115, `${name} is not supported by the embedded engine`);
  return mongoError(2, `unknown operator: ${name}`);
}

function regexTest(value: BSONRegExp | RegExp): ValueTest {
  const { pattern, options } = regexParts(value);
  return textTest(pattern, options);
}

function textTest(pattern: string, options: string): ValueTest {
  if (pattern.includes('\0')) throw mongoError(2, 'Regular expression cannot contain an embedded null byte');
  const occurs = compileRegex(pattern, options);
  const ownKey = encodeKey(new BSONRegExp(pattern, options));
  return (value) => {
    if (typeof value === 'string') return occurs(value);
    if (value instanceof BSONSymbol) return occurs(value.value);
    return isRegex(value) && encodeKey(value) === ownKey;
  };
}

function regexOperator(operand: Value, options: Value): Predicate {
  if (options !== undefined && typeof options !== 'string') {
    throw mongoError(2, '$options has to be a string');
  }
  if (isRegex(operand)) {
    const own = regexParts(operand);
    if (options === undefined) return leaf(regexTest(operand));
    if (own.options !== '') throw mongoError(51075, 'options set in both $regex and $options');
    return leaf(textTest(own.pattern, options));
  }
  if (typeof operand !== 'string') throw mongoError(2, '$regex has to be a string');
  return leaf(textTest(operand, options ?? ''));
}

const SMALL_SET = 8;

function inTest(name: string, operand: Value): ValueTest {
  if (!Array.isArray(operand)) throw mongoError(2, `${name} needs an array`);
  const tests: ValueTest[] = [];
  const plain: Value[] = [];
  for (const item of operand) {
    if (isOperatorDoc(item)) throw mongoError(2, `cannot nest $ under ${name}`);
    refuseUndefined(item, 'InMatchExpression equality cannot be undefined');
    if (isRegex(item)) tests.push(regexTest(item));
    else plain.push(item);
  }
  if (plain.length <= SMALL_SET) tests.push(...plain.map((item) => equalTo(item)));
  else {
    const keys = new Set(plain.map((item) => encodeKey(item)));
    const hasNull = plain.includes(null);
    tests.push((value) =>
      value === undefined || value === UNDEFINED ? hasNull : keys.has(encodeKey(value)),
    );
  }
  return (value) => tests.some((test) => test(value));
}

function notOperand(path: string, operand: Value, nested: CompileNested): Predicate {
  if (isRegex(operand)) return leaf(regexTest(operand));
  if (!isDoc(operand)) throw mongoError(2, '$not needs a regex or a document');
  if (namesOf(operand).length === 0) throw mongoError(2, '$not cannot be empty');
  return { kind: 'all', of: parseOperators(path, operand, nested) };
}

function parseAll(path: string, operand: Value, nested: CompileNested): Predicate {
  if (!Array.isArray(operand)) throw mongoError(2, '$all needs an array');
  if (operand.length === 0) return leaf(() => false);
  const first: Value = operand[0];
  const isElemMatch = isDoc(first) && namesOf(first)[0] === '$elemMatch';
  const parts = operand.map((item: Value) => {
    if (isElemMatch) {
      if (!isDoc(item) || namesOf(item)[0] !== '$elemMatch') {
        throw mongoError(2, '$all/$elemMatch has to be consistent');
      }
      return parseElemMatch(path, item['$elemMatch'], nested);
    }
    if (isOperatorDoc(item)) throw mongoError(2, 'no $ expressions in $all');
    return equality(item);
  });
  return { kind: 'all', of: parts };
}

const LOGICAL = new Set(['$and', '$or', '$nor', '$where', '$expr', '$comment']);

/** Conditions on one array element: operators judge the element itself, fields judge it as a document. */
function parseElemMatch(path: string, operand: Value, nested: CompileNested): Predicate {
  if (!isDoc(operand)) throw mongoError(2, '$elemMatch needs an Object');
  const first = namesOf(operand)[0];
  if (first === '$where' || first === '$expr')
    throw mongoError(2, `${first} can only be applied to the top-level document`);
  const isValueForm = isOperatorDoc(operand) && first !== undefined && !LOGICAL.has(first);
  const test = isValueForm ? elementTest(path, operand, nested) : documentTest(nested(operand));
  return wholeLeaf((value, details) => {
    if (!Array.isArray(value)) return false;
    for (let i = 0; i < value.length; i++) {
      if (!test(value[i])) continue;
      if (details) details.index = i;
      return true;
    }
    return false;
  });
}

function elementTest(path: string, operators: Doc, nested: CompileNested): ValueTest {
  return onValue({ kind: 'all', of: parseOperators(path, operators, nested) });
}

/** An element that is an array is seen as a document of its indexes, as MongoDB does. */
function documentTest(matches: Matcher): ValueTest {
  return (value) => {
    if (Array.isArray(value)) return matches(docWith(value.map((item: Value, at) => [String(at), item])));
    return isDoc(value) && matches(value);
  };
}

/** What a condition on a field means, whichever way it is written. */
export function parseCondition(path: string, condition: Value, nested: CompileNested): Predicate[] {
  if (isOperatorDoc(condition)) return parseOperators(path, condition, nested);
  if (condition === undefined)
    throw mongoError(2, `cannot compare to undefined: ${path}: ${show(condition)}`);
  return [equality(condition)];
}
