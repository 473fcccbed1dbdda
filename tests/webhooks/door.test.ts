// The door of webhooks over real HTTP: what is proved is stored once, and nothing else leaves a trace but a count.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { streamFacts } from '../../models/stream-fact.ts';
import { webhookCounts } from '../../models/webhook-count.ts';
import { webhookInbox } from '../../models/webhook-inbox.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { stores } from '../support/stores.ts';
import { incident, secrets, type WebhookWorld, webhookDefinitions, webhookWorld } from './webhook-world.ts';

let open: WebhookWorld | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function world(options: Parameters<typeof webhookWorld>[0] = {}): Promise<WebhookWorld> {
  open = await webhookWorld(options);
  return open;
}

const all = { where: {}, limit: 1_000 };
const rowsOf = ({ store }: WebhookWorld) => store.facts(webhookInbox).scoped('default').find(all);
const factsOf = ({ store }: WebhookWorld) => store.records(streamFacts).scoped('default').find(all);

async function countsOf({ store, webhooks }: WebhookWorld): Promise<Record<string, unknown>> {
  await webhooks.flush();
  const rows = await store.records(webhookCounts).scoped('default').find(all);
  return Object.fromEntries(rows.map(({ source, counts }) => [source, counts]));
}

const signed = (body: Buffer, id = 'msg_x', at = new Date('2026-11-02T09:30:00Z')) =>
  schemes.standard.sign({ id, at, body, url: '', secret: secrets.events });

const issue = (id: string, action = 'created', lastSeen = '2026-11-02T09:00:00Z') => ({
  action,
  data: { issue: { id, title: 'TypeError: x is undefined', level: 'error', lastSeen } },
});

