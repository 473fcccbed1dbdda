/** Keywords of a schema for arrays. */
import { encodeKey } from '../key.ts';
import { isDoc, type Value } from '../value.ts';
import {
  countOperand,
  docOperand,
  flagOperand,
  type Keyword,
  type Place,
  type Rule,
} from './schema-operands.ts';

export const arrayKeywords: Readonly<Record<string, Keyword>> = {
  items,
  minItems: (operand, place) => {
    const count = countOperand(operand, place);
    return (value) => !Array.isArray(value) || value.length >= count;
  },
  maxItems: (operand, place) => {
    const count = countOperand(operand, place);
    return (value) => !Array.isArray(value) || value.length <= count;
  },
  uniqueItems: (operand, { keyword }) => {
    if (!flagOperand(operand, keyword)) return () => true;
    return (value) => !Array.isArray(value) || new Set(value.map(encodeKey)).size === value.length;
  },
};

/** One schema for all items, or one for each of the first ones and `additionalItems` for the rest. */
function items(operand: Value, place: Place): Rule {
  if (!Array.isArray(operand)) {
    const rule = place.compile(docOperand(operand, place));
    return (value) => !Array.isArray(value) || value.every(rule);
  }
  const first = operand.map(place.compile);
  const rest = restOf(place);
  return (value) => !Array.isArray(value) || value.every((item, at) => (first[at] ?? rest)(item));
}

function restOf({ schema, compile }: Place): Rule {
  const additional = schema['additionalItems'];
  if (additional === undefined) return () => true;
  if (isDoc(additional)) return compile(additional);
  const isAllowed = flagOperand(additional, 'additionalItems');
  return () => isAllowed;
}
