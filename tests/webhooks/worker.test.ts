// Behind the door: each event is acted on once, whoever dies, and what cannot be acted on is kept to be replayed.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { createMemoryStore } from '../../models/memory-store.ts';
import { webhookCounts } from '../../models/webhook-count.ts';
import { webhookEndpoints } from '../../models/webhook-endpoint.ts';
import { webhookInbox } from '../../models/webhook-inbox.ts';
import { AppError } from '../../src/core/errors.ts';
import { createIds } from '../../src/core/ids.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createScrubber } from '../../src/core/scrub.ts';
import { sourcesOf } from '../../src/core/webhook-source.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import { createWebhooks } from '../../src/features/webhooks/service.ts';
import { TestClock, testCtx } from '../support/context.ts';
import { stores } from '../support/stores.ts';

const SECRET = 'a secret that is long enough';

interface Book {
  readonly ids: string[];
  fault: unknown;
  /** Runs while an event is worked on. */
  during: () => Promise<void>;
}

const noteSource = sourcesOf<{ readonly book: Book }>()({
  name: 'notes',
  summary: 'Notes',
  scheme: 'hmac-body',
  secretVariable: 'NOTES',
  checkedAt: 'worker',
  payload: z.object({ note: z.string() }),
  sample: (id) => ({ note: id }),
  handle: async ({ services: { book }, effectKey }, { note }) => {
    await book.during();
    if (book.fault) throw book.fault;
    book.ids.push(effectKey);
    return `noted ${note}`;
  },
});
const otherSource = { ...noteSource, name: 'others' };

function process(store: ReturnType<typeof createMemoryStore>, clock: TestClock, worker: string) {
  const book: Book = { ids: [], fault: null, during: async () => undefined };
  const webhooks = createWebhooks({
    inbox: store.facts(webhookInbox),
    endpoints: store.facts(webhookEndpoints),
    counts: store.records(webhookCounts),
    sources: [noteSource, otherSource],
    added: noteSource,
    targets: [],
    services: { book },
    environmentSecrets: () => [SECRET],
    secretKey: 'a secret key of thirty-two characters',
    publicUrl: () => 'http://127.0.0.1',
    zone: 'UTC',
    clock,
    ids: createIds(),
    random: () => 0.5,
    logger: createLogger({ level: 'silent', sink: { write: () => undefined }, scrub: createScrubber() }),
    worker,
    nudge: () => undefined,
  });
  const receive = (payload: unknown, source = 'notes') => {
    const body = Buffer.from(JSON.stringify(payload));
    const headers = schemes['hmac-body'].sign({ id: '', at: clock.now(), body, url: '', secret: SECRET });
    return webhooks.receive({
      source,
      headers,
      body,
      url: '',
      parse: (bytes) => JSON.parse(bytes.toString()),
    });
  };
  return { webhooks, book, receive };
}

