// Endpoints of staff over real receivers: who is told, how it is signed, what failures lead to, and what is sent again.
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterEach, expect, it } from 'vitest';
import { posts } from '../outbox/support/outbox-world.ts';
import { answering, type Listener, listen, ROOM, sendingWorld, switched } from './support.ts';

const open: Listener[] = [];

async function receiver(path?: string): Promise<Listener> {
  const listener = await listen(path);
  open.push(listener);
  return listener;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

it('tells every endpoint that subscribes, each by a row of its own, and no other', async () => {
  const world = sendingWorld();
  const [all, some, others] = [await receiver(), await receiver(), await receiver()];
  await world.add(all.url);
  await world.add(some.url, { events: ['experiment.switched'] });
  await world.add(others.url, { events: ['experiment.rolled_back'] });
  await world.write('exp_1', switched());
  await world.outbox.drain();

  expect([all, some, others].map(({ received }) => received.length)).toEqual([1, 1, 0]);
  expect(await world.rows.count({ scheme: 'endpoint', status: 'sent' })).toBe(2);
  expect(JSON.parse(all.received[0]?.body ?? '')).toMatchObject({
    type: 'experiment.switched',
    version: 1,
    tenant: 'default',
    data: { experiment: 'welcome', winner: 'credit' },
  });
});

it('names the same event by the same id at every endpoint and attempt', async () => {
  const world = sendingWorld();
  const [first, second] = [await receiver(), await receiver()];
  first.answer = answering(500);
  await world.add(first.url);
  await world.add(second.url);
  await world.write('exp_1', switched());
  await world.outbox.drain();
  world.clock.advance(6_000);
  await world.outbox.drain();

  const ids = [...first.received, ...second.received].map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^evt_/);
});

it('doubles nothing when a relay dies after the rows are there and the items are relayed again', async () => {
  const world = sendingWorld();
  const target = await receiver();
  await world.add(target.url);
  await world.write('exp_1', switched());
  const facts = world.store.facts(posts);
  const remove = async (): Promise<void> => {
    throw new Error('the process died here');
  };
  const dying = world.process({ facts: [{ name: facts.name, pending: { ...facts.pending, remove } }] });
  await expect(dying.drain()).rejects.toThrow('died here');
  expect(await world.rows.count({ scheme: 'endpoint' })).toBe(1);
  await world.outbox.drain();

  expect(await world.rows.count({ scheme: 'endpoint' })).toBe(1);
  expect(target.received).toHaveLength(1);
});

it('signs with the new and the old secret during a rotation, and with the new alone after it', async () => {
  const world = sendingWorld();
  const target = await receiver();
  const { endpoint, secret } = await world.add(target.url);
  const rotated = await world.sending.rotate(world.ctx(), endpoint.id, 24);
  expect(rotated.secret).not.toBe(secret);
  await world.sending.test(world.ctx(), endpoint.id);
  await world.outbox.drain();
  world.clock.advance(25 * 60 * MINUTE);
  await world.sending.test(world.ctx(), endpoint.id);
  await world.outbox.drain();

  const [during, after] = target.received.map(
    ({ headers }) => headers['webhook-signature']?.split(' ') ?? [],
  );
  expect(during).toHaveLength(2);
  expect(after).toHaveLength(1);
  const { headers = {}, body = '' } = target.received[0] ?? {};
  for (const key of [secret ?? '', rotated.secret]) {
    const [, bytes = ''] = key.split('_');
    const mac = createHmac('sha256', Buffer.from(bytes, 'base64'))
      .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
      .digest('base64');
    expect(during).toContain(`v1,${mac}`);
  }
});

it('signs what the package of the standard verifies', async () => {
  const world = sendingWorld();
  const target = await receiver();
  const { secret } = await world.add(target.url);
  world.clock.advance(Date.now() - world.clock.now().getTime());
  await world.write('exp_1', switched());
  await world.outbox.drain();

  const [{ headers = {}, body = '' } = {}] = target.received;
  expect(new Webhook(secret ?? '').verify(body, headers)).toMatchObject({ type: 'experiment.switched' });
  expect(() => new Webhook(secret ?? '').verify(`${body} `, headers)).toThrow();
});

