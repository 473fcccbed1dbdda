/** Commands by which clients get to know the server, and sessions come and go. */
import { Binary, Double, Int32, Long, Timestamp } from 'bson';
import { docsArg } from '../args.ts';
import { MAX_DOCUMENT_BYTES } from '../bson/limits.ts';
import type { CommandTable, Context, Engine } from '../context.ts';
import { mongoError } from '../errors.ts';
import { sessionIdOf } from '../sessions.ts';
import { type Doc, isDoc, namesOf, wholeNumber } from '../value.ts';
import { EMULATED_VERSION, ENGINE_NAME } from '../version.ts';

/** MongoDB 7.0: below 25, where drivers would send the bulkWrite command. */
const MAX_WIRE_VERSION = 21;

const hello = { fields: [], lenient: true, run: (context: Context) => describeServer(context, false) };
const isMaster = { fields: [], lenient: true, run: (context: Context) => describeServer(context, true) };
const acknowledged = { fields: [], run: () => ({}) };

export const handshakeCommands: CommandTable = {
  hello,
  ismaster: isMaster,
  isMaster,
  ping: acknowledged,
  endSessions: { fields: [], run: endSessions },
  killSessions: { fields: [], run: endSessions },
  killAllSessions: { fields: [], run: killAllSessions },
  refreshSessions: acknowledged,
  buildInfo: { fields: [], run: buildInfo },
  buildinfo: { fields: [], run: buildInfo },
  getParameter: { fields: ['featureCompatibilityVersion', 'enableTestCommands'], run: getParameter },
  connectionStatus: {
    fields: ['showPrivileges'],
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  },
  usersInfo: {
    fields: [
      'showCredentials',
      'showCustomData',
      'showPrivileges',
      'showAuthenticationRestrictions',
      'filter',
    ],
    run: () => ({ users: [] }),
  },
  profile: { fields: ['slowms', 'sampleRate', 'filter'], run: profile },
  getCmdLineOpts: { fields: [], adminOnly: true, run: () => ({ argv: [ENGINE_NAME], parsed: {} }) },
  getLog: { fields: [], adminOnly: true, run: () => ({ totalLinesWritten: 0, log: [] }) },
};

/** The fields the driver needs, as a primary of a one-member set or a standalone server has them. */
function describeServer({ engine, connection, command, now }: Context, legacy: boolean): Doc {
  const application = isDoc(command['client']) ? command['client']['application'] : undefined;
  if (isDoc(application) && typeof application['name'] === 'string') connection.appName = application['name'];
  return {
    helloOk: true,
    ...membership(engine),
    ...(legacy ? { ismaster: isPrimary(engine) } : {}),
    maxBsonObjectSize: new Int32(MAX_DOCUMENT_BYTES),
    maxMessageSizeBytes: new Int32(48_000_000),
    maxWriteBatchSize: new Int32(100_000),
    localTime: now,
    logicalSessionTimeoutMinutes: new Int32(30),
    connectionId: new Int32(connection.id),
    minWireVersion: new Int32(0),
    maxWireVersion: new Int32(MAX_WIRE_VERSION),
    readOnly: false,
    ...clusterTime(engine, now),
  };
}

function isPrimary(engine: Engine): boolean {
  return engine.options.replicaSetName === undefined || engine.store.replicaSet !== undefined;
}

function membership(engine: Engine): Doc {
  const { replicaSetName } = engine.options;
  if (replicaSetName === undefined) return { isWritablePrimary: true };
  if (engine.store.replicaSet === undefined) {
    return {
      isWritablePrimary: false,
      secondary: false,
      isreplicaset: true,
      info: 'Does not have a valid replica set config',
    };
  }
  const me = `127.0.0.1:${engine.options.port}`;
  return {
    isWritablePrimary: true,
    secondary: false,
    setName: replicaSetName,
    setVersion: new Int32(1),
    hosts: [me],
    primary: me,
    me,
  };
}

/** Drivers hand the latest cluster time on; one member needs no more of it than the time (nobody signs it). */
function clusterTime({ options, store }: Engine, now: Date): Doc {
  if (options.replicaSetName === undefined || store.replicaSet === undefined) return {};
  const signature = { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO };
  const time = new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
  return { $clusterTime: { clusterTime: time, signature } };
}

function endSessions({ engine, name, command }: Context): Doc {
  for (const lsid of docsArg(command[name], name)) {
    const session = sessionIdOf(lsid);
    engine.cursors.closeWhere((cursor) => cursor.session === session);
  }
  return {};
}

function killAllSessions({ engine }: Context): Doc {
  engine.cursors.closeWhere((cursor) => cursor.session !== undefined);
  return {};
}

function buildInfo(): Doc {
  return {
    version: EMULATED_VERSION,
    versionArray: [...EMULATED_VERSION.split('.').map((part) => new Int32(Number(part))), new Int32(0)],
    gitVersion: ENGINE_NAME,
    modules: [ENGINE_NAME],
    allocator: 'system',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    bits: new Int32(64),
    debug: false,
    maxBsonObjectSize: new Int32(MAX_DOCUMENT_BYTES),
    storageEngines: [ENGINE_NAME],
  };
}

function getParameter({ engine, command }: Context): Doc {
  const known: Doc = {
    featureCompatibilityVersion: { version: EMULATED_VERSION.split('.').slice(0, 2).join('.') },
    enableTestCommands: engine.options.testCommands ? new Int32(1) : new Int32(0),
    authenticationMechanisms: [],
    transactionLifetimeLimitSeconds: new Double(0),
  };
  if (command['getParameter'] === '*') return known;
  const found: Doc = {};
  for (const name of namesOf(known)) if (name in command) found[name] = known[name];
  if (namesOf(found).length === 0) throw mongoError(72, 'no option found to get');
  return found;
}

/** https://www.mongodb.com/docs/manual/reference/command/profile/ */
function profile({ command }: Context): Doc {
  const level = wholeNumber(command['profile']);
  if (level !== -1 && level !== 0) throw mongoError(115, 'the profiler is not supported by this engine');
  return { was: new Int32(0), slowms: new Int32(100), sampleRate: new Double(1) };
}
