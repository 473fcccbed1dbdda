/** Explain: the plan that would be run, in the shape MongoDB gives its own plans. */
import { createHash } from 'node:crypto';
import { Int32 } from 'bson';
import { docArg, flagArg } from '../args.ts';
import type { CommandTable, Context, Reply } from '../context.ts';
import { mongoError } from '../errors.ts';
import { encodeKey } from '../key.ts';
import { findSorted, type Scan, type ScanCounts } from '../scan.ts';
import { type Doc, fieldOf, isDoc, namesOf, type Value } from '../value.ts';
import { EMULATED_VERSION, ENGINE_NAME } from '../version.ts';
import { aggregateCommands, aggregateReading } from './aggregate.ts';
import { describePlan, parsedFilter } from './explained-plan.ts';
import { countReading, distinctReading, findReading, type Reading, scanOf } from './find.ts';
import { writeReading } from './update.ts';

const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'];

export const explainCommands: CommandTable = {
  explain: { fields: ['verbosity'], run: explain },
  aggregate: {
    fields: [],
    ...aggregateCommands['aggregate'],
    run: (context) =>
      flagArg(context.command['explain'], 'explain') ? explainItself(context) : aggregate(context),
  },
};

function aggregate(context: Context): Reply | Promise<Reply> {
  return aggregateCommands['aggregate']?.run(context) ?? {};
}

/** https://www.mongodb.com/docs/manual/reference/command/explain/ */
function explain(context: Context): Promise<Doc> {
  const command = docArg(context.command['explain'], 'explain');
  const verbosity = context.command['verbosity'] ?? 'allPlansExecution';
  if (typeof verbosity !== 'string' || !VERBOSITIES.includes(verbosity)) {
    throw mongoError(
      2,
      `Enumeration value '${String(verbosity)}' for field 'explain.verbosity' is not a valid value.`,
    );
  }
  return explained({ ...context, command, name: namesOf(command)[0] ?? '' }, verbosity);
}

/** An aggregation with `explain: true` tells its plan instead of running. */
function explainItself(context: Context): Promise<Doc> {
  return explained(context, 'queryPlanner');
}

async function explained(context: Context, verbosity: string): Promise<Doc> {
  const { reading, rest } = readingOf(context);
  const counts: ScanCounts = { keys: 0, documents: 0 };
  const scan = scanOf(context, reading, counts);
  const planned: Doc = { queryPlanner: describePlanner(context, reading, scan) };
  if (verbosity !== 'queryPlanner') {
    planned['executionStats'] = await describeRun(context, reading, scan, counts, verbosity);
  }
  const serverInfo = {
    host: '127.0.0.1',
    port: new Int32(context.engine.options.port),
    version: EMULATED_VERSION,
    gitVersion: ENGINE_NAME,
  };
  const around = { command: { ...context.command, $db: context.database }, serverInfo, serverParameters: {} };
  if (isPlannedWhole(rest)) return { explainVersion: '1', ...planned, ...around };
  return { explainVersion: '1', stages: [{ $cursor: planned }, ...rest], ...around };
}

/** Groups and joins at the front of a pipeline are part of the plan. */
function isPlannedWhole(rest: readonly Doc[]): boolean {
  return rest.every((stage) => namesOf(stage).some((name) => name === '$group' || name === '$lookup'));
}

function readingOf(context: Context): { reading: Reading; rest: Doc[] } {
  switch (context.name) {
    case 'find':
      return { reading: findReading(context), rest: [] };
    case 'count':
      return { reading: countReading(context), rest: [] };
    case 'distinct':
      return { reading: distinctReading(context).reading, rest: [] };
    case 'aggregate':
      return aggregateReading(context);
    case 'update':
    case 'delete':
    case 'findAndModify':
    case 'findandmodify':
      return { reading: writeReading(context), rest: [] };
    default:
      throw mongoError(59, `Explain failed due to unknown command: ${context.name}`);
  }
}

function describePlanner(context: Context, reading: Reading, scan: Scan | undefined): Doc {
  const { filter, sort } = reading.query;
  const shape = hashOf([shapeOf(filter), sort ?? null]);
  return {
    namespace: reading.namespace,
    indexFilterSet: false,
    parsedQuery: parsedFilter(filter),
    queryHash: shape,
    planCacheKey: shape,
    maxIndexedOrSolutionsReached: false,
    maxIndexedAndSolutionsReached: false,
    maxScansToExplodeReached: false,
    winningPlan: describePlan(context, scan?.plan, reading),
    rejectedPlans: [],
  };
}

/** Queries of one shape differ in their values alone. */
function shapeOf(value: Value): Value {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (!isDoc(value)) return null;
  return namesOf(value).map((name) => [name, shapeOf(fieldOf(value, name))]);
}

function hashOf(value: Value): string {
  return createHash('sha256').update(encodeKey(value), 'latin1').digest('hex').slice(0, 8).toUpperCase();
}

/** Runs the reading part of what is explained; nothing is changed. */
async function describeRun(
  context: Context,
  reading: Reading,
  scan: Scan | undefined,
  counts: ScanCounts,
  verbosity: string,
): Promise<Doc> {
  const startedMs = performance.now();
  const { sort, limit } = reading.query;
  const found = scan === undefined ? [] : findSorted(scan, sort, reading.skip, limit ?? 0);
  let returned = 0;
  for (const one of found) {
    if (one === undefined) await context.pace.rest();
    else returned += 1;
  }
  const millis = new Int32(Math.round(performance.now() - startedMs));
  const kept = isCounting(context) ? 0 : returned;
  const { stage, ...plan } = describePlan(context, scan?.plan, reading);
  return {
    executionSuccess: true,
    nReturned: new Int32(kept),
    executionTimeMillis: millis,
    totalKeysExamined: new Int32(counts.keys),
    totalDocsExamined: new Int32(counts.documents),
    executionStages: {
      stage,
      nReturned: new Int32(kept),
      executionTimeMillisEstimate: millis,
      ...changesOf(stage, returned),
      ...plan,
    },
    ...(verbosity === 'allPlansExecution' ? { allPlansExecution: [] } : {}),
  };
}

/** Counts, updates and deletes give no documents. */
function isCounting({ name }: Context): boolean {
  return name === 'count' || name === 'update' || name === 'delete';
}

function changesOf(stage: Value, found: number): Doc {
  const n = new Int32(found);
  switch (stage) {
    case 'COUNT':
      return { nCounted: n };
    case 'UPDATE':
      return { nMatched: n, nWouldModify: n, nWouldUpsert: new Int32(0) };
    case 'DELETE':
      return { nWouldDelete: n };
    default:
      return {};
  }
}