describe.each(stores)('the door over the $name store', ({ create }) => {
  const fresh = async (options: Parameters<typeof webhookWorld>[0] = {}): Promise<WebhookWorld> =>
    world({ ...options, store: await create(webhookDefinitions) });

  it('stores what is proved before it answers, and acts on it afterwards', async () => {
    const here = await fresh();
    const answer = await here.deliver('events', incident('db-1'), 'msg_1');
    const [row] = await rowsOf(here);

    expect([answer.status, answer.json()]).toEqual([202, { id: row?._id }]);
    expect(row).toMatchObject({ source: 'events', status: 'received', senderId: 'msg_1', attempts: 0 });
    expect(await factsOf(here)).toEqual([]);

    await here.settle();
    expect(await rowsOf(here)).toMatchObject([{ status: 'done', note: 'incident.opened db-1: new' }]);
    expect(await factsOf(here)).toMatchObject([
      { externalId: 'incident:db-1', data: { kind: 'incident', status: 'open' } },
    ]);
    expect(await countsOf(here)).toEqual({ events: { accepted: 1 } });
  });

  it('answers 200 to a repeat, which has no second effect, also when it comes at the same moment', async () => {
    const here = await fresh();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => here.deliver('events', incident('db-1'), 'msg_1')),
    );
    await here.settle();
    const again = await here.deliver('events', incident('db-1'), 'msg_1');
    await here.settle();

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 202]);
    expect(again.status).toBe(200);
    expect(await rowsOf(here)).toMatchObject([{ attempts: 1 }]);
    const [fact] = await factsOf(here);
    expect(fact?.sequence).toBe(1);
    expect(await countsOf(here)).toEqual({ events: { accepted: 1, repeated: 8 } });
  });

  it.each(['sentry', 'github'] as const)(
    'takes a replay from %s under a new id for what it is: the signed body came before',
    async (source) => {
      const here = await fresh();
      const payload = source === 'sentry' ? issue('77') : { zen: 'Keep it simple.', hook_id: 7 };
      const first = await here.deliver(source, payload, 'delivery-1');
      const replay = await here.deliver(source, payload, 'delivery-2');
      const body = Buffer.from(JSON.stringify(payload));
      const headers = schemes[source].sign({
        id: 'delivery-3',
        at: here.clock.now(),
        secret: secrets[source],
        url: '',
        body,
      });
      const timed = { ...headers, 'sentry-hook-timestamp': '1', 'x-github-event': 'push' };
      const third = await here.post(`/webhooks/${source}`, body, timed);
      await here.settle();

      expect([first.status, replay.status, third.status]).toEqual([202, 200, 200]);
      expect(await rowsOf(here)).toHaveLength(1);
    },
  );

  it('refuses with 401, without a reason and without a row, whatever is not proved', async () => {
    const here = await fresh();
    const body = Buffer.from(JSON.stringify(incident('db-1')));
    const good = signed(body);
    const cases: readonly (readonly [string, Record<string, string>])[] = [
      ['/webhooks/events', {}],
      ['/webhooks/events', { ...good, 'webhook-id': 'msg_y' }],
      ['/webhooks/events', { ...good, 'webhook-timestamp': '1793611801' }],
      ['/webhooks/events', { ...good, 'webhook-signature': 'v1,AAAA' }],
      ['/webhooks/events', signed(body, 'msg_x', new Date('2026-11-02T09:24:59Z'))],
      ['/webhooks/events', signed(body, 'msg_x', new Date('2026-11-02T09:35:01Z'))],
      ['/webhooks/n8n', good],
      ['/webhooks/events/whe_00000000000000000000', good],
      ['/webhooks/no-such-source', good],
      ['/webhooks/__proto__', good],
      ['/webhooks/paypal', good],
      ['/webhooks/generic', good],
      ['/webhooks/sentry', { 'sentry-hook-signature': '' }],
    ];
    const answers = [];
    for (const [path, headers] of cases) answers.push(await here.post(path, body, headers));

    expect(answers.map(({ status }) => status)).toEqual(cases.map(() => 401));
    const texts = answers.map(({ text }) => text.replace(/req_\w+/, ''));
    expect(new Set(texts).size).toBe(1);
    expect(await rowsOf(here)).toEqual([]);
    expect(await countsOf(here)).toEqual({
      events: { signature: 4, stale: 2 },
      n8n: { signature: 1 },
      sentry: { signature: 1 },
      unknown: { unknown: 5 },
    });
  });

  it('refuses everything where no secret is set', async () => {
    const here = await fresh({ unset: ['EVENTS_WEBHOOK_SECRET', 'SENTRY_CLIENT_SECRET'] });
    const byEmpty = schemes.sentry.sign({
      id: '1',
      at: here.clock.now(),
      body: Buffer.from('{}'),
      url: '',
      secret: '',
    });

    expect((await here.deliver('events', incident('a'))).status).toBe(401);
    expect((await here.post('/webhooks/sentry', '{}', byEmpty)).status).toBe(401);
    expect(await rowsOf(here)).toEqual([]);
    expect(await countsOf(here)).toEqual({ events: { no_secret: 1 }, sentry: { no_secret: 1 } });
  });

  it('tells our own clients which field is wrong, and stores nothing', async () => {
    const here = await fresh();
    const wrong = { type: 'incident.opened', at: 'yesterday', data: { key: '', title: 'x', colour: 'red' } };
    const answer = await here.deliver('events', wrong);

    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'webhook.shape' });
    const fields = (answer.json()['errors'] as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(['at', 'data.key']));
    expect(answer.text).toContain('yesterday');
    expect(answer.text).toContain('This works: ');
    expect((await here.deliver('events', { type: 'coffee.made' })).status).toBe(422);
    expect(await rowsOf(here)).toEqual([]);
    expect(await countsOf(here)).toEqual({ events: { shape: 2 } });
  });
});

