/** Commands of a database's keeper: what has nothing to do here answers so, what is left to MongoDB is refused by name. */
import { Binary, Int32, UUID } from 'bson';
import { flagArg } from '../args.ts';
import { namespaceOf } from '../catalog.ts';
import type { Command, CommandTable, Context } from '../context.ts';
import { mongoError } from '../errors.ts';
import type { Doc } from '../value.ts';
import { EMULATED_VERSION } from '../version.ts';

/** Commands of MongoDB 7.0 that need what this engine does not have. */
const REFUSED = (
  'mapReduce mapreduce convertToCapped cloneCollectionAsCapped createUser updateUser dropUser ' +
  'dropAllUsersFromDatabase grantRolesToUser revokeRolesFromUser createRole updateRole dropRole ' +
  'dropAllRolesFromDatabase grantPrivilegesToRole revokePrivilegesFromRole grantRolesToRole ' +
  'revokeRolesFromRole invalidateUserCache setDefaultRWConcern planCacheSetFilter planCacheClearFilters ' +
  'setIndexCommitQuorum dropConnections replSetStepDown replSetMaintenance replSetSyncFrom ' +
  'setAuditConfig rotateCertificates resize applyOps appendOplogNote replSetResizeOplog ' +
  'replSetAbortPrimaryCatchUp setUserWriteBlockMode configureQueryAnalyzer top setClusterParameter ' +
  'getClusterParameter fsyncUnlock'
).split(' ');

/** Commands that MongoDB 7.0 leaves to its hosted search. */
const SEARCH = ['createSearchIndexes', 'updateSearchIndex', 'dropSearchIndex', 'listSearchIndexes'];
const SEARCH_REFUSAL = 'Search index commands are only supported with Atlas.';

export const maintenanceCommands: CommandTable = {
  ...Object.fromEntries(SEARCH.map((name) => [name, refusal(SEARCH_REFUSAL)])),
  ...Object.fromEntries(
    REFUSED.map((name) => [name, refusal(`the command '${name}' is not supported by this engine`)]),
  ),
  compact: { fields: ['force', 'freeSpaceTargetMB', 'comment'], run: compact },
  reIndex: { fields: [], run: reIndex },
  fsync: { fields: ['lock', 'fsyncLockAcquisitionTimeoutMillis'], adminOnly: true, writes: true, run: sync },
  planCacheClear: { fields: ['query', 'projection', 'sort', 'collation'], run: () => ({}) },
  planCacheListFilters: { fields: [], run: () => ({ filters: [] }) },
  startSession: { fields: [], run: startSession },
  rolesInfo: {
    fields: ['showAuthenticationRestrictions', 'showBuiltinRoles', 'showPrivileges'],
    run: () => ({ roles: [] }),
  },
  saslStart: { fields: [], lenient: true, run: refuseLogin },
  authenticate: { fields: [], lenient: true, run: refuseLogin },
  logout: { fields: [], run: () => ({}) },
  getDefaultRWConcern: { fields: ['inMemory'], adminOnly: true, run: defaultConcerns },
  setFeatureCompatibilityVersion: { fields: ['confirm'], adminOnly: true, run: setCompatibility },
};

function refusal(message: string): Command {
  return {
    fields: [],
    lenient: true,
    run: () => {
      throw mongoError(115, message);
    },
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/compact/ */
function compact({ command, database, engine }: Context): Doc {
  engine.store.catalog.get(namespaceOf(database, command['compact']));
  if (engine.options.replicaSetName !== undefined && !flagArg(command['force'], 'force')) {
    throw mongoError(
      20,
      'will not run compact on an active replica set primary as this will slow down other running operations. ' +
        'use force:true to force',
    );
  }
  return { bytesFreed: new Int32(0) };
}

/** https://www.mongodb.com/docs/manual/reference/command/reIndex/: on a standalone server only. */
function reIndex({ command, database, engine }: Context): Doc {
  const namespace = namespaceOf(database, command['reIndex']);
  if (engine.options.replicaSetName !== undefined) {
    throw mongoError(
      20,
      `reIndex is only allowed on a standalone mongod instance. Cannot reIndex '${namespace}'`,
    );
  }
  const collection = engine.store.catalog.get(namespace);
  collection.rebuildIndexes();
  return {
    nIndexesWas: new Int32(collection.indexes.length),
    nIndexes: new Int32(collection.indexes.length),
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/fsync/: all that was acknowledged is on disk anyway. */
function sync({ command }: Context): Doc {
  if (flagArg(command['lock'], 'lock'))
    throw mongoError(115, "fsync's 'lock' is not supported by this engine");
  return { numFiles: new Int32(1) };
}

/** https://www.mongodb.com/docs/manual/reference/command/startSession/ */
function startSession(): Doc {
  return { id: { id: new Binary(new UUID().buffer, Binary.SUBTYPE_UUID) }, timeoutMinutes: new Int32(30) };
}

/** There are no users. */
function refuseLogin(): Doc {
  throw mongoError(18, 'Authentication failed.');
}

/** https://www.mongodb.com/docs/manual/reference/command/getDefaultRWConcern/ */
function defaultConcerns({ now }: Context): Doc {
  return {
    defaultReadConcern: { level: 'local' },
    defaultWriteConcern: { w: 'majority', wtimeout: new Int32(0) },
    defaultWriteConcernSource: 'implicit',
    defaultReadConcernSource: 'implicit',
    localUpdateWallClockTime: now,
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/setFeatureCompatibilityVersion/ */
function setCompatibility({ command }: Context): Doc {
  const version = EMULATED_VERSION.split('.').slice(0, 2).join('.');
  if (command['setFeatureCompatibilityVersion'] !== version) {
    throw mongoError(115, `this engine has the feature compatibility version '${version}' only`);
  }
  if (!flagArg(command['confirm'], 'confirm')) {
    throw mongoError(
      7369100,
      `Once you have upgraded to ${version}, you will not be able to downgrade FCV and binary version without ` +
        "support assistance. Please re-run this command with 'confirm: true' to acknowledge this and continue " +
        'with the FCV upgrade.',
    );
  }
  return {};
}
