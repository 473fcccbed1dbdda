// Copies one database to another, byte for byte, and proves it: counts and hashes of every collection, and its indexes.
import { createHash } from 'node:crypto';
import { deserialize, EJSON, serialize } from 'bson';
import type { Collection, Db, Document } from 'mongodb';
import { AppError } from './core/errors.ts';

export interface Copied {
  readonly collections: number;
  readonly documents: number;
}

interface Digest {
  readonly count: number;
  /** SHA-256 in hex over the documents’ BSON, in the order of `_id`. */
  readonly hash: string;
}

type Say = (line: string) => void;

/** Every value in its own type: what is decoded so is encoded to the same bytes. */
const EXACT = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true } as const;
const BATCH_DOCUMENTS = 1000;
const BATCH_BYTES = 8 * 1024 * 1024;
const PROGRESS_EVERY = 50_000;

/** The collections of a database, by name, without those that a server keeps for itself. */
export async function collectionNames(db: Db): Promise<string[]> {
  const listed = await db.listCollections({}, { nameOnly: true }).toArray();
  return listed
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

/**
 * Copies all collections with their indexes; nobody may write to either database meanwhile.
 * @throws AppError `remote.refused` where the copy is not, or cannot be, the same to the byte.
 */
export async function copyDatabase(source: Db, target: Db, say: Say): Promise<Copied> {
  const names = await collectionNames(source);
  let documents = 0;
  for (const name of names) {
    const indexes = await copyCollection(source.collection(name), target, say);
    const { count, hash } = await verify(source.collection(name), target.collection(name));
    // Last, so that an index on a time cannot expire a copy before it is verified.
    await makeIndexes(target, name, indexes);
    documents += count;
    const counted = `${count} documents, ${indexes.length} indexes`;
    say(`● ${name}: ${counted}, verified by SHA-256 ${hash.slice(0, 12)}…`);
  }
  return { collections: names.length, documents };
}

/** Gives the source’s indexes, which are not made yet. */
async function copyCollection(from: Collection, target: Db, say: Say): Promise<Document[]> {
  const name = from.collectionName;
  await target.createCollection(name);
  const into = target.collection(name);
  let batch: Document[] = [];
  let bytes = 0;
  let count = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await into.insertMany(batch, { ignoreUndefined: false });
    batch = [];
    bytes = 0;
  };
  for await (const raw of rawDocuments(from)) {
    batch.push(decodeExactly(name, raw));
    bytes += raw.length;
    count += 1;
    if (batch.length >= BATCH_DOCUMENTS || bytes >= BATCH_BYTES) await flush();
    if (count % PROGRESS_EVERY === 0) say(`  ${name}: ${count} documents so far`);
  }
  await flush();
  return indexesOf(from);
}

async function* rawDocuments(collection: Collection): AsyncGenerator<Uint8Array> {
  for await (const raw of collection.find({}, { raw: true }).sort({ _id: 1 })) {
    if (!(raw instanceof Uint8Array)) throw new TypeError('the driver gave no raw document');
    yield raw;
  }
}

/** @throws AppError naming a document that would not be the same after it went through this program. */
function decodeExactly(collection: string, raw: Uint8Array): Document {
  const document = deserialize(raw, EXACT);
  if (Buffer.compare(encoded(document), raw) === 0) return document;
  throw new AppError(
    'remote.refused',
    `Nothing was finished: the document ${EJSON.stringify(document['_id'])} of ${collection} cannot be copied ` +
      'byte for byte (a field named like a whole number, or a type of BSON that is no longer written). ' +
      'Remove or rename that field, drop the target database, and run the command again.',
  );
}

/** No bytes at all for a document that the library refuses to write. */
function encoded(document: Document): Uint8Array {
  try {
    return serialize(document, { ignoreUndefined: false });
  } catch {
    return new Uint8Array();
  }
}

/** @throws AppError when count or hash of the two differ. */
async function verify(source: Collection, target: Collection): Promise<Digest> {
  const [wanted, found] = await Promise.all([digest(source), digest(target)]);
  if (wanted.count === found.count && wanted.hash === found.hash) return wanted;
  throw new AppError(
    'remote.refused',
    `The copy of ${source.collectionName} is not the same: ${wanted.count} documents with SHA-256 ${wanted.hash} ` +
      `here, ${found.count} with ${found.hash} there. The data folder is untouched. ` +
      'See that nobody writes to the target, drop it, and run the command again.',
  );
}

async function digest(collection: Collection): Promise<Digest> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const raw of rawDocuments(collection)) {
    hash.update(raw);
    count += 1;
  }
  return { count, hash: hash.digest('hex') };
}

/** The indexes as they are asked for, without what a server adds of its own; by name. */
async function indexesOf(collection: Collection): Promise<Document[]> {
  const listed: Document[] = await collection.listIndexes().toArray();
  return listed
    .map(({ v: _version, ns: _namespace, ...spec }) => spec)
    .sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
}

async function makeIndexes(target: Db, name: string, indexes: readonly Document[]): Promise<void> {
  const own = indexes.filter((index) => index['name'] !== '_id_');
  if (own.length > 0) await target.command({ createIndexes: name, indexes: own });
  const made = await indexesOf(target.collection(name));
  if (EJSON.stringify(made) === EJSON.stringify(indexes)) return;
  throw new AppError(
    'remote.refused',
    `The indexes of ${name} are not the same: ${EJSON.stringify(indexes)} here, ${EJSON.stringify(made)} there.`,
  );
}
