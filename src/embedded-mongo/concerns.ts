/** Read and write concerns: what a one-member set can honour, and refusals of what it cannot. */
import { Int32 } from 'bson';
import { checkOnly, docArg } from './args.ts';
import type { Context } from './context.ts';
import { mongoError } from './errors.ts';
import { type Doc, isDoc, isNumber, isTruthy, toNumber } from './value.ts';

const LEVELS = new Set(['local', 'available', 'majority']);

/** Throws 72 for a read concern the engine would only pretend to give, and for malformed concerns. */
export function checkConcerns(context: Context): void {
  const { command } = context;
  const read = command['readConcern'];
  if (read !== undefined) {
    const level = docArg(read, 'readConcern')['level'];
    if (level !== undefined && !LEVELS.has(String(level))) {
      throw mongoError(72, `read concern level '${String(level)}' is not supported by this engine`);
    }
  }
  const write = command['writeConcern'];
  if (write !== undefined) {
    checkOnly(docArg(write, 'writeConcern'), 'writeConcern', ['w', 'j', 'wtimeout', 'fsync', 'provenance']);
  }
  checkApi(context);
}

/** https://www.mongodb.com/docs/manual/reference/stable-api/ */
const STABLE_API: ReadonlySet<string> = new Set(
  (
    'aggregate collMod count create createIndexes delete drop dropDatabase dropIndexes endSessions explain ' +
    'find findAndModify getMore hello insert killCursors listCollections listDatabases listIndexes ping ' +
    'refreshSessions update'
  ).split(' '),
);

/** Throws 322 for a version there is not, and 323 for a strict client's command outside of it. */
function checkApi({ command, name }: Context): void {
  const version = command['apiVersion'];
  if (version !== undefined && version !== '1')
    throw mongoError(322, `API version must be "1", not "${String(version)}"`);
  if (version !== undefined && isTruthy(command['apiStrict']) && !STABLE_API.has(name)) {
    throw mongoError(
      323,
      `Provided apiStrict:true, but the command ${name} is not in API Version 1. ` +
        'Information on supported commands and migrations in API Version 1 can be found at ' +
        'https://dochub.mongodb.org/core/manual-versioned-api',
    );
  }
}

/** The error a write reports after it is done when it asked for more members than there are. */
export function writeConcernErrorOf(command: Doc): Doc | undefined {
  const concern = command['writeConcern'];
  const w = isDoc(concern) ? concern['w'] : undefined;
  if (w === undefined || w === 'majority') return undefined;
  if (isNumber(w) && toNumber(w) <= 1) return undefined;
  if (isNumber(w)) {
    return {
      code: new Int32(100),
      codeName: 'UnsatisfiableWriteConcern',
      errmsg: 'Not enough data-bearing nodes',
    };
  }
  return {
    code: new Int32(79),
    codeName: 'UnknownReplWriteConcern',
    errmsg: `No write concern mode named '${String(w)}' found in replica set configuration`,
  };
}