it('shows the same secret to the same effect, keeps it sealed, and tells it to nobody else', async () => {
  const world = sendingWorld();
  const target = await receiver();
  target.answer = (response, request) => {
    response.writeHead(500).end(`I was called at ${request.path} with ${target.url}`);
  };
  const wish = { url: target.url, kind: 'standard', events: [], description: '' } as const;
  const made = await world.sending.add(world.ctx({ effectKey: 'once' }), wish);
  const again = await world.sending.add(world.ctx({ effectKey: 'once' }), wish);
  expect(again.secret).toBe(made.secret);
  await world.write('exp_1', switched());
  await world.outbox.drain();

  const stored = await world.subscriptions.scoped('default').find({ where: {}, limit: 10 });
  const rows = await world.rows.find({ where: { scheme: 'endpoint' }, limit: 10 });
  const told = [
    stored,
    rows,
    await world.sending.list(world.ctx()),
    [...world.auditRows.values()],
    world.logs,
  ];
  const text = JSON.stringify(told);
  expect(stored).toHaveLength(1);
  expect(rows[0]?.problem).toContain('answered 500');
  for (const hidden of [made.secret ?? '', (made.secret ?? '').slice(6), 'a-token-in-the-path'])
    expect(text).not.toContain(hidden);
});

it('disables an endpoint that answers 410, tells the room once, and sends it nothing more', async () => {
  const world = sendingWorld();
  const target = await receiver();
  target.answer = answering(410);
  const { endpoint } = await world.add(target.url, { description: 'Old flow' });
  await world.write('exp_1', switched());
  await world.write('exp_2', switched());
  await world.outbox.drain();
  await world.write('exp_3', switched());
  await world.outbox.drain();

  expect(target.received).toHaveLength(1);
  expect((await world.sending.list(world.ctx()))[0]).toMatchObject({ status: 'disabled', dead: 2 });
  const told = world.room.seen.filter(({ address }) => address === ROOM);
  expect(told).toHaveLength(1);
  expect(told[0]?.text).toContain('Old flow');
  await expect(world.sending.test(world.ctx(), endpoint.id)).rejects.toMatchObject({
    code: 'record.conflict',
  });
});

it('rests as a whole after five failures in a row, tries once after the pause, and goes on when that works', async () => {
  const world = sendingWorld();
  const target = await receiver();
  target.answer = answering(500);
  await world.add(target.url);
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await world.write(id, switched());
  await world.outbox.drain();
  expect(target.received).toHaveLength(5);
  expect((await world.sending.list(world.ctx()))[0]).toMatchObject({ breaker: 'open' });

  world.clock.advance(30_000);
  await world.outbox.drain();
  expect(target.received).toHaveLength(5);
  world.clock.advance(40_000);
  await world.outbox.drain();
  expect(target.received).toHaveLength(6);

  target.answer = answering(204);
  world.clock.advance(10 * MINUTE);
  await world.outbox.drain();
  world.clock.advance(DAY);
  await world.outbox.drain();
  expect(await world.rows.count({ scheme: 'endpoint', status: 'sent' })).toBe(7);
  expect((await world.sending.list(world.ctx()))[0]).toMatchObject({ breaker: 'closed', failingSince: null });
});

it('disables what only fails for five days, and a success in between starts the count anew', async () => {
  const world = sendingWorld();
  const target = await receiver();
  target.answer = answering(500);
  const { endpoint } = await world.add(target.url);
  const attemptAt = async (id: string, status: number) => {
    target.answer = answering(status);
    await world.write(id, switched());
    await world.outbox.drain();
  };
  await attemptAt('a', 500);
  world.clock.advance(3 * DAY);
  await attemptAt('b', 204);
  await attemptAt('c', 500);
  world.clock.advance(3 * DAY);
  await attemptAt('d', 500);
  expect((await world.sending.list(world.ctx()))[0]?.status).toBe('active');
  world.clock.advance(3 * DAY);
  await attemptAt('e', 500);
  await world.outbox.drain();

  expect((await world.sending.list(world.ctx()))[0]?.status).toBe('disabled');
  expect(world.room.seen).toHaveLength(1);
  expect(await world.sending.enable(world.ctx(), endpoint.id)).toMatchObject({
    status: 'active',
    failingSince: null,
  });
});

