// Outbound webhooks over one store: the channels to endpoints of staff and operator, who subscribes, and their verbs.
import { endpointHealth } from '../models/endpoint-health.ts';
import { outboxRows } from '../models/outbox-row.ts';
import { webhookSubscriptions } from '../models/webhook-subscription.ts';
import type { Channel } from './core/channel.ts';
import { createOutboundRules } from './core/outbound-address.ts';
import { createSealer } from './core/sealed-text.ts';
import { createSending, type Sending } from './features/sending/service.ts';
import { operatorHooks } from './operator-hooks.ts';
import { createEndpointBook } from './outbox/endpoint-book.ts';
import { createEndpointChannel } from './outbox/endpoint-channel.ts';
import { createHookChannel } from './outbox/hook-channel.ts';
import type { Outbox, Subscribers } from './outbox/types.ts';
import type { ProgramOptions } from './program.ts';

export interface SendingWork {
  readonly channels: readonly Channel[];
  readonly subscribers: Subscribers;
  /** The service needs the outbox, and the outbox the channel: the knot is tied late. */
  serviceOver(outbox: Outbox): Sending;
}

export function createSendingWork(
  options: Pick<ProgramOptions, 'config' | 'keys' | 'store' | 'clock' | 'ids' | 'logger'> & {
    readonly rooms: readonly string[];
  },
): SendingWork {
  const { config, keys, store, clock, ids, logger, rooms } = options;
  const sealer = createSealer({ secretKey: keys.secretKey, purpose: 'webhook endpoints', ids });
  const rules = createOutboundRules({ allow: config.OUTBOUND_ALLOW, sandbox: config.APP_ENV === 'sandbox' });
  const book = createEndpointBook({ store, sealer, rooms, zone: config.BUSINESS_TIMEZONE });
  const places = operatorHooks(config, keys.n8nSecret);
  const hooks = Object.fromEntries(places.map(({ name, ...hook }) => [name, hook]));
  return {
    channels: [createEndpointChannel({ book, rules, clock, logger }), createHookChannel({ hooks, clock })],
    subscribers: book.subscribers,
    serviceOver: (outbox) =>
      createSending({
        subscriptions: store.facts(webhookSubscriptions),
        health: store.records(endpointHealth),
        rows: store.records(outboxRows),
        places,
        sealer,
        rules,
        ids,
        outbox,
      }),
  };
}
