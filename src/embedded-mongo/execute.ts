/** Takes a message through checks, fail point, command, journal and errors to its answer. */
import { BSONError, Long } from 'bson';
import { checkApi } from './api.ts';
import { ArgumentError, checkFields, timeLimitArg } from './args.ts';
import { encodeBson } from './bson-codec.ts';
import { aggregateCommands } from './commands/aggregate.ts';
import { catalogCommands } from './commands/catalog.ts';
import { collModCommands } from './commands/coll-mod.ts';
import { cursorCommands } from './commands/cursors.ts';
import { diagnosticCommands, testCommands } from './commands/diagnostics.ts';
import { explainCommands } from './commands/explain.ts';
import { findCommands } from './commands/find.ts';
import { findAndModifyCommands } from './commands/find-and-modify.ts';
import { handshakeCommands } from './commands/handshake.ts';
import { hashCommands } from './commands/hashes.ts';
import { indexCommands } from './commands/indexes.ts';
import { insertCommands } from './commands/insert.ts';
import { inventoryCommands } from './commands/inventory.ts';
import { maintenanceCommands } from './commands/maintenance.ts';
import { operationCommands } from './commands/operations.ts';
import { parameterCommands } from './commands/parameters.ts';
import { replicaSetCommands } from './commands/replica-set.ts';
import { statsCommands } from './commands/stats.ts';
import { updateCommands } from './commands/update.ts';
import { validateCommands } from './commands/validate.ts';
import { checkConcerns, writeConcernErrorOf } from './concerns.ts';
import type { Command, Connection, Context, Engine, Reply } from './context.ts';
import { MongoError, mongoError } from './errors.ts';
import { type Failure, HangUp, isNotPrimaryCode, isRetryableCode, isShutdown } from './fail-point.ts';
import { ONE_INSERTED, ONE_INSERTED_ANSWER } from './frequent.ts';
import { Pace, timeIsOver } from './pace.ts';
import { NOT_OK, OK } from './reply.ts';
import { type RetryKey, sessionIdOf } from './sessions.ts';
import { type Doc, isDoc, isTruthy, namesOf } from './value.ts';
import type { Message } from './wire.ts';
import { Writes } from './writes.ts';

const TABLE: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...handshakeCommands,
    ...replicaSetCommands,
    ...catalogCommands,
    ...indexCommands,
    ...collModCommands,
    ...insertCommands,
    ...updateCommands,
    ...findAndModifyCommands,
    ...findCommands,
    ...cursorCommands,
    ...aggregateCommands,
    ...diagnosticCommands,
    ...explainCommands,
    ...validateCommands,
    ...statsCommands,
    ...operationCommands,
    ...parameterCommands,
    ...maintenanceCommands,
    ...hashCommands,
    ...inventoryCommands(() => TABLE),
  }),
);
const TEST_TABLE: ReadonlyMap<string, Command> = new Map(Object.entries(testCommands));
const KNOWN_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...TABLE, ...TEST_TABLE].map(([name, command]) => [name, new Set(command.fields)]),
);
const NO_FIELDS: ReadonlySet<string> = new Set();

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
  if (isShutdown(failure)) setTimeout(() => engine.topology.change(), NEWS_DELAY_MS).unref();
  if (failure.error !== undefined) throw failure.error;
  return run(engine, connection, message, name, failure.writeConcernError);
}

/** Monitors hear after the client that a member which said it was going is still there. */
const NEWS_DELAY_MS = 10;

function answerError(engine: Engine, message: Message, name: string, error: unknown): Answer {
  return error instanceof HangUp ? HANG_UP : errorReply(engine, message, name, error);
}

function run(
  engine: Engine,
  connection: Connection,
  message: Message,
  name: string,
  concernError: Doc | undefined,
): Buffer | Promise<Buffer> {
  const { command } = message;
  const found = TABLE.get(name) ?? (engine.options.testCommands ? TEST_TABLE.get(name) : undefined);
  refuseTransactions(command, name);
  if (found === undefined) throw mongoError(59, `no such command: '${name}'`);
  checkApi(command, name);
  if (!found.lenient) checkFields(command, name, KNOWN_FIELDS.get(name) ?? NO_FIELDS);
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

/** The answer is made before the wait for the disk, and sent after it. */
function encodeAnswer(
  reply: Reply,
  concernError: Doc | undefined,
  { command, engine, now, writes }: Context,
  found: Command,
): Buffer {
  if (writes.hasChanged) engine.clock.tick(now.getTime());
  if (reply instanceof Buffer) return reply;
  const hasWritten = found.writes || writes.hasChanged;
  const failure = concernError ?? (hasWritten ? writeConcernErrorOf(command) : undefined);
  if (failure === undefined) {
    return reply === ONE_INSERTED ? ONE_INSERTED_ANSWER : encodeBson({ ...reply, ok: OK });
  }
  const { errorLabels, ...rest } = failure;
  const code = Number(rest['code']);
  const labels = errorLabels ?? (isRetryableCode(code) ? ['RetryableWriteError'] : undefined);
  const version = isNotPrimaryCode(code) ? { topologyVersion: engine.topology.version() } : {};
  const answer = { ...reply, ok: OK, writeConcernError: rest, ...version };
  return encodeBson(labels === undefined ? answer : { ...answer, errorLabels: labels });
}

function errorReply(engine: Engine, { command }: Message, name: string, error: unknown): Buffer {
  const known = toMongoError(engine, name, error);
  const labels = known.labels ?? [];
  const isRetryableWrite = command['txnNumber'] !== undefined && isRetryableCode(known.code);
  if (isRetryableWrite && known.labels === undefined) labels.push('RetryableWriteError');
  return encodeError(known, labels, isNotPrimaryCode(known.code) ? engine.topology.version() : undefined);
}

/** The answer that tells of an error. */
export function encodeError(
  { message, code, codeName, extra, concernError }: MongoError,
  labels: readonly string[],
  topologyVersion?: Doc,
): Buffer {
  const failure = concernError === undefined ? {} : { writeConcernError: concernError };
  const version = topologyVersion === undefined ? {} : { topologyVersion };
  const answer = { ok: NOT_OK, errmsg: message, code, codeName, ...extra, ...failure, ...version };
  return encodeBson(labels.length > 0 ? { ...answer, errorLabels: labels } : answer);
}

function toMongoError(engine: Engine, name: string, error: unknown): MongoError {
  if (error instanceof ArgumentError) return error.of(name);
  if (error instanceof MongoError) return error;
  if (error instanceof BSONError) return mongoError(22, error.message);
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  engine.log(`internal error in ${name}: ${shown}`);
  return mongoError(
    1,
    `internal error in ${name}: ${error instanceof Error ? error.message : String(error)}`,
  );
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
