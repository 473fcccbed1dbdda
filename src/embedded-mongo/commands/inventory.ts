/** Commands that tell what the server has and is: its commands, its features, its outgoing connections. */
import { Binary, Int32 } from 'bson';
import { isStable } from '../api.ts';
import { docsArg } from '../args.ts';
import type { Command, CommandTable, Context } from '../context.ts';
import { sessionIdOf } from '../sessions.ts';
import { type Doc, isDoc, setField } from '../value.ts';

/** `commands` gives the whole table, which is made of this one, too. */
export function inventoryCommands(commands: () => ReadonlyMap<string, Command>): CommandTable {
  return {
    listCommands: { fields: [], run: () => listCommands(commands()) },
    features: { fields: ['oidReset'], run: () => ({ oidMachine: new Int32(process.pid & 0xffff) }) },
    connPoolStats: { fields: [], run: describePools },
    connPoolSync: { fields: [], run: () => ({}) },
    shardingState: { fields: [], adminOnly: true, run: () => ({ enabled: false }) },
    killAllSessionsByPattern: { fields: [], run: killByPattern },
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/listCommands/ */
function listCommands(table: ReadonlyMap<string, Command>): Doc {
  const commands: Doc = {};
  for (const name of [...table.keys()].sort()) {
    const command = table.get(name);
    setField(commands, name, {
      help: `runs the command ${name}`,
      requiresAuth: false,
      secondaryOk: command?.writes !== true,
      adminOnly: command?.adminOnly === true,
      apiVersions: isStable(name) ? ['1'] : [],
      deprecatedApiVersions: [],
    });
  }
  return { commands };
}

/** https://www.mongodb.com/docs/manual/reference/command/connPoolStats/: one member calls no other. */
function describePools({ engine }: Context): Doc {
  return {
    numClientConnections: new Int32(0),
    numAScopedConnections: new Int32(0),
    totalInUse: new Int32(0),
    totalAvailable: new Int32(0),
    totalLeased: new Int32(0),
    totalCreated: new Int32(0),
    totalRefreshing: new Int32(0),
    totalRefreshed: new Int32(0),
    totalWasNeverUsed: new Int32(0),
    ...(engine.options.replicaSetName === undefined ? {} : { replicaSetMatchingStrategy: 'disabled' }),
    pools: {},
    hosts: {},
    replicaSets: {},
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/killAllSessionsByPattern/: there are no users to name. */
function killByPattern({ engine, name, command }: Context): Doc {
  for (const pattern of docsArg(command[name], name)) {
    const given = pattern['lsid'];
    const session = isDoc(given) && given['id'] instanceof Binary ? sessionIdOf(given) : undefined;
    if (pattern['uid'] !== undefined || pattern['users'] !== undefined || pattern['roles'] !== undefined)
      continue;
    engine.cursors.closeWhere((cursor) =>
      session === undefined ? cursor.session !== undefined : cursor.session === session,
    );
  }
  return {};
}
