/** Read and write concerns: what a one-member set can honour, and refusals of what it cannot. */
import { Int32 } from 'bson';
import { checkOnly, docArg } from './args.ts';
import type { Context } from './context.ts';
import { mongoError } from './errors.ts';
import { type Doc, isDoc, isNumber, toNumber } from './value.ts';

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
