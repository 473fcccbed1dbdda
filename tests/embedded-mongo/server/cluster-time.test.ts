/** What each answer tells of the member's time, and the time that takes the place of empty timestamps. */
import { type Document, Timestamp } from 'bson';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { WireClient } from '../../support/wire-client.ts';

const EMPTY = new Timestamp({ t: 0, i: 0 });
const $db = 'times';
let engine: TestEngine;
let wire: WireClient;

beforeAll(async () => {
  engine = await startTestEngine(['--setParameter', 'enableTestCommands=1']);
  wire = await WireClient.connect(Number(new URL(engine.uri).port));
});
beforeEach(async () => {
  await wire.command({ drop: 'c', $db });
});
afterAll(async () => {
  wire.close();
  await engine.remove();
});

async function timeOf(command: Document): Promise<Timestamp> {
  return (await wire.command(command))['operationTime'];
}

/** The one document of the collection after a command. */
async function storedBy(command: Document): Promise<Document> {
  expect(await wire.command(command)).toMatchObject({ ok: 1 });
  return (await wire.command({ find: 'c', $db }))['cursor'].firstBatch[0];
}

it.each([
  { hello: 1, $db },
  { find: 'c', $db },
  { insert: 'c', documents: [{ _id: 1 }], $db },
  { noSuchCommand: 1, $db },
])('the time stands at the end of every answer where test commands are enabled: %o', async (command) => {
  const answer = await wire.command(command);
  expect(Object.keys(answer).slice(-2)).toEqual(['$clusterTime', 'operationTime']);
  expect(answer['$clusterTime']).toMatchObject({ clusterTime: answer['operationTime'], signature: {} });
});

it('tells each connection the cluster time in its first answer, and not again within the second', async () => {
  const usual = await startTestEngine();
  const client = await WireClient.connect(Number(new URL(usual.uri).port));
  const answers: Document[] = [];
  for (let at = 0; at < 20; at += 1) {
    answers.push(await client.command({ insert: 'c', documents: [{}], $db }));
  }
  client.close();
  await usual.remove();
  const told = answers.filter((answer) => answer['$clusterTime'] !== undefined);
  const seconds = new Set(answers.map((answer) => answer['operationTime'].getHighBits()));
  expect(told[0]).toBe(answers[0]);
  expect(told).toHaveLength(seconds.size);
  for (const answer of answers) expect(Object.keys(answer).at(-1)).toBe('operationTime');
});

it('the time grows with each write and stands still for reads', async () => {
  const insert = { insert: 'c', documents: [{}], $db };
  const first = await timeOf(insert);
  expect(await timeOf({ find: 'c', $db })).toEqual(first);
  const second = await timeOf(insert);
  expect(second.greaterThan(first)).toBe(true);
  expect(await timeOf({ find: 'c', readConcern: { afterClusterTime: second }, $db })).toEqual(second);
});

it('an empty timestamp at the top of a document becomes the time, one in _id or further down stays', async () => {
  const documents = [{ _id: EMPTY, at: EMPTY, inner: { at: EMPTY } }];
  const stored = await storedBy({ insert: 'c', documents, $db });
  expect(stored).toEqual({ _id: EMPTY, at: expect.any(Timestamp), inner: { at: EMPTY } });
  expect(stored['at'].isZero()).toBe(false);
});

it('a replacement gets the time for its empty timestamps too', async () => {
  await wire.command({ insert: 'c', documents: [{ _id: 1 }], $db });
  const stored = await storedBy({ update: 'c', updates: [{ q: { _id: 1 }, u: { at: EMPTY } }], $db });
  expect(stored['at'].isZero()).toBe(false);
});

it.each([
  { insert: 'c', documents: [{ _id: 1, at: EMPTY }] },
  { update: 'c', updates: [{ q: { _id: 1 }, u: { at: EMPTY }, upsert: true }] },
  { findAndModify: 'c', query: { _id: 1 }, update: { at: EMPTY }, upsert: true },
])('empty timestamps stay when the writer says so: %o', async (command) => {
  expect(await storedBy({ ...command, bypassEmptyTsReplacement: true, $db })).toEqual({ _id: 1, at: EMPTY });
});
