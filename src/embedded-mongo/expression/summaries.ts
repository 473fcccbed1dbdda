/** Accumulators used as expressions: over their arguments, or over the one array given. */
import { ACCUMULATORS } from '../aggregate/accumulators.ts';
import type { Value } from '../value.ts';
import type { Compiler, Evaluate, Operators } from './operator.ts';

const NAMES = ['$sum', '$avg', '$min', '$max', '$stdDevPop', '$stdDevSamp'] as const;

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/sum/ and its siblings. */
export const SUMMARIES: Operators = NAMES.map((name) => [name, summary]);

function summary(operand: Value, { compile }: Compiler, name: string): Evaluate {
  const parts = (Array.isArray(operand) ? operand : [operand]).map((part: Value) => compile(part));
  const [only] = parts;
  const isSingle = parts.length === 1;
  return (scope) => {
    const accumulator = ACCUMULATORS.get(name)?.();
    const single = isSingle ? only?.(scope) : undefined;
    const values = Array.isArray(single) ? single : isSingle ? [single] : parts.map((part) => part(scope));
    for (const value of values) accumulator?.add(value);
    return accumulator?.result();
  };
}
