/** Remembers the outcome of each session's last retryable write, so that a retry is answered, not repeated. */
import { Binary, Int32, Long } from 'bson';
import { encodeBson } from './bson-codec.ts';
import { mongoError } from './errors.ts';
import { encodeOutcome } from './frequent.ts';
import { type Doc, isDoc, toNumber, type Value } from './value.ts';

/** MongoDB forgets sessions after this time without use. */
const SESSION_LIFETIME_MS = 30 * 60 * 1000;

/** What one statement of a write answered; `count` statements from `first` on share it. */
export type StatementOutcome = { first: number; count: number; outcome: Doc };

/** A retryable write in progress: session and number, from the command, and what has become of its statements. */
export type RetryKey = { session: string; txnNumber: Long; outcomes: StatementOutcome[] };

/** The outcome this statement already had, or undefined when it has not run. */
export function outcomeOf({ outcomes }: RetryKey, statement: number): Doc | undefined {
  for (const { first, count, outcome } of outcomes) {
    if (statement >= first && statement < first + count) return outcome;
  }
  return undefined;
}

/** Remembers an outcome and gives the BSON that the journal must keep with the write itself. */
export function remember(key: RetryKey, outcome: StatementOutcome, nowMs: number): Buffer {
  key.outcomes.push(outcome);
  return encodeRecordOf(key, outcome, nowMs);
}

/** A session's last write. */
type Session = RetryKey & { usedAtMs: number };

export class RetryTable {
  readonly #sessions = new Map<string, Session>();

  /**
   * Starts or repeats a write. Throws 225 when the session has already used a later number.
   * https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md
   */
  begin(session: string, txnNumber: Long, nowMs: number): RetryKey {
    const known = this.#sessions.get(session);
    const age = known === undefined ? -1 : known.txnNumber.compare(txnNumber);
    if (age > 0) {
      throw mongoError(
        225,
        `Retryable write with txnNumber ${txnNumber} is prohibited on session because a newer ` +
          `retryable write with txnNumber ${known?.txnNumber} has already started on this session.`,
      );
    }
    const write =
      known !== undefined && age === 0 ? known : { session, txnNumber, outcomes: [], usedAtMs: nowMs };
    write.usedAtMs = nowMs;
    if (write !== known) this.#sessions.set(session, write);
    return write;
  }

  /** Takes a remembered outcome back from the journal; those of forgotten sessions are left out. */
  restore(record: Doc, nowMs: number): void {
    const at = record['at'];
    const id = record['s'];
    const txn = record['t'];
    const outcome = record['o'];
    if (!(at instanceof Date) || !(id instanceof Binary) || !(txn instanceof Long) || !isDoc(outcome)) return;
    if (nowMs - at.getTime() > SESSION_LIFETIME_MS) return;
    const session = id.toString('hex');
    if (this.#sessions.get(session)?.txnNumber.greaterThan(txn)) return;
    const { outcomes } = this.begin(session, txn, at.getTime());
    outcomes.push({ first: toNumber(record['i']), count: toNumber(record['c']), outcome });
  }

  /** The ids of the remembered sessions, as hex. */
  sessions(): Iterable<string> {
    return this.#sessions.keys();
  }

  /** The BSON a snapshot must keep. */
  *records(): Generator<Buffer> {
    for (const write of this.#sessions.values()) {
      for (const outcome of write.outcomes) yield encodeRecordOf(write, outcome, write.usedAtMs);
    }
  }

  /** Forgets the sessions whose time is over. */
  expire(nowMs: number): void {
    for (const [id, session] of this.#sessions) {
      if (nowMs - session.usedAtMs > SESSION_LIFETIME_MS) this.#sessions.delete(id);
    }
  }
}

/** The session id of a command as hex, or undefined. */
export function sessionIdOf(lsid: Value): string | undefined {
  if (lsid === undefined) return undefined;
  const id = isDoc(lsid) ? lsid['id'] : undefined;
  if (!(id instanceof Binary) || id.position !== 16)
    throw mongoError(14, "BSON field 'lsid.id' must be a UUID");
  return id.toString('hex');
}

/** A record's BSON up to its outcome, with zeros for what each record has of its own; a write pays for each detour. */
const HEAD = encodeBson({
  s: new Binary(Buffer.alloc(16)),
  t: Long.ZERO,
  at: new Date(0),
  i: new Int32(0),
  c: new Int32(0),
}).subarray(0, -1);
const OUTCOME = Buffer.from('\x03o\0', 'latin1');
/** Where the values are in the head. */
const AT = { s: 12, t: 31, at: 43, i: 54, c: 61 };

/** `{s: session, t: its number, at: time, i: first statement, c: count, o: outcome}`. */
function encodeRecordOf(
  { session, txnNumber }: RetryKey,
  { first, count, outcome }: StatementOutcome,
  atMs: number,
): Buffer {
  const told = encodeOutcome(outcome);
  const bytes = Buffer.allocUnsafe(HEAD.length + OUTCOME.length + told.length + 1);
  HEAD.copy(bytes);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.write(session, AT.s, 'hex');
  bytes.writeInt32LE(txnNumber.low, AT.t);
  bytes.writeInt32LE(txnNumber.high, AT.t + 4);
  bytes.writeBigInt64LE(BigInt(atMs), AT.at);
  bytes.writeInt32LE(first, AT.i);
  bytes.writeInt32LE(count, AT.c);
  OUTCOME.copy(bytes, HEAD.length);
  told.copy(bytes, HEAD.length + OUTCOME.length);
  bytes[bytes.length - 1] = 0;
  return bytes;
}
