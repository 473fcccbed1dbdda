// Facts told one at a time by our own clients: checked at the door, taken once, and in any order of arrival.
import { afterEach, describe, expect, it } from 'vitest';
import { streamFacts } from '../../models/stream-fact.ts';
import { OWN_SOURCE } from '../../src/core/ingestion.ts';
import { type WebhookWorld, webhookWorld } from '../webhooks/webhook-world.ts';

let open: WebhookWorld | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function fresh(): Promise<WebhookWorld> {
  open = await webhookWorld();
  return open;
}

const factsOf = ({ store }: WebhookWorld) =>
  store
    .records(streamFacts)
    .scoped('default')
    .find({ where: {}, sort: [['sequence', 1]], limit: 100 });

const sale = {
  type: 'transaction.recorded',
  at: '2026-11-02T09:00:00+05:30',
  data: { id: 'T-1', customer: 'c1', amountPaise: 49_900 },
};

describe('an event of a stream', () => {
  it('becomes a fact, once however often it is sent, the same as by any other door', async () => {
    const here = await fresh();
    for (const id of ['msg_1', 'msg_1', 'msg_2'])
      expect((await here.deliver('events', sale, id)).status).toBeLessThan(300);
    await here.settle();

    expect(await factsOf(here)).toMatchObject([
      { stream: 'transactions', source: OWN_SOURCE, externalId: 'T-1', data: { amountPaise: 49_900 } },
    ]);
  });

  it.each([
    [{ ...sale, data: { ...sale.data, amountPaise: '12' } }, 'data.amountPaise'],
    [{ ...sale, data: { id: 'T-1' } }, 'data.amountPaise'],
    [{ ...sale, at: 'today' }, 'at'],
    [{ ...sale, type: 'transaction.guessed' }, 'type'],
    [{ ...sale, data: { ...sale.data, colour: 'red' } }, 'data'],
  ])('is refused with 422 and the field that is wrong: %#', async (body, field) => {
    const here = await fresh();
    const answer = await here.deliver('events', body, 'msg_1');

    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`"field":"${field}"`);
    expect(await factsOf(here)).toEqual([]);
  });

  it('keeps an invitation claimed and on the day it was sent, whichever event comes first', async () => {
    const sent = {
      type: 'invite.sent',
      at: '2026-11-01T09:00:00Z',
      data: { id: 'inv_1', customer: 'c1', source: 'whatsapp' },
    };
    const claimed = {
      type: 'invite.claimed',
      at: '2026-11-02T09:00:00Z',
      data: { ...sent.data, sentAt: sent.at, invitee: 'c2' },
    };
    for (const events of [
      [sent, claimed],
      [claimed, sent],
    ]) {
      const here = await fresh();
      for (const [n, event] of events.entries()) {
        await here.deliver('events', event, `msg_${n}`);
        await here.settle();
      }
      expect((await factsOf(here)).at(-1)).toMatchObject({
        at: new Date(sent.at),
        data: { status: 'claimed', claimedAt: claimed.at },
      });
      await here.close();
    }
    open = undefined;
  });
});
