// Sessions in the database, on the client that is connected already; expired ones go by an index.
import MongoStore from 'connect-mongo';
import type { Store } from 'express-session';

type Client = NonNullable<Parameters<typeof MongoStore.create>[0]['client']>;

/**
 * Stored as text, because what a person typed into a refused form may be named like an operator.
 * @param client the connected driver client, such as mongoose's `connection.getClient()`.
 */
export function createSessionStore(client: Client, dbName: string): Store {
  return MongoStore.create({ client, dbName, collectionName: 'sessions', stringify: true, touchAfter: 60 });
}
