/** The fail points of MongoDB's own tests; only there when test commands are enabled. */
import { checkOnly, optionalDoc } from './args.ts';
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
  'namespace',
  'failAllCommands',
  'failInternalCommands',
  'failLocalClients',
];

/** Other spellings of a command that one fail point strikes alike. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['ismaster', 'isMaster'],
  ['findandmodify', 'findAndModify'],
  ['buildinfo', 'buildInfo'],
]);

/** What to do to a command: nothing (undefined), or these in order. */
export type Failure = {
  blockMs: number;
  close: boolean;
  error: MongoError | undefined;
  writeConcernError: Doc | undefined;
};

/** The connection must be closed without an answer. */
export class HangUp extends Error {
  override name = 'HangUp';
}

/** Every command with a time limit runs into it. */
const TIME_POINT = 'maxTimeAlwaysTimeOut';

/** Fails retryable writes one statement at a time, before or after they are done. */
const WRITE_POINT = 'onPrimaryTransactionalWrite';

/** Fails getMore when its cursor has been found. */
const GET_MORE_POINT = 'failGetMoreAfterCursorCheckout';

export class FailPoint {
  #active: Active | undefined;
  #activeWrite: Active | undefined;
  #activeTime: Active | undefined;
  #activeGetMore: Active | undefined;

  /** https://github.com/mongodb/mongo/wiki/The-failCommand-Fail-Point */
  configure(command: Doc): void {
    const name = command['configureFailPoint'];
    const data = optionalDoc(command['data'], 'data') ?? {};
    const active = command['mode'] === 'off' ? undefined : readActive(command['mode'], data);
    switch (name) {
      case TIME_POINT:
        this.#activeTime = active;
        return;
      case GET_MORE_POINT:
        checkOnly(data, 'data', ['errorCode', 'closeConnection']);
        this.#activeGetMore = active;
        return;
      case WRITE_POINT:
        checkOnly(data, 'data', ['failBeforeCommitExceptionCode', 'closeConnection']);
        this.#activeWrite = active;
        return;
      case 'failCommand':
        checkOnly(data, 'data', DATA_FIELDS);
        this.#active = active;
        return;
      default:
        throw mongoError(2, `fail point '${String(name)}' is not known; failCommand is`);
    }
  }

  /**
   * Counts one statement of a retryable write; true when the connection must be closed after it.
   * Throws HangUp when it must not be done at all.
   */
  strikeWrite(): boolean {
    const active = this.#activeWrite;
    if (active === undefined || !isStruck(active)) return false;
    if (active.data['failBeforeCommitExceptionCode'] !== undefined) throw new HangUp('before the write');
    return true;
  }

  /** Counts a command with a time limit; true when it must run into it. */
  strikeTime(): boolean {
    return this.#activeTime !== undefined && isStruck(this.#activeTime);
  }

  /** Counts a getMore whose cursor is there. Throws what it must suffer. */
  strikeGetMore(): void {
    const active = this.#activeGetMore;
    if (active === undefined || !isStruck(active)) return;
    if (isTruthy(active.data['closeConnection'])) throw new HangUp('in getMore');
    throw new MongoError(toNumber(active.data['errorCode']), `Hit ${GET_MORE_POINT} failpoint`);
  }

  /** Counts a command against the fail point and tells what it must suffer; most often there is none. */
  strike(name: string, command: Doc, appName: string | undefined): Failure | undefined {
    const active = this.#active;
    if (active === undefined || !isMeant(active, name, command, appName) || !isStruck(active))
      return undefined;
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

function readActive(mode: unknown, data: Doc): Active {
  const times = isDoc(mode) ? mode['times'] : undefined;
  const skip = isDoc(mode) ? mode['skip'] : undefined;
  if (mode !== 'alwaysOn' && times === undefined && skip === undefined) {
    throw mongoError(2, "mode must be 'off', 'alwaysOn', {times: n} or {skip: n}");
  }
  const names = data['failCommands'];
  return {
    data,
    commands: Array.isArray(names) ? names.map((one: unknown) => spellingOf(String(one))) : [],
    remaining: times === undefined ? Number.POSITIVE_INFINITY : toNumber(times),
    skip: skip === undefined ? 0 : toNumber(skip),
  };
}

function spellingOf(name: string): string {
  return SPELLINGS.get(name) ?? name;
}

/** A greeting is known by the application it names itself. */
function isMeant(
  { data, commands }: Active,
  name: string,
  command: Doc,
  appName: string | undefined,
): boolean {
  if (!isTruthy(data['failAllCommands']) && !commands.includes(spellingOf(name))) return false;
  const namespace = data['namespace'];
  if (namespace !== undefined && namespace !== `${String(command['$db'])}.${String(command[name])}`)
    return false;
  const onlyFor = data['appName'];
  return onlyFor === undefined || onlyFor === (appNameOf(command) ?? appName);
}

/** The name an application gives in its first greeting. */
export function appNameOf(command: Doc): string | undefined {
  const client = command['client'];
  const application = isDoc(client) ? client['application'] : undefined;
  const name = isDoc(application) ? application['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Uses up one pass of the skips, or one of the times. */
function isStruck(active: Active): boolean {
  if (active.skip > 0) {
    active.skip -= 1;
    return false;
  }
  active.remaining -= 1;
  return active.remaining >= 0;
}

/** Errors after which a retryable write may be sent again. */
const RETRYABLE = new Set([11600, 11602, 10107, 13435, 13436, 189, 91, 7, 6, 89, 9001, 262]);

const NOT_PRIMARY = new Set([10107, 13435, 13436, 11602, 189, 10058]);
const SHUTDOWN = new Set([11600, 91]);

/** Errors of a member that is no primary tell the version of the set they speak of, as a MongoDB's do. */
export function isNotPrimaryCode(code: number): boolean {
  return NOT_PRIMARY.has(code);
}

/** Does the failure say that the server is going, or is no primary any more? */
export function isStateChange({ error, writeConcernError }: Failure): boolean {
  const code = error?.code ?? toNumber(writeConcernError?.['code'] ?? 0);
  return SHUTDOWN.has(code) || NOT_PRIMARY.has(code);
}

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
