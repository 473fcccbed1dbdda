// The webhook source of Razorpay: its events become facts of payments and subscriptions, in any order and number.
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { FactDoor, JudgedRow } from '../../core/ingestion.ts';
import { type ReceivedEvent, sourcesOf } from '../../core/webhook-source.ts';
import type { PlanPrices } from './plan-prices.ts';
import { type RazorpayEvent, razorpayEvent } from './razorpay-payload.ts';
import { movementIn, paymentRow, periodOf, subscriptionRow } from './razorpay-rows.ts';

interface Needs {
  readonly ingestion: FactDoor;
  readonly planPrices: PlanPrices;
}

type Call = Ctx & { readonly services: Needs };

export const razorpaySource = sourcesOf<Needs>()({
  name: 'razorpay',
  summary: 'Payments and subscriptions of Razorpay',
  scheme: 'razorpay',
  secretVariable: 'RAZORPAY_WEBHOOK_SECRET',
  checkedAt: 'worker',
  payload: razorpayEvent,
  sample: (id, at) => ({
    entity: 'event',
    event: 'payment.captured',
    contains: ['payment'],
    payload: { payment: { entity: samplePayment(id, at) } },
    created_at: Math.floor(at.getTime() / 1_000),
  }),
  handle: async (ctx, told, event) => {
    await learnPrice(ctx, told);
    const taken = [await takePayment(ctx, told, event), await takeSubscription(ctx, told, event)];
    const notes = taken.filter((note) => note !== null);
    return notes.length > 0 ? `${told.event}: ${notes.join('; ')}` : `${told.event}: nothing to keep`;
  },
});

const samplePayment = (id: string, at: Date) => ({
  id: `pay_${id}`,
  entity: 'payment',
  amount: 100,
  currency: 'INR',
  status: 'captured',
  method: 'upi',
  amount_refunded: 0,
  captured: true,
  created_at: Math.floor(at.getTime() / 1_000),
});

async function takePayment(ctx: Call, told: RazorpayEvent, event: ReceivedEvent): Promise<string | null> {
  const { payment, subscription, invoice } = told.payload;
  if (!payment) return null;
  const known = subscription?.entity.id ?? invoice?.entity.subscription_id ?? undefined;
  const row = paymentRow(payment.entity, { at: told.created_at, subscription: known });
  return await take(ctx, 'payments', row, event);
}

async function takeSubscription(
  ctx: Call,
  told: RazorpayEvent,
  event: ReceivedEvent,
): Promise<string | null> {
  const { subscription } = told.payload;
  if (!subscription || !told.event.startsWith('subscription.')) return null;
  const { entity } = subscription;
  const to = movementIn(entity, told.created_at);
  if (to === null) return `${entity.id} has not begun`;
  const price = await ctx.services.planPrices.find(ctx, entity.plan_id);
  if (price === null && to === 'active')
    throw new AppError(
      'record.conflict',
      `What “${entity.plan_id}” costs is not known until its first charge comes; replay this then.`,
      { retryable: true },
    );
  return await take(ctx, 'subscriptions', subscriptionRow(entity, { at: told.created_at, to, price }), event);
}

/** A charge is the price of all seats for one period: no event names the price of the plan itself. */
async function learnPrice(ctx: Call, told: RazorpayEvent): Promise<void> {
  const { subscription, payment } = told.payload;
  if (told.event !== 'subscription.charged' || !subscription || payment?.entity.status !== 'captured') return;
  const { plan_id: plan, quantity, current_start: start, current_end: end } = subscription.entity;
  if (!start || !end) return;
  const pricePaise = Math.round(payment.entity.amount / (quantity ?? 1));
  const toldAt = new Date(told.created_at * 1_000);
  await ctx.services.planPrices.learn(ctx, plan, { pricePaise, ...periodOf(start, end), toldAt });
}

async function take(
  { services, ...ctx }: Call,
  stream: string,
  row: Readonly<Record<string, unknown>>,
  { source, receivedAt }: ReceivedEvent,
): Promise<string> {
  const { rows } = await services.ingestion.ingest(ctx, stream, [row], { source, receivedAt });
  const [judged] = rows;
  return `${String(row['id'])} ${String(row['status'])}, ${judged ? outcomeOf(judged) : 'kept'}`;
}

const outcomeOf = ({ result, field, reason }: JudgedRow): string =>
  result === 'rejected' ? `rejected: ${field} ${reason}` : result;
