/** The operations of unified tests on a collection. */
import type { AnyBulkWriteOperation, Collection, Document } from 'mongodb';

type Run = (collection: Collection, args: Document) => Promise<unknown>;

/** Runs an operation on a collection; its options go to the driver as they are. */
export async function collectionOperation(
  name: string,
  collection: Collection,
  args: Document,
): Promise<unknown> {
  const run = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (run === undefined)
    throw new Error(`the operation '${name}' on a collection is not known to this runner`);
  return await run(collection, args);
}

const OPERATIONS: Readonly<Record<string, Run>> = {
  aggregate: (collection, { pipeline, ...options }) => collection.aggregate(pipeline, options).toArray(),
  bulkWrite: (collection, { requests, ...options }) =>
    collection.bulkWrite(requests.map(bulkModel), keepingNullIds(requests.map(insertedBy), options)),
  count: (collection, { filter, ...options }) => collection.count(filter ?? {}, options),
  countDocuments: (collection, { filter, ...options }) => collection.countDocuments(filter, options),
  estimatedDocumentCount: (collection, options) => collection.estimatedDocumentCount(options),
  distinct: (collection, { fieldName, filter, ...options }) =>
    collection.distinct(fieldName, filter ?? {}, options),
  find: (collection, { filter, ...options }) => collection.find(filter, options).toArray(),
  findOne: (collection, { filter, ...options }) => collection.findOne(filter, options),
  findOneAndDelete: (collection, { filter, ...options }) => collection.findOneAndDelete(filter, options),
  findOneAndReplace: (collection, { filter, replacement, ...options }) =>
    collection.findOneAndReplace(filter, replacement, returning(options)),
  findOneAndUpdate: (collection, { filter, update, ...options }) =>
    collection.findOneAndUpdate(filter, update, returning(options)),
  insertOne: (collection, { document, ...options }) =>
    collection.insertOne({ ...document }, keepingNullIds([document], options)),
  insertMany: (collection, { documents, ...options }) =>
    collection.insertMany(
      documents.map((document: Document) => ({ ...document })),
      keepingNullIds(documents, options),
    ),
  replaceOne: (collection, { filter, replacement, ...options }) =>
    collection.replaceOne(filter, replacement, options),
  updateOne: (collection, { filter, update, ...options }) => collection.updateOne(filter, update, options),
  updateMany: (collection, { filter, update, ...options }) => collection.updateMany(filter, update, options),
  deleteOne: (collection, { filter, ...options }) => collection.deleteOne(filter, options),
  deleteMany: (collection, { filter, ...options }) => collection.deleteMany(filter, options),
  createIndex: (collection, { keys, ...options }) => collection.createIndex(keys, options),
  listIndexes: (collection, options) => collection.listIndexes(options).toArray(),
  listIndexNames: async (collection, options) =>
    (await collection.listIndexes(options).toArray()).map(({ name }) => name),
};

/** The driver would give a document whose `_id` is null a new one. */
function keepingNullIds(documents: readonly (Document | undefined)[], options: Document): Document {
  const hasNullId = documents.some((document) => document?.['_id'] === null);
  return hasNullId ? { ...options, forceServerObjectId: true } : options;
}

function insertedBy(model: Document): Document | undefined {
  return model['insertOne']?.document;
}

function returning({ returnDocument, ...options }: Document): Document {
  return returnDocument === undefined
    ? options
    : { ...options, returnDocument: String(returnDocument).toLowerCase() };
}

/** A model as the driver takes it; the driver adds an `_id` to the document, so it gets its own. */
function bulkModel(model: Document): AnyBulkWriteOperation {
  const insert = model['insertOne'];
  if (insert === undefined) return model as AnyBulkWriteOperation;
  return { insertOne: { document: { ...insert.document } } };
}
