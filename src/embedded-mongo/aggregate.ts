/** Aggregation pipelines: validated first, then run lazily, document by document where the stage allows. */

import { countStage, limitStage, matchStage, readCount, sampleStage, skipStage } from './aggregate/basic.ts';
import { bucketAutoStage } from './aggregate/bucket-auto.ts';
import { densifyStage } from './aggregate/densify.ts';
import { fillStage } from './aggregate/fill.ts';
import { graphLookupStage } from './aggregate/graph.ts';
import { bucketStage, groupStage, sortByCountStage } from './aggregate/group.ts';
import { facetStage, lookupStage, unionWithStage } from './aggregate/join.ts';
import { redactStage } from './aggregate/redact.ts';
import {
  addFieldsStage,
  projectStage,
  replaceRootStage,
  replaceWithStage,
  setStage,
  unsetStage,
  unwindStage,
} from './aggregate/reshape.ts';
import { sortStage } from './aggregate/sort.ts';
import {
  type Item,
  PAUSE,
  type Stage,
  type StageCompiler,
  type StageContext,
  withPauses,
} from './aggregate/stage.ts';
import { setWindowFieldsStage } from './aggregate/window-fields.ts';
import { mongoError } from './errors.ts';
import { tellingOfConstants, variablesOf } from './expression.ts';
import { type Doc, fieldOf, hasField, isDoc, isNumber, namesOf, type Value } from './value.ts';

export { type Item, PAUSE };

/** What a pipeline knows of the statement that runs it. */
export interface PipelineContext {
  readonly now: Date;
  /** The documents of another collection of the same database. */
  readonly lookup?: (collection: string) => Iterable<Doc>;
  /** The command's `let`. */
  readonly vars?: Doc;
}

const STAGES: ReadonlyMap<string, StageCompiler> = new Map<string, StageCompiler>([
  ['$match', matchStage],
  ['$limit', limitStage],
  ['$skip', skipStage],
  ['$count', countStage],
  ['$sample', sampleStage],
  ['$group', groupStage],
  ['$sortByCount', sortByCountStage],
  ['$bucket', bucketStage],
  ['$bucketAuto', bucketAutoStage],
  ['$redact', redactStage],
  ['$setWindowFields', setWindowFieldsStage],
  ['$fill', fillStage],
  ['$densify', densifyStage],
  ['$project', projectStage],
  ['$addFields', addFieldsStage],
  ['$set', setStage],
  ['$unset', unsetStage],
  ['$replaceRoot', replaceRootStage],
  ['$replaceWith', replaceWithStage],
  ['$unwind', unwindStage],
  ['$facet', facetStage],
  ['$lookup', lookupStage],
  ['$graphLookup', graphLookupStage],
  ['$unionWith', unionWithStage],
]);

/** Stages MongoDB has and the engine leaves to it. */
const REFUSED_STAGES = new Set([
  '$changeStream',
  '$changeStreamSplitLargeEvent',
  '$currentOp',
  '$geoNear',
  '$listLocalSessions',
  '$listSampledQueries',
  '$shardedDataDistribution',
]);
/** Stages that MongoDB 7.0 leaves to its hosted search. */
const ATLAS_STAGES = new Set(['$listSearchIndexes', '$search', '$searchMeta', '$vectorSearch']);
/** Stages that make documents about a collection. */
const FIRST_STAGES = new Set(['$collStats', '$documents', '$indexStats', '$planCacheStats', '$listSessions']);

/**
 * Runs a pipeline (https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/). Throws at
 * once,
 * before reading a document, when a stage is wrong: 40323 and 40324 for its shape and name, 115 where the
 * engine refuses it. The result yields documents, and `PAUSE` wherever the consumer may let other work run.
 */
