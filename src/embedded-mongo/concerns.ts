/** Read and write concerns: what a one-member set can honour, and refusals of what it cannot. */
import { Int32 } from 'bson';
import { checkOnly, docArg } from './args.ts';
import type { Context } from './context.ts';
import { mongoError } from './errors.ts';
import { type Doc, isDoc, isNumber, isTruthy, toNumber, type Value } from './value.ts';

/** Over one member's durable data, a majority's reads are linearizable too. */
const LEVELS = new Set(['local', 'available', 'majority', 'linearizable']);

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
    const concern = docArg(write, 'writeConcern');
    checkOnly(concern, 'writeConcern', ['w', 'j', 'wtimeout', 'fsync', 'provenance']);
    checkMembers(concern['w']);
  }
}

/** More members than a replica set may have. */
const MAX_MEMBERS = 50;

function checkMembers(w: Value): void {
  if (w === undefined || typeof w === 'string' || isDoc(w)) return;
  if (!isNumber(w)) throw mongoError(9, 'w has to be a number, string, or object');
  const members = toNumber(w);
  if (members >= 0 && members <= MAX_MEMBERS) return;
  throw mongoError(
    9,
    `w has to be a non-negative number and not greater than ${MAX_MEMBERS}; found: ${members}`,
  );
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
      ...errorInfo(concern),
    };
  }
  return {
    code: new Int32(79),
    codeName: 'UnknownReplWriteConcern',
    errmsg: `No write concern mode named '${String(w)}' found in replica set configuration`,
    ...errorInfo(concern),
  };
}

/** The write concern as the server read it. */
function errorInfo(concern: Value): Doc {
  const { w, j, wtimeout } = isDoc(concern) ? concern : {};
  const journal = j === undefined ? {} : { j: isTruthy(j) };
  const timeout = new Int32(isNumber(wtimeout) ? toNumber(wtimeout) : 0);
  return { errInfo: { writeConcern: { w, ...journal, wtimeout: timeout, provenance: 'clientSupplied' } } };
}
