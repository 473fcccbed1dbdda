// Sources of staff whose bodies have a shape of their own: read by named paths, paced, counted, and removed.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Actor } from '../../src/core/actor.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { fieldsOf } from '../../src/core/fields.ts';
import type { Outcome } from '../../src/core/operation.ts';
import { bodyOf, readMapping, rowsIn } from '../../src/features/webhooks/mapping.ts';
import { webhookOperations } from '../../src/features/webhooks/operations.ts';
import { createPace } from '../../src/features/webhooks/pace.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import { registerWebhookMetrics, webhookCheck } from '../../src/webhook-health.ts';
import { asha, testCtx } from '../support/context.ts';
import { incident, type WebhookWorld, webhookWorld } from './webhook-world.ts';

const admin: Actor = { ...asha, id: 'usr_meera', name: 'Meera', role: 'admin' };
const SECRET = 'a-secret-of-the-sender-0123456789';

let world: WebhookWorld;
beforeEach(async () => {
  world = await webhookWorld();
});
afterEach(() => world.close());

function run(operation: string, raw: unknown, key?: string, actor = admin): Promise<Outcome> {
  const dispatcher = createDispatcher({
    operations: webhookOperations,
    services: { webhooks: world.webhooks },
    auditDirectly: async () => undefined,
  });
  const ctx = testCtx({ actor, now: world.clock.now(), ...(key === undefined ? {} : { effectKey: key }) });
  return dispatcher.run({ operation, raw, ctx });
}

async function deliver(name: string, payload: unknown) {
  const body = Buffer.from(JSON.stringify(payload));
  const signed = { id: 'm', at: world.clock.now(), body, url: '', secret: SECRET };
  return await world.post(`/webhooks/${name}`, body, schemes['hmac-body'].sign(signed));
}

const add = (name = 'status-page') =>
  run('webhook.add', { name, scheme: 'hmac-body', secret: SECRET }, `add-${name}`);

const fields = [
  'key=incident.id',
  'title=incident.name',
  'type=incident.status',
  'at=incident.updated_at',
  'url=page.links[0].href',
  "environment='production'",
];
const word = ['investigating=incident.opened', 'resolved=incident.resolved'];
const foreign = (status: string) => ({
  page: { links: [{ href: 'https://status.example.com/1' }] },
  incident: { id: 77, name: 'Payments are slow', status, updated_at: 1_793_611_000 },
});

