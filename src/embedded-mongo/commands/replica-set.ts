/** A replica set of exactly one member, so that sessions and retryable writes work as in production. */
import { Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import { docArg, optionalDoc } from '../args.ts';
import type { CommandTable, Context, Engine } from '../context.ts';
import { mongoError } from '../errors.ts';
import { type Doc, isDoc, namesOf, toNumber, type Value } from '../value.ts';

/** The line by which mongodb-memory-server knows that the set has its primary. */
export const PRIMARY_LINE = 'Transition to primary complete; database writes are now permitted';

export const replicaSetCommands: CommandTable = {
  replSetInitiate: { fields: [], adminOnly: true, writes: true, run: initiate },
  replSetReconfig: { fields: ['force', 'maxTimeMS'], adminOnly: true, writes: true, run: reconfigure },
  replSetGetConfig: {
    fields: [],
    adminOnly: true,
    run: (context) => ({ config: fullConfig(configOf(context)) }),
  },
  replSetGetStatus: { fields: ['initialSync'], adminOnly: true, run: status },
  replSetFreeze: { fields: [], adminOnly: true, run: freeze },
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
  const settings = { ...optionalDoc(config['settings'], 'settings'), replicaSetId: new ObjectId() };
  writes.setReplicaSet({ ...config, version: new Int32(1), term: new Int32(1), settings });
  engine.topology.change();
  engine.log(PRIMARY_LINE);
  return {};
}

function reconfigure(context: Context): Doc {
  const config = docArg(context.command['replSetReconfig'], 'replSetReconfig');
  const current = configOf(context);
  checkConfig(config, requireName(context));
  const version = Math.max(toNumber(current['version']), toNumber(config['version'] ?? 0)) + 1;
  const term = current['term'] ?? new Int32(1);
  const { replicaSetId } = optionalDoc(current['settings'], 'settings') ?? {};
  const settings = { ...optionalDoc(config['settings'], 'settings'), replicaSetId };
  context.writes.setReplicaSet({ ...config, version: new Int32(version), term, settings });
  context.engine.topology.change();
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

/** The address clients reach the member by: the configuration's, if it is this machine's. */
export function memberAddress({ options, store }: Engine): string {
  const members = store.replicaSet?.['members'];
  const [member] = Array.isArray(members) ? members : [];
  const host: Value = isDoc(member) ? member['host'] : undefined;
  const isOwn = host === `localhost:${options.port}` || host === `127.0.0.1:${options.port}`;
  return isOwn ? host : `127.0.0.1:${options.port}`;
}

/** The configuration with MongoDB's defaults (https://www.mongodb.com/docs/manual/reference/replica-configuration/). */
function fullConfig(config: Doc): Doc {
  const given = Array.isArray(config['members']) ? config['members'].filter(isDoc) : [];
  return {
    _id: config['_id'],
    version: config['version'],
    term: config['term'],
    members: given.map((member) => ({
      _id: member['_id'],
      host: member['host'],
      arbiterOnly: false,
      buildIndexes: true,
      hidden: false,
      priority: member['priority'] ?? new Int32(1),
      tags: member['tags'] ?? {},
      secondaryDelaySecs: Long.ZERO,
      votes: new Int32(1),
    })),
    protocolVersion: Long.ONE,
    writeConcernMajorityJournalDefault: true,
    settings: {
      chainingAllowed: true,
      heartbeatIntervalMillis: new Int32(2000),
      heartbeatTimeoutSecs: new Int32(10),
      electionTimeoutMillis: new Int32(10_000),
      catchUpTimeoutMillis: new Int32(-1),
      catchUpTakeoverDelayMillis: new Int32(30_000),
      getLastErrorModes: {},
      getLastErrorDefaults: { w: new Int32(1), wtimeout: new Int32(0) },
      ...optionalDoc(config['settings'], 'settings'),
    },
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/replSetFreeze/ */
function freeze(context: Context): Doc {
  configOf(context);
  throw mongoError(95, 'cannot freeze node when primary or running for election. state: Primary');
}

/** https://www.mongodb.com/docs/manual/reference/command/replSetGetStatus/ */
function status(context: Context): Doc {
  const { engine, now } = context;
  const config = configOf(context);
  const optime = {
    ts: new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 }),
    t: Long.ONE,
  };
  const startedSeconds = Math.floor(engine.startedAt.getTime() / 1000);
  return {
    set: config['_id'],
    date: now,
    myState: new Int32(1),
    term: Long.ONE,
    syncSourceHost: '',
    syncSourceId: new Int32(-1),
    heartbeatIntervalMillis: Long.fromNumber(2000),
    majorityVoteCount: new Int32(1),
    writeMajorityCount: new Int32(1),
    votingMembersCount: new Int32(1),
    writableVotingMembersCount: new Int32(1),
    optimes: {
      lastCommittedOpTime: optime,
      lastCommittedWallTime: now,
      readConcernMajorityOpTime: optime,
      appliedOpTime: optime,
      durableOpTime: optime,
      lastAppliedWallTime: now,
      lastDurableWallTime: now,
    },
    members: [
      {
        _id: new Int32(0),
        name: memberAddress(engine),
        health: new Double(1),
        state: new Int32(1),
        stateStr: 'PRIMARY',
        uptime: new Int32(Math.floor((now.getTime() - engine.startedAt.getTime()) / 1000)),
        optime,
        optimeDate: now,
        lastAppliedWallTime: now,
        lastDurableWallTime: now,
        syncSourceHost: '',
        syncSourceId: new Int32(-1),
        infoMessage: '',
        electionTime: new Timestamp({ t: startedSeconds, i: 1 }),
        electionDate: engine.startedAt,
        configVersion: config['version'],
        configTerm: config['term'],
        self: true,
        lastHeartbeatMessage: '',
      },
    ],
  };
}
