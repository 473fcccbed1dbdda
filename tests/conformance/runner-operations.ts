/** The operations unified tests ask of the runner itself: fail points, new entities, assertions. */
import type { Document } from 'mongodb';
import type { Entities } from './entities.ts';
import { show } from './match.ts';

/** Runs it; throws when an assertion does not hold. */
export async function runnerOperation(name: string, args: Document, entities: Entities): Promise<unknown> {
  switch (name) {
    case 'failPoint':
      return await entities.watched(args['client']).client.db('admin').command(args['failPoint']);
    case 'createEntities':
      return await entities.create(args['entities']);
    case 'assertSameLsidOnLastTwoCommands':
      return assertSameSession(args, entities);
    case 'assertNumberConnectionsCheckedOut':
      return assertConnections(args, entities);
    default:
      throw new Error(`the operation '${name}' of the runner is not known`);
  }
}

function assertSameSession(args: Document, entities: Entities): void {
  const commands = entities.watched(args['client']).events.filter(([kind]) => kind === 'commandStartedEvent');
  const [first, second] = commands.slice(-2).map(([, event]) => show(event['command']['lsid']));
  if (first === undefined || first !== second) {
    throw new Error(`the last two commands have the sessions ${first} and ${second}`);
  }
}

function assertConnections(args: Document, entities: Entities): void {
  const found = entities.connectionsCheckedOut(args['client']);
  if (found !== args['connections']) {
    throw new Error(`${found} connections are checked out, not ${args['connections']}`);
  }
}
