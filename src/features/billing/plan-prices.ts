// Learns what plans of Razorpay cost from the events that name a price: subscriptions themselves carry none.
import type { RazorpayPlan } from '../../../models/razorpay-plan.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { RecordCollection } from '../../core/store.ts';
import type { PlanPrice } from './razorpay-rows.ts';

export interface ToldPrice extends PlanPrice {
  readonly toldAt: Date;
}

export interface PlanPrices {
  find(ctx: Ctx, plan: string): Promise<PlanPrice | null>;
  /** Keeps the price unless a newer one is known: a first charge may hold more than the plan. */
  learn(ctx: Ctx, plan: string, told: ToldPrice): Promise<void>;
}

const MAX_TRIES = 20;

export function createPlanPrices({ plans }: { readonly plans: RecordCollection<RazorpayPlan> }): PlanPrices {
  const idOf = (ctx: Ctx, plan: string): string => `${ctx.tenant}:${plan}`;

  async function learn(ctx: Ctx, plan: string, told: ToldPrice): Promise<void> {
    const scoped = plans.scoped(ctx.tenant);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const { record, inserted } = await scoped.insertOnce(idOf(ctx, plan), { plan, ...told });
      if (inserted || told.toldAt <= record.toldAt) return;
      if (await scoped.compareAndSet(record, told)) return;
    }
    throw new AppError('record.busy', `The price of “${plan}” is being changed by others.`, {
      retryable: true,
    });
  }

  return { learn, find: (ctx, plan) => plans.scoped(ctx.tenant).get(idOf(ctx, plan)) };
}
