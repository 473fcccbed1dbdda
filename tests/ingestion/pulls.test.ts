// Scheduled pulls over real HTTP: rows fetched, named, taken once; failures kept; private addresses refused.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { streamPulls } from '../../models/stream-pull.ts';
import { createIds } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createOutboundRules } from '../../src/core/outbound-address.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { createSealer } from '../../src/core/sealed-text.ts';
import { createPulls, type PullWish } from '../../src/features/ingestion/pulls.ts';
import { createFetchRows } from '../../src/outbox/fetch-rows.ts';
import { TestClock, testCtx } from '../support/context.ts';
import { ingestionWorld, ZONE } from '../support/ingestion-world.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(answer: Answer): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/orders`, seen };
}

function pullWorld(sandbox = true) {
  const clock = new TestClock();
  const store = createMemoryStore();
  const facts = ingestionWorld(store, clock);
  const rules = createOutboundRules({ allow: [], sandbox });
  const pulls = createPulls({
    pulls: store.facts(streamPulls),
    door: facts.ingestion,
    streams: facts.streams,
    rules,
    sealer: createSealer({
      secretKey: 'a secret key of thirty-two characters',
      purpose: 'pulls',
      ids: createIds(),
    }),
    fetchRows: createFetchRows(rules),
    logger: createLogger({ level: 'silent', sink: { write: () => undefined }, scrub: createScrubber() }),
    zone: ZONE,
    clock,
  });
  const ctx = () => testCtx({ now: clock.now() });
  return { ...facts, pulls, clock, ctx };
}

const wish = (url: string, given: Partial<PullWish> = {}): PullWish => ({
  name: 'shop',
  stream: 'transactions',
  url,
  rowsAt: 'data.orders',
  map: ['no=id', 'placed.at=at', 'total=amount', 'seq=revision'],
  everyMs: 900_000,
  cursorParameter: 'after',
  cursorField: 'seq',
  authorization: null,
  ...given,
});

const order = (seq: number) => ({
  no: seq,
  seq,
  placed: { at: '2026-11-02T08:00:00Z' },
  total: '12.50',
  extra: null,
});

