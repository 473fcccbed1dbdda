/** Encodes what a command answers: its reply or its error, with the labels and versions that drivers act on. */
import { BSONError } from 'bson';
import { ArgumentError } from './args.ts';
import { encodeBson } from './bson-codec.ts';
import { writeConcernErrorOf } from './concerns.ts';
import type { Command, Context, Engine, Reply } from './context.ts';
import { MongoError, mongoError } from './errors.ts';
import { isNotPrimaryCode, isRetryableCode } from './fail-point.ts';
import { ONE_INSERTED, ONE_INSERTED_ANSWER } from './frequent.ts';
import { NOT_OK, OK } from './reply.ts';
import type { Doc } from './value.ts';
import type { Message } from './wire.ts';

/** The answer is made before the wait for the disk, and sent after it. */
export function encodeAnswer(
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

/** The answer to a command that failed. */
export function encodeFailure(engine: Engine, { command }: Message, name: string, error: unknown): Buffer {
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