describe.each(stores)('the worker over the $name store', ({ create }) => {
  async function world() {
    const store = await create([webhookInbox, webhookCounts, webhookEndpoints]);
    const clock = new TestClock();
    const one = process(store, clock, 'one');
    const two = process(store, clock, 'two');
    const rows = () =>
      store
        .facts(webhookInbox)
        .scoped('default')
        .find({ where: {}, sort: [['createdAt', 1]], limit: 500 });
    return { store, clock, one, two, rows };
  }

  it('acts once on each event when two processes work at the same time', async () => {
    const { one, two, rows } = await world();
    for (let n = 0; n < 20; n += 1) await one.receive({ note: `n${n}` });
    await Promise.all([one.webhooks.work(), two.webhooks.work(), one.webhooks.work(), two.webhooks.work()]);

    const acted = [...one.book.ids, ...two.book.ids];
    expect(acted).toHaveLength(20);
    expect(new Set(acted).size).toBe(20);
    expect((await rows()).map(({ status }) => status)).toEqual(Array(20).fill('done'));
  });

  it('takes over from a process that died, only when its lease is over, and under the same effect key', async () => {
    const { one, two, clock, rows } = await world();
    const { id } = await one.receive({ note: 'a' });
    let seen = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      seen = resolve;
    });
    one.book.during = () => {
      seen();
      return new Promise(() => undefined);
    };
    void one.webhooks.work();
    await begun;

    clock.advance(59_999);
    await two.webhooks.work();
    expect(two.book.ids).toEqual([]);
    clock.advance(1);
    await two.webhooks.work();
    expect(two.book.ids).toEqual([id]);
    expect(await rows()).toMatchObject([{ status: 'done', attempts: 2, worker: 'two' }]);
  });

  it('lets nobody end an event that another has taken over', async () => {
    const { one, two, clock, rows } = await world();
    await one.receive({ note: 'a' });
    one.book.during = async () => {
      clock.advance(60_000);
      await two.webhooks.work();
    };
    one.book.fault = new AppError('remote.refused', 'Too late.');
    await one.webhooks.work();

    expect(await rows()).toMatchObject([{ status: 'done', worker: 'two', note: 'noted a', problem: null }]);
  });

  it('tries ten times with growing waits, then keeps it as a dead letter that a replay brings back', async () => {
    const { one, clock, rows } = await world();
    const { id } = await one.receive({ note: 'a' });
    one.book.fault = new AppError('remote.unavailable', 'The other side is down.');
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      await one.webhooks.work();
      const [row] = await rows();
      expect(row).toMatchObject({ attempts: attempt, problem: 'The other side is down.' });
      if (!row?.nextAt) break;
      waits.push(row.nextAt.getTime() - clock.now().getTime());
      await one.webhooks.work();
      expect((await rows())[0]?.attempts).toBe(attempt);
      clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).toHaveLength(9);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(await rows()).toMatchObject([{ status: 'dead', nextAt: null }]);

    one.book.fault = null;
    const ctx = testCtx({ now: clock.now() });
    expect(await one.webhooks.replay(ctx, { id })).toBe(1);
    await one.webhooks.work();
    expect(one.book.ids).toEqual([id]);
    expect(await rows()).toMatchObject([{ status: 'done', attempts: 1 }]);
  });

  it('replays a range or all dead letters, once for one effect', async () => {
    const { one, clock, rows } = await world();
    one.book.fault = new AppError('remote.refused', 'No.');
    for (let n = 0; n < 60; n += 1) {
      await one.receive({ note: `n${n}` }, n % 2 ? 'others' : 'notes');
      clock.advance(60_000);
    }
    while (await one.webhooks.work());
    const dead = await rows();
    expect(dead.map(({ status }) => status)).toEqual(Array(60).fill('dead'));

    const ctx = (key: string) => testCtx({ now: clock.now(), effectKey: key });
    const since = dead[10]?.createdAt;
    const until = dead[20]?.createdAt;
    expect(await one.webhooks.replay(ctx('range'), { since, until, source: 'others' })).toBe(5);
    while (await one.webhooks.work());
    expect(await one.webhooks.replay(ctx('range'), { since, until, source: 'others' })).toBe(5);
    expect((await rows()).filter(({ status }) => status === 'received')).toEqual([]);

    one.book.fault = null;
    expect(await one.webhooks.replay(ctx('all'), {})).toBe(60);
    while (await one.webhooks.work());
    expect((await rows()).map(({ status }) => status)).toEqual(Array(60).fill('done'));
    expect(new Set(one.book.ids).size).toBe(60);
  });

  it('gives up an event that ends every process that works on it', async () => {
    const { one, clock, rows } = await world();
    await one.receive({ note: 'a' });
    for (let life = 0; life < 11; life += 1) {
      const begun = new Promise<void>((resolve) => {
        one.book.during = () => {
          resolve();
          return new Promise(() => undefined);
        };
      });
      await Promise.race([one.webhooks.work(), begun]);
      clock.advance(60_000);
    }
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'dead', problem: '10 attempts were begun and none of them ended.' });
  });

  it('forgets bodies after 30 days and says so when one is replayed', async () => {
    const { one, clock, rows } = await world();
    const { id } = await one.receive({ note: 'a' });
    await one.webhooks.work();
    clock.advance(30 * 86_400_000 - 1);
    expect(await one.webhooks.forget()).toBe(0);
    clock.advance(1);
    expect(await one.webhooks.forget()).toBe(1);

    expect(await rows()).toMatchObject([{ body: null, forgetAt: null, status: 'done' }]);
    expect((await one.receive({ note: 'a' })).repeated).toBe(true);
    await expect(one.webhooks.replay(testCtx(), { id })).rejects.toMatchObject({ code: 'record.conflict' });
  });
});
