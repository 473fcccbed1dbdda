// What the sender knows of endpoints set by staff: who subscribes, how to reach one, and what its answers make of it.
import { type EndpointHealth, endpointHealth, healthy } from '../../models/endpoint-health.ts';
import type { Store } from '../../models/store.ts';
import {
  type EndpointKind,
  endpointDestination,
  kindOf,
  sealingPlace,
  type WebhookSubscription,
  webhookSubscriptions,
} from '../../models/webhook-subscription.ts';
import { systemActor } from '../core/actor.ts';
import { changeOnce } from '../core/change-once.ts';
import type { Ctx } from '../core/context.ts';
import type { OutboxContent } from '../core/outbox-item.ts';
import { buttons, context, reply, text, withStatus } from '../core/reply.ts';
import type { Sealer } from '../core/sealed-text.ts';
import { traceOf } from '../core/trace.ts';
import { changeRecord } from './change-record.ts';
import { type HealthEvent, type HealthState, healthAfter } from './endpoint-state.ts';
import type { Subscribers } from './types.ts';

/** An endpoint as it is called: with its address and the secrets that sign now, the current one first. */
export interface OpenEndpoint {
  readonly kind: EndpointKind;
  readonly url: string;
  readonly secrets: readonly string[];
}

export interface EndpointBook {
  readonly subscribers: Subscribers;
  /** Null when it is disabled or removed, or never was. */
  open(tenant: string, id: string, now: Date): Promise<OpenEndpoint | null>;
  delivered(tenant: string, id: string): Promise<void>;
  /** Notes a failure; answers until when the breaker is open, or null. Disables what only fails for five days. */
  failed(tenant: string, id: string, failure: Extract<HealthEvent, { kind: 'failed' }>): Promise<Date | null>;
  /** It said it is gone for good: disabled at once, and the rooms are told. */
  gone(tenant: string, id: string, at: Date): Promise<void>;
}

/** More endpoints than staff can add for one tenant. */
const MOST_ENDPOINTS = 1_000;

export function createEndpointBook(options: {
  readonly store: Store;
  readonly sealer: Sealer;
  /** Destinations that are told when an endpoint is disabled. */
  readonly rooms: readonly string[];
  readonly zone: string;
}): EndpointBook {
  const { store, sealer, rooms, zone } = options;
  const subscriptions = store.facts<WebhookSubscription>(webhookSubscriptions);
  const health = store.records<EndpointHealth>(endpointHealth);

  async function note(tenant: string, id: string, event: HealthEvent) {
    const records = health.scoped(tenant);
    let givenUp = false;
    const decide = (state: HealthState) => {
      const step = healthAfter(state, event);
      givenUp = step.givenUp;
      return step.change;
    };
    const known = await changeRecord(records, id, decide);
    if (known) return { state: known, givenUp };
    if (event.kind !== 'failed') return { state: healthy, givenUp: false };
    await records.insertOnce(id, healthy);
    return { state: await changeRecord(records, id, decide), givenUp };
  }

  /** One write: the change, its audit row and the message to the rooms; once, however often it is noticed. */
  async function disable(tenant: string, id: string, reason: string, now: Date): Promise<void> {
    const known = await subscriptions.scoped(tenant).get(id);
    if (known?.status !== 'active') return;
    const effectKey = `disabled:${id}:${known.version}`;
    const ctx = systemCtx({ tenant, effectKey, now, zone });
    await changeOnce(subscriptions.scoped(tenant), id, effectKey, (current) => {
      if (current.status !== 'active') return null;
      const change = { status: 'disabled', reason } as const;
      const facts = { target: id, before: { status: current.status }, after: change, reason };
      return { change, trace: traceOf(ctx, facts, ...disabledNotice(current, reason, rooms)) };
    });
  }

  return {
    subscribers: async (tenant, event) => {
      const active = await subscriptions
        .scoped(tenant)
        .find({ where: { status: 'active' }, sort: [['_id', 1]], limit: MOST_ENDPOINTS });
      return active
        .filter(({ events }) => events.length === 0 || events.includes(event.type))
        .map(({ _id }) => endpointDestination(_id));
    },
    open: async (tenant, id, now) => {
      const found = await subscriptions.scoped(tenant).get(id);
      if (found?.status !== 'active') return null;
      const live = found.secrets.filter(({ until }) => until === null || until >= now);
      const place = sealingPlace(tenant, id);
      return {
        kind: kindOf(found.kind),
        url: sealer.open(found.address, place),
        secrets: live.map(({ sealed }) => sealer.open(sealed, place)),
      };
    },
    delivered: async (tenant, id) => {
      await note(tenant, id, { kind: 'delivered' });
    },
    failed: async (tenant, id, failure) => {
      const { state, givenUp } = await note(tenant, id, failure);
      if (givenUp) await disable(tenant, id, `only failures for five days: ${failure.problem}`, failure.at);
      return state?.openUntil ?? null;
    },
    gone: (tenant, id, at) => disable(tenant, id, 'it answered 410: gone for good', at),
  };
}

function disabledNotice(
  { _id: id, description, host }: WebhookSubscription,
  reason: string,
  rooms: readonly string[],
): OutboxContent[] {
  const said = withStatus(
    'act',
    reply(
      ['Endpoint ', { bold: description || host }, ' is disabled'],
      text(`It gets no events any more, since ${reason}.`),
      buttons({ label: 'Enable it again', operation: 'endpoint.enable', input: { endpoint: id } }),
      context([{ code: id }, ` · ${host}`]),
    ),
  );
  return rooms.map((destination) => ({ kind: 'send', destination, body: { kind: 'reply', reply: said } }));
}

function systemCtx(given: Pick<Ctx, 'tenant' | 'effectKey' | 'now' | 'zone'>): Ctx {
  const { effectKey: requestId } = given;
  const said = { operation: 'endpoint.disable', door: 'job', language: 'en' } as const;
  return { ...given, ...said, actor: systemActor, requestId };
}
