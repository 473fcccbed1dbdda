/** A collection's own rule for its documents: the validator, its level and its action. */
import type { Collection } from './collection.ts';
import { mongoError } from './errors.ts';
import { compileFilter, type Matcher } from './match.ts';
import { docOnce, type StoredDocument } from './stored-document.ts';
import { type Doc, hasField, isDoc, namesOf, type Value } from './value.ts';

export const VALIDATION_OPTIONS = ['validator', 'validationLevel', 'validationAction'] as const;

const LEVELS = new Set<Value>(['off', 'strict', 'moderate']);
const ACTIONS = new Set<Value>(['error', 'warn']);
/** Stages and operators that MongoDB takes in no validator. */
const REFUSED = ['$near', '$nearSphere', '$text', '$where'];

/**
 * Reads the options of `create` and `collMod`
 * (https://www.mongodb.com/docs/manual/core/schema-validation/). Throws 14 and 2 for wrong ones, and what
 * the validator's own operators throw.
 */
export function readValidation(command: Doc): Doc {
  const options: Doc = {};
  const { validator, validationLevel: level, validationAction: action } = command;
  if (validator !== undefined) {
    if (!isDoc(validator)) throw mongoError(14, "BSON field 'validator' must be an object");
    const refused = REFUSED.find((name) => hasField(validator, name));
    if (refused !== undefined) throw mongoError(224, `${refused} is not allowed in validator`);
    compileFilter(validator);
    if (namesOf(validator).length > 0) options['validator'] = validator;
  }
  if (level !== undefined) {
    if (!LEVELS.has(level))
      throw mongoError(2, `Enumeration value '${String(level)}' for validationLevel is not valid`);
    options['validationLevel'] = level;
  }
  if (action !== undefined) {
    if (!ACTIONS.has(action))
      throw mongoError(2, `Enumeration value '${String(action)}' for validationAction is not valid`);
    options['validationAction'] = action;
  }
  return options;
}

const compiled = new WeakMap<Doc, Matcher>();

/** The collection's rule, compiled once; undefined when it has none. */
export function ruleOf({ options }: Collection): Matcher | undefined {
  const { validator } = options;
  if (!isDoc(validator)) return undefined;
  const rule = compiled.get(validator) ?? compileFilter(validator);
  compiled.set(validator, rule);
  return rule;
}

/** Throws 121 for a document its collection does not take; `stored` is what it replaces. */
export function checkDocument(collection: Collection, doc: Doc, stored?: StoredDocument): void {
  const { validator, validationLevel, validationAction } = collection.options;
  if (!isDoc(validator) || validationLevel === 'off' || validationAction === 'warn') return;
  const matches = ruleOf(collection);
  if (matches === undefined || matches(doc)) return;
  if (validationLevel === 'moderate' && stored !== undefined && !matches(docOnce(stored))) return;
  const [operatorName] = namesOf(validator);
  throw mongoError(121, 'Document failed validation', {
    errInfo: { failingDocumentId: doc['_id'], details: { operatorName, specifiedAs: validator } },
  });
}
