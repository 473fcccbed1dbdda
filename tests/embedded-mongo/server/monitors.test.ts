/** Greetings for those who watch a server: what they say, and how long they wait for news. */
import { Long, ObjectId } from 'bson';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { WireClient } from '../../support/wire-client.ts';

const EXHAUST_ALLOWED = 0x10000;
const $db = 'admin';
let engine: TestEngine;
let wire: WireClient;
let other: WireClient;

beforeAll(async () => {
  engine = await startTestEngine(['--setParameter', 'enableTestCommands=1']);
  const port = Number(new URL(engine.uri).port);
  wire = await WireClient.connect(port);
  other = await WireClient.connect(port);
});
afterAll(async () => {
  wire.close();
  other.close();
  await engine.remove();
});

const greeting = () => wire.command({ hello: 1, $db });

/** The set's own configuration once more: nothing changes but its version. */
async function reconfigure(): Promise<void> {
  const { config } = await other.command({ replSetGetConfig: 1, $db });
  expect(await other.command({ replSetReconfig: config, $db })).toMatchObject({ ok: 1 });
}

it('names the version of what it says, which stays while nothing changes', async () => {
  const first = await greeting();
  const { processId, counter } = first['topologyVersion'];
  expect(processId).toBeInstanceOf(ObjectId);
  expect(counter).toEqual(expect.any(Number));
  expect((await greeting())['topologyVersion']).toEqual(first['topologyVersion']);
});

it('answers a monitor at the next change of the set', async () => {
  const { topologyVersion, setVersion } = await greeting();
  const known = { ...topologyVersion, counter: Long.fromNumber(topologyVersion.counter) };
  const waiting = wire.command({ hello: 1, topologyVersion: known, maxAwaitTimeMS: 60_000, $db });
  await reconfigure();
  const news = await waiting;
  expect(news['setVersion']).toBe(setVersion + 1);
  expect(news['topologyVersion'].counter).toBe(topologyVersion.counter + 1);
});

it('answers a monitor whose knowledge is out of date, or of another process, at once', async () => {
  const { topologyVersion } = await greeting();
  const wait = { maxAwaitTimeMS: 60_000, $db };
  const late = { ...topologyVersion, counter: Long.fromNumber(topologyVersion.counter - 1) };
  const foreign = { processId: new ObjectId(), counter: Long.fromNumber(topologyVersion.counter) };
  expect(await wire.command({ hello: 1, topologyVersion: late, ...wait })).toMatchObject({ ok: 1 });
  expect(await wire.command({ hello: 1, topologyVersion: foreign, ...wait })).toMatchObject({ ok: 1 });
});

it('goes on telling a monitor that asked once, each time it knows less than there is', async () => {
  const { topologyVersion } = await greeting();
  const late = { ...topologyVersion, counter: Long.fromNumber(topologyVersion.counter - 1) };
  const command = { hello: 1, topologyVersion: late, maxAwaitTimeMS: 60_000, $db };
  const client = await WireClient.connect(Number(new URL(engine.uri).port));
  let count = 0;
  const answers = client.answers(command, { flags: EXHAUST_ALLOWED }, () => {
    count += 1;
    if (count === 1) void reconfigure();
    return count === 2;
  });
  const [first, second] = await answers;
  client.close();
  expect(first).toMatchObject({ moreToCome: true, body: { topologyVersion } });
  expect(second).toMatchObject({ moreToCome: true, responseTo: first?.id });
  expect(second?.body['topologyVersion'].counter).toBe(topologyVersion.counter + 1);
});

it.each([{ topologyVersion: { processId: new ObjectId(), counter: Long.ONE } }, { maxAwaitTimeMS: 1 }])(
  'wants to know both what is known and how long to wait: %o',
  async (half) => {
    expect(await wire.command({ hello: 1, ...half, $db })).toMatchObject({ ok: 0, code: 31368 });
  },
);
