/** The window functions that fill gaps: `$locf` carries values on, `$linearFill` draws lines between them. */
import { ObjectId, Timestamp } from 'bson';
import { mongoError } from '../../errors.ts';
import { add, divide, multiply, subtract } from '../../expression/arithmetic.ts';
import { isNullish } from '../../expression/operator.ts';
import { compileExpression } from '../../expression.ts';
import { equalValues } from '../../key.ts';
import { type Doc, fieldOf, isNumber, namesOf, typeName, type Value } from '../../value.ts';
import type { WindowScope } from './bounds.ts';
import { atOnce, type WindowFunction } from './partition.ts';

/** The input of a function that takes no window; throws 9. */
function readInput(name: string, statement: Doc, { variables }: WindowScope): (doc: Doc) => Value {
  const others = namesOf(statement).filter((other) => other !== name);
  for (const other of others) {
    if (other !== 'window') throw mongoError(9, `Window function found an unknown argument: ${other}`);
  }
  if (others.length > 0) throw mongoError(9, `'window' field is not allowed in ${name}`);
  return compileExpression(fieldOf(statement, name), variables);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/locf/ */
export function readLocf(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  const evaluate = readInput(name, statement, scope);
  return (docs) => {
    let last: Value = null;
    return atOnce((position) => {
      const value = evaluate(docs[position] ?? {});
      if (!isNullish(value)) last = value;
      return last;
    });
  };
}

interface Point {
  readonly x: Value;
  readonly y: Value;
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/linearFill/; throws 605001, 6050106, 14. */
export function readLinearFill(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  const evaluate = readInput(name, statement, scope);
  const [part, second] = scope.sortBy ?? [];
  if (part === undefined || second !== undefined) {
    throw mongoError(
      605001,
      `${name} must be specified with a top level sortBy expression with exactly one element`,
    );
  }
  const sortValue = compileExpression(`$${part.path}`);
  return (docs) => {
    let seen: Value;
    let before: Point | undefined;
    let after: Point | undefined;
    const findAfter = (from: number): Point | undefined => {
      for (let at = from; at < docs.length; at++) {
        const [x, y] = [sortValue(docs[at] ?? {}), evaluate(docs[at] ?? {})];
        if (!isNullish(x) && !isNullish(y)) return { x, y };
      }
      return undefined;
    };
    return atOnce((position) => {
      const [x, y] = [sortValue(docs[position] ?? {}), evaluate(docs[position] ?? {})];
      checkPoint(x, y, seen);
      seen = x;
      if (!isNullish(y)) {
        before = after ?? { x, y };
        after = undefined;
        return y;
      }
      if (before === undefined) return null;
      after ??= findAfter(position + 1);
      return after === undefined ? null : between(before, after, x);
    });
  };
}

function checkPoint(x: Value, y: Value, seen: Value): void {
  if (!isNumber(y) && !isNullish(y))
    throw mongoError(14, `Value to be filled must be numeric or nullish, but found ${typeName(y)}`);
  if (!isNumber(x) && !isMoment(x))
    throw mongoError(14, `Value of the sortBy field must be numeric or a date, but found ${typeName(x)}`);
  if (seen === undefined) return;
  if (equalValues(seen, x)) throw mongoError(6050106, 'There can be no repeated values in the sort field');
  if (isNumber(x) === isNumber(seen)) return;
  throw mongoError(
    14,
    `Conflicting sort value types, previously received type ${typeName(seen)}, but found ${typeName(x)}`,
  );
}

function isMoment(value: Value): boolean {
  return value instanceof Date || value instanceof Timestamp || value instanceof ObjectId;
}

function between(a: Point, b: Point, x: Value): Value {
  const slope = divide(subtract(b.y, a.y), subtract(b.x, a.x));
  return add([a.y, multiply([subtract(x, a.x), slope])]);
}
