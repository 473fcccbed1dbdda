// Razorpay's events end in the same facts whatever their order and number, and no payment goes back from paid.
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../models/memory-store.ts';
import { razorpayPlans } from '../../models/razorpay-plan.ts';
import type { FactData } from '../../src/core/stream.ts';
import { createPlanPrices } from '../../src/features/billing/plan-prices.ts';
import { periodOf } from '../../src/features/billing/razorpay-rows.ts';
import { razorpaySource } from '../../src/features/billing/webhooks.ts';
import { shapeProblems } from '../../src/features/webhooks/payload-problems.ts';
import { testCtx } from '../support/context.ts';
import { ingestionWorld } from '../support/ingestion-world.ts';
import { type WebhookWorld, webhookWorld } from '../webhooks/webhook-world.ts';

let open: WebhookWorld | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** As razorpay.com/docs/webhooks/payloads/payments shows it. */
const payment = (over: Record<string, unknown> = {}) => ({
  id: 'pay_DESlfW9H8K9uqM',
  entity: 'payment',
  amount: 10_000,
  currency: 'INR',
  status: 'authorized',
  order_id: 'order_DESlLckIVRkHWj',
  invoice_id: null,
  international: false,
  method: 'netbanking',
  amount_refunded: 0,
  refund_status: null,
  captured: false,
  description: null,
  card_id: null,
  bank: 'HDFC',
  wallet: null,
  vpa: null,
  email: 'someone@example.com',
  contact: '+910000000000',
  notes: [],
  fee: null,
  tax: null,
  error_code: null,
  error_description: null,
  error_source: null,
  error_step: null,
  error_reason: null,
  acquirer_data: { bank_transaction_id: '0125836177' },
  created_at: 1_793_600_000,
  ...over,
});

const event = (name: string, at: number, payload: Record<string, unknown>) => ({
  entity: 'event',
  account_id: 'acc_BFQ7uQEaa7j2z7',
  event: name,
  contains: Object.keys(payload),
  payload: Object.fromEntries(Object.entries(payload).map(([key, entity]) => [key, { entity }])),
  created_at: at,
});

const AT = 1_793_600_006;
const captured = { status: 'captured', captured: true, fee: 236, tax: 36 };
const refund = (id: string, amount: number) => ({
  id,
  entity: 'refund',
  amount,
  payment_id: 'pay_DESlfW9H8K9uqM',
  status: 'processed',
});

/** The life of one payment: a failure, a late authorisation, the capture, two refunds. */
const life = [
  event('payment.failed', AT, {
    payment: payment({ status: 'failed', error_reason: 'payment_failed', error_description: 'Bank down' }),
  }),
  event('payment.authorized', AT + 5, { payment: payment() }),
  event('payment.captured', AT + 5, { payment: payment(captured) }),
  event('order.paid', AT + 6, {
    payment: payment(captured),
    order: { id: 'order_DESlLckIVRkHWj', amount: 10_000, status: 'paid' },
  }),
  event('refund.created', AT + 60, {
    refund: refund('rfnd_1', 2_500),
    payment: payment({ ...captured, amount_refunded: 2_500, refund_status: 'partial' }),
  }),
  event('refund.processed', AT + 90, {
    refund: refund('rfnd_2', 7_500),
    payment: payment({ ...captured, status: 'refunded', amount_refunded: 10_000, refund_status: 'full' }),
  }),
];

/** A world without a server: the source's own handler over ingestion. */
function quietWorld() {
  const store = createMemoryStore();
  const facts = ingestionWorld(store);
  const services = {
    ingestion: facts.ingestion,
    planPrices: createPlanPrices({ plans: store.records(razorpayPlans) }),
  };
  const tell = (payload: unknown, id: string): Promise<string> => {
    expect(shapeProblems(razorpaySource.payload, payload)).toEqual([]);
    const ctx = testCtx({ door: 'webhook', effectKey: id });
    const receivedAt = new Date(ctx.now.getTime() + Number(id.slice(1)));
    return razorpaySource.execute({ ...ctx, services }, payload, { id, source: 'razorpay', receivedAt });
  };
  const current = async (stream: string): Promise<readonly FactData[]> => {
    await facts.folding.round();
    const found = await facts.stores.facts
      .scoped('default')
      .find({ where: { stream, current: true }, sort: [['at', 1]], limit: 50 });
    return found.map(({ data }) => data ?? {});
  };
  return { tell, current, facts };
}

const rankOf = { failed: 1, authorized: 2, captured: 3, partially_refunded: 4, refunded: 5 } as const;

