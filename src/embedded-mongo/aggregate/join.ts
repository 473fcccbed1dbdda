/** The stages that bring documents together: `$lookup`, `$unionWith`, `$facet`. */
import { mongoError } from '../errors.ts';
import { checkUserVariable } from '../expression/conditions.ts';
import { compileExpression, type Variables } from '../expression.ts';
import { encodeKey } from '../key.ts';
import { setAt, valuesAt, visitPath } from '../path.ts';
import { splitFieldPath } from '../project/tree.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, show, typeName, type Value } from '../value.ts';
import { type Item, PAUSE, type Stage, type StageCompiler, type StageContext } from './stage.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/facet/ */
export const facetStage: StageCompiler = (spec, context) => {
  if (!isDoc(spec) || namesOf(spec).length === 0) {
    throw mongoError(
      40169,
      `the $facet specification must be a non-empty object, but found: ${typeName(spec)}`,
    );
  }
  const facets = namesOf(spec).map((name) => {
    const pipeline = fieldOf(spec, name);
    if (name.startsWith('$') || name.includes('.'))
      throw mongoError(16410, `FieldPath field names may not start with '$' or contain '.': ${name}`);
    if (!Array.isArray(pipeline))
      throw mongoError(40170, `arguments to $facet must be arrays, ${name} is type ${typeName(pipeline)}`);
    for (const stage of pipeline) {
      const inner = isDoc(stage) ? namesOf(stage)[0] : undefined;
      if (inner === '$facet')
        throw mongoError(40600, '$facet is not allowed to be used within a $facet stage');
    }
    return { name, stage: context.compile(pipeline, context) };
  });
  return function* (source) {
    const docs: Doc[] = [];
    for (const item of source) {
      if (item === PAUSE) yield PAUSE;
      else docs.push(item);
    }
    const result: Doc = {};
    for (const { name, stage } of facets) {
      const found: Doc[] = [];
      yield* gather(stage(docs), found);
      setField(result, name, found);
    }
    yield result;
  };
};

/** Collects documents and passes pauses on. */
function* gather(items: Iterable<Item>, into: Doc[]): Iterable<Item> {
  for (const item of items) {
    if (item === PAUSE) yield PAUSE;
    else into.push(item);
  }
}

function collection(context: StageContext, name: string): Iterable<Doc> {
  if (context.lookup === undefined) throw mongoError(115, 'other collections cannot be read here');
  return context.lookup(name);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/unionWith/ */
export const unionWithStage: StageCompiler = (spec, context) => {
  const options = typeof spec === 'string' ? { coll: spec } : spec;
  if (!isDoc(options)) {
    throw mongoError(
      9,
      `the $unionWith stage specification must be an object or string, but found ${typeName(spec)}`,
    );
  }
  refuseOthers('$unionWith', options, ['coll', 'pipeline']);
  const name = options['coll'];
  if (typeof name !== 'string')
    throw mongoError(40414, "BSON field '$unionWith.coll' is missing but a required field");
  const stage = context.compile(fieldOf(options, 'pipeline') ?? [], context);
  return function* (source) {
    yield* source;
    yield* stage(collection(context, name));
  };
};

function refuseOthers(stage: string, spec: Doc, names: readonly string[]): void {
  const other = namesOf(spec).find((name) => !names.includes(name));
  if (other !== undefined) throw mongoError(9, `unknown argument to ${stage}: ${other}`);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/lookup/ */
export const lookupStage: StageCompiler = (spec, context) => {
  if (!isDoc(spec)) throw mongoError(9, 'the $lookup specification must be an Object');
  refuseOthers('$lookup', spec, ['from', 'localField', 'foreignField', 'as', 'let', 'pipeline']);
  const from = textOption(spec, 'from');
  const as = splitFieldPath(textOption(spec, 'as') ?? '');
  const local = textOption(spec, 'localField');
  const foreign = textOption(spec, 'foreignField');
  if (from === undefined) throw mongoError(9, "must specify 'from' field for a $lookup");
  if ((local === undefined) !== (foreign === undefined)) {
    throw mongoError(9, '$lookup requires both or neither of localField and foreignField to be specified');
  }
  const pipeline = fieldOf(spec, 'pipeline');
  if (local === undefined && pipeline === undefined) {
    throw mongoError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  if (pipeline === undefined && Object.hasOwn(spec, 'let'))
    throw mongoError(9, "$lookup with 'let' requires 'pipeline'");
  const inner =
    pipeline === undefined ? undefined : innerPipeline(pipeline, fieldOf(spec, 'let') ?? {}, context);
  return function* (source) {
    const candidates = candidatesOf(collection(context, from), local, foreign);
    for (const item of source) {
      if (item === PAUSE) yield PAUSE;
      else {
        const found: Doc[] = [];
        const joined = candidates(item);
        yield* gather(inner === undefined ? joined : inner(item)(joined), found);
        yield setAt(item, as, found);
        if (found.length > 64) yield PAUSE;
      }
    }
  };
};

function textOption(spec: Doc, name: string): string | undefined {
  const value = fieldOf(spec, name);
  if (value === undefined || typeof value === 'string') return value;
  throw mongoError(
    9,
    `$lookup argument '${show({ [name]: value }).slice(2, -2)}' must be a string, is type ${typeName(value)}`,
  );
}

/** The pipeline for one document, with its `let` bound. Compiled once up front, so that it is validated. */
function innerPipeline(pipeline: Value, lets: Value, context: StageContext): (doc: Doc) => Stage {
  if (!isDoc(lets))
    throw mongoError(
      9,
      `$lookup argument '${show({ let: lets }).slice(2, -2)}' must be an object, is type ${typeName(lets)}`,
    );
  const names = namesOf(lets);
  names.forEach(checkUserVariable);
  const values = names.map(
    (name) => [name, compileExpression(fieldOf(lets, name), context.variables)] as const,
  );
  const bindAll = (read: (evaluate: (doc: Doc) => Value) => Value): StageContext => {
    let variables: Variables | undefined = context.variables;
    for (const [name, evaluate] of values) variables = { name, value: read(evaluate), outer: variables };
    return { ...context, variables };
  };
  const constant = context.compile(
    pipeline,
    bindAll(() => null),
  );
  if (names.length === 0) return () => constant;
  return (doc) =>
    context.compile(
      pipeline,
      bindAll((evaluate) => evaluate(doc)),
    );
}

/** The foreign documents that equal the local value, found through a table of their keys. */
function candidatesOf(
  foreignDocs: Iterable<Doc>,
  local: string | undefined,
  foreign: string | undefined,
): (doc: Doc) => Iterable<Doc> {
  const docs = [...foreignDocs];
  if (local === undefined || foreign === undefined) return () => docs;
  const table = new Map<string, number[]>();
  const parts = splitFieldPath(foreign);
  docs.forEach((doc, i) => {
    visitPath(doc, parts, true, (value) => {
      const key = encodeKey(value ?? null);
      const places = table.get(key);
      if (places === undefined) table.set(key, [i]);
      else if (places.at(-1) !== i) places.push(i);
      return false;
    });
  });
  return function* (doc) {
    const keys = valuesAt(doc, local).flatMap((value) => (value === undefined ? [] : [encodeKey(value)]));
    const places = new Set(keys.flatMap((key) => table.get(key) ?? []));
    for (const place of [...places].sort((a, b) => a - b)) {
      const found = docs[place];
      if (found !== undefined) yield found;
    }
  };
}
