/** What runs, on which machine, and how many of what have run: for shells, monitors and tests. */
import { arch, cpus, hostname, release, totalmem, type } from 'node:os';
import { Binary, Int32, Long } from 'bson';
import { checkOnly, docArg } from '../args.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import { type Doc, isNumber, type Value } from '../value.ts';

export const operationCommands: CommandTable = {
  currentOp: { fields: [], lenient: true, adminOnly: true, run: currentOp },
  killOp: { fields: ['op'], adminOnly: true, run: killOp },
  hostInfo: { fields: [], run: describeHost },
  whatsmyuri: { fields: [], run: ({ connection }) => ({ you: connection.peer }) },
  lockInfo: { fields: [], adminOnly: true, run: () => ({ lockInfo: [] }) },
};

/** https://www.mongodb.com/docs/manual/reference/command/currentOp/ */
function currentOp(context: Context): Doc {
  return { inprog: [describeOperation(context)] };
}

/** https://www.mongodb.com/docs/manual/reference/command/killOp/: no other operation is listed, so there is none to end. */
function killOp({ command }: Context): Doc {
  if (!isNumber(command['op']))
    throw mongoError(14, "BSON field 'killOp.op' is the wrong type, expected a number");
  return { info: 'attempting to kill op' };
}

const CURRENT_OP_FIELDS = [
  'allUsers',
  'idleConnections',
  'idleCursors',
  'idleSessions',
  'localOps',
  'truncateOps',
  'backtrace',
  'targetAllNodes',
];

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/currentOp/; throws 73 outside of admin. */
export function currentOperations(context: Context, given: Value): Doc[] {
  if (context.database !== 'admin') {
    throw mongoError(73, "$currentOp must be run against the 'admin' database with {aggregate: 1}");
  }
  checkOnly(docArg(given, '$currentOp'), '$currentOp', CURRENT_OP_FIELDS);
  return [describeOperation(context)];
}

/** The operation that asks: an engine of one thread seldom has others, and does not list them. */
function describeOperation({ engine, connection, session, command, database, name, now }: Context): Doc {
  const target =
    typeof command[name] === 'string' ? command[name] : `$cmd${name === 'aggregate' ? '.aggregate' : ''}`;
  return {
    type: 'op',
    host: `127.0.0.1:${engine.options.port}`,
    desc: `conn${connection.id}`,
    connectionId: new Int32(connection.id),
    client: connection.peer,
    ...(connection.appName === undefined ? {} : { appName: connection.appName }),
    active: true,
    currentOpTime: now.toISOString(),
    threaded: true,
    opid: new Int32(connection.id),
    ...(session === undefined
      ? {}
      : { lsid: { id: new Binary(Buffer.from(session, 'hex'), Binary.SUBTYPE_UUID) } }),
    secs_running: Long.ZERO,
    microsecs_running: Long.fromNumber(Math.max(0, (Date.now() - now.getTime()) * 1000)),
    op: 'command',
    ns: `${database}.${target}`,
    redacted: false,
    command,
    numYields: new Int32(0),
    locks: {},
    waitingForLock: false,
    lockStats: {},
    waitingForFlowControl: false,
    flowControlStats: {},
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/hostInfo/ */
function describeHost({ now }: Context): Doc {
  const cores = new Int32(cpus().length);
  const memory = Long.fromNumber(Math.round(totalmem() / 1048576));
  return {
    system: {
      currentTime: now,
      hostname: hostname(),
      cpuAddrSize: new Int32(64),
      memSizeMB: memory,
      memLimitMB: memory,
      numCores: cores,
      numCoresAvailableToProcess: cores,
      cpuArch: arch() === 'x64' ? 'x86_64' : arch(),
      numaEnabled: false,
    },
    os: { type: type(), name: type(), version: `Kernel ${release()}` },
    extra: {},
  };
}
