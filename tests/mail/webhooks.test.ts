// What Resend posts, signed by the standard's own package, moves mails and holds through the real door and worker.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emailLogs, queuedMail } from '../../models/email-log.ts';
import { suppressions } from '../../models/suppression.ts';
import { webhookInbox } from '../../models/webhook-inbox.ts';
import { resendSource } from '../../src/features/mail/webhooks.ts';
import { testCtx } from '../support/context.ts';
import { resendEvent, svixHeaders } from '../support/fakes/resend.ts';
import { mailOver } from '../support/mail-service.ts';
import { secrets, type WebhookWorld, webhookWorld } from '../webhooks/webhook-world.ts';
import { ASHA } from './support.ts';

let world: WebhookWorld;

beforeEach(async () => {
  world = await webhookWorld();
});
afterEach(async () => {
  await world.close();
});

const minutes = (n: number): Date => new Date(Date.parse('2026-11-02T09:00:00Z') + n * 60_000);

/** A row as the sender leaves it; `providerId` null where its answer was lost. */
async function sent(id = 'eml_one', providerId: string | null = 'prov-1', store = world.store) {
  const words = { subject: 'S', text: 'T', html: '<p>T</p>' };
  const row = {
    ...queuedMail(
      { ...words, to: ASHA, from: 'x', template: 'test', category: 'transactional', itemId: `${id}:1:1` },
      minutes(0),
    ),
    state: 'sent',
    rank: 20,
    provider: 'resend',
    providerId,
    sentAt: minutes(0),
  } as const;
  const history = { effectKey: `made:${id}`, at: minutes(0), by: 'system', operation: 'mail.send' };
  await store.facts(emailLogs).scoped('default').insertOnce(id, row, { history, items: [] });
  return { id: providerId ?? 'prov-1', to: [ASHA], tags: { wardroom_mail: id } };
}

const logs = async (store = world.store) =>
  await store.facts(emailLogs).scoped('default').find({ where: {}, limit: 10 });
const holds = async () =>
  await world.store.facts(suppressions).scoped('default').find({ where: {}, limit: 10 });
const inbox = async () =>
  await world.store.facts(webhookInbox).scoped('default').find({ where: {}, limit: 50 });

let posted = 0;

async function post(event: unknown, id = `msg_${++posted}`) {
  const body = JSON.stringify(event);
  const headers = svixHeaders(secrets.resend, id, world.clock.now(), body);
  const answer = await world.post('/webhooks/resend', body, headers);
  await world.settle();
  return answer;
}

describe('an event of Resend', () => {
  it('that a mail bounced moves its row and holds the address back, once however often it is told', async () => {
    const mail = await sent();
    const bounce = { message: `550 5.1.1 <${ASHA}> unknown`, type: 'Permanent', subType: 'NoEmail' };
    const event = resendEvent('email.bounced', mail, minutes(2), { bounce });
    const answers = [await post(event, 'msg_a'), await post(event, 'msg_a'), await post(event, 'msg_b')];

    expect(answers.map(({ status }) => status)).toEqual([202, 200, 202]);

    expect(await logs()).toMatchObject([
      { state: 'bounced', stateAt: minutes(2), detail: '550 5.1.1 <«email»> unknown' },
    ]);
    expect(await holds()).toMatchObject([
      { address: ASHA, holder: 'provider', active: true, reason: 'bounce (NoEmail)', mail: 'eml_one' },
    ]);
    expect((await holds())[0]?.history).toHaveLength(1);
    expect((await inbox()).every(({ status }) => status === 'done')).toBe(true);
  });

  it('that a bounce may pass holds nobody back', async () => {
    const mail = await sent();
    await post(
      resendEvent('email.bounced', mail, minutes(2), { bounce: { message: 'full', type: 'Transient' } }),
    );

    expect(await logs()).toMatchObject([{ state: 'bounced' }]);
    expect(await holds()).toEqual([]);
  });

  it('that came before the answer to our own request finds its mail by the tag that travelled with it', async () => {
    const mail = await sent('eml_one', null);
    await post(resendEvent('email.delivered', mail, minutes(1)));

    expect(await logs()).toMatchObject([{ state: 'delivered', providerId: 'prov-1' }]);
  });

  it('without tags, or with a list of them, finds its mail too', async () => {
    const mail = await sent();
    await post(resendEvent('email.delivered', { ...mail, tags: {} }, minutes(1)));
    expect(await logs()).toMatchObject([{ state: 'delivered' }]);
    const listed = resendEvent('email.complained', { ...mail, id: 'other' }, minutes(3), {
      tags: [{ name: 'wardroom_mail', value: 'eml_one' }],
    });
    await post(listed);

    expect(await logs()).toMatchObject([{ state: 'complained', providerId: 'prov-1' }]);
  });

  it('of a mail that was not sent from here ends as done, moves nothing, and still holds a bounced address back', async () => {
    await sent();
    const foreign = { id: 'prov-9', to: ['ravi@example.com'], tags: {} };
    await post(resendEvent('email.delivered', foreign, minutes(1)));
    await post(
      resendEvent('email.bounced', foreign, minutes(2), { bounce: { message: 'x', type: 'Permanent' } }),
    );

    expect(await logs()).toMatchObject([{ state: 'sent' }]);
    expect(await holds()).toMatchObject([{ address: 'ravi@example.com', mail: null }]);
    expect((await inbox()).map(({ status, attempts }) => [status, attempts])).toEqual([
      ['done', 1],
      ['done', 1],
    ]);
  });

  it.each(['contact.created', 'domain.updated', 'email.received', 'email.scheduled', 'something.new'])(
    'of a kind that is nothing of ours is done with: %s',
    async (type) => {
      await post({ type, created_at: minutes(1).toISOString(), data: { any: 'thing' } });

      expect(await inbox()).toMatchObject([{ status: 'done', note: `${type}: nothing to do` }]);
    },
  );

  it('of a kind of ours and another shape is a dead letter, and answered as taken all the same', async () => {
    const { status } = await post({ type: 'email.bounced', created_at: 'yesterday', data: {} });

    expect(status).toBe(202);
    expect(await inbox()).toMatchObject([{ status: 'dead' }]);
  });

  it('under a wrong signature, or of another moment, is refused and leaves nothing', async () => {
    const body = JSON.stringify(resendEvent('email.delivered', await sent(), minutes(1)));
    const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const wrong = svixHeaders(other, 'msg_x', world.clock.now(), body);
    const old = svixHeaders(secrets.resend, 'msg_y', new Date(world.clock.now().getTime() - 301_000), body);

    expect((await world.post('/webhooks/resend', body, wrong)).status).toBe(401);
    expect((await world.post('/webhooks/resend', body, old)).status).toBe(401);
    expect(await inbox()).toEqual([]);
  });

  it('puts no address into the log', async () => {
    const mail = await sent();
    await post(
      resendEvent('email.bounced', mail, minutes(2), { bounce: { message: ASHA, type: 'Permanent' } }),
    );

    expect(world.logs.join('\n')).not.toContain(ASHA);
    expect(JSON.stringify((await inbox()).map(({ note }) => note))).not.toContain('@');
  });
});

