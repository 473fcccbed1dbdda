// The stores that a suite is run over: in memory, and on the database engine with every command read for its tenant.
import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterAll, expect, inject } from 'vitest';
import { allDefinitions } from '../../models/all.ts';
import { connectDatabase, type Database } from '../../models/connection.ts';
import type { CollectionDefinition } from '../../models/define.ts';
import { ensureIndexesOf } from '../../models/indexes.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import type { Store } from '../../models/store.ts';
import { type Sniffer, sniffCommands } from './command-sniffer.ts';

export interface StoreKind {
  readonly name: string;
  /** A fresh, empty store with the indexes of these definitions. */
  create(definitions?: readonly CollectionDefinition[]): Promise<Store>;
}

export const stores: readonly StoreKind[] = [
  { name: 'memory', create: async () => createMemoryStore() },
  {
    name: 'mongo',
    create: async (definitions = allDefinitions) => createMongoStore(await freshDatabase(definitions)),
  },
];

let opened: { readonly database: Database; readonly sniffer: Sniffer } | undefined;
const used: Connection[] = [];

/** A database of a random name on the suite's engine, gone after the test file; its commands are read. */
export async function freshDatabase(definitions: readonly CollectionDefinition[]): Promise<Connection> {
  opened ??= await open();
  const name = `test_${randomBytes(8).toString('hex')}`;
  // biome-ignore lint/correctness/useHookAtTopLevel: mongoose's useDb is no hook of React
  const connection = opened.database.connection.useDb(name);
  used.push(connection);
  for (const definition of definitions) await ensureIndexesOf(connection, definition);
  return connection;
}

async function open(): Promise<{ database: Database; sniffer: Sniffer }> {
  const database = await connectDatabase({ uri: inject('mongodbUri'), monitorCommands: true });
  return {
    database,
    sniffer: sniffCommands(database.connection, ['test_notes', 'test_marks', 'test_posts']),
  };
}

afterAll(async () => {
  if (!opened) return;
  for (const connection of used) await connection.dropDatabase();
  await opened.database.close();
  expect(opened.sniffer.seen).toBeGreaterThan(0);
  opened.sniffer.check();
});