describe('a payment', () => {
  it('through the real door: one fact as it stands last, with its order, fee and refunds', async () => {
    open = await webhookWorld();
    for (const [n, told] of life.entries())
      expect((await open.deliver('razorpay', told, `evt_${n}`)).status).toBe(202);
    expect((await open.deliver('razorpay', life[2], 'evt_under_a_new_id')).status).toBe(200);
    await open.settle();
    const events = await open.webhooks.overview.events(testCtx(), { source: 'razorpay' }, 10);

    expect(events.map(({ status }) => status)).toEqual(Array(6).fill('done'));
    await open.facts.folding.round();
    const where = { stream: 'payments', current: true };
    const [fact, ...more] = await open.facts.stores.facts.scoped('default').find({ where, limit: 5 });
    expect(more).toEqual([]);
    expect(fact).toMatchObject({
      source: 'razorpay',
      externalId: 'pay_DESlfW9H8K9uqM',
      at: new Date(1_793_600_000_000),
      data: {
        status: 'refunded',
        amountPaise: 10_000,
        refundedPaise: 10_000,
        feePaise: 236,
        taxPaise: 36,
        order: 'order_DESlLckIVRkHWj',
        method: 'netbanking',
      },
    });
    expect(JSON.stringify(fact)).not.toContain('example.com');
  });

  it('ends alike in every order and with repeats, and never goes back from paid on the way', async () => {
    const orders = fc.shuffledSubarray([...life, ...life], { minLength: 6, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(orders, async (told) => {
        const { tell, current } = quietWorld();
        let reached = 0;
        for (const [n, one] of told.entries()) {
          await tell(one, `e${n}`);
          const [now] = await current('payments');
          const rank = rankOf[String(now?.['status']) as keyof typeof rankOf];
          if (reached >= rankOf.captured) expect(rank).toBeGreaterThanOrEqual(rankOf.captured);
          reached = Math.max(reached, rank);
        }
        const rest = life.filter((one) => !told.includes(one));
        for (const [n, one] of rest.entries()) await tell(one, `e${100 + n}`);
        expect(await current('payments')).toMatchObject([{ status: 'refunded', refundedPaise: 10_000 }]);
      }),
      { numRuns: 60 },
    );
  });

  it('whose refund failed is still paid, and has its money back in the sums', async () => {
    const { tell, current } = quietWorld();
    const failed = event('refund.failed', AT + 120, {
      refund: refund('rfnd_2', 7_500),
      payment: payment(captured),
    });
    for (const [n, one] of [...life, failed].reverse().entries()) await tell(one, `e${n}`);
    expect(await current('payments')).toMatchObject([{ status: 'captured', refundedPaise: 0 }]);
  });

  it('in another currency is kept as a reject with its reason, not as rupees', async () => {
    const { tell, current } = quietWorld();
    const note = await tell(
      event('payment.captured', AT, { payment: payment({ ...captured, currency: 'USD' }) }),
      'e1',
    );
    expect(note).toContain('rejected: currency');
    expect(await current('payments')).toEqual([]);
  });

  it.each([
    ['payment.downtime.started', { 'payment.downtime': { id: 'down_1' } }],
    ['invoice.expired', { invoice: { id: 'inv_1', subscription_id: null } }],
    ['refund.speed_changed', { refund: refund('rfnd_1', 1) }],
  ])('is not touched by %s without a payment', async (name, payload) => {
    const { tell, current } = quietWorld();
    expect(await tell(event(name, AT, payload), 'e1')).toContain('nothing to keep');
    expect(await current('payments')).toEqual([]);
  });

  it.each([
    event('settlement.processed', AT, {}),
    event('payment.captured', AT, { payment: payment({ amount: -1 }) }),
    event('payment.captured', AT, { payment: payment({ status: 'teleported' }) }),
    { event: 'payment.captured', created_at: AT },
  ])('of an unknown shape becomes a dead letter, and Razorpay is told nothing of it', async (odd) => {
    open = await webhookWorld();
    expect((await open.deliver('razorpay', odd)).status).toBe(202);
    await open.settle();
    const [row] = await open.webhooks.overview.events(testCtx(), { source: 'razorpay' }, 2);
    expect(row).toMatchObject({ status: 'dead', attempts: 1 });
  });
});

/** Long enough ago that a whole life of a subscription has happened. */
const BEGUN = AT - 60 * 86_400;

const subscription = (status: string, over: Record<string, unknown> = {}) => ({
  id: 'sub_DEX6xcJ1HSW4CR',
  entity: 'subscription',
  plan_id: 'plan_BvrFKjSxauOH7N',
  customer_id: 'cust_C0WlbKhp3aLA7W',
  status,
  quantity: 2,
  notes: { tier: 'pro' },
  current_start: BEGUN,
  current_end: BEGUN + 30 * 86_400,
  start_at: BEGUN,
  ...over,
});

const charge = (at: number, amount = 199_800) =>
  event('subscription.charged', at, {
    subscription: subscription('active'),
    payment: payment({ ...captured, id: `pay_${at}`, amount, invoice_id: 'inv_1', created_at: at }),
  });

describe('a subscription', () => {
  it('moves as Razorpay tells, in any order; its price is learnt from its charge', async () => {
    const told = [
      event('subscription.activated', BEGUN, { subscription: subscription('active') }),
      charge(BEGUN),
      event('subscription.pending', BEGUN + 30 * 86_400, { subscription: subscription('pending') }),
      event('subscription.halted', BEGUN + 33 * 86_400, { subscription: subscription('halted') }),
      event('subscription.cancelled', BEGUN + 40 * 86_400, { subscription: subscription('cancelled') }),
    ];
    const orders = fc.shuffledSubarray(told, { minLength: 5, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const { tell, current } = quietWorld();
        let left: readonly unknown[] = order;
        for (let round = 0; left.length > 0 && round < 3; round += 1) {
          const waiting: unknown[] = [];
          for (const [n, one] of left.entries())
            await tell(one, `e${round * 10 + n}`).catch((error: { retryable?: boolean }) => {
              expect(error).toMatchObject({ retryable: true });
              waiting.push(one);
            });
          left = waiting;
        }
        expect(left).toEqual([]);
        const rows = await current('subscriptions');
        expect(rows.map(({ status }) => status)).toEqual(['active', 'past_due', 'past_due', 'cancelled']);
        expect(rows[0]).toMatchObject({
          subscription: 'sub_DEX6xcJ1HSW4CR',
          customer: 'cust_C0WlbKhp3aLA7W',
          plan: 'plan_BvrFKjSxauOH7N',
          tier: 'pro',
          quantity: 2,
          pricePaise: 99_900,
          interval: 'month',
          intervalCount: 1,
        });
        expect(await current('payments')).toMatchObject([
          { subscription: 'sub_DEX6xcJ1HSW4CR', status: 'captured' },
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('that starts later is a trial until then, and one that has not begun is nothing yet', async () => {
    const { tell, current } = quietWorld();
    const later = { start_at: BEGUN + 14 * 86_400, current_start: null, current_end: null };
    const trial = event('subscription.authenticated', BEGUN, {
      subscription: subscription('authenticated', later),
    });
    expect(await tell(trial, 'e1')).toContain('trialing');
    const atOnce = event('subscription.authenticated', BEGUN, {
      subscription: subscription('authenticated'),
    });
    expect(await tell(atOnce, 'e2')).toContain('has not begun');
    expect(await current('subscriptions')).toMatchObject([
      { status: 'trialing', trialEndsAt: new Date((BEGUN + 14 * 86_400) * 1_000).toISOString() },
    ]);
  });

  it('waits for its price by retries, and a dead letter tells what to do', async () => {
    open = await webhookWorld();
    await open.deliver(
      'razorpay',
      event('subscription.activated', BEGUN, { subscription: subscription('active') }),
      'a',
    );
    await open.settle();
    expect(await open.webhooks.overview.events(testCtx(), {}, 2)).toMatchObject([
      { status: 'received', problem: expect.stringContaining('is not known until its first charge') },
    ]);
    await open.deliver('razorpay', charge(BEGUN), 'b');
    open.clock.advance(2_000);
    await open.settle();
    open.clock.advance(2_000);
    await open.settle();
    const events = await open.webhooks.overview.events(testCtx(), {}, 3);
    expect(events.map(({ status }) => status)).toEqual(['done', 'done']);
  });
});

it.each([
  [1, 'day', 1],
  [7, 'week', 1],
  [28, 'month', 1],
  [31, 'month', 1],
  [61, 'month', 2],
  [91, 'quarter', 1],
  [182, 'quarter', 2],
  [365, 'year', 1],
  [366, 'year', 1],
  [45, 'day', 45],
])('a period of %i days is %s × %i', (days, interval, intervalCount) => {
  const expected = days === 28 ? { interval: 'week', intervalCount: 4 } : { interval, intervalCount };
  expect(periodOf(BEGUN, BEGUN + days * 86_400)).toEqual(expected);
});