describe('the list that Resend keeps', () => {
  const listed = (type: string, minute: number, email = ASHA) => ({
    type,
    created_at: minutes(minute).toISOString(),
    data: { id: 's', email, origin: 'bounce', source_id: null, created_at: minutes(minute).toISOString() },
  });

  it.each([
    [['suppression.added', 'suppression.removed'], false],
    [['suppression.removed', 'suppression.added'], true],
  ] as const)('is followed by time, whatever comes first: %j', async (types, active) => {
    const events = types.map((type, minute) => listed(type, minute));
    for (const event of events.toReversed()) await post(event);
    for (const event of events) await post(event);

    expect(await holds()).toMatchObject([{ address: ASHA, active }]);
  });

  it('lifts nothing that staff or the reader hold', async () => {
    const mail = mailOver(world.store);
    await mail.suppress(testCtx({ now: minutes(0) }), ASHA, 'asked by phone');
    await mail.hold(testCtx({ now: minutes(0) }), {
      address: ASHA,
      holder: 'reader',
      active: true,
      reason: 'unsubscribed',
      at: minutes(0),
    });
    await post(listed('suppression.added', 1));
    await post(listed('suppression.removed', 2));

    const known = (await holds()).map(({ holder, active }) => [holder, active]).sort();
    expect(known).toEqual([
      ['provider', false],
      ['reader', true],
      ['staff', true],
    ]);
  });
});

describe('everything that is told of one mail', () => {
  const bounce = { bounce: { message: 'gone', type: 'Permanent' } };
  const tagged = { id: 'prov-1', to: [ASHA], tags: { wardroom_mail: 'eml_one' } };
  const events = [
    resendEvent('email.sent', tagged, minutes(1)),
    resendEvent('email.delivery_delayed', tagged, minutes(2)),
    resendEvent('email.delivered', tagged, minutes(3)),
    resendEvent('email.opened', tagged, minutes(4)),
    resendEvent('email.opened', tagged, minutes(9)),
    resendEvent('email.clicked', tagged, minutes(5), { click: { link: 'https://x.example' } }),
    resendEvent('email.bounced', tagged, minutes(6), bounce),
  ].map((payload, index) => ({ payload, id: `evt_${index}` }));

  async function tell(all: readonly (typeof events)[number][]) {
    const fresh = (await import('../../models/memory-store.ts')).createMemoryStore();
    await sent('eml_one', null, fresh);
    const services = { mail: mailOver(fresh) };
    for (const { payload, id } of all) {
      const ctx = testCtx({ effectKey: id, door: 'webhook' });
      await resendSource.execute({ ...ctx, services }, payload, {
        id,
        source: 'resend',
        receivedAt: ctx.now,
      });
    }
    const [row] = await logs(fresh);
    const { history: _, version: __, updatedAt: ___, outbox: ____, ...state } = row ?? {};
    return { state, history: row?.history ?? [] };
  }

  it('ends in the same row in any order and number', async () => {
    const inOrder = await tell(events);
    expect(inOrder.state).toMatchObject({
      state: 'bounced',
      detail: 'gone',
      providerId: 'prov-1',
      openedAt: minutes(4),
      clickedAt: minutes(5),
    });
    const orders = fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 });
    await fc.assert(
      fc.asyncProperty(orders, async (shuffled) => {
        const { state, history } = await tell(shuffled);
        expect(state).toEqual(inOrder.state);
        expect(history.length).toBeLessThanOrEqual(events.length + 1);
      }),
      { numRuns: 60 },
    );
  });
});
