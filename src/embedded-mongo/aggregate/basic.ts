/** The stages that keep, order, cut and count documents. */
import { mongoError } from '../errors.ts';
import { compileFilter } from '../match.ts';
import { integer } from '../numeric.ts';
import { show } from '../show.ts';
import { type Doc, isDoc, isNumber, namesOf, setField, typeName, type Value, wholeNumber } from '../value.ts';
import { keepDocs, PAUSE, type StageCompiler } from './stage.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/match/ */
export const matchStage: StageCompiler = (spec, { variables }) => {
  if (!isDoc(spec)) throw mongoError(15959, 'the match filter must be an expression in an object');
  const matches = compileFilter(spec, { variables });
  return keepDocs((doc) => matches(doc));
};

/** A `$limit` or `$skip`; throws 5107201 or 5107200 unless it is a whole number of at least `least`. */
export function readCount(name: string, spec: Value): number {
  const code = name === '$limit' ? 5107201 : 5107200;
  const fail = (wanted: string) =>
    mongoError(code, `invalid argument to ${name} stage: Expected ${wanted} in: ${name}: ${show(spec)}`);
  if (!isNumber(spec)) throw fail('a number');
  const count = wholeNumber(spec);
  if (count === undefined) throw fail('an integer');
  if (count < 0) throw fail('a non-negative number');
  if (name === '$limit' && count === 0) throw mongoError(15958, 'the limit must be positive');
  return count;
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/limit/ */
export const limitStage: StageCompiler = (spec) => {
  const most = readCount('$limit', spec);
  return function* (source) {
    let seen = 0;
    for (const item of source) {
      yield item;
      if (item !== PAUSE && ++seen === most) return;
    }
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/skip/ */
export const skipStage: StageCompiler = (spec) => {
  const count = readCount('$skip', spec);
  return function* (source) {
    let seen = 0;
    for (const item of source) if (item === PAUSE || ++seen > count) yield item;
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/count/ */
export const countStage: StageCompiler = (spec) => {
  if (typeof spec !== 'string')
    throw mongoError(40156, `the count field must be a non-empty string, but found ${typeName(spec)}`);
  if (spec === '') throw mongoError(40157, 'the count field must be a non-empty string');
  if (spec.startsWith('$')) throw mongoError(40158, 'the count field cannot be a $-prefixed path');
  if (spec.includes('\0')) throw mongoError(40159, 'the count field cannot contain a null byte');
  if (spec.includes('.')) throw mongoError(40160, "the count field cannot contain '.'");
  return function* (source) {
    let count = 0;
    for (const item of source) {
      if (item === PAUSE) yield PAUSE;
      else count += 1;
    }
    const result: Doc = {};
    setField(result, spec, integer(BigInt(count)));
    if (count > 0) yield result;
  };
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/sample/ */
export const sampleStage: StageCompiler = (spec) => {
  if (!isDoc(spec)) throw mongoError(28745, 'the $sample stage specification must be an object');
  for (const name of namesOf(spec)) {
    if (name !== 'size') throw mongoError(28748, `unrecognized option to $sample: ${name}`);
  }
  if (!Object.hasOwn(spec, 'size')) throw mongoError(28749, '$sample stage must specify a size');
  if (!isNumber(spec['size'])) throw mongoError(28746, 'size argument to $sample must be a number');
  const size = wholeNumber(spec['size']) ?? -1;
  if (size < 0) throw mongoError(28747, 'size argument to $sample must not be negative');
  return function* (source) {
    const kept: Doc[] = [];
    let seen = 0;
    for (const item of source) {
      if (item === PAUSE) yield PAUSE;
      else {
        const place = seen < size ? seen : Math.floor(Math.random() * (seen + 1));
        if (place < size) kept[place] = item;
        seen += 1;
      }
    }
    yield* kept;
  };
};
