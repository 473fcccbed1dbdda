import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLease } from '../../bots/lease.ts';
import { createSocketDoor } from '../../bots/slack/socket.ts';
import { leases } from '../../models/lease.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { until } from '../support/program.ts';
import { type SlackTalker, type SlackWorld, slackWorld } from '../support/slack-world.ts';

let world: SlackWorld;
let asha: SlackTalker;

const connected = (): Promise<unknown> => until(() => (world.fake.sockets.count() > 0 ? true : undefined));

beforeEach(async () => {
  world = await slackWorld({ env: { SLACK_APP_TOKEN: 'xapp-fake-app' } });
  world.fake.setAppUrl(undefined);
  asha = await world.person('Asha', 'manager');
  await connected();
});

afterEach(() => world.close());

it('carries lines, presses, forms and their errors as an address does', async () => {
  await asha.says('task add "By the socket"');
  await asha.sees('Added *By the socket*');
  await asha.presses('Done');
  await asha.says('/ops task add', world.ops);
  expect(world.fake.viewOf(asha.user)?.view).toMatchObject({ callback_id: 'form' });
  const wrong = await world.fake.submits(asha.user, { title: 'x'.repeat(301) });
  expect(wrong.answer).toMatchObject({ response_action: 'errors' });
  await world.fake.submits(asha.user, { title: 'By the form' });
  await asha.sees('By the form', world.ops);
});

it('opens a new connection when Slack asks for one, and when it breaks', async () => {
  world.fake.sockets.refresh();
  await until(() => (world.fake.sockets.count() === 0 ? true : undefined));
  await connected();
  await asha.says('tasks');
  world.fake.sockets.drop();
  await until(() => (world.fake.sockets.count() === 0 ? true : undefined));
  await connected();
  await asha.says('task add "After the break"');
  await asha.sees('After the break');
});

it('acknowledges a repeat and does nothing twice', async () => {
  const said = await world.fake.says(asha.user, world.ops, '/ops task add "Only once"');
  const again = await world.fake.app.repeat(said.delivered[0]!.delivery, 1);
  expect(again.status).toBe(200);
  await world.settle();
  expect(
    (await world.updates()).filter(({ reply }) => JSON.stringify(reply).includes('Only once')),
  ).toHaveLength(1);
});

it('is open in one process of all, and taken over when that one is gone', async () => {
  const { fake, clock } = world;
  const records = createMemoryStore().records(leases);
  const stops = [new AbortController(), new AbortController()];
  const doors = stops.map((_, n) => {
    const lease = createLease({
      leases: records,
      tenant: 'default',
      name: 'slack:1',
      holder: `process ${n}`,
      clock,
    });
    const intake = { take: async () => undefined };
    const logger = createLogger({
      level: 'silent',
      sink: { write: () => undefined },
      scrub: createScrubber(),
    });
    return createSocketDoor({ appToken: fake.tokens.app, apiUrl: fake.apiUrl, intake, lease, clock, logger });
  });
  const runs = doors.map((door, n) => door.run(stops[n]!.signal));
  const states = (): string[] => doors.map((door) => door.state());
  await until(() => (states().sort().join() === 'connected,standby' ? true : undefined));
  const first = states().indexOf('connected');
  stops[first]!.abort();
  await until(() => (doors[1 - first]!.state() === 'connected' ? true : undefined));
  stops[1 - first]!.abort();
  await Promise.all(runs);
});