describe('a pull', () => {
  it('fetches when it is due, under our names, and asks only for what is newer then', async () => {
    const world = pullWorld();
    const server = await listen((request, response) => {
      const after = Number(new URL(request.url ?? '', 'http://x').searchParams.get('after') ?? 0);
      const orders = [9, 10, 11].filter((seq) => seq > after).map(order);
      response.end(JSON.stringify({ data: { orders } }));
    });
    await world.pulls.add(world.ctx(), wish(server.url, { authorization: 'Bearer s3cret' }));

    expect(await world.pulls.work()).toBe(1);
    expect(await world.pulls.work()).toBe(0);
    world.clock.advance(900_000);
    expect(await world.pulls.work()).toBe(1);

    expect(server.seen.map(({ url }) => url)).toEqual(['/orders', '/orders?after=11']);
    expect(server.seen[0]?.headers.authorization).toBe('Bearer s3cret');
    const facts = await world.stores.facts
      .scoped('default')
      .find({ where: {}, sort: [['_id', 1]], limit: 9 });
    expect(facts.map(({ externalId, source, data }) => [externalId, source, data?.['amountPaise']])).toEqual([
      ['10', 'pull-shop', 1_250],
      ['11', 'pull-shop', 1_250],
      ['9', 'pull-shop', 1_250],
    ]);
    const [pull] = await world.pulls.list(world.ctx());
    expect(pull).toMatchObject({ cursor: '11', failures: 0, lastError: null });
    expect(JSON.stringify(pull)).not.toContain('s3cret');
  });

  it('is done once by two processes at once', async () => {
    const world = pullWorld();
    const server = await listen((_, response) => void response.end('{"data":{"orders":[]}}'));
    await world.pulls.add(world.ctx(), wish(server.url));

    const done = await Promise.all([world.pulls.work(), world.pulls.work(), world.pulls.work()]);

    expect(done.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(server.seen).toHaveLength(1);
  });

  it.each<readonly [string, Answer, RegExp]>([
    ['an error', (_, response) => void response.writeHead(503).end(), /status 503/],
    ['no list', (_, response) => void response.end('{"data":{}}'), /no list at “data.orders”/],
    ['no JSON', (_, response) => void response.end('<html>'), /no list/],
    [
      'a redirect',
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /status 302/,
    ],
    ['a broken connection', (request) => void request.socket.destroy(), /could not be reached/],
    ['too much', (_, response) => void response.end(Buffer.alloc(9_000_000, 32)), /more than/],
  ])(
    'keeps and tells a failure, waits longer each time, and loses no cursor: %s',
    async (_, answer, said) => {
      const world = pullWorld();
      const server = await listen(answer);
      await world.pulls.add(world.ctx(), wish(server.url));
      await world.pulls.work();
      world.clock.advance(900_000);
      await world.pulls.work();

      const [pull] = await world.pulls.list(world.ctx());
      expect(pull?.lastError).toMatch(said);
      expect(pull).toMatchObject({ failures: 2, cursor: null });
      expect(pull?.nextAt.getTime()).toBe(world.clock.now().getTime() + 1_800_000);
    },
  );

  it('keeps rows that do not fit as rejects, beside the good ones', async () => {
    const world = pullWorld();
    const orders = [order(1), { ...order(2), total: 'free' }];
    const server = await listen((_, response) => void response.end(JSON.stringify({ data: { orders } })));
    await world.pulls.add(world.ctx(), wish(server.url));
    const pull = await world.pulls.run(world.ctx(), 'shop');

    expect(pull.lastCounts).toMatchObject({ accepted: 1, rejected: 1 });
    expect((await world.ingestion.rejects(world.ctx(), { limit: 9 })).rejects).toMatchObject([
      { field: 'amount', source: 'pull-shop' },
    ]);
  });

  it('stops while it is paused, and for good once it is removed', async () => {
    const world = pullWorld();
    const server = await listen((_, response) => void response.end('{"data":{"orders":[]}}'));
    await world.pulls.add(world.ctx(), wish(server.url, { authorization: 'x' }));
    await world.pulls.setStatus(world.ctx(), 'shop', 'paused');
    expect(await world.pulls.work()).toBe(0);
    await world.pulls.setStatus(world.ctx(), 'shop', 'active');
    expect(await world.pulls.work()).toBe(1);
    const removed = await world.pulls.setStatus(world.ctx(), 'shop', 'removed');

    expect(removed.sealedAuthorization).toBeNull();
    expect(await world.pulls.list(world.ctx())).toEqual([]);
    await expect(world.pulls.run(world.ctx(), 'shop')).rejects.toThrow(/was removed/);
    await expect(world.pulls.add(world.ctx(), wish(server.url))).resolves.toMatchObject({ status: 'active' });
  });

  it.each([
    ['http://127.0.0.1:1/x', {}],
    ['https://10.0.0.1/x', {}],
    ['https://169.254.169.254/latest', {}],
    ['file:///etc/passwd', {}],
    ['https://shop.example.com/x', { map: ['no=nothing'] }],
    ['https://shop.example.com/x', { cursorField: null }],
  ])('is refused for what cannot be or must not be: %s %j', async (url, given) => {
    const world = pullWorld(false);

    await expect(world.pulls.add(world.ctx(), wish(url, given))).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });

  it('never reaches a private address that a name leads to later', async () => {
    const rules = createOutboundRules({ allow: [], sandbox: false });
    const fetchRows = createFetchRows(rules, async () => [{ address: '127.0.0.1', family: 4 }]);

    await expect(fetchRows({ url: 'https://shop.example.com/x', authorization: null })).rejects.toMatchObject(
      {
        code: 'remote.refused',
      },
    );
  });
});