describe('the door', () => {
  it('never sends a third party an error for a shape it does not know: that is a dead letter', async () => {
    const here = await world();
    const answers = [
      await here.deliver('sentry', { action: 'created', data: { installation: { uuid: 'x' } } }),
      await here.deliver('github', { ref: 'refs/heads/main', commits: [] }),
      await here.deliver('github', 'just a text'),
      await here.deliver('n8n', null),
    ];
    await here.settle();

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const rows = await rowsOf(here);
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(rows.map(() => ['dead', 1]));
    expect(rows[0]?.problem).toMatch(/^Of an unknown shape\./);
    expect(await factsOf(here)).toEqual([]);
  });

  it('takes 1 MiB and refuses more with 413', async () => {
    const here = await world();
    const padded = (bytes: number): Buffer => Buffer.from(JSON.stringify('x'.repeat(bytes - 2)));
    const sign = (body: Buffer) =>
      schemes.sentry.sign({ id: '1', at: here.clock.now(), body, url: '', secret: secrets.sentry });
    const [fits, tooBig] = [padded(1_048_576), padded(1_048_577)];

    expect((await here.post('/webhooks/sentry', fits, sign(fits))).status).toBe(202);
    expect((await here.post('/webhooks/sentry', tooBig, sign(tooBig))).status).toBe(413);
    expect(await rowsOf(here)).toHaveLength(1);
    expect(await countsOf(here)).toEqual({ sentry: { accepted: 1, too_large: 1 } });
  });

  it('inflates nothing: a compressed body is refused with 415', async () => {
    const here = await world();
    const body = Buffer.from('{}');
    const headers = { ...signed(body), 'content-encoding': 'gzip' };
    const answer = await here.post('/webhooks/events', body, headers);

    expect(answer.status).toBe(415);
    expect(await countsOf(here)).toEqual({ events: { encoding: 1 } });
  });

  it.each([
    ['no JSON', Buffer.from('{"a":'), 'input.not_json'],
    ['nothing', Buffer.alloc(0), 'input.not_json'],
    ['broken UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'input.not_json'],
    ['a byte order mark', Buffer.from('\ufeff{}'), 'input.not_json'],
    ['33 levels', Buffer.from('['.repeat(33) + ']'.repeat(33)), 'input.invalid'],
    ['500,000 levels', Buffer.from('['.repeat(500_000) + ']'.repeat(500_000)), 'input.invalid'],
    ['a prototype', Buffer.from('{"__proto__":{"admin":true}}'), 'input.invalid'],
  ])('refuses a signed body with %s with 400, and stores nothing', async (_, body, code) => {
    const here = await world();
    const answer = await here.post('/webhooks/events', body, signed(body));

    expect([answer.status, answer.json()['code']]).toEqual([400, code]);
    expect(await rowsOf(here)).toEqual([]);
    expect(await countsOf(here)).toEqual({ events: { not_json: 1 } });
  });

  it('counts cookies and tokens for nothing, and answers no other method', async () => {
    const here = await world();
    const token = await here.web.tokenOf('owner');
    const body = JSON.stringify(incident('db-1'));

    expect((await here.post('/webhooks/events', body, { authorization: `Bearer ${token}` })).status).toBe(
      401,
    );
    expect((await here.post('/webhooks/events', body, { authorization: 'Bearer nonsense' })).status).toBe(
      401,
    );
    const { status } = await fetch(`${here.url}/webhooks/events`);
    expect(status).toBe(405);
  });

  it('limits an address before it reads anything', async () => {
    const tight = { ...rateLimits, webhook: { limit: 2, windowMs: 60_000 } };
    const here = await world({ rateLimits: tight });
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push(await here.deliver('events', incident(`db-${n}`)));

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429, 429]);
    expect(answers[3]?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await countsOf(here)).toEqual({ events: { accepted: 2, rate_limited: 2 } });
  });

  it('answers any bytes, signed or not, with 2xx or 4xx', async () => {
    const roomy = { limit: 1_000_000, windowMs: 60_000 };
    const limits = { ...rateLimits, address: roomy, webhook: roomy };
    const here = await world({ rateLimits: limits });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((given) => Buffer.from(given)),
      fc.json().map((given) => Buffer.from(given)),
    );
    const sources = fc.constantFrom('events', 'n8n', 'sentry', 'github', 'no-such', 'events/x', '%00', '%ff');
    const headers = fc.dictionary(
      fc.constantFrom(
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature',
        'content-type',
        'authorization',
      ),
      fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '?')),
    );
    await fc.assert(
      fc.asyncProperty(bytes, sources, headers, fc.boolean(), async (body, source, odd, isSigned) => {
        const own = isSigned ? signed(body, 'msg_p', here.clock.now()) : {};
        const { status } = await here.post(`/webhooks/${source}`, body, { ...odd, ...own });
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(500);
        if (!(isSigned && source === 'events')) expect(status).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 300 },
    );
    await here.settle();
  });
});
