/** Commands that tell about the server, and the ones that steer its process. */
import { Double, Int32, Long } from 'bson';
import { docArg } from '../args.ts';
import type { CommandTable, Context, Engine } from '../context.ts';
import { mongoError } from '../errors.ts';
import type { Plan } from '../planner.ts';
import { findSorted, type ScanCounts } from '../scan.ts';
import { type Doc, isTruthy, namesOf, setField } from '../value.ts';
import { EMULATED_VERSION, ENGINE_NAME } from '../version.ts';
import { aggregateReading } from './aggregate.ts';
import { countReading, distinctReading, findReading, type Reading, scanOf } from './find.ts';
import { memberAddress } from './replica-set.ts';
import { writeReading } from './update.ts';

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
  explain: { fields: ['verbosity'], run: explain },
  shutdown: { fields: ['force', 'timeoutSecs'], adminOnly: true, run: shutdown },
};

/** Only with `--setParameter enableTestCommands=1`. */
export const testCommands: CommandTable = {
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
  const open = { noTimeout: Long.fromNumber(cursors.timeless), total: Long.fromNumber(cursors.size) };
  return { commands, cursor: { open } };
}

function documentCount(engine: Context['engine']): number {
  let count = 0;
  for (const collection of engine.store.catalog.collections.values()) count += collection.documents.size;
  return count;
}

/** https://www.mongodb.com/docs/manual/reference/command/explain/ */
async function explain(context: Context): Promise<Doc> {
  const command = docArg(context.command['explain'], 'explain');
  const inner: Context = { ...context, command, name: namesOf(command)[0] ?? '' };
  const reading = readingOf(inner);
  const counts: ScanCounts = { keys: 0, documents: 0 };
  const scan = scanOf(inner, reading, counts);
  const reply: Doc = {
    explainVersion: '1',
    queryPlanner: {
      namespace: reading.namespace,
      parsedQuery: reading.query.filter,
      winningPlan: scan === undefined ? { stage: 'EOF' } : describePlan(scan.plan, reading),
      rejectedPlans: [],
    },
    command,
    serverInfo: {
      host: '127.0.0.1',
      port: new Int32(context.engine.options.port),
      version: EMULATED_VERSION,
      engine: ENGINE_NAME,
    },
  };
  if (context.command['verbosity'] === 'queryPlanner') return reply;
  let returned = 0;
  const startedMs = performance.now();
  for (const found of scan === undefined
    ? []
    : findSorted(scan, reading.query.sort, reading.skip, reading.query.limit ?? 0)) {
    if (found === undefined) await context.pace.rest();
    else returned += 1;
  }
  reply['executionStats'] = {
    executionSuccess: true,
    nReturned: new Int32(returned),
    executionTimeMillis: new Int32(Math.round(performance.now() - startedMs)),
    totalKeysExamined: new Int32(counts.keys),
    totalDocsExamined: new Int32(counts.documents),
  };
  return reply;
}

function readingOf(context: Context): Reading {
  switch (context.name) {
    case 'find':
      return findReading(context);
    case 'count':
      return countReading(context);
    case 'distinct':
      return distinctReading(context).reading;
    case 'aggregate':
      return aggregateReading(context).reading;
    case 'update':
    case 'delete':
    case 'findAndModify':
      return writeReading(context);
    default:
      throw mongoError(59, `Explain failed due to unknown command: ${context.name}`);
  }
}

function describePlan(plan: Plan, reading: Reading): Doc {
  const direction = plan.backwards ? 'backward' : 'forward';
  const source: Doc =
    plan.kind === 'collection'
      ? { stage: 'COLLSCAN', filter: reading.query.filter, direction }
      : {
          stage: 'FETCH',
          filter: reading.query.filter,
          inputStage: {
            stage: 'IXSCAN',
            keyPattern: plan.index.spec.key,
            indexName: plan.index.spec.name,
            isMultiKey: plan.index.isMultikey,
            isUnique: plan.index.spec.unique,
            isSparse: plan.index.spec.sparse,
            isPartial: plan.index.spec.partialFilterExpression !== undefined,
            direction,
            ranges: new Int32(plan.ranges.length),
          },
        };
  if (plan.sorted || reading.query.sort === undefined) return source;
  return { stage: 'SORT', sortPattern: reading.query.sort, inputStage: source };
}

function shutdown({ engine }: Context): Doc {
  engine.shutdown();
  return {};
}

function configureFailPoint({ engine, command }: Context): Doc {
  engine.failPoint.configure(command);
  return { count: new Int32(0) };
}
