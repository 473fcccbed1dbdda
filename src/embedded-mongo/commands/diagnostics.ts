/** Commands that tell about the server, and the ones that steer its process. */
import { Double, Int32, Long } from 'bson';
import type { CommandTable, Context, Engine } from '../context.ts';
import { type Doc, isTruthy, setField } from '../value.ts';
import { EMULATED_VERSION, ENGINE_NAME } from '../version.ts';
import { memberAddress } from './replica-set.ts';

const STATUS_SECTIONS = [
  'repl',
  'metrics',
  'locks',
  'tcmalloc',
  'sharding',
  'oplog',
  'electionMetrics',
  'mirroredReads',
  'opcounters',
  'connections',
  'storageEngine',
  'asserts',
  'network',
  'wiredTiger',
  'transactions',
  'mem',
  'opcountersRepl',
  'globalLock',
  'logicalSessionRecordCache',
  'flowControl',
  'security',
];

export const diagnosticCommands: CommandTable = {
  serverStatus: { fields: STATUS_SECTIONS, run: serverStatus },
  shutdown: { fields: ['force', 'timeoutSecs'], adminOnly: true, run: shutdown },
};

/** Only with `--setParameter enableTestCommands=1`. */
export const testCommands: CommandTable = {
  testVersion2: { fields: [], run: () => ({}) },
  configureFailPoint: { fields: ['mode', 'data'], adminOnly: true, run: configureFailPoint },
};

/** https://www.mongodb.com/docs/manual/reference/command/serverStatus/ */
function serverStatus(context: Context): Doc {
  const { engine, now, command } = context;
  const { rss, heapUsed } = process.memoryUsage();
  const upMs = now.getTime() - engine.startedAt.getTime();
  const { replicaSet } = engine.store;
  const shows = (section: string): boolean => isTruthy(command[section] ?? true);
  return {
    host: `127.0.0.1:${engine.options.port}`,
    version: EMULATED_VERSION,
    process: ENGINE_NAME,
    pid: Long.fromNumber(process.pid),
    uptime: new Double(upMs / 1000),
    uptimeMillis: Long.fromNumber(upMs),
    uptimeEstimate: Long.fromNumber(Math.floor(upMs / 1000)),
    localTime: now,
    connections: { current: new Int32(engine.connections), totalCreated: new Int32(engine.created) },
    opcounters: opcounters(engine.counts),
    ...(replicaSet !== undefined && shows('repl') ? { repl: replication(context) } : {}),
    storageEngine: { name: ENGINE_NAME, supportsCommittedReads: true, readOnly: false, persistent: true },
    ...(shows('metrics') ? { metrics: metrics(engine) } : {}),
    mem: { bits: new Int32(64), resident: new Int32(Math.round(rss / 1048576)) },
    embedded: {
      documents: Long.fromNumber(documentCount(engine)),
      dataBytes: Long.fromNumber(engine.store.catalog.bytes()),
      journalBytes: Long.fromNumber(engine.store.journal.size()),
      heapBytes: Long.fromNumber(heapUsed),
      openCursors: new Int32(engine.cursors.size),
    },
  };
}

/** Commands by kind; all that are none of the five count as `command`. */
function opcounters(counts: ReadonlyMap<string, number>): Doc {
  const named = { insert: 'insert', query: 'find', update: 'update', delete: 'delete', getmore: 'getMore' };
  const shown: Doc = {};
  let others = 0;
  for (const times of counts.values()) others += times;
  for (const [name, command] of Object.entries(named)) {
    const times = counts.get(command) ?? 0;
    shown[name] = Long.fromNumber(times);
    others -= times;
  }
  return { ...shown, command: Long.fromNumber(others) };
}

function replication({ engine }: Context): Doc {
  const me = memberAddress(engine);
  return {
    hosts: [me],
    setName: engine.options.replicaSetName,
    setVersion: engine.store.replicaSet?.['version'],
    isWritablePrimary: true,
    secondary: false,
    primary: me,
    me,
  };
}

function metrics({ counts, cursors }: Engine): Doc {
  const commands: Doc = {};
  for (const [name, times] of counts) setField(commands, name, { total: Long.fromNumber(times) });
  return { commands, cursor: cursors.metrics() };
}

function documentCount(engine: Context['engine']): number {
  let count = 0;
  for (const collection of engine.store.catalog.collections.values()) count += collection.documents.size;
  return count;
}

function shutdown({ engine }: Context): Doc {
  engine.shutdown();
  return {};
}

function configureFailPoint({ engine, command }: Context): Doc {
  engine.failPoint.configure(command);
  return { count: new Int32(0) };
}
