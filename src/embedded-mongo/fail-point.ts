/** The failCommand fail point of MongoDB's own tests; only there when test commands are enabled. */
import { checkOnly, docArg } from './args.ts';
import { MongoError, mongoError } from './errors.ts';
import { type Doc, isDoc, isTruthy, toNumber } from './value.ts';

type Active = { data: Doc; commands: string[]; remaining: number; skip: number };

const DATA_FIELDS = [
  'failCommands',
  'errorCode',
  'errorLabels',
  'closeConnection',
  'writeConcernError',
  'blockConnection',
  'blockTimeMS',
  'appName',
];

/** What to do to a command: nothing (undefined), or these in order. */
export type Failure = {
  blockMs: number;
  close: boolean;
  error: MongoError | undefined;
  writeConcernError: Doc | undefined;
};

export class FailPoint {
  #active: Active | undefined;

  /** https://github.com/mongodb/mongo/wiki/The-failCommand-Fail-Point */
  configure(command: Doc): void {
    if (command['configureFailPoint'] !== 'failCommand') {
      throw mongoError(
        2,
        `fail point '${String(command['configureFailPoint'])}' is not known; failCommand is`,
      );
    }
    const mode = command['mode'];
    if (mode === 'off') {
      this.#active = undefined;
      return;
    }
    const data = docArg(command['data'], 'data');
    checkOnly(data, 'data', DATA_FIELDS);
    const names = data['failCommands'];
    const times = isDoc(mode) ? mode['times'] : undefined;
    const skip = isDoc(mode) ? mode['skip'] : undefined;
    if (!Array.isArray(names)) throw mongoError(2, "'failCommands' must be an array of command names");
    if (mode !== 'alwaysOn' && times === undefined && skip === undefined) {
      throw mongoError(2, "mode must be 'off', 'alwaysOn', {times: n} or {skip: n}");
    }
    this.#active = {
      data,
      commands: names.map(String),
      remaining: times === undefined ? Number.POSITIVE_INFINITY : toNumber(times),
      skip: skip === undefined ? 0 : toNumber(skip),
    };
  }

  /** Counts a command against the fail point and tells what it must suffer. */
  strike(name: string, appName: string | undefined): Failure | undefined {
    const active = this.#active;
    if (active === undefined || !active.commands.includes(name)) return undefined;
    const onlyFor = active.data['appName'];
    if (onlyFor !== undefined && onlyFor !== appName) return undefined;
    if (active.skip > 0) {
      active.skip -= 1;
      return undefined;
    }
    if (active.remaining <= 0) return undefined;
    active.remaining -= 1;
    const { data } = active;
    const concern = data['writeConcernError'];
    return {
      blockMs: isTruthy(data['blockConnection']) ? toNumber(data['blockTimeMS'] ?? 0) : 0,
      close: isTruthy(data['closeConnection']),
      error: data['errorCode'] === undefined ? undefined : commandError(data),
      writeConcernError: isDoc(concern) ? withLabels(concern, data) : undefined,
    };
  }
}

/** Errors after which a retryable write may be sent again. */
const RETRYABLE = new Set([11600, 11602, 10107, 13435, 13436, 189, 91, 7, 6, 89, 9001, 262]);

/** True when a code makes a write retryable, so that the answer needs the label. */
export function isRetryableCode(code: number): boolean {
  return RETRYABLE.has(code);
}

function commandError(data: Doc): MongoError {
  const error = new MongoError(toNumber(data['errorCode']), "Failing command via 'failCommand' failpoint");
  const labels = data['errorLabels'];
  if (Array.isArray(labels)) error.labels = labels.map(String);
  return error;
}

function withLabels(concern: Doc, data: Doc): Doc {
  const labels = data['errorLabels'] ?? concern['errorLabels'];
  return labels === undefined ? concern : { ...concern, errorLabels: labels };
}
