/** The aggregate command: what the planner can do first, the rest of the pipeline after it. */
import { Long } from 'bson';
import {
  PAUSE,
  type PipelineContext,
  type Item as PipelineItem,
  runPipeline,
  splitPushdown,
} from '../aggregate.ts';
import { checkOnly, flagArg, hintArg, pipelineArg } from '../args.ts';
import { encodeBson } from '../bson-codec.ts';
import { checkDatabaseName, namespaceOf } from '../catalog.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import type { End, Item } from '../cursor.ts';
import { cameUpIn, mongoError } from '../errors.ts';
import { refuseCollation } from '../index-spec.ts';
import type { Pace } from '../pace.ts';
import { decoderFor, type Found, findSorted } from '../scan.ts';
import { docOnce } from '../stored-document.ts';
import { type Doc, isDoc, namesOf, type Value } from '../value.ts';
import { batchSizeOf, openCursor } from './cursors.ts';
import { endOf, type Reading, scanOf } from './find.ts';
import { prepareMerge } from './merge.ts';
import { prepareOut } from './out.ts';
import { scopeOf } from './scope.ts';
import { documentsOfSource } from './sources.ts';
import { documentsAboutCollection } from './stats.ts';

export const aggregateCommands: CommandTable = {
  aggregate: {
    fields: [
      'pipeline',
      'cursor',
      'explain',
      'allowDiskUse',
      'bypassDocumentValidation',
      'bypassEmptyTsReplacement',
      'collation',
      'hint',
      'let',
    ],
    run: aggregate,
  },
};

/** Stages that make documents without a collection. */
const ONLY_DATABASE = new Set(['$currentOp', '$documents', '$listLocalSessions']);

function refuseDatabaseStage(first: Doc | undefined): void {
  const name = namesOf(first ?? {})[0] ?? '';
  if (!ONLY_DATABASE.has(name)) return;
  throw mongoError(73, `${name} must be run against the database with {aggregate: 1}, not a collection`);
}

/** A pipeline is over only when one document more was asked for. */
const ASKED: End = { limit: 0, isKnown: false };

/** How MongoDB tells of errors that a pipeline met while it ran. */
const EXECUTION = 'PlanExecutor error during aggregation';

/** A pipeline ready to run: its documents, or the bytes to send where no stage has to see them. */
type Prepared = {
  namespace: string;
  documents(): Iterable<PipelineItem>;
  encoded(): Iterator<Item>;
  end: End;
};

/** https://www.mongodb.com/docs/manual/reference/command/aggregate/ */
async function aggregate(context: Context): Promise<Reply> {
  const { command } = context;
  flagArg(command['allowDiskUse'], 'aggregate.allowDiskUse');
  const cursor = command['cursor'] ?? undefined;
  if (cursor !== undefined && !isDoc(cursor))
    throw mongoError(14, 'cursor field must be missing or an object');
  if (cursor !== undefined) checkOnly(cursor, 'cursor', ['batchSize']);
  if (cursor === undefined || flagArg(command['explain'], 'explain')) {
    throw mongoError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
  }
  const batchSize = batchSizeOf(cursor);
  const { namespace, documents, encoded, end } =
    typeof command['aggregate'] === 'string' ? overCollection(context) : overDatabase(context);
  const { output } = splitOutput(context);
  if (output === undefined) {
    return await openCursor(context, namespace, encoded(), { batchSize, end, origin: EXECUTION });
  }
  refuseLinearizable(command['readConcern'], output);
  const write = Object.hasOwn(output, '$out')
    ? prepareOut(context, output['$out'])
    : prepareMerge(context, output['$merge']);
  try {
    await write(documents());
  } catch (error) {
    throw cameUpIn(EXECUTION, error);
  }
  return { cursor: { firstBatch: [], id: Long.ZERO, ns: namespace } };
}

/** https://www.mongodb.com/docs/manual/reference/read-concern-linearizable/: not for a pipeline that writes. */
function refuseLinearizable(concern: Value, output: Doc): void {
  if (!isDoc(concern) || concern['level'] !== 'linearizable') return;
  throw mongoError(72, `${namesOf(output)[0]} cannot be used with a 'linearizable' read concern level`);
}

