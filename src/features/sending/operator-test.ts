// A test of a place that the operator set: it has no row of its own, so one is kept to carry its tests.
import type { WebhookSubscription } from '../../../models/webhook-subscription.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { derivedId } from '../../core/ids.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import type { FactCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { type EndpointView, type OperatorPlace, operatorView, type ViewParts } from './views.ts';

interface Parts extends ViewParts {
  readonly subscriptions: FactCollection<WebhookSubscription>;
}

/** Sends the item with a write of that row: a test is a write, and a write needs its fact. */
export async function testOperatorPlace(
  parts: Parts,
  ctx: Ctx,
  place: OperatorPlace,
  item: OutboxContent,
): Promise<EndpointView> {
  const rows = parts.subscriptions.scoped(ctx.tenant);
  const id = derivedId('whs', ctx.tenant, 'operator', place.name);
  const { kind, variable, url } = place;
  const plain = { kind, description: variable, events: [], host: new URL(url).host };
  const body = { ...plain, address: '', secrets: [], status: 'operator', reason: null } as const;
  const trace = traceOf(ctx, { target: place.name, after: { tested: place.name } }, item);
  const { inserted } = await rows.insertOnce(id, body, trace);
  if (!inserted) await changeOnce(rows, id, ctx.effectKey, () => ({ change: {}, trace }));
  return await operatorView(parts, ctx, place);
}
