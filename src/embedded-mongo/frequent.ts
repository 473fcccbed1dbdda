/** What most inserts answer and remember, encoded once: a write pays for each detour behind its wait for the disk. */
import { Int32 } from 'bson';
import { encodeBson } from './bson-codec.ts';
import { OK } from './reply.ts';
import type { Doc } from './value.ts';

/** One document inserted: a statement's outcome, and the answer of a command with that one statement. */
export const ONE_INSERTED: Doc = { n: new Int32(1) };
const ONE_INSERTED_BSON = encodeBson(ONE_INSERTED);
/** The whole answer to a command that inserted one document. */
export const ONE_INSERTED_ANSWER = encodeBson({ ...ONE_INSERTED, ok: OK });

/** A statement's outcome as BSON. */
export function encodeOutcome(outcome: Doc): Buffer {
  return outcome === ONE_INSERTED ? ONE_INSERTED_BSON : encodeBson(outcome);
}
