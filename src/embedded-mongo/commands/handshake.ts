/** Commands by which clients get to know the server, and sessions come and go. */
import { Int32, Long, ObjectId } from 'bson';
import { countArg, docArg, docsArg, wrongType } from '../args.ts';
import { MAX_DOCUMENT_BYTES } from '../bson/limits.ts';
import type { CommandTable, Context, Engine } from '../context.ts';
import { mongoError } from '../errors.ts';
import { appNameOf } from '../fail-point.ts';
import { sessionIdOf } from '../sessions.ts';
import { type Doc, isTruthy } from '../value.ts';
import { EMULATED_VERSION, ENGINE_NAME } from '../version.ts';
import { memberAddress } from './replica-set.ts';

/** MongoDB 7.0: below 25, where drivers would send the bulkWrite command. */
const MAX_WIRE_VERSION = 21;

const hello = { fields: [], lenient: true, run: (context: Context) => greet(context, false) };
const isMaster = { fields: [], lenient: true, run: (context: Context) => greet(context, true) };
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
  connectionStatus: {
    fields: ['showPrivileges'],
    run: connectionStatus,
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
};

/** https://www.mongodb.com/docs/manual/reference/command/connectionStatus/: there are no users. */
function connectionStatus({ command }: Context): Doc {
  const privileges = isTruthy(command['showPrivileges']) ? { authenticatedUserPrivileges: [] } : {};
  return { authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], ...privileges } };
}

/**
 * The greeting of a primary of a one-member set, or of a standalone server
 * (https://www.mongodb.com/docs/manual/reference/command/hello/). A monitor that knows what there is to know
 * waits for news of it, at most as long as it says.
 */
async function greet(context: Context, legacy: boolean): Promise<Doc> {
  const { engine, connection, command } = context;
  connection.appName ??= appNameOf(command);
  await waitForNews(context);
  return {
    ...(isTruthy(command['helloOk']) ? { helloOk: true } : {}),
    topologyVersion: engine.topology.version(),
    ...membership(engine, legacy ? 'ismaster' : 'isWritablePrimary'),
    maxBsonObjectSize: new Int32(MAX_DOCUMENT_BYTES),
    maxMessageSizeBytes: new Int32(48_000_000),
    maxWriteBatchSize: new Int32(100_000),
    localTime: new Date(),
    logicalSessionTimeoutMinutes: new Int32(30),
    connectionId: new Int32(connection.id),
    minWireVersion: new Int32(0),
    maxWireVersion: new Int32(MAX_WIRE_VERSION),
    readOnly: false,
  };
}

async function waitForNews({ engine, command, exhaust }: Context): Promise<void> {
  const known = command['topologyVersion'];
  const waitMs = countArg(command['maxAwaitTimeMS'], 'maxAwaitTimeMS');
  if (known === undefined && waitMs === undefined) return;
  if (known === undefined || waitMs === undefined) {
    const [given, missing] =
      waitMs === undefined ? ['topologyVersion', 'maxAwaitTimeMS'] : ['maxAwaitTimeMS', 'topologyVersion'];
    throw mongoError(31368, `A request with '${given}' must include '${missing}'`);
  }
  const { processId, counter } = docArg(known, 'topologyVersion');
  if (!(counter instanceof Long)) throw wrongType('topologyVersion.counter', counter, "type 'long'");
  if (engine.topology.isCurrent(processId, counter)) await engine.topology.changed(waitMs);
  if (exhaust !== undefined) exhaust.goesOn = true;
}

/** The older greeting calls the primary by its older name. */
function membership(engine: Engine, primary: 'isWritablePrimary' | 'ismaster'): Doc {
  const { replicaSetName } = engine.options;
  if (replicaSetName === undefined) return { [primary]: true };
  const config = engine.store.replicaSet;
  if (config === undefined) {
    return {
      [primary]: false,
      secondary: false,
      info: 'Does not have a valid replica set config',
      isreplicaset: true,
    };
  }
  const me = memberAddress(engine);
  return {
    hosts: [me],
    setName: replicaSetName,
    setVersion: config['version'],
    [primary]: true,
    secondary: false,
    primary: me,
    me,
    electionId: new ObjectId('7fffffff0000000000000001'),
    lastWrite: lastWrite(engine),
  };
}

/** One member is never behind itself. */
function lastWrite({ clock }: Engine): Doc {
  const opTime = { ts: clock.time, t: Long.ONE };
  const date = new Date(opTime.ts.getHighBits() * 1000);
  return { opTime, lastWriteDate: date, majorityOpTime: opTime, majorityWriteDate: date };
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
