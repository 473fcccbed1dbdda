/** Reads what `$group`, `$bucket`, `$bucketAuto` and window functions gather: `{name: {$operator: argument}}`. */
import { mongoError } from '../errors.ts';
import { readInputAndN, readN } from '../expression/input-and-n.ts';
import { compileExpression, type Variables } from '../expression.ts';
import { show } from '../show.ts';
import { compileSortKey } from '../sort.ts';
import { type Doc, fieldOf, hasField, isDoc, namesOf, type Value } from '../value.ts';
import { ACCUMULATORS, type Accumulator } from './accumulators.ts';
import { ExtremeN, FirstN, LastN, placed, TopN } from './accumulators-n.ts';
import { Percentile, readQuantiles } from './percentile.ts';

/** How values are gathered: what each document gives, and a fresh accumulator for a group. */
export interface Gatherer {
  readonly evaluate: (doc: Doc) => Value;
  /** `group` is the group's `_id` when that is a document, else empty: `n` may depend on it. */
  readonly start: (group: Doc) => Accumulator;
}
/** A gatherer and the field its result goes to. */
export interface Gathering extends Gatherer {
  readonly name: string;
}
type Reader = (argument: Value, variables: Variables | undefined, operator: string) => Gatherer;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...[...ACCUMULATORS.keys()].map((name): [string, Reader] => [name, readSimple]),
  ['$count', readCounter],
  ['$firstN', fewOf(5787801, (n) => new FirstN(n))],
  ['$lastN', fewOf(5787801, (n) => new LastN(n))],
  ['$minN', fewOf(5787900, (n) => new ExtremeN(n, 'least'))],
  ['$maxN', fewOf(5787900, (n) => new ExtremeN(n, 'greatest'))],
  ['$top', ordered('top', true)],
  ['$topN', ordered('top', false)],
  ['$bottom', ordered('bottom', true)],
  ['$bottomN', ordered('bottom', false)],
  ['$percentile', readPercentile],
  ['$median', readPercentile],
]);

/**
 * Reads one field of an output specification
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/#accumulator-operator). Throws
 * 40234 to 40238 for its shape, 15952 for an unknown operator, 115 for a refused one.
 */
export function readGathering(name: string, operand: Value, variables: Variables | undefined): Gathering {
  const [operator, second] = isDoc(operand) ? namesOf(operand) : [];
  if (!isDoc(operand) || operator === undefined || !operator.startsWith('$')) {
    throw mongoError(40234, `The field '${name}' must be an accumulator object`);
  }
  if (name.includes('.')) throw mongoError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw mongoError(40236, `The field name '${name}' cannot be an operator name`);
  if (second !== undefined) throw mongoError(40238, `The field '${name}' must specify one accumulator`);
  const argument = fieldOf(operand, operator);
  if (Array.isArray(argument)) throw mongoError(40237, `The ${operator} accumulator is a unary operator`);
  const gatherer = gathererOf(operator, argument, variables);
  if (gatherer !== undefined) return { name, ...gatherer };
  if (operator === '$accumulator')
    throw mongoError(115, `${operator} in $group is not supported by the embedded engine`);
  throw mongoError(15952, `unknown group operator '${operator}'`);
}

/** The gatherer of an operator, or undefined when there is none of that name. */
export function gathererOf(
  operator: string,
  argument: Value,
  variables: Variables | undefined,
): Gatherer | undefined {
  return READERS.get(operator)?.(argument, variables, operator);
}

function readSimple(argument: Value, variables: Variables | undefined, operator: string): Gatherer {
  const start = ACCUMULATORS.get(operator);
  if (start === undefined) throw mongoError(15952, `unknown group operator '${operator}'`);
  return { evaluate: compileExpression(argument, variables), start };
}

function readCounter(argument: Value, variables: Variables | undefined, operator: string): Gatherer {
  if (!isDoc(argument) || namesOf(argument).length > 0)
    throw mongoError(14, '$count takes no arguments, i.e. $count:{}');
  return readSimple(null, variables, operator);
}

/** `{input, n}`. */
function fewOf(shapeCode: number, make: (n: number) => Accumulator): Reader {
  return (argument, variables) => {
    const { input, n } = readInputAndN(argument, shapeCode);
    const count = compileExpression(n, variables);
    return {
      evaluate: compileExpression(input, variables),
      start: (group) => make(readN(count(group))),
    };
  };
}

/** `{sortBy, output}`, with `n` unless single. */
function ordered(end: 'top' | 'bottom', isSingle: boolean): Reader {
  return (argument, variables, operator) => {
    if (!isDoc(argument))
      throw mongoError(5788001, `specification must be an object; found ${show(argument)}`);
    for (const name of namesOf(argument)) {
      if (name !== 'output' && name !== 'sortBy' && (name !== 'n' || isSingle))
        throw mongoError(5788002, `Unknown argument to ${operator} '${name}'`);
    }
    for (const [name, code] of [
      ['n', 5788003],
      ['output', 5788004],
      ['sortBy', 5788005],
    ] as const) {
      if (!hasField(argument, name) && !(isSingle && name === 'n'))
        throw mongoError(code, `Missing value for '${name}'`);
    }
    const { sortBy } = { sortBy: argument['sortBy'] };
    if (!isDoc(sortBy)) throw mongoError(10065, 'invalid parameter: expected an object (sortBy)');
    const keyOf = compileSortKey(sortBy);
    const output = compileExpression(argument['output'], variables);
    const count = isSingle ? () => 1 : compileExpression(argument['n'], variables);
    return {
      evaluate: (doc) => placed(doc, keyOf, output),
      start: (group) => new TopN(readN(count(group)), end, isSingle),
    };
  };
}

function readPercentile(argument: Value, variables: Variables | undefined, operator: string): Gatherer {
  const { input, shares, isSingle } = readQuantiles(argument, operator, (part) =>
    compileExpression(part, variables),
  );
  return {
    evaluate: compileExpression(input, variables),
    start: () => new Percentile(shares, isSingle),
  };
}
