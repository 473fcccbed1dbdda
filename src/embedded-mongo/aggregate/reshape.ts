/** The stages that give documents another shape. */
import { Long } from 'bson';
import { mongoError, telling } from '../errors.ts';
import { compileExpression } from '../expression.ts';
import { setAt, unsetAt } from '../path.ts';
import { splitFieldPath } from '../project/tree.ts';
import { compileAddFields, compileProjectStage } from '../project.ts';
import { showPlain } from '../show.ts';
import { type Doc, docWith, fieldOf, isDoc, namesOf, typeName, type Value } from '../value.ts';
import { eachDoc, PAUSE, type StageCompiler } from './stage.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/project/ */
export const projectStage: StageCompiler = (spec, { variables }) => {
  if (!isDoc(spec)) throw mongoError(15969, '$project specification must be an object');
  if (namesOf(spec).length === 0) {
    throw mongoError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  return eachDoc(telling('Invalid $project', () => compileProjectStage(spec, variables)));
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/addFields/ */
export const addFieldsStage = fieldsStage('$addFields');
/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/set/ */
export const setStage = fieldsStage('$set');

function fieldsStage(name: string): StageCompiler {
  return (spec, { variables }) => {
    if (!isDoc(spec)) {
      throw mongoError(40272, `${name} specification stage must be an object, got ${typeName(spec)}`);
    }
    return telling(`Invalid ${name}`, () => {
      if (namesOf(spec).length === 0) throw mongoError(40177, 'specification must have at least one field');
      return eachDoc(compileAddFields(spec, variables));
    });
  };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/unset/ */
export const unsetStage: StageCompiler = (spec, { variables }) => {
  const paths: readonly Value[] = Array.isArray(spec) ? spec : [spec];
  if (!Array.isArray(spec) && typeof spec !== 'string') {
    throw mongoError(31002, '$unset specification must be a string or an array');
  }
  if (paths.length === 0)
    throw mongoError(31119, '$unset specification must be a string or an array with at least one field');
  const names = paths.map((path) => {
    if (typeof path === 'string') return path;
    throw mongoError(
      31120,
      '$unset specification must be a string or an array containing only string values',
    );
  });
  const exclusion = docWith(names.map((name) => [name, false]));
  const twice = names.find((name, at) => names.indexOf(name) < at);
  return telling('Invalid $unset', () => {
    if (twice !== undefined) throw mongoError(31250, `Path collision at ${twice}`);
    return eachDoc(compileProjectStage(exclusion, variables));
  });
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/replaceRoot/ */
export const replaceRootStage: StageCompiler = (spec, context) => {
  if (!isDoc(spec)) {
    throw mongoError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${typeName(spec)}`,
    );
  }
  for (const name of namesOf(spec)) {
    if (name !== 'newRoot') throw mongoError(40415, `BSON field '$replaceRoot.${name}' is an unknown field.`);
  }
  if (!Object.hasOwn(spec, 'newRoot'))
    throw mongoError(40231, 'no newRoot specified for the $replaceRoot stage');
  return replaceBy("'newRoot' expression ")(spec['newRoot'], context);
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/replaceWith/ */
export const replaceWithStage: StageCompiler = (spec, context) =>
  replaceBy("'replacement document' ")(spec, context);

function replaceBy(subject: string): StageCompiler {
  return (expression, { variables }) => {
    const evaluate = compileExpression(expression, variables);
    return eachDoc((doc) => {
      const root = evaluate(doc);
      if (isDoc(root)) return root;
      throw mongoError(
        40228,
        `${subject}must evaluate to an object, but resulting value was: ${showPlain(root)}. Type of ` +
          `resulting value: '${typeName(root)}'. Input document: ${showPlain(doc)}`,
      );
    });
  };
}

interface Unwind {
  readonly parts: readonly string[];
  readonly keepsEmpty: boolean;
  readonly indexParts: readonly string[] | undefined;
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/unwind/ */
export const unwindStage: StageCompiler = (spec) => {
  const unwind = readUnwind(spec);
  return function* (source) {
    for (const item of source) {
      if (item === PAUSE) yield PAUSE;
      else yield* unwound(item, unwind);
    }
  };
};

function* unwound(doc: Doc, { parts, keepsEmpty, indexParts }: Unwind): Iterable<Doc> {
  const value = embeddedValue(doc, parts);
  const withIndex = (result: Doc, index: Value) =>
    indexParts === undefined ? result : setAt(result, indexParts, index);
  if (!Array.isArray(value)) {
    if (keepsEmpty || (value !== undefined && value !== null)) yield withIndex(doc, null);
    return;
  }
  if (value.length === 0) {
    if (keepsEmpty) yield withIndex(unsetAt(doc, parts), null);
    return;
  }
  for (let i = 0; i < value.length; i++) yield withIndex(setAt(doc, parts, value[i]), Long.fromNumber(i));
}

/** The value at a path through documents only. */
function embeddedValue(doc: Doc, parts: readonly string[]): Value {
  let value: Value = doc;
  for (const part of parts) value = isDoc(value) ? fieldOf(value, part) : undefined;
  return value;
}

function readUnwind(spec: Value): Unwind {
  if (typeof spec === 'string') return { parts: unwindPath(spec), keepsEmpty: false, indexParts: undefined };
  if (!isDoc(spec)) {
    throw mongoError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(spec)}`,
    );
  }
  for (const name of namesOf(spec)) {
    if (!['path', 'preserveNullAndEmptyArrays', 'includeArrayIndex'].includes(name)) {
      throw mongoError(28811, `unrecognized option to $unwind stage: ${name}`);
    }
  }
  const [path, keeps, index] = ['path', 'preserveNullAndEmptyArrays', 'includeArrayIndex'].map((name) =>
    fieldOf(spec, name),
  );
  if (path === undefined) throw mongoError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string') {
    throw mongoError(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`);
  }
  if (keeps !== undefined && typeof keeps !== 'boolean') {
    throw mongoError(28809, 'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage');
  }
  return { parts: unwindPath(path), keepsEmpty: keeps === true, indexParts: indexPath(index) };
}

function unwindPath(path: string): string[] {
  if (path === '') throw mongoError(28812, 'no path specified to $unwind stage');
  if (!path.startsWith('$')) {
    throw mongoError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  }
  return splitFieldPath(path.slice(1));
}

function indexPath(index: Value): string[] | undefined {
  if (index === undefined) return undefined;
  if (typeof index !== 'string' || index === '') {
    throw mongoError(28810, 'expected a non-empty string for the includeArrayIndex option to $unwind stage');
  }
  if (index.startsWith('$'))
    throw mongoError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    );
  return splitFieldPath(index);
}
