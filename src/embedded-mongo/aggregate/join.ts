/** The stages that bring documents together: `$lookup`, `$unionWith`, `$facet`. */
import { checkOnly } from '../args.ts';
import { mongoError } from '../errors.ts';
import { checkUserVariable } from '../expression/conditions.ts';
import { compileExpression, type Variables } from '../expression.ts';
import { encodeKey } from '../key.ts';
import { setAt, valuesAt, visitPath } from '../path.ts';
import { splitFieldPath } from '../project/tree.ts';
import { show } from '../show.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, typeName, type Value } from '../value.ts';
import { documentsOf, leadingDocuments } from './documents.ts';
import { checkFacet, checkReadsOnly } from './nesting.ts';
import { type Item, PAUSE, type Stage, type StageCompiler, type StageContext, withPauses } from './stage.ts';

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
    checkFacetName(name);
    if (!Array.isArray(pipeline))
      throw mongoError(40170, `arguments to $facet must be arrays, ${name} is type ${typeName(pipeline)}`);
    checkFacet(pipeline);
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

function checkFacetName(name: string): void {
  if (name === '') throw mongoError(15998, 'FieldPath field names may not be empty strings.');
  const advice = 'Consider using $getField or $setField.';
  if (name.startsWith('$'))
    throw mongoError(16410, `FieldPath field names may not start with '$'. ${advice}`);
  if (name.includes('.')) throw mongoError(16412, `FieldPath field names may not contain '.'. ${advice}`);
}

/** Collects documents and passes pauses on. */
function* gather(items: Iterable<Item>, into: Doc[]): Iterable<Item> {
  for (const item of items) {
    if (item === PAUSE) yield PAUSE;
    else into.push(item);
  }
}

function collection(context: StageContext, name: string): Iterable<Item> {
  if (context.lookup === undefined) throw mongoError(115, 'other collections cannot be read here');
  return withPauses(context.lookup(name));
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
  checkOnly(options, '$unionWith', ['coll', 'pipeline']);
  const pipeline = fieldOf(options, 'pipeline') ?? [];
  checkReadsOnly(pipeline, '$unionWith', 31441);
  const { foreign, rest } = foreignOf(fieldOf(options, 'coll'), pipeline, '$unionWith', context);
  const stage = context.compile(rest, context);
  return function* (source) {
    yield* source;
    yield* stage(foreign());
  };
};

/** A collection by its name, or without one the documents that a leading `$documents` makes. */
function foreignOf(
  name: Value,
  pipeline: Value,
  stage: string,
  context: StageContext,
): { foreign: () => Iterable<Item>; rest: Value } {
  if (typeof name === 'string') {
    if (name === '') throw mongoError(73, 'Invalid namespace specified: a collection without a name');
    return { foreign: () => collection(context, name), rest: pipeline };
  }
  const made = leadingDocuments(pipeline);
  if (name !== undefined || made === undefined) {
    const field = stage === '$lookup' ? 'from' : 'coll';
    throw mongoError(9, `must specify '${field}' field for a ${stage}`);
  }
  const docs = documentsOf(made.spec, context.variables);
  return { foreign: () => docs, rest: made.rest };
}

function refuseOthers(stage: string, spec: Doc, names: readonly string[]): void {
  const other = namesOf(spec).find((name) => !names.includes(name));
  if (other !== undefined) throw mongoError(9, `unknown argument to ${stage}: ${other}`);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/lookup/ */
export const lookupStage: StageCompiler = (spec, context) => {
  if (!isDoc(spec)) throw mongoError(9, 'the $lookup specification must be an Object');
  refuseOthers('$lookup', spec, ['from', 'localField', 'foreignField', 'as', 'let', 'pipeline']);
  const from = textOption(spec, 'from');
  const given = textOption(spec, 'as');
  if (given === undefined) throw mongoError(9, "must specify 'as' field for a $lookup");
  const as = splitFieldPath(given);
  const local = textOption(spec, 'localField');
  const foreign = textOption(spec, 'foreignField');
  if ((local === undefined) !== (foreign === undefined)) {
    throw mongoError(9, '$lookup requires both or neither of localField and foreignField to be specified');
  }
  if (local !== undefined) splitFieldPath(local);
  const pipeline = fieldOf(spec, 'pipeline');
  if (local === undefined && pipeline === undefined) {
    throw mongoError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  if (pipeline === undefined && Object.hasOwn(spec, 'let'))
    throw mongoError(9, "$lookup with 'let' requires 'pipeline'");
  checkReadsOnly(pipeline, '$lookup', 51047);
  const { foreign: documents, rest } = foreignOf(from, pipeline, '$lookup', context);
  const inner = rest === undefined ? undefined : innerPipeline(rest, fieldOf(spec, 'let') ?? {}, context);
  return function* (source) {
    const candidates = yield* candidatesOf(documents(), local, foreign);
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
function* candidatesOf(
  foreignDocs: Iterable<Item>,
  local: string | undefined,
  foreign: string | undefined,
): Generator<Item, (doc: Doc) => Iterable<Item>> {
  const docs: Doc[] = [];
  if (local === undefined || foreign === undefined) {
    yield* gather(foreignDocs, docs);
    return () => withPauses(docs);
  }
  const table = new Map<string, number[]>();
  const parts = splitFieldPath(foreign);
  for (const item of foreignDocs) {
    if (item === PAUSE) yield PAUSE;
    else {
      const place = docs.push(item) - 1;
      visitPath(item, parts, true, (value) => {
        const key = encodeKey(value ?? null);
        const places = table.get(key);
        if (places === undefined) table.set(key, [place]);
        else if (places.at(-1) !== place) places.push(place);
        return false;
      });
    }
  }
  return function* (doc) {
    const values = valuesAt(doc, local).filter((value) => value !== undefined);
    const keys = (values.length === 0 ? [null] : values).map((value) => encodeKey(value));
    const places = new Set(keys.flatMap((key) => table.get(key) ?? []));
    for (const place of [...places].sort((a, b) => a - b)) {
      const found = docs[place];
      if (found !== undefined) yield found;
    }
  };
}
