// Razorpay's payments and subscriptions as rows of our streams, ranked so that every order of arrival ends alike.
import type { PlanInterval } from '../../../models/razorpay-plan.ts';
import type { Payment, Subscription } from './razorpay-payload.ts';

type Row = Readonly<Record<string, string | number>>;

const LABEL = 80;
const PHASE = 2_000_000_000_000_000;
const SECOND = 100_000;
const SHARES = 49_999;

/** Payment has happened or it has not: captured, partly and wholly refunded are all after it. */
const phaseOf = { created: 0, failed: 1, authorized: 2, captured: 3, refunded: 3 } as const;

/**
 * The payment as it stands in this event. The revision decides between statements, whenever they come: first how far
 * the payment has got — so that none goes back from paid, and a late authorisation replaces a failure —, then when
 * Razorpay wrote the event, then how much is refunded, then whether the subscription is known. It stays below 2⁵³:
 * 3 phases of 2·10¹⁵, seconds until the year 2603 times 10⁵, and 50,000 shares of a refund.
 */
export function paymentRow(payment: Payment, told: { at: number; subscription?: string | undefined }): Row {
  const { id, amount, currency, status, created_at: createdAt } = payment;
  const refunded = Math.min(payment.amount_refunded ?? (status === 'refunded' ? amount : 0), amount);
  const share = amount > 0 ? Math.floor((refunded / amount) * SHARES) : 0;
  const known = told.subscription === undefined ? 0 : 1;
  const reason = payment.error_reason ?? payment.error_description;
  return {
    id,
    at: instant(createdAt * 1_000),
    revision: phaseOf[status] * PHASE + told.at * SECOND + share * 2 + known,
    status: statusOf(payment, refunded),
    amountPaise: amount,
    currency,
    refundedPaise: refunded,
    feePaise: payment.fee ?? 0,
    taxPaise: payment.tax ?? 0,
    ...given('customer', payment.customer_id),
    ...given('subscription', told.subscription),
    ...given('order', payment.order_id),
    ...given('invoice', payment.invoice_id),
    ...given('method', labelOf(payment.method)),
    ...given('reason', status === 'failed' ? labelOf(reason) : null),
  };
}

function statusOf({ status, amount }: Payment, refunded: number): string {
  if (status !== 'captured' && status !== 'refunded') return status;
  if (refunded === 0) return status;
  return refunded < amount ? 'partially_refunded' : 'refunded';
}

export interface PlanPrice {
  readonly pricePaise: number;
  readonly interval: PlanInterval;
  readonly intervalCount: number;
}

type Movement = 'trialing' | 'active' | 'past_due' | 'paused' | 'cancelled';

/** What a state of Razorpay's is to us; null while nothing has begun. Within one second the later state stands later. */
const movementOf: Readonly<
  Record<Subscription['status'], { readonly to: Movement | null; readonly rank: number }>
> = {
  created: { to: null, rank: 0 },
  authenticated: { to: 'trialing', rank: 1 },
  active: { to: 'active', rank: 2 },
  pending: { to: 'past_due', rank: 3 },
  halted: { to: 'past_due', rank: 4 },
  paused: { to: 'paused', rank: 5 },
  cancelled: { to: 'cancelled', rank: 6 },
  completed: { to: 'cancelled', rank: 7 },
  expired: { to: 'cancelled', rank: 8 },
};

const tiers = ['free', 'starter', 'pro', 'enterprise'];

/** What the subscription has come to; authenticated is a trial only where its first charge lies ahead. */
export function movementIn({ status, start_at: startAt }: Subscription, at: number): Movement | null {
  const { to } = movementOf[status];
  return to === 'trialing' && (startAt ?? 0) <= at ? null : to;
}

/** @param price null where it is not known; only what is being paid for must have one. */
export function subscriptionRow(
  subscription: Subscription,
  told: { readonly at: number; readonly to: Movement; readonly price: PlanPrice | null },
): Row {
  const { id, plan_id: plan, status, notes } = subscription;
  const tier = notes && !Array.isArray(notes) ? notes['tier'] : undefined;
  const ends = told.to === 'trialing' ? null : subscription.current_end;
  const { pricePaise, interval, intervalCount } = told.price ?? {
    pricePaise: 0,
    interval: 'month',
    intervalCount: 1,
  };
  return {
    id: `${id}-${told.at}-${status}`,
    at: instant(told.at * 1_000 + movementOf[status].rank),
    subscription: id,
    customer: subscription.customer_id ?? id,
    plan: labelOf(plan) ?? plan,
    ...(typeof tier === 'string' && tiers.includes(tier) ? { tier } : {}),
    status: told.to,
    quantity: subscription.quantity ?? 1,
    pricePaise,
    interval,
    intervalCount,
    ...given('trialEndsAt', told.to === 'trialing' ? stamp(subscription.start_at) : null),
    ...given('periodEndsAt', stamp(ends)),
    ...(status === told.to ? {} : { reason: status }),
  };
}

const DAY_SECONDS = 86_400;
const periods: readonly (readonly [days: number, interval: PlanInterval])[] = [
  [365.25, 'year'],
  [91.3, 'quarter'],
  [30.44, 'month'],
  [7, 'week'],
];

/** The length of a paid period in the words of a plan: the largest unit that it is a whole number of, within 5 %. */
export function periodOf(
  startSeconds: number,
  endSeconds: number,
): Pick<PlanPrice, 'interval' | 'intervalCount'> {
  const days = Math.max(1, (endSeconds - startSeconds) / DAY_SECONDS);
  for (const [length, interval] of periods) {
    const times = Math.round(days / length);
    if (times >= 1 && times <= 12 && Math.abs(days - times * length) / days < 0.05)
      return { interval, intervalCount: times };
  }
  return { interval: 'day', intervalCount: Math.min(120, Math.round(days)) };
}

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();
const stamp = (seconds: number | null | undefined): string | null =>
  seconds ? instant(seconds * 1_000) : null;

function labelOf(text: string | null | undefined): string | null {
  const plain = (text ?? '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, LABEL)
    .trim();
  return plain === '' ? null : plain;
}

const given = (field: string, value: string | null | undefined): Row =>
  value === null || value === undefined || value === '' ? {} : { [field]: value };
