/** The update operators on arrays: `$push`, `$addToSet`, `$pop`, `$pull`, `$pullAll`. */
import { mongoError } from '../errors.ts';
import { encodeKey } from '../key.ts';
import { isOperatorDoc, isRegex, parseCondition } from '../match/operators.ts';
import { atPath, every } from '../match/predicate.ts';
import { compileFilter } from '../match.ts';
import { show } from '../show.ts';
import { isDoc, isNumber, namesOf, toNumber, typeName, type Value } from '../value.ts';
import { lastPart, type Modifier, type Place, showId } from './change.ts';
import type { FieldOperator } from './fields.ts';
import { parsePush } from './push.ts';

/** Array operators (https://www.mongodb.com/docs/manual/reference/operator/update-array/). */
export const ARRAY_OPERATORS: ReadonlyMap<string, FieldOperator> = new Map<string, FieldOperator>([
  ['$push', push],
  ['$addToSet', addToSet],
  ['$pop', pop],
  ['$pull', pull],
  ['$pullAll', pullAll],
]);

function push(operand: Value): Modifier {
  const insert = parsePush(operand);
  return (current, place) => {
    if (current === undefined) return insert([]);
    if (!Array.isArray(current)) throw notAnArray(current, place);
    return insert(current);
  };
}

function notAnArray(current: Value, place: Place): Error {
  return mongoError(
    2,
    `The field '${lastPart(place.path)}' must be an array but is of type ${typeName(current)} ` +
      `in document ${showId(place.doc)}`,
  );
}

function addToSet(operand: Value): Modifier {
  const items = itemsToAdd(operand);
  return (current, place) => {
    if (current !== undefined && !Array.isArray(current)) {
      throw mongoError(
        2,
        `Cannot apply $addToSet to non-array field. Field named '${lastPart(place.path)}' has ` +
          `non-array type ${typeName(current)}`,
      );
    }
    const present = new Set((current ?? []).map((item: Value) => encodeKey(item)));
    const added = items.filter((item) => {
      const key = encodeKey(item);
      return !present.has(key) && present.add(key);
    });
    if (current !== undefined && added.length === 0) return current;
    return [...(current ?? []), ...added];
  };
}

function itemsToAdd(operand: Value): readonly Value[] {
  if (!isDoc(operand) || namesOf(operand)[0] !== '$each') return [operand];
  const [, extra] = namesOf(operand);
  if (extra !== undefined) {
    throw mongoError(2, `Found unexpected fields after $each in $addToSet: ${show(operand)}`);
  }
  const items = operand['$each'];
  if (!Array.isArray(items)) {
    throw mongoError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(items)}`,
    );
  }
  return items;
}

function pop(operand: Value, path: string): Modifier {
  if (!isNumber(operand)) {
    throw mongoError(9, `Expected a number in: ${path}: ${show(operand)}`);
  }
  const side = toNumber(operand);
  if (side !== 1 && side !== -1) throw mongoError(9, `$pop expects 1 or -1, found: ${show(operand)}`);
  return (current, place) => {
    if (current === undefined) return current;
    if (!Array.isArray(current)) {
      throw mongoError(
        14,
        `Path '${place.path}' contains an element of non-array type '${typeName(current)}'`,
      );
    }
    if (current.length === 0) return current;
    return side === 1 ? current.slice(0, -1) : current.slice(1);
  };
}

function pull(operand: Value): Modifier {
  return remove('$pull', pullTest(operand));
}

/** A condition judges the element itself; a document is a query on elements that are documents. */
function pullTest(operand: Value): (element: Value) => boolean {
  if (isOperatorDoc(operand) || isRegex(operand)) {
    const predicates = parseCondition('element', operand, (nested) => compileFilter(nested));
    const matches = every(predicates.map((predicate) => atPath('element', predicate)));
    return (element) => matches({ element });
  }
  if (isDoc(operand)) {
    const matches = compileFilter(operand);
    return (element) => isDoc(element) && matches(element);
  }
  const key = encodeKey(operand);
  return (element) => encodeKey(element) === key;
}

function pullAll(operand: Value): Modifier {
  if (!Array.isArray(operand)) {
    throw mongoError(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`);
  }
  const keys = new Set(operand.map((item: Value) => encodeKey(item)));
  return remove('$pullAll', (element) => keys.has(encodeKey(element)));
}

function remove(operator: string, goes: (element: Value) => boolean): Modifier {
  return (current) => {
    if (current === undefined) return current;
    if (!Array.isArray(current)) throw mongoError(2, `Cannot apply ${operator} to a non-array value`);
    const kept = current.filter((element: Value) => !goes(element));
    return kept.length === current.length ? current : kept;
  };
}
