// The batch door over real HTTP: one result for each row, the status that sums them up, and nothing for strangers.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { ingestionOperations } from '../../src/features/ingestion/operations.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { ask, type WebWorld, webWorld } from '../support/web-world.ts';

const store = createMemoryStore();
const { ingestion, folding, reader } = ingestionWorld(store);
let web: WebWorld;
let token: string;
let tests = 0;
beforeAll(async () => {
  const auditDirectly = async (): Promise<void> => undefined;
  const services = { ingestion };
  web = await webWorld({
    dispatcher: createDispatcher({ operations: ingestionOperations, services, auditDirectly }),
  });
  token = await web.tokenOf('manager');
});
afterAll(() => web.close());
beforeEach(() => {
  tests += 1;
});

/** A row of an id that no other test names. */
const row = (n: number, more: object = {}) => ({
  id: `T-${tests}-${n}`,
  at: '2026-11-02T09:00:00+05:30',
  amountPaise: 100,
  ...more,
});

const lines = (...rows: readonly object[]): string => rows.map((one) => JSON.stringify(one)).join('\n');

function send(body: string, given: { type?: string; key?: string; as?: string; path?: string } = {}) {
  const { type = 'application/x-ndjson', key, as = token, path = 'transactions' } = given;
  return ask(`${web.url}/api/ingest/${path}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': type,
      ...(as === '' ? {} : { authorization: `Bearer ${as}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
  });
}

describe('POST /api/ingest/:stream', () => {
  it('answers one result for each row: 200 for good ones, 207 for some bad, 422 for all bad', async () => {
    const good = await send(lines(row(1), row(2)));
    const mixed = await send(lines(row(1), row(3, { amountPaise: -5 })));
    const bad = await send('{"id":"x"}\nnot json');

    expect([good.status, mixed.status, bad.status]).toEqual([200, 207, 422]);
    expect(good.json()).toMatchObject({ counts: { accepted: 2, rejected: 0 } });
    expect(mixed.json()).toMatchObject({
      counts: { duplicate: 1, rejected: 1 },
      rows: [
        { row: 1, result: 'duplicate' },
        { row: 2, result: 'rejected', field: 'amountPaise' },
      ],
    });
    expect(bad.json()).toMatchObject({
      rows: [{ field: 'at' }, { field: 'row', reason: '“not json” is not JSON' }],
    });
  });

  it('takes a JSON array as well, and shows the facts once they are counted', async () => {
    const answer = await send(JSON.stringify([row(1, { customer: 'c9' })]), { type: 'application/json' });
    await folding.drain();
    const rows = await ask(`${web.url}/api/ingest/transactions/rows?where=customer%3Dc9`, {
      headers: { authorization: `Bearer ${token}` },
    });

    expect(answer.status).toBe(200);
    expect(rows.json()).toMatchObject({ rows: [{ source: 'own', data: { amountPaise: 100 } }] });
    const range = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-03T00:00:00Z') };
    const cells = await reader.read('default', { stream: 'transactions', measure: 'count', ...range });
    expect(cells.length).toBeGreaterThan(0);
  });

  it('answers the same to the same key, and refuses the key for other rows', async () => {
    const first = await send(lines(row(1)), { key: `k-${tests}` });
    const again = await send(lines(row(1)), { key: `k-${tests}` });
    const other = await send(lines(row(2)), { key: `k-${tests}` });

    expect(again.text).toBe(first.text);
    expect(other.status).toBe(409);
  });

  it('refuses strangers, roles without the permission, other bodies, too many rows and unknown streams', async () => {
    const viewer = await web.tokenOf('viewer');
    const many = Array.from({ length: 10_001 }, () => '{}').join('\n');

    expect((await send(lines(row(1)), { as: '' })).status).toBe(401);
    expect((await send(lines(row(1)), { as: viewer })).status).toBe(403);
    expect((await send(lines(row(1)), { type: 'text/html' })).status).toBe(415);
    expect((await send(many)).status).toBe(413);
    expect((await send(`[${'1,'.repeat(4_500_000)}1]`, { type: 'application/json' })).status).toBe(413);
    expect((await send(lines(row(1)), { path: 'dreams' })).status).toBe(400);
    expect((await send('[{]', { type: 'application/json' })).status).toBe(400);
  });

  it('keeps bad rows until they are mended, and takes them in once', async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const post = (name: string, input: object, key: string) =>
      ask(`${web.url}/api/operations/${name}`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': key },
        body: JSON.stringify(input),
      });
    await send(lines(row(1, { amountPaise: 'free', customer: 'asha@example.com' })));
    const listed = (await post('ingest.rejects', { stream: 'transactions' }, 'r')).json();
    const { output } = listed as { output: { rejects: { id: string; row: string; field: string }[] } };
    const [reject] = output.rejects;

    expect(reject).toMatchObject({ field: 'amountPaise' });
    expect(reject?.row).not.toContain('asha@example.com');
    const still = await post('ingest.replay', { reject: reject?.id }, 'a');
    expect(still.json()).toMatchObject({ output: { taken: 0, refused: [{ field: 'amountPaise' }] } });
    const wish = { reject: reject?.id, set: ['amountPaise=4900'] };
    const mended = await post('ingest.replay', wish, 'b');
    const repeated = await post('ingest.replay', wish, 'b');
    expect(mended.json()).toMatchObject({ output: { taken: 1, refused: [] } });
    expect(repeated.text).toBe(mended.text);
    const facts = await ingestion.overview({ tenant: 'default', now: new Date('2026-11-02T09:30:00Z') });
    expect(facts.find(({ name }) => name === 'transactions')?.waiting).toBeGreaterThan(0);
  });
});
