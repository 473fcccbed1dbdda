// Makes the indexes a definition asks for and refuses to start on one that stands there in another form.
import type { Connection } from 'mongoose';
import { canonicalJson } from '../src/core/canonical.ts';
import { AppError } from '../src/core/errors.ts';
import type { Logger } from '../src/core/logger.ts';
import type { CollectionDefinition, IndexDefinition, OnlyWhere } from './define.ts';

/** An index as the database lists it. */
interface ListedIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly unique?: boolean;
  readonly partialFilterExpression?: unknown;
  readonly expireAfterSeconds?: number;
}

const NAMESPACE_NOT_FOUND = 26;

/**
 * Makes what is missing, then reads back whether everything stands as declared; an index nobody declared is only told of.
 * @throws AppError `config.invalid` naming the index that stands in another form.
 */
export async function ensureIndexesOf(
  connection: Connection,
  definition: CollectionDefinition,
  logger?: Logger,
): Promise<void> {
  const { name, indexes } = definition;
  const before = await listed(connection, name);
  const missing = indexes.filter((index) => !before.some((other) => other.name === index.name));
  if (missing.length > 0) await connection.collection(name).createIndexes(missing.map(listedForm));
  const after = missing.length > 0 ? await listed(connection, name) : before;
  for (const index of indexes) {
    const wanted = listedForm(index);
    const found = after.find((other) => other.name === index.name);
    if (!found || essenceOf(found) !== essenceOf(wanted)) throw differs(name, wanted, found);
  }
  const declared = new Set(['_id_', ...indexes.map((index) => index.name)]);
  const strangers = after.map((index) => index.name).filter((index) => !declared.has(index));
  if (strangers.length > 0) logger?.warn({ collection: name, indexes: strangers }, 'indexes nobody declared');
}

async function listed(connection: Connection, name: string): Promise<readonly ListedIndex[]> {
  try {
    const found = await connection.collection(name).listIndexes().toArray();
    return found.map((index) => ({ ...index, name: String(index.name) }));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === NAMESPACE_NOT_FOUND) return [];
    throw thrown;
  }
}

function listedForm(index: IndexDefinition) {
  const { name, keys, unique, partial, expireAfterSeconds } = index;
  return {
    name,
    key: { ...keys },
    ...(unique ? { unique } : {}),
    ...(partial ? { partialFilterExpression: filterExpression(partial) } : {}),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
  };
}

function filterExpression(partial: OnlyWhere): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(partial).map(([field, wanted]) => {
      const isPresence = typeof wanted === 'object' && wanted !== null && 'exists' in wanted;
      return [field, isPresence ? { $exists: true } : wanted];
    }),
  );
}

/** What two indexes must have in common; the order of a key's fields is part of it. */
function essenceOf(index: ListedIndex): string {
  const { key, unique = false, partialFilterExpression = null, expireAfterSeconds = null } = index;
  return canonicalJson([Object.entries(key), unique, partialFilterExpression, expireAfterSeconds]);
}

function differs(collection: string, wanted: ListedIndex, found: ListedIndex | undefined): AppError {
  const there = found ? `stands there as ${essenceOf(found)}` : 'could not be made';
  return new AppError(
    'config.invalid',
    `The index “${wanted.name}” of ${collection} ${there}, and ${essenceOf(wanted)} is needed. ` +
      `Drop it, for example db.${collection}.dropIndex("${wanted.name}"), and start again.`,
  );
}