describe('a mapped source', () => {
  it('has its bodies read by the paths that staff named', async () => {
    await add();
    const { output } = await run('webhook.map', { name: 'status-page', field: fields, word });
    expect(output).toMatchObject({ mapping: { to: 'events', words: [{}, {}] } });
    expect((await deliver('status-page', foreign('investigating'))).status).toBe(202);
    await world.settle();

    expect(await world.operational.list(testCtx(), 10)).toMatchObject([
      {
        externalId: '77',
        title: 'Payments are slow',
        status: 'open',
        environment: 'production',
        url: 'https://status.example.com/1',
        source: 'status-page',
        happenedAt: new Date(1_793_611_000_000),
      },
    ]);
  });

  it('gives up what the paths do not fit, naming the field, and replays it once they do', async () => {
    await add();
    await run('webhook.map', { name: 'status-page', field: fields, word: ['resolved=incident.resolved'] });
    await deliver('status-page', foreign('investigating'));
    await world.settle();
    const dead = await world.webhooks.overview.events(testCtx(), { status: 'dead' }, 5);
    expect(dead).toMatchObject([{ problem: expect.stringContaining('type') }]);

    await run('webhook.map', { name: 'status-page', field: fields, word });
    await run('webhook.replay', { event: 'dead' });
    await world.settle();
    expect(await world.operational.list(testCtx(), 10)).toMatchObject([{ status: 'open' }]);
  });

  it('has a list of rows in one body, each an event of its own, once', async () => {
    await add();
    const each = {
      name: 'status-page',
      field: ['key=id', 'title=text', "type='incident.opened'"],
      each: 'data.items',
    };
    await run('webhook.map', each);
    const items = {
      data: {
        items: [
          { id: 'a', text: 'A' },
          { id: 'b', text: 'B' },
        ],
      },
    };
    await deliver('status-page', items);
    await world.settle();
    const [event] = await world.webhooks.overview.events(testCtx(), { status: 'done' }, 5);
    await run('webhook.replay', { event: event?._id });
    await world.settle();

    const facts = await world.operational.list(testCtx(), 10);
    expect(facts.map(({ externalId }) => externalId).sort()).toEqual(['a', 'b']);
  });

  it('becomes rows of a stream, once however often they are sent, and bad rows are kept with their reason', async () => {
    await add('shop');
    const field = [
      'id=order.no',
      'amountPaise=order.total',
      'at=order.placed',
      'customer=order.buyer',
      "source='shop'",
    ];
    await run('webhook.map', { name: 'shop', to: 'transactions', field, each: 'orders' });
    const order = (no: string, total: unknown) => ({
      order: { no, total, placed: 1_793_611_000, buyer: 'cus_1' },
    });
    await deliver('shop', { orders: [order('T1', 49_900), order('T2', '1200'), order('T3', 'much')] });
    await deliver('shop', { again: 1, orders: [order('T1', 49_900)] });
    await deliver('shop', { orders: [order('T4', 'nothing')] });
    await world.settle();

    const rows = await world.facts.stores.facts.scoped('default').find({ where: {}, limit: 10 });
    expect(rows.map(({ externalId, data }) => [externalId, data?.['amountPaise']]).sort()).toEqual([
      ['T1', 49_900],
      ['T2', 1_200],
    ]);
    expect(rows[0]).toMatchObject({ stream: 'transactions', source: 'shop' });
    const events = await world.webhooks.overview.events(testCtx(), { source: 'shop' }, 5);
    expect(events.map(({ note, problem }) => note ?? problem).sort()).toEqual([
      '1 of transactions: 1 duplicate',
      '3 of transactions: 2 accepted, 1 rejected',
      expect.stringContaining('Mapped wrongly. amountPaise'),
    ]);
    const test = (await run('webhook.test', { name: 'shop' })).output as { event: string };
    await world.settle();
    expect((await world.webhooks.overview.event(testCtx(), test.event)).event).toMatchObject({
      status: 'done',
    });
  });

  it('is tried by a test event of its own shape, and read as our own shape once the mapping is taken away', async () => {
    await add();
    await run('webhook.map', { name: 'status-page', field: fields, word });
    const test = (await run('webhook.test', { name: 'status-page' })).output as { event: string };
    await world.settle();
    expect((await world.webhooks.overview.event(testCtx(), test.event)).event).toMatchObject({
      status: 'done',
    });
    const { output } = await run('webhook.map', { name: 'status-page' });
    expect(output).toMatchObject({ mapping: null });
    await deliver('status-page', incident('own'));
    await world.settle();
    expect(await world.operational.list(testCtx(), 10)).toMatchObject([{ externalId: 'own' }]);
  });

  it.each([
    [{ field: ['key=incident.id'] }, 'title is needed'],
    [{ field: [...fields, 'colour=x'] }, '“colour” is no field of events'],
    [{ field: [...fields, 'level=a b'] }, 'names no path'],
    [{ field: [...fields, 'level=a..b'] }, 'names no path'],
    [{ field: fields, each: '$[*]' }, 'is no path'],
    [{ field: fields, word: ['alone'] }, 'is not theirs=ours'],
    [{ field: fields, to: 'nowhere' }, 'none of'],
  ])('is refused with its reason when it cannot work: %j', async (wish, reason) => {
    await add();
    await expect(run('webhook.map', { name: 'status-page', ...wish })).rejects.toThrow(reason);
  });

  it('is only what staff added, and only an admin maps it', async () => {
    await add();
    await expect(run('webhook.map', { name: 'sentry', field: fields })).rejects.toThrow('shape of its own');
    await expect(run('webhook.map', { name: 'nothing', field: fields })).rejects.toThrow('no source');
    for (const [verb, raw] of [
      ['webhook.map', { field: fields }],
      ['webhook.limit', { perMinute: 5 }],
      ['webhook.remove', {}],
    ] as const)
      await expect(run(verb, { name: 'status-page', ...raw }, undefined, asha)).rejects.toMatchObject({
        code: 'permission.denied',
      });
  });
});

