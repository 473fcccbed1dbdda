/** The window functions over a curve: `$derivative` and `$integral`. */
import { Double, Int32 } from 'bson';
import { mongoError } from '../../errors.ts';
import { add, divide, multiply, subtract } from '../../expression/arithmetic.ts';
import { unitOf } from '../../expression/date-steps.ts';
import { compileExpression } from '../../expression.ts';
import { show } from '../../show.ts';
import { type Doc, fieldOf, isDoc, isNumber, namesOf, toNumber, typeName, type Value } from '../../value.ts';
import type { Accumulator } from '../sum.ts';
import { Sum } from '../sum.ts';
import { type Bounds, readBounds, WHOLE, type WindowScope } from './bounds.ts';
import { endpointsOf } from './endpoints.ts';
import { gathered } from './gathered.ts';
import { atOnce, type WindowFunction } from './partition.ts';

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
]);

interface Curve {
  readonly bounds: Bounds | undefined;
  readonly x: (doc: Doc) => Value;
  readonly y: (doc: Doc) => Value;
  readonly unitMs: number | undefined;
}

/** Reads `{$name: {input, unit}, window}`; throws 9, and 5490710 for a unit above a week. */
function readCurve(name: string, statement: Doc, scope: WindowScope): Curve {
  const [part, second] = scope.sortBy ?? [];
  if (scope.sortBy === undefined) throw mongoError(9, `${name} requires a sortBy`);
  if (part === undefined || second !== undefined)
    throw mongoError(9, `${name} requires a non-compound sortBy`);
  for (const other of namesOf(statement)) {
    if (other !== name && other !== 'window')
      throw mongoError(9, `${name} got unexpected argument: ${other}`);
  }
  const window = fieldOf(statement, 'window');
  const bounds = window === undefined ? undefined : readBounds(window, scope);
  const spec = fieldOf(statement, name);
  if (!isDoc(spec)) {
    throw mongoError(9, `${name} expects an object, but got a ${typeName(spec)}: ${name}: ${show(spec)}`);
  }
  for (const field of namesOf(spec)) {
    if (field !== 'input' && field !== 'unit')
      throw mongoError(9, `${name} got unexpected argument: ${field}`);
  }
  const unitMs = spec['unit'] === undefined ? undefined : readUnit(spec['unit']);
  if (spec['input'] === undefined) throw mongoError(9, `${name} requires an 'input' expression`);
  return {
    bounds,
    x: compileExpression(`$${part.path}`),
    y: compileExpression(spec['input'], scope.variables),
    unitMs,
  };
}

function readUnit(value: Value): number {
  if (typeof value !== 'string') throw mongoError(9, `unit' must be a string, but got ${typeName(value)}`);
  const milliseconds = UNIT_MS.get(unitOf(value));
  if (milliseconds === undefined) throw mongoError(5490710, "unit must be 'week' or smaller");
  return milliseconds;
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/derivative/: rise over run. */
export function readDerivative(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  const { bounds, x, y, unitMs } = readCurve(name, statement, scope);
  if (bounds === undefined) throw mongoError(9, '$derivative requires explicit window bounds');
  return (docs) => {
    const endpoints = endpointsOf(bounds, docs);
    return atOnce((position) => {
      const ends = endpoints(position);
      if (ends === undefined) return null;
      const [left, right] = [docs[ends[0]] ?? {}, docs[ends[1]] ?? {}];
      const [from, to] = [x(left), x(right)];
      checkTimes(from, to, unitMs !== undefined);
      const run = subtract(to, from);
      const rise = subtract(y(right), y(left));
      if (rise === null) throw mongoError(5624903, '$derivative input must not be null or missing');
      if (isNumber(run) && toNumber(run) === 0) return null;
      const slope = divide(rise, run);
      return unitMs === undefined ? slope : multiply([slope, new Int32(unitMs)]);
    });
  };
}

function checkTimes(from: Value, to: Value, hasUnit: boolean): void {
  if (hasUnit) {
    if (from instanceof Date && to instanceof Date) return;
    throw mongoError(5624900, "$derivative with 'unit' expects the sortBy field to be a Date");
  }
  if (from instanceof Date || to instanceof Date)
    throw mongoError(5624901, "$derivative where the sortBy is a Date requires an 'unit'");
  if (!isNumber(from) || !isNumber(to))
    throw mongoError(5624902, "$derivative (with no 'unit') expects the sortBy field to be numeric");
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/integral/: trapezoids under the curve. */
export function readIntegral(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  const { bounds, x, y, unitMs } = readCurve(name, statement, scope);
  const gatherer = {
    evaluate: (doc: Doc) => [x(doc), y(doc)],
    start: () => new Integral(unitMs),
  };
  return gathered(gatherer, bounds ?? WHOLE);
}

class Integral implements Accumulator {
  private readonly unitMs: number | undefined;
  private readonly area = new Sum();
  private last: readonly [Value, Value] | undefined;
  private hasNaN = false;

  constructor(unitMs: number | undefined) {
    this.unitMs = unitMs;
  }

  add(point: Value): void {
    const [x, y] = point as readonly [Value, Value];
    this.check(x, y);
    if (Number.isNaN(toNumber(y)) || (isNumber(x) && Number.isNaN(toNumber(x)))) this.hasNaN = true;
    if (this.last !== undefined && !this.hasNaN) this.area.add(trapezoid(this.last, [x, y]));
    this.last = [x, y];
  }

  private check(x: Value, y: Value): void {
    if (!isNumber(y) || !(isNumber(x) || x instanceof Date)) {
      throw mongoError(
        5423900,
        'The input value of $integral window function must be a vector of 2 value, the first value must ' +
          'be numeric or date type and the second must be numeric.',
      );
    }
    if (this.unitMs !== undefined && !(x instanceof Date))
      throw mongoError(5423901, "$integral with 'outputUnit' expects the sortBy field to be a Date");
    if (this.unitMs === undefined && !isNumber(x))
      throw mongoError(5423902, "$integral (with no 'outputUnit') expects the sortBy field to be numeric");
  }

  result(): Value {
    if (this.last === undefined) return null;
    if (this.hasNaN) return new Double(Number.NaN);
    const area = this.area.result();
    return this.unitMs === undefined ? area : divide(area, new Int32(this.unitMs));
  }
}

function trapezoid([x1, y1]: readonly [Value, Value], [x2, y2]: readonly [Value, Value]): Value {
  return divide(multiply([add([y2, y1]), subtract(x2, x1)]), new Double(2));
}
