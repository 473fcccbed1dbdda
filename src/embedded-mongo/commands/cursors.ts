/** First batches, getMore and killCursors. */
import { Long } from 'bson';
import { countArg, stringArg } from '../args.ts';
import { namespaceOf } from '../catalog.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import { type Cursor, type Item, newCursorId, takeBatch } from '../cursor.ts';
import { mongoError } from '../errors.ts';
import { cursorReply, OK } from '../reply.ts';
import { type Doc, isNumber, toNumber } from '../value.ts';

export const cursorCommands: CommandTable = {
  getMore: { fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'], run: getMore },
  killCursors: { fields: ['cursors'], run: killCursors },
};

export type CursorOptions = {
  batchSize: number | undefined;
  singleBatch?: boolean;
  neverTimesOut?: boolean;
  /** More fields for the answer. */
  rest?: Doc;
};

const DEFAULT_FIRST_BATCH = 101;

/** Answers with the first batch and keeps the rest open under a cursor id. */
export async function openCursor(
  context: Context,
  namespace: string,
  source: Iterator<Item>,
  options: CursorOptions,
): Promise<Reply> {
  const cursor: Cursor = {
    id: '',
    namespace,
    session: context.session,
    source,
    held: undefined,
    neverTimesOut: options.neverTimesOut === true,
    batchSize: options.batchSize,
    usedAtMs: context.now.getTime(),
    busy: false,
  };
  const { items, ended } = await takeBatch(cursor, options.batchSize ?? DEFAULT_FIRST_BATCH, context.pace);
  const closes = ended || options.singleBatch === true || isExhausted(cursor);
  if (closes) cursor.source.return?.();
  const id = closes ? Long.ZERO : newCursorId();
  if (!closes) context.engine.cursors.add({ ...cursor, id: id.toString() });
  return cursorReply('firstBatch', items, id, namespace, options.rest ?? { ok: OK });
}

/** Looks one document ahead, so that a result of exactly one batch needs no getMore. */
function isExhausted(cursor: Cursor): boolean {
  if (cursor.held !== undefined) return false;
  const step = cursor.source.next();
  if (step.done) return true;
  cursor.held = step.value;
  return false;
}

/** https://www.mongodb.com/docs/manual/reference/command/getMore/ */
async function getMore(context: Context): Promise<Reply> {
  const { command, database, engine, now, pace } = context;
  const given = command['getMore'];
  if (!(given instanceof Long))
    throw mongoError(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  const namespace = namespaceOfCursor(database, command['collection']);
  const count = countArg(command['batchSize'], 'batchSize') || Number.POSITIVE_INFINITY;
  const cursor = engine.cursors.get(given.toString(), namespace);
  cursor.busy = true;
  cursor.usedAtMs = now.getTime();
  try {
    const { items, ended } = await takeBatch(cursor, count, pace);
    if (ended) engine.cursors.close(cursor.id);
    return cursorReply('nextBatch', items, ended ? Long.ZERO : given, namespace, { ok: OK });
  } catch (error) {
    engine.cursors.close(cursor.id);
    throw error;
  } finally {
    cursor.busy = false;
  }
}

/** Listings have cursors on names that are no collections. */
function namespaceOfCursor(database: string, collection: unknown): string {
  const name = stringArg(collection, 'collection');
  return name.startsWith('$cmd') ? `${database}.${name}` : namespaceOf(database, name);
}

/** https://www.mongodb.com/docs/manual/reference/command/killCursors/ */
function killCursors({ command, database, engine }: Context): Doc {
  const namespace = namespaceOfCursor(database, command['killCursors']);
  const ids = command['cursors'];
  if (!Array.isArray(ids)) throw mongoError(14, "BSON field 'killCursors.cursors' must be an array");
  const killed: Long[] = [];
  const missing: Long[] = [];
  for (const id of ids) {
    const long = id instanceof Long ? id : Long.fromNumber(isNumber(id) ? toNumber(id) : 0);
    (engine.cursors.close(long.toString(), namespace) ? killed : missing).push(long);
  }
  return { cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [] };
}

/** `cursor: {batchSize}` of aggregate and the listings. */
export function batchSizeOf(cursor: Doc | undefined): number | undefined {
  return countArg(cursor?.['batchSize'], 'cursor.batchSize');
}
