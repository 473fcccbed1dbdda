/** Commands that hash stored data: whole databases, and files kept in chunks. */
import { createHash } from 'node:crypto';
import { Binary, Int32 } from 'bson';
import { collectionNameOf, namespaceOf } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import { encodeKey } from '../key.ts';
import { docOnce } from '../stored-document.ts';
import { type Doc, setField, toNumber, type Value } from '../value.ts';

const dbHashCommand = { fields: ['collections'], run: hashDatabase };

export const hashCommands: CommandTable = {
  dbHash: dbHashCommand,
  dbhash: dbHashCommand,
  filemd5: { fields: ['root', 'partialOk', 'md5state'], run: hashFile },
};

/** https://www.mongodb.com/docs/manual/reference/command/dbHash/: documents in the order of their `_id`. */
async function hashDatabase(context: Context): Promise<Doc> {
  const { command, database, engine } = context;
  const wanted = wantedNames(command['collections']);
  const startedMs = performance.now();
  const whole = createHash('md5');
  const hashes: Doc = {};
  const uuids: Doc = {};
  for (const collection of engine.store.catalog.of(database)) {
    const name = collectionNameOf(collection.namespace);
    if (name.startsWith('system.') || (wanted !== undefined && !wanted.has(name))) continue;
    const hash = await hashCollection(context, collection);
    setField(hashes, name, hash);
    setField(uuids, name, collection.uuid);
    whole.update(`${name}\0${hash}\0`);
  }
  return {
    host: `127.0.0.1:${engine.options.port}`,
    collections: hashes,
    capped: [],
    uuids,
    md5: whole.digest('hex'),
    timeMillis: new Int32(Math.round(performance.now() - startedMs)),
  };
}

function wantedNames(given: Value): ReadonlySet<Value> | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.some((name) => typeof name !== 'string'))
    throw mongoError(2, 'collections entries have to be strings');
  return given.length === 0 ? undefined : new Set<Value>(given);
}

async function hashCollection({ pace }: Context, collection: Collection): Promise<string> {
  const hash = createHash('md5');
  const keys = [...collection.documents.keys()].sort();
  for (const key of keys) {
    const stored = collection.documents.get(key);
    if (stored !== undefined) hash.update(stored.raw, 'latin1');
    if (pace.due()) await pace.rest();
  }
  return hash.digest('hex');
}

/** The MD5 of a GridFS file's chunks, in their order (https://www.mongodb.com/docs/v7.0/reference/command/filemd5/). */
async function hashFile(context: Context): Promise<Doc> {
  const { command, database, engine, pace } = context;
  if (command['partialOk'] !== undefined || command['md5state'] !== undefined)
    throw mongoError(115, "filemd5's 'partialOk' and 'md5state' are not supported by this engine");
  const root = command['root'] ?? 'fs';
  const collection = engine.store.catalog.find(namespaceOf(database, `${String(root)}.chunks`));
  const wanted = encodeKey(command['filemd5']);
  const chunks: { readonly n: number; readonly data: Value }[] = [];
  for (const stored of collection?.documents.values() ?? []) {
    const chunk = docOnce(stored);
    if (encodeKey(chunk['files_id']) === wanted)
      chunks.push({ n: toNumber(chunk['n']), data: chunk['data'] });
    if (pace.due()) await pace.rest();
  }
  chunks.sort((a, b) => a.n - b.n);
  const hash = createHash('md5');
  chunks.forEach(({ n, data }, i) => {
    if (n !== i) throw mongoError(10040, `chunks out of order: expected chunk ${i}, found ${n}`);
    if (data instanceof Binary) hash.update(data.value());
  });
  return { numChunks: new Int32(chunks.length), md5: hash.digest('hex') };
}
