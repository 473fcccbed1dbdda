/** First batches, getMore and killCursors. */
import { Long, UUID } from 'bson';
import { apiOf } from '../api.ts';
import { countArg, stringArg, wrongType } from '../args.ts';
import { decodeBson, decodeRaw } from '../bson-codec.ts';
import { namespaceOf } from '../catalog.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import { type Batch, type Cursor, type End, type Item, newCursorId, takeBatch } from '../cursor.ts';
import { cameUpIn, mongoError } from '../errors.ts';
import { timeIsOver } from '../pace.ts';
import { cursorReply, OK } from '../reply.ts';
import { type Doc, isNumber, toNumber } from '../value.ts';

export const cursorCommands: CommandTable = {
  getMore: { fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'], run: getMore },
  killCursors: { fields: ['cursors'], run: killCursors },
};

export type CursorOptions = {
  batchSize: number | undefined;
  /** How its end is known; a listing's with the last of it. */
  end?: End;
  singleBatch?: boolean;
  neverTimesOut?: boolean;
  /** What runs, as its errors tell it. */
  origin?: string;
  /** Listings say what they are before what they list. */
  listing?: boolean;
};

const DEFAULT_FIRST_BATCH = 101;
const LISTED: End = { limit: 0, isKnown: true };

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
    api: apiOf(context.command),
    source,
    end: options.end ?? LISTED,
    pace: context.pace,
    sent: 0,
    held: undefined,
    neverTimesOut: options.neverTimesOut === true,
    usedAtMs: context.now.getTime(),
    busy: false,
  };
  const { items, ended } = await firstBatchOf(cursor, options);
  const closes = ended || options.singleBatch === true;
  if (closes) cursor.source.return?.();
  const id = closes ? Long.ZERO : newCursorId();
  if (!closes) {
    cursor.pace.suspend();
    context.engine.cursors.add({ ...cursor, id: id.toString() });
  }
  if (options.listing) return { cursor: { id, ns: namespace, firstBatch: items.map(decodeItem) } };
  return cursorReply('firstBatch', items, id, namespace, { ok: OK });
}

async function firstBatchOf(cursor: Cursor, { batchSize, origin }: CursorOptions): Promise<Batch> {
  try {
    return await takeBatch(cursor, batchSize ?? DEFAULT_FIRST_BATCH);
  } catch (error) {
    throw origin === undefined ? error : cameUpIn(origin, error);
  }
}

function decodeItem(item: string | Buffer): Doc {
  return typeof item === 'string' ? decodeRaw(item) : decodeBson(item);
}

/** https://www.mongodb.com/docs/manual/reference/command/getMore/ */
async function getMore(context: Context): Promise<Reply> {
  const { command, connection, database, engine, now } = context;
  const given = command['getMore'];
  if (!(given instanceof Long)) throw wrongType('getMore.getMore', given, "type 'long'");
  const namespace = namespaceOfCursor(database, command['collection'], 'getMore');
  const count = countArg(command['batchSize'], 'batchSize') || Number.POSITIVE_INFINITY;
  const cursor = engine.cursors.get(given.toString());
  checkUse(context, cursor, namespace);
  engine.failPoint.strikeGetMore();
  if (cursor.pace.isLimited && engine.failPoint.strikeTime()) throw timeIsOver();
  cursor.busy = true;
  cursor.usedAtMs = now.getTime();
  try {
    cursor.pace.resume(connection);
    const { items, ended } = await takeBatch(cursor, count);
    if (ended) engine.cursors.close(cursor.id);
    else cursor.pace.suspend();
    const reply = cursorReply('nextBatch', items, ended ? Long.ZERO : given, namespace, { ok: OK });
    if (!ended && context.exhaust !== undefined) context.exhaust.goesOn = true;
    return reply;
  } catch (error) {
    engine.cursors.close(cursor.id);
    throw cameUpIn('Executor error during getMore', error);
  } finally {
    cursor.busy = false;
  }
}

/** A cursor is used as it was opened: session, namespace, time limit and API parameters. */
function checkUse({ command, session }: Context, cursor: Cursor, namespace: string): void {
  if (session !== cursor.session) throw otherSession(session, cursor);
  if (cursor.namespace !== namespace) {
    throw mongoError(
      13,
      `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
    );
  }
  if (command['maxTimeMS'] !== undefined) {
    throw mongoError(2, 'cannot set maxTimeMS on getMore command for a non-awaitData cursor');
  }
  const api = apiOf(command);
  if (api !== cursor.api) {
    throw mongoError(
      347,
      `API parameter mismatch: getMore used params ${api}, the cursor-creating command used ${cursor.api}`,
    );
  }
}

/** The digest of no user at all, as sessions without authentication are shown with. */
const NOBODY = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

function otherSession(session: string | undefined, cursor: Cursor): Error {
  const shown = (id: string): string => `${new UUID(id).toString()} - ${NOBODY} -  - `;
  const start = `Cannot run getMore on cursor ${cursor.id}, which was`;
  if (session === undefined) {
    return mongoError(50737, `${start} created in session ${shown(cursor.session ?? '')}, without an lsid`);
  }
  if (cursor.session === undefined) {
    return mongoError(50736, `${start} not created in a session, in session ${shown(session)}`);
  }
  return mongoError(
    50738,
    `${start} created in session ${shown(cursor.session)}, in session ${shown(session)}`,
  );
}

/** Listings have cursors on names that are no collections. */
function namespaceOfCursor(database: string, collection: unknown, command: string): string {
  if (collection === undefined) {
    throw mongoError(40414, `BSON field '${command}.collection' is missing but a required field`);
  }
  const name = stringArg(collection, `${command}.collection`);
  if (name === '') throw mongoError(73, 'Collection names cannot be empty');
  return name.startsWith('$cmd') ? `${database}.${name}` : namespaceOf(database, name);
}

/** https://www.mongodb.com/docs/manual/reference/command/killCursors/ */
function killCursors({ command, database, engine }: Context): Doc {
  const namespace = namespaceOfCursor(database, command['killCursors'], 'killCursors');
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
