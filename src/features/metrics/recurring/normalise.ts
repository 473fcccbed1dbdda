// What a subscription is worth a month, in whole paise: the normalisation under every recurring number.

export const billingIntervals = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type BillingInterval = (typeof billingIntervals)[number];

export const subscriptionStatuses = ['trialing', 'active', 'past_due', 'paused', 'cancelled'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

export const discountDurations = ['forever', 'repeating', 'once'] as const;
export type DiscountDuration = (typeof discountDurations)[number];

/** What is agreed of a subscription from an instant on. Amounts are whole paise, without tax. */
export interface Terms {
  readonly status: SubscriptionStatus;
  readonly tier: string;
  /** Of one unit, for one period. */
  readonly pricePaise: number;
  readonly quantity: number;
  readonly interval: BillingInterval;
  /** Periods of several intervals: 3 for one of three months. */
  readonly intervalCount: number;
  /** Off the whole of one period: an amount, and a share in hundredths of a percent of what is left. */
  readonly discountPaise: number;
  readonly discountBasisPoints: number;
  readonly discountDuration: DiscountDuration;
  /** Billed by use: no part of what recurs. */
  readonly metered: boolean;
}

/**
 * How many of a period make a month, as a fraction. The field says 4 weeks and 30 days a month; these are exact
 * (52 weeks and 365 days a year), after research/product.md §4.
 */
const perMonth: Readonly<Record<BillingInterval, readonly [times: bigint, over: bigint]>> = {
  day: [365n, 12n],
  week: [52n, 12n],
  month: [1n, 1n],
  quarter: [1n, 3n],
  year: [1n, 12n],
};

/**
 * Monthly recurring revenue of one subscription, in whole paise.
 * Counted are `active` and `past_due`; a trial, a pause, a free plan and metered use count nothing. A discount for
 * ever takes its share off, one that ends does not (Stripe, billing analytics). Fractions of a paisa are rounded
 * half up once, here, per subscription: what is added and compared later are these whole numbers.
 */
export function monthlyPaise(terms: Terms): number {
  const { status, metered, pricePaise, quantity, interval, intervalCount } = terms;
  if (metered || (status !== 'active' && status !== 'past_due')) return 0;
  const isOff = terms.discountDuration === 'forever';
  const period = BigInt(pricePaise) * BigInt(quantity) - (isOff ? BigInt(terms.discountPaise) : 0n);
  if (period <= 0n) return 0;
  const share = WHOLE - (isOff ? BigInt(terms.discountBasisPoints) : 0n);
  const [times, over] = perMonth[interval];
  return Number(roundHalfUp(period * share * times, WHOLE * over * BigInt(intervalCount)));
}

/** In hundredths of a percent. */
const WHOLE = 10_000n;

function roundHalfUp(above: bigint, below: bigint): bigint {
  return (2n * above + below) / (2n * below);
}
