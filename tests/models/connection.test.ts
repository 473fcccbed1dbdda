// The connection: it answers, makes and checks the indexes, and says plainly when nobody is there.
import { describe, expect, inject, it } from 'vitest';
import { connectDatabase } from '../../models/connection.ts';
import type { CollectionDefinition } from '../../models/define.ts';
import { ensureIndexesOf } from '../../models/indexes.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { freshDatabase } from '../support/stores.ts';
import { note, notes, traceFor } from './samples.ts';

describe('the connection', () => {
  it('answers a ping, and refuses work once it is closed', async () => {
    const database = await connectDatabase({ uri: inject('mongodbUri') });
    expect(await database.ping()).toBeGreaterThan(0);
    expect(await database.serverTime()).toBeInstanceOf(Date);
    const store = createMongoStore(database.connection);
    await database.close();
    const unavailable = { code: 'database.unavailable', retryable: true };
    await expect(database.ping()).rejects.toMatchObject(unavailable);
    await expect(store.facts(notes).scoped('a').get('n1')).rejects.toMatchObject(unavailable);
    await expect(
      store.facts(notes).scoped('a').insertOnce('n1', note('one'), traceFor('e1')),
    ).rejects.toMatchObject(unavailable);
  });

  it('says that nobody answers', async () => {
    const nobody = { uri: 'mongodb://127.0.0.1:1/', answerWithinMs: 50 };
    await expect(connectDatabase(nobody)).rejects.toMatchObject({ code: 'database.unavailable' });
  });

  it('makes indexes once and accepts them as they stand', async () => {
    const connection = await freshDatabase([notes]);
    await ensureIndexesOf(connection, notes);
    const found = await connection.collection(notes.name).listIndexes().toArray();
    expect(found.map(({ name }) => name).sort()).toEqual([
      '_id_',
      'outbox.at',
      'tenant_rank',
      'tenant_title',
    ]);
    expect(await createMongoStore(connection).facts(notes).scoped('a').count({})).toBe(0);
  });

  it.each([
    ['unique', { unique: false }],
    ['the order of its key', { keys: { title: 1, tenant: 1 } }],
    ['its partial filter', { partial: { done: true } }],
  ] as const)('refuses to start on an index that differs in %s', async (_, change) => {
    const connection = await freshDatabase([notes]);
    const [title, ...others] = notes.indexes;
    if (!title) throw new Error('no index');
    const changed: CollectionDefinition = { ...notes, indexes: [{ ...title, ...change }, ...others] };
    await expect(ensureIndexesOf(connection, changed)).rejects.toMatchObject({
      code: 'config.invalid',
      publicMessage: expect.stringMatching(/“tenant_title” of test_notes.*dropIndex\("tenant_title"\)/),
    });
  });
});
