// What the verbs of endpoints answer with, as JSON can say it.
import { z } from 'zod';
import { rowStatuses } from '../../../models/outbox-row.ts';
import { endpointKinds } from '../../../models/webhook-subscription.ts';
import type { DeliveryView, EndpointView } from './views.ts';

const date = z.iso.datetime().nullable();

export const shown = z.object({
  id: z.string(),
  setBy: z.enum(['staff', 'operator']),
  kind: z.enum(endpointKinds),
  host: z.string(),
  description: z.string(),
  events: z.array(z.string()),
  status: z.enum(['active', 'disabled', 'removed']),
  reason: z.string().nullable(),
  breaker: z.enum(['closed', 'open', 'half open']),
  failingSince: date,
  problem: z.string().nullable(),
  waiting: z.int(),
  dead: z.int(),
  lastSentAt: date,
  rotatingUntil: date,
});
export type Shown = z.output<typeof shown>;

export const withSecret = shown.extend({ secret: z.string().nullable() });

export const shownDelivery = z.object({
  id: z.string(),
  endpoint: z.string(),
  event: z.string(),
  status: z.enum(rowStatuses),
  attempts: z.int(),
  at: z.iso.datetime(),
  sentAt: date,
  problem: z.string().nullable(),
});
export type ShownDelivery = z.output<typeof shownDelivery>;

const text = (at: Date | null): string | null => at?.toISOString() ?? null;

export function show(view: EndpointView): Shown {
  const { events, failingSince, lastSentAt, rotatingUntil } = view;
  return {
    ...view,
    events: [...events],
    failingSince: text(failingSince),
    lastSentAt: text(lastSentAt),
    rotatingUntil: text(rotatingUntil),
  };
}

export const showDelivery = (delivery: DeliveryView): ShownDelivery => ({
  ...delivery,
  at: delivery.at.toISOString(),
  sentAt: text(delivery.sentAt),
});
