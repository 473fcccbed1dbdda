/** The aggregate command: what the planner can do first, the rest of the pipeline after it. */

import {
  PAUSE,
  type PipelineContext,
  type Item as PipelineItem,
  runPipeline,
  splitPushdown,
} from '../aggregate.ts';
import { docsArg, flagArg, hintArg, optionalDoc } from '../args.ts';
import { encodeBson } from '../bson-codec.ts';
import { namespaceOf } from '../catalog.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import type { Item } from '../cursor.ts';
import { mongoError } from '../errors.ts';
import { refuseCollation } from '../index-spec.ts';
import type { Pace } from '../pace.ts';
import { decoderFor, type Found, findSorted } from '../scan.ts';
import { docOnce } from '../stored-document.ts';
import type { Doc } from '../value.ts';
import { batchSizeOf, openCursor } from './cursors.ts';
import { type Reading, scanOf } from './find.ts';
import { scopeOf } from './scope.ts';

export const aggregateCommands: CommandTable = {
  aggregate: {
    fields: [
      'pipeline',
      'cursor',
      'explain',
      'allowDiskUse',
      'bypassDocumentValidation',
      'collation',
      'hint',
      'let',
    ],
    run: aggregate,
  },
};

/** https://www.mongodb.com/docs/manual/reference/command/aggregate/ */
function aggregate(context: Context): Promise<Reply> {
  const { command } = context;
  const cursor = optionalDoc(command['cursor'], 'cursor');
  if (cursor === undefined || flagArg(command['explain'], 'explain')) {
    throw mongoError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
  }
  const { reading, rest } = aggregateReading(context);
  return openCursor(context, reading.namespace, itemsOf(context, reading, rest), {
    batchSize: batchSizeOf(cursor),
  });
}

/** Splits a pipeline into what is planned and what runs over the documents found. */
export function aggregateReading(context: Context): { reading: Reading; rest: Doc[] } {
  const { command, database } = context;
  refuseCollation(command['collation']);
  if (typeof command['aggregate'] !== 'string') {
    throw mongoError(115, 'aggregations without a collection are not supported by this engine');
  }
  const pipeline = docsArg(command['pipeline'], 'pipeline');
  runPipeline(pipeline, [], pipelineContext(context));
  const { filter, sort, skip, limit, rest } = splitPushdown(pipeline);
  const query = { filter, sort, limit, hint: hintArg(command['hint']) };
  const namespace = namespaceOf(database, command['aggregate']);
  return { reading: { namespace, query, skip: skip ?? 0, scope: scopeOf(context) }, rest };
}

function pipelineContext(context: Context): PipelineContext {
  return { ...scopeOf(context), lookup: (collection) => documentsOf(context, collection) };
}

function itemsOf(context: Context, reading: Reading, rest: Doc[]): Iterator<Item> {
  const scan = scanOf(context, reading);
  const { query, skip } = reading;
  const found = scan === undefined ? [] : findSorted(scan, query.sort, skip, query.limit ?? 0);
  if (rest.length === 0) return rawItems(found);
  const decode = scan === undefined ? docOnce : decoderFor(scan.collection);
  const output = runPipeline(rest, documents(found, decode), pipelineContext(context));
  return encoded(output, context.pace);
}

function* rawItems(found: Iterable<Found>): Generator<Item> {
  for (const stored of found) yield stored?.raw;
}

function* documents(found: Iterable<Found>, decode: typeof docOnce): Generator<PipelineItem> {
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

function* encoded(output: Iterable<PipelineItem>, pace: Pace): Generator<Item> {
  for (const item of output) {
    if (item !== PAUSE) yield encodeBson(item);
    else if (pace.isOver()) yield undefined;
  }
}