describe('reading by paths', () => {
  const specs = fieldsOf(
    z.strictObject({
      id: z.string(),
      at: z.iso.datetime(),
      amountPaise: z.int(),
      ok: z.boolean().default(true),
    }),
  );
  const wish = {
    to: 'x',
    each: null,
    words: [],
    fields: ['id=a.b[0].c', 'amountPaise=$sum', 'at=t', 'ok=o'],
  };
  const mapping = readMapping(wish, specs);
  if (!('to' in mapping)) throw new Error('the mapping is refused');
  const receivedAt = new Date('2026-11-02T09:30:00Z');

  it('writes values as their fields do, and leaves out what is not there', () => {
    const body = { a: { b: [{ c: 7 }] }, $sum: '4200', t: 1_793_611_000_000, o: 'false' };
    expect(rowsIn(mapping, specs, body, receivedAt)).toEqual([
      { id: '7', amountPaise: 4_200, at: '2026-11-02T09:16:40.000Z', ok: false },
    ]);
    expect(rowsIn(mapping, specs, {}, receivedAt)).toEqual([{ at: receivedAt.toISOString() }]);
    expect(rowsIn(mapping, specs, { $sum: '4 200', t: 'noon' }, receivedAt)).toEqual([
      { amountPaise: '4 200', at: 'noon' },
    ]);
  });

  it('never follows a prototype, and never throws on any JSON', () => {
    const proto = readMapping(
      { ...wish, fields: ['id=constructor.name', 'amountPaise=__proto__', 'at=t'] },
      specs,
    );
    if ('to' in proto)
      expect(rowsIn(proto, specs, {}, receivedAt)).toEqual([{ at: receivedAt.toISOString() }]);
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(rowsIn(mapping, specs, body, receivedAt)).toHaveLength(1);
      }),
    );
  });

  it('and writing by them are each other’s inverse', () => {
    const row = { id: '7', amountPaise: 4_200, at: '2026-11-02T09:16:40.000Z', ok: false };
    expect(rowsIn(mapping, specs, bodyOf(mapping, row), receivedAt)).toEqual([row]);
  });
});

describe('the pace of a source', () => {
  it('lets a burst through, then so many in a minute, and forgets nobody', () => {
    const pace = createPace();
    const start = new Date('2026-11-02T09:30:00Z');
    const waits = Array.from({ length: 40 }, (_, n) => pace.waitFor('a', `e${n}`, 600, start));
    const passed = waits.filter((wait) => wait === null).length;
    expect(passed).toBe(20);
    const last = waits.at(-1);
    expect(last && last.getTime() - start.getTime()).toBeLessThanOrEqual(2_000);
    for (const [n, wait] of waits.entries())
      if (wait) expect(pace.waitFor('a', `e${n}`, 600, wait)).toBeNull();
    expect(pace.waitFor('b', 'x', 1, start)).toBeNull();
  });

  it('holds one source back without holding up another, and loses none', async () => {
    await add();
    await run('webhook.limit', { name: 'status-page', perMinute: 60 });
    for (let n = 0; n < 12; n += 1) await deliver('status-page', incident(`slow-${n}`));
    for (let n = 0; n < 5; n += 1) await world.deliver('events', incident(`fast-${n}`));
    await world.settle();
    const count = async (source: string): Promise<number> =>
      (await world.webhooks.overview.events(testCtx(), { source, status: 'done' }, 50)).length;
    expect(await count('events')).toBe(5);
    expect(await count('status-page')).toBe(2);
    world.clock.advance(4_000);
    await world.settle();
    expect(await count('status-page')).toBe(6);
    world.clock.advance(60_000);
    await world.settle();
    expect(await count('status-page')).toBe(12);
  });
});

describe('a source that is removed', () => {
  it('takes nothing more, has its waiting events worked on, and may be added anew under another secret', async () => {
    await add();
    await deliver('status-page', incident('before'));
    await run('webhook.remove', { name: 'status-page' }, 'gone');
    await run('webhook.remove', { name: 'status-page' }, 'gone');
    expect((await deliver('status-page', incident('after'))).status).toBe(401);
    await world.settle();
    expect(await world.operational.list(testCtx(), 10)).toMatchObject([{ externalId: 'before' }]);
    const { output } = await run('webhook.list', {});
    expect(JSON.stringify(output)).not.toContain('status-page');
    await expect(run('webhook.rotate', { name: 'status-page' })).rejects.toThrow('no source');
    await expect(run('webhook.remove', { name: 'status-page' })).rejects.toThrow('no source');

    const again = await run('webhook.add', { name: 'status-page', scheme: 'bearer' }, 'anew');
    expect((await run('webhook.add', { name: 'status-page', scheme: 'bearer' }, 'anew')).output).toEqual(
      again.output,
    );
    expect((await deliver('status-page', incident('old secret'))).status).toBe(401);
    const { secret } = again.output as { secret: string };
    const taken = await world.post('/webhooks/status-page', JSON.stringify(incident('new')), {
      authorization: `Bearer ${secret}`,
    });
    expect(taken.status).toBe(202);
  });
});

