/** The common shape of the three write commands: statements, retries, and errors by index. */
import { Int32 } from 'bson';
import { countArg, flagArg } from '../args.ts';
import type { Context } from '../context.ts';
import { MongoError, mongoError } from '../errors.ts';
import { HangUp } from '../fail-point.ts';
import type { StatementOutcome } from '../sessions.ts';
import { type Doc, toNumber } from '../value.ts';

/** A statement's outcome as it is kept for a retry: counts, and the `_id` of an upsert. */
export type Outcome = Doc;

/** MongoDB's limit on statements in one command. */
const MAX_STATEMENTS = 100_000;

/**
 * Runs the statements in order; an ordered command stops at its first error. A statement that this
 * session has already run is answered from memory. Statements that never pause may all give the
 * one `shared` outcome, which is then remembered once for all of them.
 */
export async function runStatements(
  context: Context,
  count: number,
  runOne: (index: number) => Outcome | Promise<Outcome>,
  shared?: Outcome,
): Promise<{ outcomes: Map<number, Outcome>; writeErrors: Doc[] }> {
  if (count < 1 || count > MAX_STATEMENTS) {
    throw mongoError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${count} operations.`,
    );
  }
  const { command, engine, retry, writes, now } = context;
  const ordered = command['ordered'] === undefined || flagArg(command['ordered'], 'ordered');
  const outcomes = new Map<number, Outcome>();
  const writeErrors: Doc[] = [];
  let mustHangUp = false;
  let run: StatementOutcome | undefined;
  const rememberRun = (): void => {
    if (run !== undefined) writes.remember(retry, run, now.getTime());
    run = undefined;
  };
  for (let index = 0; index < count; index += 1) {
    const statement = statementId(command, index);
    const known = retry === undefined ? undefined : engine.store.retries.outcomeOf(retry, statement);
    try {
      const hangsUp = known === undefined && retry !== undefined && engine.failPoint.strikeWrite();
      const outcome = known ?? (await runOne(index));
      outcomes.set(index, outcome);
      if (known !== undefined) continue;
      if (run !== undefined && run.outcome === outcome && run.first + run.count === statement) run.count += 1;
      else {
        rememberRun();
        run = { first: statement, count: 1, outcome };
        if (outcome !== shared) rememberRun();
      }
      mustHangUp ||= hangsUp;
    } catch (error) {
      if (!(error instanceof MongoError) || isCommandError(error)) {
        rememberRun();
        throw error;
      }
      writeErrors.push(describeError(index, error));
      if (ordered) break;
    }
  }
  rememberRun();
  if (mustHangUp) throw new HangUp('after the writes');
  return { outcomes, writeErrors };
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
