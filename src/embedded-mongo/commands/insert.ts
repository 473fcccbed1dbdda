/** The insert command. */
import { Int32, ObjectId, Timestamp } from 'bson';
import { decodeBson, encodeBson } from '../bson-codec.ts';
import { namespaceOf } from '../catalog.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import { ONE_INSERTED } from '../frequent.ts';
import { checkIdType } from '../update.ts';
import { type Doc, fieldOf, isDoc, isTruthy, namesOf, setField } from '../value.ts';
import { runAtOnce } from './write-results.ts';

export const insertCommands: CommandTable = {
  insert: {
    fields: [
      'documents',
      'ordered',
      'bypassDocumentValidation',
      'bypassEmptyTsReplacement',
      'stmtId',
      'stmtIds',
    ],
    retryable: true,
    writes: true,
    run: insert,
  },
};

/** https://www.mongodb.com/docs/manual/reference/command/insert/ */
function insert(context: Context): Doc {
  const { command, writes, database } = context;
  const namespace = namespaceOf(database, command['insert']);
  refuseSystem(namespace, database);
  const documents = documentsOf(context);
  const collection = writes.ensure(namespace);
  const { outcomes, writeErrors } = runAtOnce(context, documents.length, ONE_INSERTED, (index) => {
    const bson = documents[index] ?? Buffer.alloc(0);
    const doc = decodeBson(bson);
    const ready = prepare(doc, context);
    if (ready === undefined) writes.insert(collection, bson, doc);
    else writes.insert(collection, encodeBson(ready), ready);
  });
  if (outcomes.size === 1 && writeErrors.length === 0) return ONE_INSERTED;
  const reply: Doc = { n: new Int32(outcomes.size) };
  if (writeErrors.length > 0) reply['writeErrors'] = writeErrors;
  return reply;
}

function documentsOf({ command, sequences }: Context): Buffer[] {
  const sequence = sequences.get('documents');
  if (sequence !== undefined) return sequence;
  const given = command['documents'];
  if (!Array.isArray(given))
    throw mongoError(40414, "BSON field 'insert.documents' is missing but a required field");
  return given.map((item: unknown, at) => {
    if (Buffer.isBuffer(item)) return item;
    if (isDoc(item)) return encodeBson(item);
    throw mongoError(14, `BSON field 'insert.documents.${at}' is the wrong type, expected type 'object'`);
  });
}

/** The document with what the server adds, an `_id` or the time; undefined when nothing is to be added. */
export function prepare(doc: Doc, context: Pick<Context, 'command' | 'now'>): Doc | undefined {
  const id = doc['_id'];
  if (id !== undefined) checkIdType(id);
  const times = timesFor(doc, context);
  if (id === undefined) {
    const made = new ObjectId();
    return { _id: made, ...doc, ...times };
  }
  return times === undefined ? undefined : { ...doc, ...times };
}

/** A replacement with the time in the place of its empty timestamps. */
export function withTimes(doc: Doc, context: Context): Doc {
  const times = timesFor(doc, context);
  return times === undefined ? doc : { ...doc, ...times };
}

/**
 * What takes the place of the empty timestamps at the top of a document
 * (https://www.mongodb.com/docs/manual/reference/bson-types/#timestamps).
 */
function timesFor(doc: Doc, { command, now }: Pick<Context, 'command' | 'now'>): Doc | undefined {
  let times: Doc | undefined;
  for (const name of namesOf(doc)) {
    const value = fieldOf(doc, name);
    if (!(value instanceof Timestamp) || !value.isZero() || name === '_id') continue;
    if (isTruthy(command['bypassEmptyTsReplacement'])) continue;
    times ??= {};
    setField(times, name, clusterTime(now));
  }
  return times;
}

let lastSecond = 0;
let countInSecond = 0;

function clusterTime(now: Date): Timestamp {
  const second = Math.floor(now.getTime() / 1000);
  countInSecond = second === lastSecond ? countInSecond + 1 : 1;
  lastSecond = second;
  return new Timestamp({ t: second, i: countInSecond });
}

/** System collections are nobody's to write. */
export function refuseSystem(namespace: string, database: string): void {
  if (namespace.startsWith(`${database}.system.`)) {
    throw mongoError(73, `Invalid system namespace: ${namespace}`);
  }
}
