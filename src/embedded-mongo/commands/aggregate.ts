/** The aggregate command: what the planner can do first, the rest of the pipeline after it. */

import { docsArg, flagArg, hintArg, optionalDoc } from '../args.ts';
import { encodeBson } from '../bson-codec.ts';
import { namespaceOf } from '../catalog.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import type { Item } from '../cursor.ts';
import { mongoError } from '../errors.ts';
import { refuseCollation } from '../index-spec.ts';
import { decoderFor, type Found, findSorted } from '../scan.ts';
import { docOnce } from '../stored-document.ts';
import type { Doc } from '../value.ts';
import { batchSizeOf, openCursor } from './cursors.ts';
import { type Reading, scanOf } from './find.ts';
import { runPipeline, splitPushdown } from './simple-pipeline.ts';
import { varsOf } from './update.ts';

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
  const { filter, sort, skip, limit, rest } = splitPushdown(pipeline);
  const query = { filter, sort, limit, hint: hintArg(command['hint']) };
  const namespace = namespaceOf(database, command['aggregate']);
  return { reading: { namespace, query, skip: skip ?? 0, vars: varsOf(context) }, rest };
}

function itemsOf(context: Context, reading: Reading, rest: Doc[]): Iterator<Item> {
  const scan = scanOf(context, reading);
  const { query, skip, vars } = reading;
  const found = scan === undefined ? [] : findSorted(scan, query.sort, skip, query.limit ?? 0);
  if (rest.length === 0) return rawItems(found);
  const decode = scan === undefined ? docOnce : decoderFor(scan.collection);
  const output = runPipeline(rest, documents(found, decode), {
    now: context.now,
    lookup: (collection: string) => documentsOf(context, collection),
    ...(vars === undefined ? {} : { vars }),
  });
  return encoded(output);
}

function* rawItems(found: Iterable<{ raw: string } | undefined>): Generator<Item> {
  for (const stored of found) yield stored?.raw;
}

type Decode = typeof docOnce;

function* documents(found: Iterable<Found>, decode: Decode): Generator<Doc | undefined> {
  for (const stored of found) yield stored === undefined ? undefined : decode(stored);
}

function* documentsOf(context: Context, name: string): Generator<Doc> {
  const collection = context.engine.store.catalog.find(namespaceOf(context.database, name));
  if (collection === undefined) return;
  for (const stored of collection.documents.values()) yield docOnce(stored);
}

function* encoded(output: Iterable<Doc | undefined>): Generator<Item> {
  for (const doc of output) yield doc === undefined ? undefined : encodeBson(doc);
}
