/** Answers of single commands as the suites of drivers expect them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { WireClient } from '../../support/wire-client.ts';

let engine: TestEngine;
let wire: WireClient;
const $db = 'admin';

beforeAll(async () => {
  engine = await startTestEngine();
  wire = await WireClient.connect(Number(new URL(engine.uri).port));
});
afterAll(async () => {
  wire.close();
  await engine.remove();
});

it('lists the databases every server has beside those of its users', async () => {
  await wire.command({ insert: 'c', documents: [{}], $db: 'mine' });
  const { databases } = await wire.command({ listDatabases: 1, $db });
  expect(databases.map((one: { name: string }) => one.name)).toEqual(['admin', 'config', 'local', 'mine']);
});

it.each([
  [{ createSearchIndexes: 'c', indexes: [] }, 115, 'Search index commands are only supported with Atlas.'],
  [
    { aggregate: 'c', pipeline: [{ $listSearchIndexes: {} }], cursor: {} },
    6047401,
    '$listSearchIndexes stage is only allowed on MongoDB Atlas',
  ],
])('leaves hosted search to its host: %o', async (command, code, errmsg) => {
  expect(await wire.command({ ...command, $db: 'mine' })).toMatchObject({ ok: 0, code, errmsg });
});

it.each([-1, 51])('a write concern of %s members is malformed', async (w) => {
  const answer = await wire.command({ insert: 'w', documents: [{}], writeConcern: { w }, $db: 'mine' });
  expect(answer).toMatchObject({ ok: 0, code: 9 });
});

it('a write that failed tells as well that its write concern cannot be met', async () => {
  await wire.command({ create: 'twice', $db: 'mine' });
  const writeConcern = { w: 2, wtimeout: 5 };
  const answer = await wire.command({ create: 'twice', writeConcern, $db: 'mine' });
  expect(answer).toMatchObject({
    ok: 0,
    code: 48,
    writeConcernError: {
      code: 100,
      codeName: 'UnsatisfiableWriteConcern',
      errmsg: 'Not enough data-bearing nodes',
      errInfo: { writeConcern: { w: 2, wtimeout: 5, provenance: 'clientSupplied' } },
    },
  });
});

it('a login fails as that of an unknown user', async () => {
  const answer = await wire.command({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: '', $db });
  expect(answer).toMatchObject({ ok: 0, code: 18, codeName: 'AuthenticationFailed' });
});

it.each([
  [
    { create: 'sized', size: 100 },
    "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
  ],
  [{ create: 'sized', capped: true }, "the 'size' field is required when 'capped' is true"],
])('a size belongs to a capped collection: %o', async (command, errmsg) => {
  expect(await wire.command({ ...command, $db: 'mine' })).toMatchObject({ ok: 0, code: 72, errmsg });
});

it.each(['full', 'repair'])('a validation in the background is not one in %s', async (option) => {
  await wire.command({ insert: 'v', documents: [{}], $db: 'mine' });
  const answer = await wire.command({ validate: 'v', background: true, [option]: true, $db: 'mine' });
  const errmsg = `Running the validate command with both { background: true } and { ${option}: true } is not supported.`;
  expect(answer).toMatchObject({ ok: 0, code: 72, errmsg });
});

it('gives the keys of an index without the number of the record, even when asked for both', async () => {
  await wire.command({ insert: 'keys', documents: [{ _id: 1, a: 2 }], $db: 'mine' });
  const find = { find: 'keys', sort: { _id: 1 }, returnKey: true, showRecordId: true, $db: 'mine' };
  expect((await wire.command(find))['cursor'].firstBatch).toEqual([{ _id: 1 }]);
});

it('drops the profile there never is', async () => {
  expect(await wire.command({ drop: 'system.profile', $db: 'mine' })).toMatchObject({ ok: 1 });
});
