/** The server's parameters, command line and log. */

import { Double, Int32 } from 'bson';
import { flagArg, stringArg } from '../args.ts';
import type { CommandTable, Context, Engine } from '../context.ts';
import { mongoError } from '../errors.ts';
import { type Doc, fieldOf, isDoc, isTruthy, namesOf, setField, type Value, wholeNumber } from '../value.ts';
import { EMULATED_VERSION, ENGINE_NAME } from '../version.ts';

export const parameterCommands: CommandTable = {
  getParameter: { fields: [], lenient: true, adminOnly: true, run: getParameter },
  setParameter: { fields: [], lenient: true, adminOnly: true, run: setParameter },
  getCmdLineOpts: { fields: [], adminOnly: true, run: commandLine },
  getLog: { fields: [], adminOnly: true, run: getLog },
  logRotate: { fields: ['comment'], adminOnly: true, run: () => ({}) },
  profile: { fields: ['slowms', 'sampleRate', 'filter'], run: profile },
};

/** Parameters without effect here, with MongoDB's defaults: a client may set and read them. */
const SETTABLE: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['logLevel', new Int32(0)],
  ['quiet', false],
  ['traceExceptions', false],
  ['diagnosticDataCollectionEnabled', true],
  ['cursorTimeoutMillis', 600_000],
  ['ttlMonitorSleepSecs', new Int32(60)],
]);

function knownParameters({ options, parameters }: Engine): Doc {
  const known: Doc = {
    featureCompatibilityVersion: { version: EMULATED_VERSION.split('.').slice(0, 2).join('.') },
    enableTestCommands: options.testCommands,
    authenticationMechanisms: [],
    authSchemaVersion: new Int32(5),
    transactionLifetimeLimitSeconds: new Double(0),
    notablescan: false,
    ttlMonitorEnabled: true,
    logComponentVerbosity: { verbosity: new Int32(0) },
  };
  for (const [name, value] of SETTABLE) setField(known, name, parameters.get(name) ?? value);
  return known;
}

/** https://www.mongodb.com/docs/manual/reference/command/getParameter/ */
function getParameter({ engine, command }: Context): Doc {
  const known = knownParameters(engine);
  const asked = command['getParameter'];
  const options = isDoc(asked) ? asked : {};
  const showsDetails = flagArg(options['showDetails'], 'getParameter.showDetails');
  const showsAll = asked === '*' || flagArg(options['allParameters'], 'getParameter.allParameters');
  const names = namesOf(known).filter((name) => showsAll || fieldOf(command, name) !== undefined);
  if (names.length === 0) throw mongoError(72, 'no option found to get');
  const found: Doc = {};
  for (const name of names) found[name] = showsDetails ? detailsOf(name, known[name]) : known[name];
  return found;
}

function detailsOf(name: string, value: Value): Doc {
  return { value, settableAtRuntime: SETTABLE.has(name), settableAtStartup: true };
}

/** https://www.mongodb.com/docs/manual/reference/command/setParameter/ */
function setParameter({ engine, command }: Context): Doc {
  const known = knownParameters(engine);
  const [name, another] = namesOf(command).filter((field) => field !== 'setParameter' && !isEnvelope(field));
  if (name === undefined) throw mongoError(72, 'no option found to set, use help:true to see options ');
  const was = fieldOf(known, name);
  if (was === undefined || another !== undefined) {
    throw mongoError(
      72,
      `attempted to set unrecognized parameter [${was === undefined ? name : another}], use help:true to see options `,
    );
  }
  if (!SETTABLE.has(name) && !isSame(was, command[name])) {
    throw mongoError(115, `the parameter '${name}' cannot be changed in this engine`);
  }
  if (SETTABLE.has(name)) engine.parameters.set(name, command[name]);
  return { was };
}

function isEnvelope(field: string): boolean {
  return (
    ['lsid', 'comment', 'writeConcern', 'readConcern', 'maxTimeMS', 'apiVersion'].includes(field) ||
    field.startsWith('$')
  );
}

function isSame(before: Value, after: Value): boolean {
  return typeof before === 'boolean' && before === isTruthy(after);
}

/** https://www.mongodb.com/docs/manual/reference/command/getCmdLineOpts/ */
function commandLine({ engine: { options } }: Context): Doc {
  const { port, replicaSetName, testCommands } = options;
  const argv = [ENGINE_NAME, '--port', String(port)];
  if (replicaSetName !== undefined) argv.push('--replSet', replicaSetName);
  if (testCommands) argv.push('--setParameter', 'enableTestCommands=1');
  return {
    argv,
    parsed: {
      net: { bindIp: '127.0.0.1', port: new Int32(port) },
      ...(replicaSetName === undefined ? {} : { replication: { replSet: replicaSetName } }),
      ...(testCommands ? { setParameter: { enableTestCommands: '1' } } : {}),
    },
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/getLog/: the log goes to the standard output alone. */
function getLog({ command }: Context): Doc {
  const asked = stringArg(command['getLog'] ?? undefined, 'getLog.getLog');
  if (asked === '*') return { names: ['global', 'startupWarnings'] };
  if (asked !== 'global' && asked !== 'startupWarnings') throw mongoError(96, `No log named '${asked}'`);
  return { totalLinesWritten: new Int32(0), log: [] };
}

/** https://www.mongodb.com/docs/manual/reference/command/profile/ */
function profile({ command }: Context): Doc {
  const level = wholeNumber(command['profile']);
  if (level !== -1 && level !== 0) throw mongoError(115, 'the profiler is not supported by this engine');
  return { was: new Int32(0), slowms: new Int32(100), sampleRate: new Double(1) };
}
