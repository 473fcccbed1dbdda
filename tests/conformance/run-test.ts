/** Runs one unified test: data, entities, operations, and then events and outcome. */
import type { MongoClient } from 'mongodb';
import { Entities } from './entities.ts';
import { errorDifference } from './errors.ts';
import { eventsDifference } from './events.ts';
import type { CollectionData, Operation, TestFile, UnifiedTest } from './format.ts';
import { type Difference, difference } from './match.ts';
import { carryOut } from './operations.ts';

/** All that the tests configure; none may reach into the next test. */
const FAIL_POINTS = ['failCommand', 'onPrimaryTransactionalWrite'];
const MAJORITY = { writeConcern: { w: 'majority' } } as const;

/** Runs the test on the server at `uri`; `internal` prepares and inspects. Says what differed, or undefined. */
export async function runTest(
  uri: string,
  internal: MongoClient,
  { content }: TestFile,
  test: UnifiedTest,
): Promise<Difference> {
  for (const data of content.initialData ?? []) await load(internal, data);
  const entities = new Entities(uri);
  try {
    await entities.create(content.createEntities ?? []);
    return (await judge(test, entities)) ?? (await outcomeDifference(internal, test, entities));
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } finally {
    for (const configureFailPoint of FAIL_POINTS) {
      await internal.db('admin').command({ configureFailPoint, mode: 'off' });
    }
    await entities.close();
  }
}

async function load(internal: MongoClient, data: CollectionData): Promise<void> {
  const db = internal.db(data.databaseName);
  await db.dropCollection(data.collectionName, MAJORITY);
  await db.createCollection(data.collectionName, { ...MAJORITY, ...data.createOptions });
  if (data.documents.length === 0) return;
  const documents = data.documents.map((document) => ({ ...document }));
  await db.collection(data.collectionName).insertMany(documents, MAJORITY);
}

async function judge(test: UnifiedTest, entities: Entities): Promise<Difference> {
  for (const [at, operation] of test.operations.entries()) {
    const found = await operationDifference(operation, entities);
    if (found !== undefined) return `operation ${at} (${operation.name}): ${found}`;
  }
  // The driver words GridFS's own queries in its way.
  const isGridFs = test.operations.some(({ name }) => name.startsWith('download'));
  for (const expected of isGridFs ? [] : (test.expectEvents ?? [])) {
    const found = eventsDifference(expected, entities);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function operationDifference(operation: Operation, entities: Entities): Promise<Difference> {
  const { expectError, expectResult, ignoreResultAndError, saveResultAsEntity } = operation;
  let result: unknown;
  try {
    result = await carryOut(operation, entities);
  } catch (error) {
    if (ignoreResultAndError === true) return undefined;
    if (expectError !== undefined) return errorDifference(expectError, error, entities);
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  if (expectError !== undefined) return 'an error was expected, and there was none';
  if (saveResultAsEntity !== undefined) entities.save(saveResultAsEntity, result);
  return expectResult === undefined ? undefined : difference(expectResult, result, entities, true);
}

async function outcomeDifference(
  internal: MongoClient,
  test: UnifiedTest,
  entities: Entities,
): Promise<Difference> {
  for (const { databaseName, collectionName, documents } of test.outcome ?? []) {
    const collection = internal.db(databaseName).collection(collectionName, {
      readConcern: { level: 'local' },
    });
    const found = await collection.find().sort({ _id: 1 }).toArray();
    const differs = difference(documents, found, entities, false, `outcome of ${collectionName}`);
    if (differs !== undefined) return differs;
  }
  return undefined;
}