export function runPipeline(
  pipeline: readonly Doc[],
  source: Iterable<Item>,
  context: PipelineContext,
): Iterable<Item> {
  const stage = compilePipeline(pipeline, {
    now: context.now,
    variables: variablesOf(context.now, context.vars),
    lookup: context.lookup,
    compile: compilePipeline,
  });
  return stage(withPauses(source));
}

function compilePipeline(pipeline: Value, context: StageContext): Stage {
  if (!Array.isArray(pipeline)) throw mongoError(14, "'pipeline' option must be specified as an array");
  const specs = pipeline.map(readStage);
  const stages = tellingOfConstants('Failed to optimize pipeline', () =>
    specs.map(([name, spec], i) => compileStage(name, spec, specs[i + 1], context)),
  );
  return (source) => stages.reduce((items, stage) => stage(items), source);
}

function readStage(stage: Value): readonly [string, Value] {
  if (!isDoc(stage)) throw mongoError(14, "Each element of the 'pipeline' array must be an object");
  const [name, second] = namesOf(stage);
  if (name === undefined || second !== undefined) {
    throw mongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  return [name, fieldOf(stage, name)];
}

function compileStage(
  name: string,
  spec: Value,
  next: readonly [string, Value] | undefined,
  context: StageContext,
): Stage {
  if (name === '$sort') {
    const limit = next?.[0] === '$limit' && isNumber(next[1]) ? readCount('$limit', next[1]) : undefined;
    return sortStage(spec, limit);
  }
  const compile = STAGES.get(name);
  if (compile !== undefined) return compile(spec, context);
  if (name === '$out' || name === '$merge') {
    throw mongoError(40601, `${name} can only be the final stage in the pipeline`);
  }
  if (FIRST_STAGES.has(name))
    throw mongoError(40602, `${name} is only valid as the first stage in a pipeline`);
  if (ATLAS_STAGES.has(name)) throw mongoError(6047401, `${name} stage is only allowed on MongoDB Atlas`);
  if (REFUSED_STAGES.has(name))
    throw mongoError(115, `The stage ${name} is not supported by the embedded engine`);
  throw mongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

/** Throws 40323 and 40324 for what is no stage of any pipeline. */
export function checkStageName(stage: Doc): void {
  const [name] = readStage(stage);
  const isKnown = [STAGES, FIRST_STAGES, REFUSED_STAGES, ATLAS_STAGES].some((names) => names.has(name));
  if (isKnown || ['$sort', '$out', '$merge', '$documents'].includes(name)) return;
  throw mongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

/** What a planner can do before the pipeline starts, and the stages that are left. */
export interface Pushdown {
  readonly filter: Doc;
  readonly sort?: Doc;
  readonly skip?: number;
  readonly limit?: number;
  readonly rest: Doc[];
}

/**
 * Splits the leading `$match`, `$sort`, `$skip`, `$limit` (in this order) off a pipeline. The pipeline should
 * have been validated by then: only well-formed stages are taken.
 */
export function splitPushdown(pipeline: readonly Doc[]): Pushdown {
  const rest = [...pipeline];
  const take = (name: string): Value => {
    const stage = rest[0];
    if (stage === undefined || !hasField(stage, name) || namesOf(stage).length !== 1) return undefined;
    rest.shift();
    return fieldOf(stage, name);
  };
  const filters: Doc[] = [];
  const takeFilters = () => {
    for (let spec = take('$match'); spec !== undefined; spec = take('$match'))
      if (isDoc(spec)) filters.push(spec);
  };
  takeFilters();
  const sort = take('$sort');
  if (sort !== undefined) takeFilters();
  const skip = take('$skip');
  const limit = take('$limit');
  const [only] = filters;
  return {
    filter: filters.length > 1 ? { $and: filters } : (only ?? {}),
    ...(isDoc(sort) ? { sort } : {}),
    ...(skip === undefined ? {} : { skip: readCount('$skip', skip) }),
    ...(limit === undefined ? {} : { limit: readCount('$limit', limit) }),
    rest,
  };
}
