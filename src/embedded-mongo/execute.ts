/** Takes a message through checks, fail point, command, journal and errors to its answer. */
import { Long } from 'bson';
import { encodeAnswer, encodeFailure } from './answer.ts';
import { checkApi } from './api.ts';
import { checkFields, timeLimitArg } from './args.ts';
import { commandNamed, fieldsOf } from './commands.ts';
import { checkConcerns, writeConcernErrorOf } from './concerns.ts';
import type { Command, Connection, Context, Engine } from './context.ts';
import { MongoError, mongoError } from './errors.ts';
import { type Failure, HangUp, isStateChange } from './fail-point.ts';
import { Pace, timeIsOver } from './pace.ts';
import { type RetryKey, sessionIdOf } from './sessions.ts';
import { type Doc, isDoc, isTruthy, namesOf } from './value.ts';
import type { Message } from './wire.ts';
import { Writes } from './writes.ts';

/** The connection must be closed without an answer. */
export const HANG_UP = Symbol('hang up');

/** What is sent back for a message. */
export type Answer = Buffer | typeof HANG_UP;

/**
 * Runs one message and gives the answer's BSON: at once when the command neither pauses nor waits for
 * others. Never throws or rejects.
 */
export function execute(engine: Engine, connection: Connection, message: Message): Answer | Promise<Answer> {
  const name = namesOf(message.command)[0] ?? '';
  try {
    const failure =
      name === 'configureFailPoint'
        ? undefined
        : engine.failPoint.strike(name, message.command, connection.appName);
    const answer =
      failure === undefined
        ? run(engine, connection, message, name, undefined)
        : suffer(failure, engine, connection, message, name);
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error: unknown) => answerError(engine, message, name, error));
  } catch (error) {
    return answerError(engine, message, name, error);
  }
}

async function suffer(
  failure: Failure,
  engine: Engine,
  connection: Connection,
  message: Message,
  name: string,
): Promise<Answer> {
  if (failure.blockMs > 0) await delay(failure.blockMs);
  if (connection.closed) return HANG_UP;
  if (failure.close) return HANG_UP;
  if (isStateChange(failure)) setTimeout(() => engine.topology.change(), NEWS_DELAY_MS).unref();
  if (failure.error !== undefined) throw failure.error;
  return run(engine, connection, message, name, failure.writeConcernError);
}

/** Monitors hear after the client that a member which said it was going is still there. */
const NEWS_DELAY_MS = 10;

function answerError(engine: Engine, message: Message, name: string, error: unknown): Answer {
  return error instanceof HangUp ? HANG_UP : encodeFailure(engine, message, name, error);
}

function run(
  engine: Engine,
  connection: Connection,
  message: Message,
  name: string,
  concernError: Doc | undefined,
): Buffer | Promise<Buffer> {
  const { command } = message;
  const found = commandNamed(name, engine.options.testCommands);
  refuseTransactions(command, name);
  if (found === undefined) throw mongoError(59, `no such command: '${name}'`);
  checkApi(command, name);
  if (!found.lenient) checkFields(command, name, fieldsOf(name));
  const context = contextFor(engine, connection, message, name, found);
  checkConcerns(context);
  if (isTruthy(command['maxTimeMS'] ?? 0) && engine.failPoint.strikeTime()) {
    throw timeIsOver();
  }
  engine.counts.set(name, (engine.counts.get(name) ?? 0) + 1);
  const answer = answerOf(context, found, concernError);
  const isReady = !(answer instanceof Promise) && (!mustBeDurable(context, found) || flushAlone(context));
  return isReady ? answer : afterDisk(answer, context, found);
}

function answerOf(context: Context, found: Command, concernError: Doc | undefined): Buffer | Promise<Buffer> {
  try {
    const reply = found.run(context);
    if (!(reply instanceof Promise)) return encodeAnswer(reply, concernError, context, found);
    return reply.then(
      (made) => encodeAnswer(made, concernError, context, found),
      (error: unknown) => rejectWrite(error, context, found),
    );
  } catch (error) {
    return rejectWrite(error, context, found);
  }
}

function rejectWrite(error: unknown, { command }: Context, found: Command): Promise<never> {
  const failure = found.writes ? writeConcernErrorOf(command) : undefined;
  if (failure !== undefined && error instanceof MongoError) error.concernError = failure;
  return Promise.reject(error);
}

/** Failed or not, nothing is told before what was changed is on disk. */
async function afterDisk(
  answer: Buffer | Promise<Buffer>,
  context: Context,
  found: Command,
): Promise<Buffer> {
  try {
    return await answer;
  } finally {
    if (mustBeDurable(context, found) && !flushAlone(context)) await context.engine.store.journal.durable();
  }
}

function mustBeDurable({ command, writes }: Context, found: Command): boolean {
  return found.writes === true || writes.hasChanged || isMajorityRead(command);
}

/** A client that is alone needs not wait for others to share its sync; true when everything is on disk. */
function flushAlone({ connection, engine }: Context): boolean {
  return connection.isAlone && engine.store.journal.flush();
}

function contextFor(
  engine: Engine,
  connection: Connection,
  { command, exhaust, sequences }: Message,
  name: string,
  found: Command,
): Context {
  const database = command['$db'];
  if (typeof database !== 'string') throw mongoError(40571, 'OP_MSG requests require a $db argument');
  if (found.adminOnly && database !== 'admin') {
    throw mongoError(13, `${name} may only be run against the admin database.`);
  }
  const session = sessionIdOf(command['lsid']);
  const now = new Date();
  return {
    engine,
    connection,
    name,
    database,
    command,
    sequences,
    exhaust,
    writes: new Writes(engine.store, isTruthy(command['bypassDocumentValidation'])),
    pace: new Pace(timeLimitArg(command['maxTimeMS'], name), connection),
    now,
    session,
    retry: retryKey(engine, command, session, name, found, now),
  };
}

function retryKey(
  engine: Engine,
  command: Doc,
  session: string | undefined,
  name: string,
  found: Command,
  now: Date,
): RetryKey | undefined {
  const txnNumber = command['txnNumber'];
  if (txnNumber === undefined) return undefined;
  if (engine.options.replicaSetName === undefined) {
    throw mongoError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  if (!(txnNumber instanceof Long))
    throw mongoError(14, "BSON field 'txnNumber' is the wrong type, expected type 'long'");
  if (session === undefined)
    throw mongoError(72, 'Transaction number requires a session ID to also be specified');
  if (!found.retryable) {
    throw mongoError(50768, `txnNumber may only be provided for retryable write commands, not ${name}`);
  }
  return engine.store.retries.begin(session, txnNumber, now.getTime());
}

const ENDS_OF_TRANSACTIONS = ['commitTransaction', 'abortTransaction'];

function refuseTransactions(command: Doc, name: string): void {
  const isOne = command['startTransaction'] !== undefined || command['autocommit'] !== undefined;
  if (!isOne && !ENDS_OF_TRANSACTIONS.includes(name)) return;
  throw mongoError(263, 'transactions are not supported by this engine; use a MongoDB replica set for them');
}

/** Reads that must not tell of what a crash could still undo. */
function isMajorityRead(command: Doc): boolean {
  const concern = command['readConcern'];
  return isDoc(concern) && (concern['level'] === 'majority' || concern['level'] === 'linearizable');
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
