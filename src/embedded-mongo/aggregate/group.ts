/** The stages that gather documents into groups: `$group`, `$sortByCount`, `$bucket`. */
import { Int32 } from 'bson';
import { mongoError } from '../errors.ts';
import { constantOf } from '../expression/constant.ts';
import { compileExpression, type Variables } from '../expression.ts';
import { compareValues, encodeKey, rankOf } from '../key.ts';
import { show } from '../show.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, typeName, type Value } from '../value.ts';
import type { Accumulator } from './accumulators.ts';
import { type Gathering, readGathering } from './gathering.ts';
import { sortStage } from './sort.ts';
import { PAUSE, type Stage, type StageCompiler } from './stage.ts';
import { Sum } from './sum.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/ */
export const groupStage: StageCompiler = (spec, { variables }) => {
  if (!isDoc(spec)) throw mongoError(15947, "a group's fields must be specified in an object");
  const names = namesOf(spec).filter((name) => name !== '_id');
  const gatherings = names.map((name) => readGathering(name, fieldOf(spec, name), variables));
  if (!Object.hasOwn(spec, '_id')) throw mongoError(15955, 'a group specification must include an _id');
  return groupBy(compileExpression(spec['_id'], variables), gatherings);
};

/** Groups come out in the order in which they were first met. */
function groupBy(idOf: (doc: Doc) => Value, gatherings: readonly Gathering[]): Stage {
  return function* (source) {
    const groups = new Map<string, { id: Value; accumulators: Accumulator[] }>();
    for (const item of source) {
      if (item === PAUSE) {
        yield PAUSE;
        continue;
      }
      const id = idOf(item) ?? null;
      const key = encodeKey(id);
      let group = groups.get(key);
      if (group === undefined) {
        const values = isDoc(id) ? id : {};
        group = { id, accumulators: gatherings.map(({ start }) => start(values)) };
        groups.set(key, group);
      }
      for (let i = 0; i < gatherings.length; i++) group.accumulators[i]?.add(gatherings[i]?.evaluate(item));
    }
    for (const { id, accumulators } of groups.values()) {
      const result: Doc = { _id: id };
      accumulators.forEach((accumulator, i) => {
        setField(result, gatherings[i]?.name ?? '', accumulator.result() ?? null);
      });
      yield result;
    }
  };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/sortByCount/ */
export const sortByCountStage: StageCompiler = (spec, { variables }) => {
  const isExpression = isDoc(spec) ? namesOf(spec)[0]?.startsWith('$') === true : typeof spec === 'string';
  if (!isExpression) {
    throw mongoError(
      isDoc(spec) ? 40147 : 40149,
      'the sortByCount field must be defined as a $-prefixed path or expression inside an object',
    );
  }
  if (typeof spec === 'string' && !spec.startsWith('$')) {
    throw mongoError(40148, 'the sortByCount field must be defined as a $-prefixed path');
  }
  const count: Gathering = { name: 'count', start: () => new Sum(), evaluate: () => new Int32(1) };
  const group = groupBy(compileExpression(spec, variables), [count]);
  const sort = sortStage({ count: -1 }, undefined);
  return (source) => sort(group(source));
};

/**
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/bucket/ — the lower bound belongs to
 * the bucket.
 */
export const bucketStage: StageCompiler = (spec, { variables }) => {
  if (!isDoc(spec))
    throw mongoError(40201, `Argument to $bucket stage must be an object, but found type: ${typeName(spec)}`);
  for (const name of namesOf(spec)) {
    if (!['groupBy', 'boundaries', 'default', 'output'].includes(name)) {
      throw mongoError(40197, `Unrecognized option to $bucket: ${name}`);
    }
  }
  if (!Object.hasOwn(spec, 'groupBy') || !Object.hasOwn(spec, 'boundaries')) {
    throw mongoError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  const given = spec['groupBy'];
  if (!isPathOrExpression(given)) {
    throw mongoError(
      40202,
      "The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression, but found: " +
        `${show(given)}.`,
    );
  }
  const boundaries = readBoundaries(spec['boundaries'], variables);
  const hasDefault = Object.hasOwn(spec, 'default');
  const fallback = hasDefault ? constantDefault(spec['default'], variables) : undefined;
  if (hasDefault && boundaryOf(fallback, boundaries) !== undefined) {
    throw mongoError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the " +
        'highest boundary.',
    );
  }
  const by = compileExpression(given, variables);
  const group = groupBy(
    (doc) => {
      const lower = boundaryOf(by(doc), boundaries);
      if (lower !== undefined) return lower;
      if (hasDefault) return fallback;
      throw mongoError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    },
    readOutput(spec['output'], variables),
  );
  const sort = sortStage({ _id: 1 }, undefined);
  return (source) => sort(group(source));
};

function isPathOrExpression(value: Value): boolean {
  return isDoc(value) || (typeof value === 'string' && value.startsWith('$'));
}

function readBoundaries(given: Value, variables: Variables | undefined): readonly Value[] {
  if (!Array.isArray(given)) {
    throw mongoError(
      40200,
      `The $bucket 'boundaries' field must be an array, but found type: ${typeName(given)}.`,
    );
  }
  const boundaries = given.map((boundary: Value) => constantBoundary(boundary, variables));
  if (boundaries.length < 2) {
    throw mongoError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length} value(s).`,
    );
  }
  for (let i = 1; i < boundaries.length; i++) {
    if (rankOf(boundaries[i - 1]) !== rankOf(boundaries[i])) {
      throw mongoError(
        40193,
        "All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting " +
          `types ${typeName(boundaries[i - 1])} and ${typeName(boundaries[i])}.`,
      );
    }
    if (compareValues(boundaries[i - 1], boundaries[i]) >= 0) {
      throw mongoError(
        40194,
        `The 'boundaries' option to $bucket must be sorted, but elements ${i - 1} and ${i} are not in ` +
          `ascending order (${show(boundaries[i - 1])} is not less than ${show(boundaries[i])}).`,
      );
    }
  }
  return boundaries;
}

function constantBoundary(boundary: Value, variables: Variables | undefined): Value {
  const constant = constantOf(compileExpression(boundary, variables));
  if (constant !== undefined) return constant.value;
  throw mongoError(
    40191,
    "The $bucket 'boundaries' field must be an array of constant values, but found value: " +
      `${show(boundary)}.`,
  );
}

function constantDefault(given: Value, variables: Variables | undefined): Value {
  const constant = constantOf(compileExpression(given, variables));
  if (constant !== undefined) return constant.value;
  throw mongoError(
    40195,
    "The $bucket 'default' field must be able to be represented as a constant value, but found: " +
      `${show(given)}.`,
  );
}

function boundaryOf(value: Value, boundaries: readonly Value[]): Value {
  if (compareValues(value, boundaries.at(-1)) >= 0) return undefined;
  return boundaries.findLast((boundary) => compareValues(value, boundary) >= 0);
}

function readOutput(output: Value, variables: Variables | undefined): Gathering[] {
  const spec = output ?? { count: { $sum: new Int32(1) } };
  if (!isDoc(spec))
    throw mongoError(
      40196,
      `The $bucket 'output' field must be an object, but found type: ${typeName(spec)}.`,
    );
  return namesOf(spec).map((name) => readGathering(name, fieldOf(spec, name), variables));
}