describe('what the door counts', () => {
  it('reaches Prometheus with labels that nobody outside can multiply', async () => {
    await add();
    await world.deliver('events', incident('a'));
    await world.deliver('events', incident('a'), 'another');
    await world.deliver('events', { type: 'odd' });
    await world.post('/webhooks/events', '{}');
    await deliver('status-page', { nothing: true });
    for (let n = 0; n < 50; n += 1) await world.post(`/webhooks/made-up-${n}`, '{}');
    await world.settle();
    const registry = new Registry();
    const logger = { warn: () => undefined } as never;
    registerWebhookMetrics(registry, world.webhooks, logger);
    const text = await registry.metrics();

    expect(text).toContain('wardroom_webhook_deliveries_total{source="events",outcome="accepted"} 2');
    expect(text).toContain('wardroom_webhook_deliveries_total{source="events",outcome="signature"} 1');
    expect(text).toContain('wardroom_webhook_deliveries_total{source="events",outcome="shape"} 1');
    expect(text).toContain('wardroom_webhook_deliveries_total{source="unknown",outcome="unknown"} 50');
    expect(text).toContain('wardroom_webhook_deliveries_total{source="added",outcome="dead"} 1');
    expect(text).toContain('wardroom_webhook_inbox_events{state="dead"} 1');
    expect(text).not.toContain('made-up');
    expect(await registry.metrics()).toBe(text);
  });

  it('says in health how late the inbox is, and that something was given up', async () => {
    const check = webhookCheck(world.webhooks);
    expect(await check.read()).toMatchObject({ status: 'pass', observedValue: 0 });
    await world.deliver('events', incident('a'));
    world.clock.advance(90_000);
    expect(await check.read()).toMatchObject({ status: 'warn', observedValue: 90_000 });
    await world.settle();
    expect(await check.read()).toMatchObject({ status: 'pass' });
    await world.deliver('n8n', { odd: true });
    await world.settle();
    expect(await check.read()).toMatchObject({
      status: 'warn',
      output: expect.stringContaining('1 were given up'),
    });
  });
});

describe('a form from Twilio', () => {
  const form = { MessageSid: 'SM1', Body: 'Down since ~9 (now) & slow!', From: '+919800000000' };
  const path = '/webhooks/sms';
  const signature = (fieldsOfForm: Record<string, string>): string => {
    const names = Object.keys(fieldsOfForm).sort();
    const text = `${world.url}${path}${names.map((name) => name + fieldsOfForm[name]).join('')}`;
    return createHmac('sha1', SECRET).update(text).digest('base64');
  };
  const post = (body: string) =>
    world.post(path, body, {
      'x-twilio-signature': signature(form),
      'content-type': 'application/x-www-form-urlencoded',
    });

  it('is read by its mapping, whichever way its fields are written, and is one event however it is cut', async () => {
    await run('webhook.add', { name: 'sms', scheme: 'twilio', secret: SECRET });
    await run('webhook.map', {
      name: 'sms',
      field: ['key=MessageSid', 'title=Body', "type='incident.opened'"],
    });
    const percent = Object.entries(form)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const statuses = [
      (await post(new URLSearchParams(form).toString())).status,
      (await post(percent)).status,
      (await post(new URLSearchParams(Object.entries(form).reverse()).toString())).status,
      (await post(`${percent}&Extra=1`)).status,
      (await post(percent.replace('SM1', 'SM2'))).status,
    ];
    expect(statuses).toEqual([202, 200, 200, 401, 401]);
    await world.settle();
    expect(await world.operational.list(testCtx(), 10)).toMatchObject([
      { externalId: 'SM1', title: 'Down since ~9 (now) & slow!' },
    ]);
    const [event] = await world.webhooks.overview.events(testCtx(), { source: 'sms' }, 1);
    const shown = JSON.stringify(await world.webhooks.overview.event(testCtx(), event?._id ?? ''));
    expect(shown).toContain('«masked»');
  });
});
