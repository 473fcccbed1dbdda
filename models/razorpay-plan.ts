// The collection of Razorpay's plans as its events tell of them: what one seat costs for how long.
import type { Stored } from '../src/core/store.ts';
import { defineRecords } from './define.ts';

export const planIntervals = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type PlanInterval = (typeof planIntervals)[number];

export interface RazorpayPlan extends Stored {
  /** Razorpay's id, `plan_…`. */
  readonly plan: string;
  readonly pricePaise: number;
  readonly interval: PlanInterval;
  readonly intervalCount: number;
  /** Of the event that told it. */
  readonly toldAt: Date;
}

export const razorpayPlans = defineRecords<RazorpayPlan>({
  name: 'razorpay_plans',
  fields: {
    plan: { type: String, required: true },
    pricePaise: { type: Number, required: true, min: 0 },
    interval: { type: String, required: true, enum: planIntervals },
    intervalCount: { type: Number, required: true, min: 1 },
    toldAt: { type: Date, required: true },
  },
  about: {
    holds: 'What one seat of a plan of Razorpay costs and for how long, as its events told.',
    writer: 'src/features/billing/plan-prices.ts, from the webhook inbox',
    retention: 'kept: one small row for each plan',
  },
});
