/** The stage `$redact`: keeps, drops or looks into each embedded document. */
import { mongoError } from '../errors.ts';
import { compileScoped, type Variables } from '../expression.ts';
import { show } from '../show.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, type Value } from '../value.ts';
import { PAUSE, type StageCompiler } from './stage.ts';

const DECISIONS = ['DESCEND', 'PRUNE', 'KEEP'] as const;

/**
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/redact/ — the expression runs at every
 * level, with `$$CURRENT` the document of that level. Throws 17053 for any other result.
 */
export const redactStage: StageCompiler = (spec, { variables }) => {
  let outer: Variables | undefined = variables;
  for (const name of DECISIONS) outer = { name, value: name.toLowerCase(), outer };
  const evaluate = compileScoped(spec, outer);

  const redactDoc = (doc: Doc, root: Doc): Doc | undefined => {
    const decision = evaluate(root, { name: 'CURRENT', value: doc, outer });
    if (decision === 'keep') return doc;
    if (decision === 'prune') return undefined;
    if (decision !== 'descend') throw undecided(decision);
    const result: Doc = {};
    for (const name of namesOf(doc)) {
      const value = redactValue(fieldOf(doc, name), root);
      if (value !== undefined) setField(result, name, value);
    }
    return result;
  };
  const redactValue = (value: Value, root: Doc): Value => {
    if (isDoc(value)) return redactDoc(value, root);
    if (!Array.isArray(value)) return value;
    return value.map((item: Value) => redactValue(item, root)).filter((item) => item !== undefined);
  };

  return function* (source) {
    for (const item of source) {
      const result = item === PAUSE ? PAUSE : redactDoc(item, item);
      if (item === PAUSE || result !== undefined) yield result;
    }
  };
};

function undecided(decision: Value): Error {
  return mongoError(
    17053,
    "$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and " +
      `$$PRUNE, but returned ${show(decision)}`,
  );
}
