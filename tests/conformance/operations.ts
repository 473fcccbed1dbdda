/** Carries out one operation of a unified test with the driver. */
import {
  AbstractCursor,
  type AnyClientBulkWriteModel,
  Collection,
  Db,
  type Document,
  GridFSBucket,
  MongoClient,
} from 'mongodb';
import { collectionOperation } from './collection-operations.ts';
import { type Entities, readOptions } from './entities.ts';
import type { Operation } from './format.ts';
import { runnerOperation } from './runner-operations.ts';

/** Runs it and gives the driver's result; throws what the driver throws. */
export async function carryOut(operation: Operation, entities: Entities): Promise<unknown> {
  const { name, object } = operation;
  const args = argumentsOf(operation, entities);
  if (object === 'testRunner') return await runnerOperation(name, args, entities);
  const target = entities.value(object);
  if (target instanceof Collection) return await collectionOperation(name, target, args);
  if (target instanceof Db) return await databaseOperation(name, target, args);
  if (target instanceof MongoClient) return await clientOperation(name, target, args);
  if (target instanceof GridFSBucket) return await bucketOperation(name, target, args);
  if (target instanceof AbstractCursor) return await cursorOperation(name, target);
  throw unknown(name, object);
}

function argumentsOf(operation: Operation, entities: Entities): Document {
  const { session, ...args } = readOptions(operation.arguments);
  return session === undefined || operation.object === 'testRunner'
    ? { ...args, ...(session === undefined ? {} : { session }) }
    : { ...args, session: entities.session(session) };
}

async function databaseOperation(name: string, db: Db, args: Document): Promise<unknown> {
  const { command, commandName: _, collection, filter, pipeline, ...options } = args;
  switch (name) {
    case 'aggregate':
      return await db.aggregate(pipeline, options).toArray();
    case 'runCommand':
      return await db.command(command, options);
    case 'runCursorCommand':
      return await cursorCommand(db, args).toArray();
    case 'createCommandCursor':
      return await openCommandCursor(db, args);
    case 'listCollections':
      return await db.listCollections(filter ?? {}, options).toArray();
    case 'listCollectionNames':
      return await db.listCollections(filter ?? {}, { ...options, nameOnly: true }).toArray();
    case 'createCollection':
      return await db.createCollection(collection, options);
    case 'dropCollection':
      return await db.dropCollection(collection, options);
    case 'modifyCollection':
      return await db.command({ collMod: collection, ...options });
    default:
      throw unknown(name, 'database');
  }
}

function cursorCommand(db: Db, args: Document) {
  const { command, commandName: _, batchSize, maxTimeMS, comment, ...options } = args;
  const cursor = db.runCursorCommand(command, options);
  if (batchSize !== undefined) cursor.setBatchSize(batchSize);
  if (maxTimeMS !== undefined) cursor.setMaxTimeMS(maxTimeMS);
  if (comment !== undefined) cursor.setComment(comment);
  return cursor;
}

/** The format's cursors run their command when they are made, the driver's when they are first read. */
async function openCommandCursor(db: Db, args: Document): Promise<AbstractCursor> {
  const cursor = cursorCommand(db, args);
  if (args['cursorType'] === undefined) await cursor.hasNext();
  return cursor;
}

async function clientOperation(name: string, client: MongoClient, args: Document): Promise<unknown> {
  switch (name) {
    case 'listDatabases':
      return (await client.db().admin().listDatabases(args)).databases;
    case 'listDatabaseNames':
      return (
        await client
          .db()
          .admin()
          .listDatabases({ ...args, nameOnly: true })
      ).databases;
    case 'clientBulkWrite': {
      const { models, ...options } = args;
      return await client.bulkWrite(models.map(clientModel), options);
    }
    case 'close':
      return await client.close();
    default:
      throw unknown(name, 'client');
  }
}

/** `{insertOne: {…}}` in the format, `{name: 'insertOne', …}` for the driver. */
function clientModel(model: Document): AnyClientBulkWriteModel<Document> {
  const [name = ''] = Object.keys(model);
  return { name, ...model[name] };
}

async function bucketOperation(name: string, bucket: GridFSBucket, args: Document): Promise<unknown> {
  const { id, filename, ...options } = args;
  if (name !== 'download' && name !== 'downloadByName') throw unknown(name, 'bucket');
  const stream =
    name === 'download' ? bucket.openDownloadStream(id) : bucket.openDownloadStreamByName(filename, options);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function cursorOperation(name: string, cursor: AbstractCursor): Promise<unknown> {
  switch (name) {
    case 'iterateUntilDocumentOrError':
      return await cursor.next();
    case 'iterateOnce':
      return await cursor.tryNext();
    case 'close':
      return await cursor.close();
    default:
      throw unknown(name, 'cursor');
  }
}

function unknown(name: string, object: string): Error {
  return new Error(`the operation '${name}' on '${object}' is not known to this runner`);
}
