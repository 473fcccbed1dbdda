/** The stage `$bucketAuto`: documents in a given number of buckets of about the same size. */
import { mongoError } from '../errors.ts';
import { constantOf } from '../expression/constant.ts';
import { compileExpression, type Variables } from '../expression.ts';
import { compareValues, encodeKey } from '../key.ts';
import { show } from '../show.ts';
import {
  type Doc,
  fieldOf,
  isDoc,
  isNumber,
  namesOf,
  setField,
  toNumber,
  typeName,
  type Value,
} from '../value.ts';
import type { Accumulator } from './accumulators.ts';
import { type Gathering, gathererOf, readGathering } from './gathering.ts';
import { type Rounder, rounderNamed } from './granularity.ts';
import { sortByKey } from './sort.ts';
import { type Item, PAUSE, type StageCompiler } from './stage.ts';

interface BucketAuto {
  readonly valueAt: (doc: Doc) => Value;
  readonly most: number;
  readonly gatherings: readonly Gathering[];
  readonly rounder: Rounder | undefined;
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/bucketAuto/ */
export const bucketAutoStage: StageCompiler = (spec, { variables }) => {
  const bucketAuto = readSpec(spec, variables);
  const { valueAt } = bucketAuto;
  return function* (source) {
    const docs: Doc[] = [];
    for (const item of sortByKey(source, (doc) => encodeKey(valueAt(doc)))) {
      if (item === PAUSE) yield PAUSE;
      else docs.push(item);
    }
    yield* bucketsOf(docs, bucketAuto);
  };
};

/** Fills one bucket after the other; equal values, and those below a rounded boundary, stay together. */
function* bucketsOf(
  docs: readonly Doc[],
  { valueAt, most, gatherings, rounder }: BucketAuto,
): Iterable<Item> {
  const size = Math.max(1, Math.round(docs.length / most));
  let next = 0;
  let previousMax: Value;
  for (let number = 1; number <= most && next < docs.length; number++) {
    const accumulators = gatherings.map(({ start }) => start({}));
    const first = valueAt(docs[next] ?? {});
    const min = rounder === undefined ? first : (previousMax ?? rounder.down(first));
    const until = number === most ? docs.length : next + size;
    let max: Value = first;
    let boundary: Value;
    for (; next < docs.length; next++) {
      const doc = docs[next] ?? {};
      const value = valueAt(doc);
      if (next >= until) {
        boundary ??= rounder?.up(max);
        const isEqual = compareValues(max, value) === 0;
        if (!isEqual && (boundary === undefined || compareValues(boundary, value) <= 0)) break;
      }
      max = value;
      gatherings.forEach(({ evaluate }, i) => {
        accumulators[i]?.add(evaluate(doc));
      });
      if (next % 1024 === 0) yield PAUSE;
    }
    const following = next < docs.length ? valueAt(docs[next] ?? {}) : undefined;
    max = upperBoundary(max, following, rounder, boundary);
    previousMax = max;
    yield describe(min, max, gatherings, accumulators);
  }
}

/** The bound above: exclusive where a bucket follows, the greatest value itself in the last one. */
function upperBoundary(
  greatest: Value,
  following: Value,
  rounder: Rounder | undefined,
  rounded: Value,
): Value {
  if (rounder === undefined) return following === undefined ? greatest : following;
  const boundary = rounded ?? rounder.up(greatest);
  const isZero = toNumber(boundary) === 0 && following !== undefined;
  return isZero ? rounder.down(following) : boundary;
}

function describe(
  min: Value,
  max: Value,
  gatherings: readonly Gathering[],
  accumulators: readonly Accumulator[],
): Doc {
  const bucket: Doc = { _id: { min, max } };
  gatherings.forEach(({ name }, i) => {
    setField(bucket, name, accumulators[i]?.result() ?? null);
  });
  return bucket;
}

function readSpec(spec: Value, variables: Variables | undefined): BucketAuto {
  if (!isDoc(spec)) {
    throw mongoError(
      40240,
      `The argument to $bucketAuto must be an object, but found type: ${typeName(spec)}`,
    );
  }
  let valueAt: ((doc: Doc) => Value) | undefined;
  let most: number | undefined;
  let gatherings: Gathering[] = [];
  let rounder: Rounder | undefined;
  for (const name of namesOf(spec)) {
    const value = fieldOf(spec, name);
    if (name === 'groupBy') valueAt = readGroupBy(value, variables);
    else if (name === 'buckets') most = readBuckets(value);
    else if (name === 'output') gatherings = readOutput(value, variables);
    else if (name === 'granularity') rounder = readGranularity(value);
    else throw mongoError(40245, `Unrecognized option to $bucketAuto: ${name}`);
  }
  if (valueAt === undefined || most === undefined) {
    throw mongoError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  }
  if (most <= 0) {
    throw mongoError(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${most}`);
  }
  if (gatherings.length === 0) gatherings = [countOfOnes(variables)];
  const groupBy = valueAt;
  const checked = rounder === undefined ? groupBy : (doc: Doc) => roundable(groupBy(doc));
  return { valueAt: (doc) => checked(doc) ?? null, most, gatherings, rounder };
}

function readGroupBy(value: Value, variables: Variables | undefined): (doc: Doc) => Value {
  const isExpression = isDoc(value)
    ? namesOf(value)[0]?.startsWith('$') === true
    : typeof value === 'string' && value.length > 1 && value.startsWith('$');
  if (isExpression) return compileExpression(value, variables);
  throw mongoError(
    40239,
    "The $bucketAuto 'groupBy' field must be defined as a $-prefixed path or an expression object, but " +
      `found: ${show(value)}`,
  );
}

function readBuckets(value: Value): number {
  if (!isNumber(value)) {
    throw mongoError(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeName(value)}`,
    );
  }
  const number = toNumber(value);
  if (Number.isInteger(number) && Math.abs(number) < 2 ** 31) return number;
  throw mongoError(
    40242,
    `The $bucketAuto 'buckets' field must be representable as a 32-bit integer, but found ${number}`,
  );
}

/** No bucket has one `_id` that `n` could depend on: it has to be constant (4544714). */
function readOutput(value: Value, variables: Variables | undefined): Gathering[] {
  if (!isDoc(value)) {
    throw mongoError(
      40244,
      `The $bucketAuto 'output' field must be an object, but found type: ${typeName(value)}`,
    );
  }
  return namesOf(value).map((name) => {
    const operand = fieldOf(value, name);
    const gathering = readGathering(name, operand, variables);
    const [operator = ''] = isDoc(operand) ? namesOf(operand) : [];
    const argument = isDoc(operand) ? fieldOf(operand, operator) : undefined;
    const n = isDoc(argument) && operator.endsWith('N') ? argument['n'] : undefined;
    if (n !== undefined && constantOf(compileExpression(n, variables)) === undefined)
      throw mongoError(4544714, "Can't refer to the group key in $bucketAuto");
    return gathering;
  });
}

function countOfOnes(variables: Variables | undefined): Gathering {
  const gatherer = gathererOf('$count', {}, variables);
  if (gatherer === undefined) throw mongoError(15952, "unknown group operator '$count'");
  return { name: 'count', ...gatherer };
}

function readGranularity(value: Value): Rounder {
  if (typeof value === 'string') return rounderNamed(value);
  throw mongoError(
    40261,
    `The $bucketAuto 'granularity' field must be a string, but found type: ${typeName(value)}`,
  );
}

/** A value that can be rounded; throws 40258 to 40260. */
function roundable(value: Value): Value {
  const only = "$bucketAuto can specify a 'granularity' with";
  if (!isNumber(value)) {
    throw mongoError(
      40258,
      `${only} numeric boundaries only, but found a value with type: ${typeName(value)}`,
    );
  }
  const number = toNumber(value);
  if (Number.isNaN(number)) throw mongoError(40259, `${only} numeric boundaries only, but found a NaN`);
  if (number < 0) throw mongoError(40260, `${only} non-negative numbers only, but found a negative number`);
  return value;
}
