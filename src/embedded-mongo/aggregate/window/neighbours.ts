/** The window functions that take one value of a window: `$first`, `$last`, `$shift`. */
import { mongoError } from '../../errors.ts';
import { constantOf } from '../../expression/constant.ts';
import { compileExpression } from '../../expression.ts';
import { show } from '../../show.ts';
import { type Doc, fieldOf, isDoc, namesOf, type Value, wholeNumber } from '../../value.ts';
import { readBounds, WHOLE, type WindowScope } from './bounds.ts';
import { endpointsOf } from './endpoints.ts';
import { atOnce, type WindowFunction } from './partition.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/first/, and `$last`. */
export function readEdge(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  for (const other of namesOf(statement)) {
    if (other !== name && other !== 'window')
      throw mongoError(9, `${name} got unexpected argument: ${other}`);
  }
  const window = fieldOf(statement, 'window');
  const bounds = window === undefined ? WHOLE : readBounds(window, scope);
  const evaluate = compileExpression(fieldOf(statement, name), scope.variables);
  return (docs) => {
    const endpoints = endpointsOf(bounds, docs);
    return atOnce((position) => {
      const ends = endpoints(position);
      const at = name === '$first' ? ends?.[0] : ends?.[1];
      return at === undefined ? null : (evaluate(docs[at] ?? {}) ?? null);
    });
  };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/shift/ */
export function readShift(name: string, statement: Doc, scope: WindowScope): WindowFunction {
  for (const other of namesOf(statement)) {
    if (other === 'window') throw mongoError(9, "$shift does not accept a 'window' field");
    if (other !== name) throw mongoError(9, `Window function found an unknown argument: ${other}`);
  }
  const spec = fieldOf(statement, name);
  if (!isDoc(spec)) throw mongoError(9, 'Argument to $shift must be an object');
  for (const field of namesOf(spec)) {
    if (!['output', 'by', 'default'].includes(field)) throw mongoError(9, `Unknown argument in ${name}`);
  }
  const fallback = constantOf(compileExpression(spec['default'] ?? null, scope.variables));
  if (fallback === undefined) throw mongoError(9, "'$shift:default' expression must yield a constant value.");
  const by = spec['by'] === undefined ? undefined : readOffset(spec['by']);
  if (spec['output'] === undefined) throw mongoError(9, "$shift requires an 'output' expression.");
  if (by === undefined) throw mongoError(9, "$shift requires 'by' as an integer value.");
  if (scope.sortBy === undefined) throw mongoError(9, "'$shift' requires a sortBy");
  const evaluate = compileExpression(spec['output'], scope.variables);
  return (docs) =>
    atOnce((position) => {
      const doc = docs[position + by];
      return (doc === undefined ? undefined : evaluate(doc)) ?? fallback.value ?? null;
    });
}

function readOffset(value: Value): number {
  const by = wholeNumber(value);
  if (by === undefined)
    throw mongoError(9, `'$shift:by' field must be an integer, but found  by: ${show(value)}`);
  return by;
}
