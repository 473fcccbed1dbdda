/** Keywords of a schema for documents. */
import { type Doc, fieldOf, isDoc, namesOf, type Value } from '../value.ts';
import { compileRegex } from './regex.ts';
import {
  countOperand,
  docOperand,
  flagOperand,
  type Keyword,
  namesOperand,
  type Place,
  type Rule,
} from './schema-operands.ts';

export const objectKeywords: Readonly<Record<string, Keyword>> = {
  properties: (operand, place) => {
    const rules = rulesByName(operand, place);
    return onDoc((doc) => rules.every(([name, rule]) => !has(doc, name) || rule(fieldOf(doc, name))));
  },
  patternProperties: (operand, place) => {
    const rules = patternsOf(operand, place);
    return onDoc((doc) =>
      namesOf(doc).every((name) =>
        rules.every(([occurs, rule]) => !occurs(name) || rule(fieldOf(doc, name))),
      ),
    );
  },
  additionalProperties,
  required: (operand, place) => {
    const names = namesOperand(operand, place);
    return onDoc((doc) => names.every((name) => has(doc, name)));
  },
  minProperties: (operand, place) => {
    const count = countOperand(operand, place);
    return onDoc((doc) => namesOf(doc).length >= count);
  },
  maxProperties: (operand, place) => {
    const count = countOperand(operand, place);
    return onDoc((doc) => namesOf(doc).length <= count);
  },
  dependencies: (operand, place) => {
    const given = docOperand(operand, place);
    const rules = namesOf(given).map((name) => [name, dependency(fieldOf(given, name), place)] as const);
    return onDoc((doc) => rules.every(([name, rule]) => !has(doc, name) || rule(doc)));
  },
};

/** Judges the fields that neither `properties` nor `patternProperties` names. */
function additionalProperties(operand: Value, place: Place): Rule {
  const { schema, compile } = place;
  const named = new Set(namesOf(isDoc(schema['properties']) ? schema['properties'] : {}));
  const patterns = patternsOf(schema['patternProperties'] ?? {}, { ...place, keyword: 'patternProperties' });
  const allows = isDoc(operand) ? compile(operand) : undefined;
  const isAllowed = allows === undefined && flagOperand(operand, place.keyword);
  return onDoc((doc) =>
    namesOf(doc).every(
      (name) =>
        named.has(name) ||
        patterns.some(([occurs]) => occurs(name)) ||
        (allows === undefined ? isAllowed : allows(fieldOf(doc, name))),
    ),
  );
}

function dependency(operand: Value, place: Place): Rule {
  if (isDoc(operand)) return place.compile(operand);
  const names = namesOperand(operand, place);
  return onDoc((doc) => names.every((name) => has(doc, name)));
}

function rulesByName(operand: Value, place: Place): [string, Rule][] {
  const given = docOperand(operand, place);
  return namesOf(given).map((name) => [name, place.compile(fieldOf(given, name))]);
}

function patternsOf(operand: Value, place: Place): [(text: string) => boolean, Rule][] {
  return rulesByName(operand, place).map(([pattern, rule]) => [compileRegex(pattern, ''), rule]);
}

function onDoc(rule: (doc: Doc) => boolean): Rule {
  return (value) => !isDoc(value) || rule(value);
}

function has(doc: Doc, name: string): boolean {
  return fieldOf(doc, name) !== undefined;
}
