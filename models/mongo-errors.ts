// Turns what the driver throws into our own errors: a broken unique key by its index, a database that does not answer.
import { mongo } from 'mongoose';
import { AppError } from '../src/core/errors.ts';
import { UniqueConflict } from './unique-conflict.ts';

const DUPLICATE_KEY = 11000;

/** The unique indexes that a failed write broke, one entry per refused document; empty when that was not it. */
export function brokenKeys(thrown: unknown): readonly { readonly index: string; readonly at: number }[] {
  if (thrown instanceof mongo.MongoBulkWriteError) {
    const errors = [thrown.writeErrors].flat();
    if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE_KEY)) return [];
    return errors.map(({ errmsg, index }) => ({ index: indexIn(errmsg), at: index }));
  }
  if (thrown instanceof mongo.MongoServerError && thrown.code === DUPLICATE_KEY)
    return [{ index: indexIn(thrown.message), at: 0 }];
  return [];
}

/** Runs database work; what the driver throws comes out as an AppError. */
export async function translated<T>(collection: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw translation(collection, thrown);
  }
}

/** What the driver threw, as an error of ours where it is one that we know. */
export function translation(collection: string, thrown: unknown): unknown {
  const broken = brokenKeys(thrown)[0];
  if (broken) return new UniqueConflict(collection, broken.index, thrown);
  if (!isOutage(thrown)) return thrown;
  return new AppError('database.unavailable', 'The database does not answer right now; try again.', {
    cause: thrown,
    internal: `${collection}: ${thrown.message}`,
  });
}

function isOutage(thrown: unknown): thrown is Error {
  if (!(thrown instanceof Error)) return false;
  return (
    thrown instanceof mongo.MongoNetworkError ||
    thrown instanceof mongo.MongoServerSelectionError ||
    thrown instanceof mongo.MongoNotConnectedError ||
    thrown instanceof mongo.MongoTopologyClosedError ||
    (thrown instanceof mongo.MongoServerError && thrown.hasErrorLabel('RetryableWriteError'))
  );
}

function indexIn(message: string | undefined): string {
  const name = message?.match(/index: (\S+)/)?.[1] ?? 'unknown';
  return name === '_id_' ? '_id' : name;
}