it('obeys Retry-After', async () => {
  const world = sendingWorld();
  const target = await receiver();
  target.answer = answering(429, { 'retry-after': '1800' });
  await world.add(target.url);
  await world.write('a', switched());
  await world.outbox.drain();
  target.answer = answering(204);
  world.clock.advance(1_799_000);
  await world.write('b', switched());
  await world.outbox.drain();
  expect(target.received).toHaveLength(1);
  world.clock.advance(10 * MINUTE);
  await world.outbox.drain();
  expect(target.received).toHaveLength(3);
});

it('sends again what was given up, one delivery, or those of a time, with the same ids and each wish once', async () => {
  const world = sendingWorld();
  const target = await receiver();
  const { endpoint } = await world.add(target.url);
  await world.write('a', switched());
  await world.outbox.drain();
  world.clock.advance(60 * MINUTE);
  const since = world.clock.now();
  await world.write('b', switched());
  await world.write('c', switched());
  await world.outbox.drain();
  expect(target.received).toHaveLength(3);

  const call = world.ctx();
  expect(await world.sending.replay(call, endpoint.id, { since })).toBe(2);
  await world.outbox.drain();
  expect(await world.sending.replay(call, endpoint.id, { since })).toBe(2);
  await world.outbox.drain();
  expect(target.received).toHaveLength(5);
  expect(new Set(target.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);

  const [row] = await world.rows.find({ where: { scheme: 'endpoint' }, limit: 1 });
  expect(await world.sending.replay(world.ctx(), endpoint.id, { item: row?._id })).toBe(1);
  await world.outbox.drain();
  expect(target.received).toHaveLength(6);
  expect(await world.sending.replay(world.ctx(), endpoint.id, {})).toBe(0);
});

it('reads as one message on chat platforms, and mentions nobody', async () => {
  const world = sendingWorld();
  const targets = { slack: await receiver(), discord: await receiver(), teams: await receiver() };
  for (const [kind, { url }] of Object.entries(targets))
    expect((await world.add(url, { kind: kind as 'slack' })).secret).toBeNull();
  await world.write('a', switched('<!channel> @everyone'));
  await world.outbox.drain();

  const body = (kind: keyof typeof targets) => JSON.parse(targets[kind].received[0]?.body ?? '{}');
  expect(body('slack').text).toBe(
    'welcome was switched to &lt;!channel&gt; @everyone\nCredit converts better.',
  );
  expect(body('discord')).toMatchObject({ allowed_mentions: { parse: [] } });
  expect(body('teams').attachments[0].content.body[0].text).toContain('welcome was switched to');
  expect(targets.slack.received[0]?.headers['webhook-signature']).toBeUndefined();
});

it('forgets address and secrets of a removed endpoint, and what waits for it is given up', async () => {
  const world = sendingWorld();
  const target = await receiver();
  const { endpoint } = await world.add(target.url);
  await world.write('a', switched());
  await world.sending.remove(world.ctx(), endpoint.id);
  await world.outbox.drain();

  expect(target.received).toHaveLength(0);
  expect(await world.sending.list(world.ctx())).toEqual([]);
  expect(await world.subscriptions.scoped('default').get(endpoint.id)).toMatchObject({
    address: '',
    secrets: [],
  });
});

it('does not let nine destinations that hang keep the tenth waiting', async () => {
  const world = sendingWorld();
  const hung: (() => void)[] = [];
  for (let n = 0; n < 9; n += 1) {
    const dead = await receiver();
    dead.answer = (response) => void hung.push(() => response.writeHead(204).end());
    await world.add(dead.url);
  }
  const well = await receiver();
  await world.add(well.url);
  for (const id of ['a', 'b', 'c']) await world.write(id, switched());
  const reached = new Promise<void>((resolve) => {
    well.answer = (response) => {
      response.writeHead(204).end();
      if (well.received.length === 3) resolve();
    };
  });
  const drained = world.outbox.drain();
  await reached;
  expect(hung.length).toBeLessThanOrEqual(9);
  for (const target of open) target.answer = (response) => void response.writeHead(204).end();
  for (const release of hung) release();
  await drained;
  expect(await world.rows.count({ scheme: 'endpoint', status: 'sent' })).toBe(30);
});
