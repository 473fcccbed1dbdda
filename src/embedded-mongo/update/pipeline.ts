/** Updates given as a pipeline: a few stages that compute the new document from the old one. */
import { PAUSE, runPipeline } from '../aggregate.ts';
import { mongoError } from '../errors.ts';
import { type Doc, isDoc, namesOf } from '../value.ts';
import { isIdentical } from './change.ts';

const ALLOWED = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']);

interface Options {
  readonly arrayFilters?: readonly Doc[];
  readonly now: Date;
  readonly vars?: Doc;
}

/**
 * Compiles a pipeline update
 * (https://www.mongodb.com/docs/manual/tutorial/update-documents-with-aggregation-pipeline/).
 * Throws 9 for array filters and 72 for a stage that is not allowed in an update.
 */
export function pipelineUpdate(pipeline: readonly Doc[], options: Options): (doc: Doc) => Doc {
  if (options.arrayFilters !== undefined && options.arrayFilters.length > 0) {
    throw mongoError(9, 'arrayFilters may not be specified for pipeline-syle updates');
  }
  for (const stage of pipeline) {
    const name = isDoc(stage) ? namesOf(stage)[0] : undefined;
    if (name?.startsWith('$') && !ALLOWED.has(name)) {
      throw mongoError(72, `${name} is not allowed to be used within an update`);
    }
  }
  const context = { now: options.now, ...(options.vars ? { vars: options.vars } : {}) };
  runPipeline(pipeline, [], context);
  return (doc) => {
    for (const result of runPipeline(pipeline, [doc], context)) {
      if (result !== PAUSE) return isIdentical(doc, result) ? doc : withId(doc, result);
    }
    return doc;
  };
}

/** A document that lost its `_id` keeps the old one. */
function withId(doc: Doc, result: Doc): Doc {
  if (Object.hasOwn(result, '_id') || !Object.hasOwn(doc, '_id')) return result;
  return { _id: doc['_id'], ...result };
}
