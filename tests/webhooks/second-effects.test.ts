// Twenty senders at the real door: what nobody signed may change as it likes, and nothing happens a second time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamFacts } from '../../models/stream-fact.ts';
import { webhookInbox } from '../../models/webhook-inbox.ts';
import { schemes } from '../../src/features/webhooks/schemes/all.ts';
import { rateLimits } from '../../src/http/rate-limits.ts';
import { testCtx } from '../support/context.ts';
import { type Fixture, fixtures } from './signed-fixtures.ts';
import { incident, type WebhookWorld, webhookWorld } from './webhook-world.ts';

let world: WebhookWorld;
beforeAll(async () => {
  const roomy = { limit: 1_000_000, windowMs: 60_000 };
  world = await webhookWorld({ rateLimits: { ...rateLimits, address: roomy, webhook: roomy } });
});
afterAll(() => world.close());

const nameOf = (fixture: Fixture): string => `sender-${fixtures.indexOf(fixture)}`;

/** What a captured delivery may be sent again with, by anybody on the way. */
const unsigned: readonly Readonly<Record<string, string>>[] = [
  { 'x-razorpay-event-id': 'another' },
  { 'x-github-delivery': 'another', 'x-github-event': 'push' },
  { 'request-id': 'another', 'sentry-hook-timestamp': '1', 'sentry-hook-resource': 'comment' },
  { 'i-twilio-idempotency-token': 'another' },
  { 'idempotency-key': 'another', 'x-request-id': 'another' },
  { date: 'Thu, 01 Jan 1970 00:00:00 GMT', 'user-agent': 'another', 'content-type': 'text/plain' },
];

describe.each(fixtures)('$name', (fixture) => {
  const { scheme, secret } = fixture;
  const name = nameOf(fixture);

  it('is acted on once, whatever unsigned id or time it is replayed with', async () => {
    await world.webhooks.add(testCtx(), { name, scheme, secret });
    const body = Buffer.from(JSON.stringify(incident(`incident of ${name}`)));
    const path = `/webhooks/${name}`;
    const url = schemes[scheme].addressOf?.(world.url + path, body) ?? world.url + path;
    const signed = schemes[scheme].sign({ id: 'msg_1', at: world.clock.now(), body, url, secret });
    const send = (more: Readonly<Record<string, string>> = {}) =>
      world.post(url.slice(world.url.length), body, { ...more, ...signed });

    expect((await send()).status).toBe(202);
    for (const more of unsigned) expect((await send(more)).status).toBe(200);
    world.clock.advance(200_000);
    expect((await send()).status).toBe(200);
    await world.settle();
    for (const more of unsigned) expect((await send(more)).status).toBe(200);
    await world.settle();

    const rows = await world.store
      .facts(webhookInbox)
      .scoped('default')
      .find({ where: { source: name }, limit: 9 });
    expect(rows).toMatchObject([{ status: 'done', attempts: 1 }]);
    const facts = await world.store
      .records(streamFacts)
      .scoped('default')
      .find({ where: { source: name }, limit: 9 });
    expect(facts).toHaveLength(1);
  });

  it('with a signed id or time changed is not even taken', async () => {
    const body = Buffer.from(JSON.stringify(incident(`incident of ${name}`)));
    const path = `/webhooks/${name}`;
    const url = schemes[scheme].addressOf?.(world.url + path, body) ?? world.url + path;
    const signed = schemes[scheme].sign({ id: 'msg_1', at: world.clock.now(), body, url, secret });
    for (const [header, value] of Object.entries(signed)) {
      if (header === schemes[scheme].idHeader) continue;
      for (const changed of [
        `${value}0`,
        value.slice(0, -1),
        value.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
      ]) {
        if (changed === value) continue;
        const answer = await world.post(url.slice(world.url.length), body, { ...signed, [header]: changed });
        expect([header, changed, answer.status]).toEqual([header, changed, 401]);
      }
    }
    const rows = await world.store.facts(webhookInbox).scoped('default').count({ source: name });
    expect(rows).toBe(1);
  });
});
