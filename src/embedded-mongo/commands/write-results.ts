/** The common shape of the three write commands: statements, retries, and errors by index. */
import { Int32 } from 'bson';
import { countArg, flagArg } from '../args.ts';
import type { Context } from '../context.ts';
import { MongoError, mongoError } from '../errors.ts';
import { HangUp } from '../fail-point.ts';
import { outcomeOf, type StatementOutcome } from '../sessions.ts';
import { type Doc, toNumber } from '../value.ts';

/** A statement's outcome as it is kept for a retry: counts, and the `_id` of an upsert. */
export type Outcome = Doc;

/** MongoDB's limit on statements in one command. */
const MAX_STATEMENTS = 100_000;

export type Results = { outcomes: Map<number, Outcome>; writeErrors: Doc[] };

/**
 * Runs `count` statements in order; an ordered command stops at its first error. A statement that this
 * session has already run is answered from memory. Throws 16 for too many or none.
 */
export async function runStatements(
  context: Context,
  count: number,
  runOne: (index: number) => Promise<Outcome>,
): Promise<Results> {
  const statements = new Statements(context, count);
  for (let index = 0; index < count && !statements.stopped; index += 1) {
    try {
      if (statements.isNew(index)) statements.done(index, await runOne(index));
    } catch (error) {
      statements.failed(index, error);
    }
  }
  return statements.finish();
}

/**
 * The same for statements that never pause and all have the one `shared` outcome, which is then
 * remembered once for all of them.
 */
export function runAtOnce(
  context: Context,
  count: number,
  shared: Outcome,
  runOne: (index: number) => void,
): Results {
  const statements = new Statements(context, count);
  for (let index = 0; index < count && !statements.stopped; index += 1) {
    try {
      if (!statements.isNew(index)) continue;
      runOne(index);
      statements.sharedDone(index, shared);
    } catch (error) {
      statements.failed(index, error);
    }
  }
  return statements.finish();
}

/** What has become of the statements so far, and of which a retry must know. */
class Statements {
  readonly #context: Context;
  readonly #ordered: boolean;
  readonly #outcomes = new Map<number, Outcome>();
  readonly #writeErrors: Doc[] = [];
  #run: StatementOutcome | undefined;
  #mustHangUp = false;
  #hangsUp = false;
  stopped = false;

  constructor(context: Context, count: number) {
    if (count < 1 || count > MAX_STATEMENTS) {
      throw mongoError(
        16,
        `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${count} operations.`,
      );
    }
    const ordered = context.command['ordered'];
    this.#context = context;
    this.#ordered = ordered === undefined || flagArg(ordered, 'ordered');
  }

  /** False for a statement that has been run before: its outcome stands. */
  isNew(index: number): boolean {
    const { command, engine, retry } = this.#context;
    if (retry === undefined) return true;
    const known = outcomeOf(retry, statementId(command, index));
    if (known !== undefined) this.#outcomes.set(index, known);
    else this.#hangsUp = engine.failPoint.strikeWrite();
    return known === undefined;
  }

  done(index: number, outcome: Outcome): void {
    this.sharedDone(index, outcome);
    this.#rememberRun();
  }

  sharedDone(index: number, outcome: Outcome): void {
    this.#outcomes.set(index, outcome);
    const statement = statementId(this.#context.command, index);
    const run = this.#run;
    if (run !== undefined && run.first + run.count === statement) run.count += 1;
    else {
      this.#rememberRun();
      this.#run = { first: statement, count: 1, outcome };
    }
    this.#mustHangUp ||= this.#hangsUp;
  }

  failed(index: number, error: unknown): void {
    if (!(error instanceof MongoError) || isCommandError(error)) {
      this.#rememberRun();
      throw error;
    }
    this.#writeErrors.push(describeError(index, error));
    this.stopped = this.#ordered;
  }

  finish(): Results {
    this.#rememberRun();
    if (this.#mustHangUp) throw new HangUp('after the writes');
    return { outcomes: this.#outcomes, writeErrors: this.#writeErrors };
  }

  #rememberRun(): void {
    const { writes, retry, now } = this.#context;
    if (this.#run !== undefined) writes.remember(retry, this.#run, now.getTime());
    this.#run = undefined;
  }
}

/** The number a retry names a statement by. */
export function statementId(command: Doc, index: number): number {
  const ids = command['stmtIds'];
  if (Array.isArray(ids)) return toNumber(ids[index]);
  return (countArg(command['stmtId'], 'stmtId') ?? 0) + index;
}

/** Time limits and interruptions end the whole command. */
export function isCommandError(error: MongoError): boolean {
  return error.code === 50 || error.code === 11601 || error.code === 225;
}

export function describeError(index: number, error: MongoError): Doc {
  return { index: new Int32(index), code: new Int32(error.code), errmsg: error.message, ...error.extra };
}

/** Sums one count over all outcomes. */
export function sumOf(outcomes: Map<number, Outcome>, field: string): number {
  let sum = 0;
  for (const outcome of outcomes.values()) sum += toNumber(outcome[field] ?? 0);
  return sum;
}
