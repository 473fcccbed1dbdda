/** Reads one output of `$setWindowFields`: `{$function: argument, window: bounds}`. */
import { mongoError } from '../../errors.ts';
import { compileExpression } from '../../expression.ts';
import { type Doc, fieldOf, isDoc, namesOf, type Value } from '../../value.ts';
import { type Gatherer, gathererOf } from '../gathering.ts';
import { Covariance, readExpMovingAvg } from './averages.ts';
import { type Bounds, readBounds, WHOLE, type WindowScope } from './bounds.ts';
import { readLinearFill, readLocf } from './fillers.ts';
import { gathered } from './gathered.ts';
import { readEdge, readShift } from './neighbours.ts';
import type { WindowFunction } from './partition.ts';
import { readRank } from './ranks.ts';
import { readDerivative, readIntegral } from './slopes.ts';

type Reader = (name: string, statement: Doc, scope: WindowScope) => WindowFunction;

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/setWindowFields/#window-operators */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['$addToSet', readPlain],
  ['$avg', readPlain],
  ['$count', readPlain],
  ['$covariancePop', readPlain],
  ['$covarianceSamp', readPlain],
  ['$max', readPlain],
  ['$min', readPlain],
  ['$push', readPlain],
  ['$stdDevPop', readPlain],
  ['$stdDevSamp', readPlain],
  ['$sum', readPlain],
  ['$bottom', readNamed],
  ['$bottomN', readNamed],
  ['$firstN', readNamed],
  ['$lastN', readNamed],
  ['$maxN', readNamed],
  ['$median', readNamed],
  ['$minN', readNamed],
  ['$percentile', readNamed],
  ['$top', readNamed],
  ['$topN', readNamed],
  ['$denseRank', readRank],
  ['$derivative', readDerivative],
  ['$documentNumber', readRank],
  ['$expMovingAvg', readExpMovingAvg],
  ['$first', readEdge],
  ['$integral', readIntegral],
  ['$last', readEdge],
  ['$linearFill', readLinearFill],
  ['$locf', readLocf],
  ['$rank', readRank],
  ['$shift', readShift],
]);

/** The window function of an output; throws 9 for an unknown one and what each throws for its arguments. */
export function readStatement(statement: Value, scope: WindowScope): WindowFunction {
  if (!isDoc(statement))
    throw mongoError(9, 'The field of a $setWindowFields output must be an object with a window function');
  const name = namesOf(statement).find((field) => field.startsWith('$'));
  if (name === undefined) {
    const [first] = namesOf(statement);
    const found = first === undefined ? '' : `, ${first}`;
    throw mongoError(9, `Expected a $-prefixed window function${found}`);
  }
  const read = READERS.get(name);
  if (read === undefined) throw mongoError(9, `Unrecognized window function, ${name}`);
  return read(name, statement, scope);
}

/** `{$sum: expression}` and its like. */
function readPlain(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  for (const other of namesOf(statement)) {
    if (other === name || other === 'window') continue;
    if (READERS.has(other)) throw mongoError(9, 'Cannot specify two functions in window function spec');
    throw mongoError(9, `Window function found an unknown argument: ${other}`);
  }
  const bounds = boundsOf(statement, scope);
  return gathered(plainGatherer(name, fieldOf(statement, name), scope), bounds);
}

function plainGatherer(name: string, argument: Value, scope: WindowScope): Gatherer {
  const evaluate = compileExpression(argument, scope.variables);
  if (name === '$covariancePop') return { evaluate, start: () => new Covariance(false) };
  if (name === '$covarianceSamp') return { evaluate, start: () => new Covariance(true) };
  if (name === '$count' && !(isDoc(argument) && namesOf(argument).length === 0))
    throw mongoError(9, '$count only accepts an empty object as input');
  return required(name, gathererOf(name, argument, scope.variables));
}

/** `{$topN: {n, sortBy, output}}` and its like. */
function readNamed(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  for (const other of namesOf(statement)) {
    if (other !== name && other !== 'window')
      throw mongoError(9, `${name} got unexpected argument: ${other}`);
  }
  const gatherer = required(name, gathererOf(name, fieldOf(statement, name), scope.variables));
  return gathered(gatherer, boundsOf(statement, scope));
}

function boundsOf(statement: Doc, scope: WindowScope): Bounds {
  const window = fieldOf(statement, 'window');
  return window === undefined ? WHOLE : readBounds(window, scope);
}

function required(name: string, gatherer: Gatherer | undefined): Gatherer {
  if (gatherer === undefined) throw mongoError(9, `Unrecognized window function, ${name}`);
  return gatherer;
}
