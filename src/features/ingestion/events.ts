// The events by which our own clients tell of facts one at a time: one type for each stream, in the envelope of all events.
import { z } from 'zod';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { type FactDoor, OWN_SOURCE } from '../../core/ingestion.ts';
import type { StreamName } from '../../core/rollups.ts';
import type { ReceivedEvent } from '../../core/webhook-source.ts';
import { streams } from './streams.ts';

const at = z.iso
  .datetime({ offset: true })
  .describe('when it happened, such as 2026-11-02T09:30:00Z')
  .meta({ example: '2026-11-02T09:30:00Z' });

/** An event whose data is a row of the stream but for its time, which the envelope has. */
const recorded = <const T extends string>(type: T, stream: StreamName) =>
  z.strictObject({ type: z.literal(type), at, data: streams[stream].row.omit({ at: true }) });

const ofInvite = { at: true, status: true, claimedAt: true } as const;

const inviteSent = z.strictObject({
  type: z.literal('invite.sent'),
  at,
  data: streams.invites.row.omit(ofInvite),
});

const inviteClaimed = z.strictObject({
  type: z.literal('invite.claimed'),
  at,
  data: streams.invites.row
    .omit(ofInvite)
    .extend({ sentAt: at.describe('when it was sent: the day that it counts for') }),
});

export const streamEvents = z.discriminatedUnion('type', [
  recorded('transaction.recorded', 'transactions'),
  recorded('customer.recorded', 'customers'),
  recorded('subscription.changed', 'subscriptions'),
  recorded('payment.recorded', 'payments'),
  recorded('claim.recorded', 'claims'),
  recorded('supplier.recorded', 'suppliers'),
  recorded('operation.recorded', 'operations'),
  recorded('marketing_cost.recorded', 'marketing_costs'),
  recorded('brand_spend.recorded', 'brand_spend'),
  inviteSent,
  inviteClaimed,
]);

export type StreamEvent = z.output<typeof streamEvents>;

const streamOf: Readonly<Record<StreamEvent['type'], StreamName>> = {
  'transaction.recorded': 'transactions',
  'customer.recorded': 'customers',
  'subscription.changed': 'subscriptions',
  'payment.recorded': 'payments',
  'claim.recorded': 'claims',
  'supplier.recorded': 'suppliers',
  'operation.recorded': 'operations',
  'marketing_cost.recorded': 'marketing_costs',
  'brand_spend.recorded': 'brand_spend',
  'invite.sent': 'invites',
  'invite.claimed': 'invites',
};

export function isStreamEvent(given: { readonly type: string }): given is StreamEvent {
  return Object.hasOwn(streamOf, given.type);
}

/** Takes the fact in and answers what it did. @throws AppError `webhook.shape` for a row that the stream refuses. */
export async function takeStreamEvent(
  { services, ...ctx }: Ctx & { readonly services: { readonly ingestion: FactDoor } },
  given: StreamEvent,
  { source, receivedAt }: ReceivedEvent,
): Promise<string> {
  const origin = { source: source === 'events' ? OWN_SOURCE : source, receivedAt };
  const { rows } = await services.ingestion.ingest(ctx, streamOf[given.type], [rowOf(given)], origin);
  const [row] = rows;
  if (row && row.result !== 'rejected') return `${given.type} ${row.id ?? ''}: ${row.result}`;
  throw new AppError('webhook.shape', `data.${row?.field ?? ''}: ${row?.reason ?? 'was not taken'}`);
}

/** What was claimed stays claimed, in whatever order the two events come. */
function rowOf({ type, at: told, data }: StreamEvent): Readonly<Record<string, unknown>> {
  if (type === 'invite.sent') return { ...data, at: told, status: 'sent', revision: 0 };
  if (type !== 'invite.claimed') return { ...data, at: told };
  const { sentAt, ...invite } = data;
  return { ...invite, at: sentAt, status: 'claimed', claimedAt: told, revision: 1 };
}
