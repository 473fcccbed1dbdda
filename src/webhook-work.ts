// Inbound webhooks over one store: the service with its sources and secrets, and the loop that works on what came.

import { razorpayPlans } from '../models/razorpay-plan.ts';
import { streamFacts } from '../models/stream-fact.ts';
import { webhookCounts } from '../models/webhook-count.ts';
import { webhookEndpoints } from '../models/webhook-endpoint.ts';
import { webhookInbox } from '../models/webhook-inbox.ts';
import { toAppError } from './core/errors.ts';
import type { FactDoor } from './core/ingestion.ts';
import { addedSource, eventSources } from './event-sources.ts';
import { createPlanPrices } from './features/billing/plan-prices.ts';
import { razorpaySource } from './features/billing/webhooks.ts';
import type { Mail } from './features/mail/service.ts';
import { resendSource } from './features/mail/webhooks.ts';
import { createOperational, type Operational } from './features/operational/service.ts';
import { operationalSources, operationalTarget } from './features/operational/webhooks.ts';
import { twilioSource } from './features/telephony/webhooks.ts';
import { createWebhooks, type Webhooks } from './features/webhooks/service.ts';
import { createLoop } from './outbox/loop.ts';
import type { ProgramOptions } from './program.ts';
import { streamTargets } from './stream-targets.ts';

const POLL_MS = 1_000;
const FLUSH_EVERY_MS = 5_000;

const declaredSources = [...eventSources, ...operationalSources, resendSource, razorpaySource, twilioSource];

/** Every source of the code, and last what those of staff send. */
export const inboundSources = [...declaredSources, addedSource];

export interface WebhookWork {
  readonly operational: Operational;
  readonly webhooks: Webhooks;
  start(): void;
  /** Ends the round in hand and writes what was counted. */
  stop(): Promise<void>;
}

export type WebhookWorkOptions = Pick<
  ProgramOptions,
  'store' | 'clock' | 'ids' | 'random' | 'logger' | 'publicUrl'
> & {
  readonly secretKey: string;
  readonly zone: string;
  readonly worker: string;
  readonly mail: Mail;
  readonly ingestion: FactDoor;
  /** The value of a variable of the environment that holds one or two secrets. */
  readonly secretOf: (variable: string) => string | undefined;
};

export function createWebhookWork(options: WebhookWorkOptions): WebhookWork {
  const { store, clock, logger, secretOf, mail, ingestion, ...plain } = options;
  const operational = createOperational({ ingestion, facts: store.records(streamFacts) });
  const webhooks = createWebhooks({
    ...plain,
    clock,
    logger,
    inbox: store.facts(webhookInbox),
    endpoints: store.facts(webhookEndpoints),
    counts: store.records(webhookCounts),
    sources: declaredSources,
    added: addedSource,
    targets: [operationalTarget, ...streamTargets],
    services: {
      operational,
      mail,
      ingestion,
      planPrices: createPlanPrices({ plans: store.records(razorpayPlans) }),
    },
    environmentSecrets: (variable) => secretOf(variable)?.split(/\s+/) ?? [],
    nudge: () => loop.nudge(),
  });
  let flushedMs = clock.monotonicMs();

  async function round(): Promise<void> {
    if (await webhooks.work()) loop.nudge();
    if (clock.monotonicMs() - flushedMs < FLUSH_EVERY_MS) return;
    flushedMs = clock.monotonicMs();
    await webhooks.flush();
  }

  const failed = (thrown: unknown): void =>
    logger.error({ err: toAppError(thrown) }, 'the webhook inbox could not be worked on');
  const loop = createLoop({ round, failed, pollMs: POLL_MS, clock });

  return {
    operational,
    webhooks,
    start: loop.start,
    stop: async () => {
      await loop.stop();
      await webhooks.flush().catch(failed);
    },
  };
}

/** The secrets that senders of webhooks sign with, by the variable that holds them. */
export function secretsIn({ config, keys }: Pick<ProgramOptions, 'config' | 'keys'>) {
  const secrets: Readonly<Record<string, string | undefined>> = {
    EVENTS_WEBHOOK_SECRET: config.EVENTS_WEBHOOK_SECRET,
    N8N_WEBHOOK_SECRET: keys.n8nSecret,
    SENTRY_CLIENT_SECRET: config.SENTRY_CLIENT_SECRET,
    GITHUB_WEBHOOK_SECRET: config.GITHUB_WEBHOOK_SECRET,
    RAZORPAY_WEBHOOK_SECRET: config.RAZORPAY_WEBHOOK_SECRET,
    RESEND_WEBHOOK_SECRET: config.RESEND_WEBHOOK_SECRET,
    TWILIO_AUTH_TOKEN: config.TWILIO_AUTH_TOKEN,
  };
  return (variable: string): string | undefined => secrets[variable];
}
