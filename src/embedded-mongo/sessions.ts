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

type Session = { txnNumber: Long; outcomes: StatementOutcome[]; usedAtMs: number };

/** A retryable write in progress: session and number, from the command. */
export type RetryKey = { session: string; txnNumber: Long };

export class RetryTable {
  readonly #sessions = new Map<string, Session>();

  /**
   * Starts or repeats a write. Throws 225 when the session has already used a later number.
   * https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md
   */
  begin(key: RetryKey, nowMs: number): void {
    const session = this.#sessions.get(key.session);
    if (session === undefined || session.txnNumber.lessThan(key.txnNumber)) {
      this.#sessions.set(key.session, { txnNumber: key.txnNumber, outcomes: [], usedAtMs: nowMs });
    } else if (session.txnNumber.greaterThan(key.txnNumber)) {
      throw mongoError(
        225,
        `Retryable write with txnNumber ${key.txnNumber} is prohibited on session because a newer ` +
          `retryable write with txnNumber ${session.txnNumber} has already started on this session.`,
      );
    } else session.usedAtMs = nowMs;
  }

  /** The outcome this statement already had, or undefined when it has not run. */
  outcomeOf(key: RetryKey, statement: number): Doc | undefined {
    const session = this.#sessions.get(key.session);
    if (session === undefined || session.txnNumber.notEquals(key.txnNumber)) return undefined;
    return session.outcomes.find((one) => statement >= one.first && statement < one.first + one.count)
      ?.outcome;
  }

  /** Remembers an outcome and gives the BSON that the journal must keep with the write itself. */
  remember(key: RetryKey, outcome: StatementOutcome, nowMs: number): Buffer {
    if (this.#sessions.get(key.session) === undefined) this.begin(key, nowMs);
    this.#sessions.get(key.session)?.outcomes.push(outcome);
    return encodeRecordOf(key, outcome, nowMs);
  }

  /** Takes a remembered outcome back from the journal; those of forgotten sessions are left out. */
  restore(record: Doc, nowMs: number): void {
    const at = record['at'];
    const id = record['s'];
    const txn = record['t'];
    const outcome = record['o'];
    if (!(at instanceof Date) || !(id instanceof Binary) || !(txn instanceof Long) || !isDoc(outcome)) return;
    if (nowMs - at.getTime() > SESSION_LIFETIME_MS) return;
    const key = { session: id.toString('hex'), txnNumber: txn };
    const known = this.#sessions.get(key.session);
    if (known?.txnNumber.greaterThan(key.txnNumber)) return;
    this.begin(key, at.getTime());
    const session = this.#sessions.get(key.session);
    session?.outcomes.push({ first: toNumber(record['i']), count: toNumber(record['c']), outcome });
  }

  /** The ids of the remembered sessions, as hex. */
  sessions(): Iterable<string> {
    return this.#sessions.keys();
  }

  /** The BSON a snapshot must keep. */
  *records(): Generator<Buffer> {
    for (const [session, { txnNumber, outcomes, usedAtMs }] of this.#sessions) {
      for (const outcome of outcomes) yield encodeRecordOf({ session, txnNumber }, outcome, usedAtMs);
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
