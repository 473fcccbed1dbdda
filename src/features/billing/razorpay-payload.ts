// What Razorpay's events hold, as far as it is read. Source: razorpay.com/docs/webhooks/payloads.
import { z } from 'zod';

const MOST_PAISE = 1_000_000_000_000;

const id = z.string().min(1).max(100);
const seconds = z.int().min(0).max(99_999_999_999);
const paise = z.int().min(0).max(MOST_PAISE);
const words = z.string().max(2_000);

const payment = z.object({
  id,
  amount: paise,
  currency: z.string().max(3),
  status: z.enum(['created', 'authorized', 'captured', 'refunded', 'failed']),
  order_id: id.nullish(),
  invoice_id: id.nullish(),
  customer_id: id.nullish(),
  method: words.nullish(),
  amount_refunded: paise.nullish(),
  fee: paise.nullish(),
  tax: paise.nullish(),
  error_reason: words.nullish(),
  error_description: words.nullish(),
  created_at: seconds,
});

const subscription = z.object({
  id,
  plan_id: id,
  customer_id: id.nullish(),
  status: z.enum([
    'created',
    'authenticated',
    'active',
    'pending',
    'halted',
    'cancelled',
    'completed',
    'expired',
    'paused',
  ]),
  quantity: z.int().min(1).max(1_000_000).nullish(),
  current_start: seconds.nullish(),
  current_end: seconds.nullish(),
  start_at: seconds.nullish(),
  /** An empty list where there are none. */
  notes: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).nullish(),
});

const invoice = z.object({ id, subscription_id: id.nullish() });
const refund = z.object({ id, payment_id: id, amount: paise, status: words.nullish() });
const order = z.object({ id, status: words.nullish() });

const holding = <T extends z.ZodType>(entity: T) => z.object({ entity }).optional();

/** Only what bears on payments and subscriptions; everything else that Razorpay can send is of an unknown shape. */
export const razorpayEvent = z.object({
  event: z.string().regex(/^(payment|subscription|refund|order|invoice)\.[a-z_.]{1,60}$/),
  created_at: seconds,
  payload: z.object({
    payment: holding(payment),
    subscription: holding(subscription),
    invoice: holding(invoice),
    refund: holding(refund),
    order: holding(order),
  }),
});

export type RazorpayEvent = z.output<typeof razorpayEvent>;
export type Payment = z.output<typeof payment>;
export type Subscription = z.output<typeof subscription>;
