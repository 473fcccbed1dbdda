/** A replica set of exactly one member, so that sessions and retryable writes work as in production. */
import { Double, Int32, Timestamp } from 'bson';
import { docArg } from '../args.ts';
import type { CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import { type Doc, isDoc, namesOf, toNumber } from '../value.ts';

/** The line by which mongodb-memory-server knows that the set has its primary. */
export const PRIMARY_LINE = 'Transition to primary complete; database writes are now permitted';

export const replicaSetCommands: CommandTable = {
  replSetInitiate: { fields: [], adminOnly: true, writes: true, run: initiate },
  replSetReconfig: { fields: ['force', 'maxTimeMS'], adminOnly: true, writes: true, run: reconfigure },
  replSetGetConfig: { fields: [], adminOnly: true, run: (context) => ({ config: configOf(context) }) },
  replSetGetStatus: { fields: ['initialSync'], adminOnly: true, run: status },
};

function initiate(context: Context): Doc {
  const { engine, command, writes } = context;
  const name = requireName(context);
  if (engine.store.replicaSet !== undefined) throw mongoError(23, 'already initialized');
  const given = command['replSetInitiate'];
  const isGiven = isDoc(given) && namesOf(given).length > 0;
  const host = `127.0.0.1:${engine.options.port}`;
  const config = isGiven
    ? docArg(given, 'replSetInitiate')
    : { _id: name, version: 1, members: [{ _id: 0, host }] };
  checkConfig(config, name);
  writes.setReplicaSet({ ...config, version: new Int32(1), term: new Int32(1) });
  engine.log(PRIMARY_LINE);
  return {};
}

function reconfigure(context: Context): Doc {
  const config = docArg(context.command['replSetReconfig'], 'replSetReconfig');
  const current = configOf(context);
  checkConfig(config, requireName(context));
  const version = Math.max(toNumber(current['version']), toNumber(config['version'] ?? 0)) + 1;
  context.writes.setReplicaSet({ ...config, version: new Int32(version) });
  return {};
}

function requireName({ engine }: Context): string {
  const { replicaSetName } = engine.options;
  if (replicaSetName === undefined)
    throw mongoError(76, 'This node was not started with replication enabled.');
  return replicaSetName;
}

function checkConfig(config: Doc, name: string): void {
  if (config['_id'] !== name) {
    throw mongoError(
      93,
      `Attempting to initiate a replica set with name ${String(config['_id'])}, but command line reports ${name}; rejecting`,
    );
  }
  const members = config['members'];
  if (!Array.isArray(members) || members.length !== 1) {
    throw mongoError(103, 'this engine is a replica set of exactly one member');
  }
}

function configOf(context: Context): Doc {
  requireName(context);
  const config = context.engine.store.replicaSet;
  if (config === undefined) throw mongoError(94, 'no replset config has been received');
  return config;
}

function status(context: Context): Doc {
  const { engine, now } = context;
  const config = configOf(context);
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    set: config['_id'],
    date: now,
    myState: new Int32(1),
    term: new Int32(1),
    heartbeatIntervalMillis: new Int32(2000),
    members: [
      {
        _id: new Int32(0),
        name: `127.0.0.1:${engine.options.port}`,
        health: new Double(1),
        state: new Int32(1),
        stateStr: 'PRIMARY',
        uptime: new Int32(Math.floor((now.getTime() - engine.startedAt.getTime()) / 1000)),
        optime: { ts: new Timestamp({ t: seconds, i: 1 }), t: new Int32(1) },
        self: true,
      },
    ],
  };
}