/** The pipeline without a last stage that writes, and that stage. */
function splitOutput({ command }: Context): { stages: Doc[]; output: Doc | undefined } {
  const given = command['pipeline'];
  if (given === undefined)
    throw mongoError(40414, "BSON field 'aggregate.pipeline' is missing but a required field");
  const pipeline = pipelineArg(given);
  const [name = '', second] = namesOf(pipeline.at(-1) ?? {});
  const isOutput = (name === '$out' || name === '$merge') && second === undefined;
  return isOutput
    ? { stages: pipeline.slice(0, -1), output: pipeline.at(-1) }
    : { stages: pipeline, output: undefined };
}

/** Splits a pipeline into what is planned and what runs over the documents found. */
export function aggregateReading(context: Context): { reading: Reading; rest: Doc[] } {
  const { command, database } = context;
  refuseCollation(command['collation']);
  const { stages } = splitOutput(context);
  runPipeline(stages, [], pipelineContext(context));
  const { filter, sort, skip, limit, rest } = splitPushdown(stages);
  const query = { filter, sort, limit, hint: hintArg(command['hint']) };
  const namespace = namespaceOf(database, command['aggregate']);
  return { reading: { namespace, query, skip: skip ?? 0, scope: scopeOf(context) }, rest };
}

function pipelineContext(context: Context): PipelineContext {
  return { ...scopeOf(context), lookup: (collection) => documentsOf(context, collection) };
}

function overCollection(context: Context): Prepared {
  const [first, ...others] = splitOutput(context).stages;
  refuseDatabaseStage(first);
  const about = documentsAboutCollection(context, first);
  if (about !== undefined) {
    return overDocuments(context, namespaceOf(context.database, context.command['aggregate']), about, others);
  }
  const { reading, rest } = aggregateReading(context);
  const scan = scanOf(context, reading);
  const { namespace, query, skip } = reading;
  const found = scan === undefined ? [] : findSorted(scan, query.sort, skip, query.limit ?? 0);
  const decode = scan === undefined ? docOnce : decoderFor(scan.collection);
  const documents = () => runPipeline(rest, decoded(found, decode), pipelineContext(context));
  const isRaw = rest.length === 0;
  return {
    namespace,
    documents,
    encoded: () => (isRaw ? rawItems(found) : encodedItems(documents(), context.pace)),
    end: isRaw ? endOf(scan, reading) : ASKED,
  };
}

function overDatabase(context: Context): Prepared {
  const { command, database } = context;
  checkDatabaseName(database);
  refuseCollation(command['collation']);
  const [first, ...rest] = splitOutput(context).stages;
  runPipeline(rest, [], pipelineContext(context));
  return overDocuments(context, `${database}.$cmd.aggregate`, documentsOfSource(context, first), rest);
}

function overDocuments(context: Context, namespace: string, source: Doc[], rest: Doc[]): Prepared {
  runPipeline(rest, [], pipelineContext(context));
  const documents = () => runPipeline(rest, source, pipelineContext(context));
  return { namespace, documents, encoded: () => encodedItems(documents(), context.pace), end: ASKED };
}

function* rawItems(found: Iterable<Found>): Generator<Item> {
  for (const stored of found) yield stored?.raw;
}

function* decoded(found: Iterable<Found>, decode: typeof docOnce): Generator<PipelineItem> {
  for (const stored of found) yield stored === undefined ? PAUSE : decode(stored);
}

/** The documents of another collection of the database, for `$lookup` and `$unionWith`. */
function* documentsOf(context: Context, name: string): Generator<Doc> {
  const collection = context.engine.store.catalog.find(namespaceOf(context.database, name));
  if (collection === undefined) return;
  const decode = decoderFor(collection);
  for (const stored of collection.documents.values()) {
    context.pace.due();
    yield decode(stored);
  }
}

function* encodedItems(output: Iterable<PipelineItem>, pace: Pace): Generator<Item> {
  for (const item of output) {
    if (item !== PAUSE) yield encodeBson(item);
    else if (pace.isOver()) yield undefined;
  }
}
