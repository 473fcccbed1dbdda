// The process's own figures on /metrics: Node's defaults and the outbox's depth, read when they are asked for.
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Logger } from './core/logger.ts';
import type { Webhooks } from './features/webhooks/service.ts';
import { type FactsSeen, registerFactMetrics } from './ingestion-health.ts';
import type { Outbox } from './outbox/types.ts';
import { registerWebhookMetrics } from './webhook-health.ts';

/** Registers the figures; the answer takes them away again. */
export function startMetrics(
  registry: Registry,
  {
    outbox,
    webhooks,
    facts,
    logger,
  }: {
    readonly outbox: Pick<Outbox, 'health'>;
    readonly webhooks: Pick<Webhooks, 'health' | 'totals'>;
    readonly facts: FactsSeen;
    readonly logger: Logger;
  },
): () => Promise<void> {
  collectDefaultMetrics({ register: registry });
  registerWebhookMetrics(registry, webhooks, logger);
  registerFactMetrics(registry, facts, logger);
  const oldest = new Gauge({
    name: 'wardroom_outbox_oldest_seconds',
    help: 'Age of the oldest message that waits to be delivered.',
    registers: [registry],
  });
  const rows = new Gauge({
    name: 'wardroom_outbox_messages',
    help: 'Messages in the outbox by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      try {
        const health = await outbox.health();
        oldest.set(health.oldestMs / 1000);
        for (const state of ['waiting', 'dead', 'ambiguous'] as const) rows.set({ state }, health[state]);
      } catch (error) {
        logger.warn({ err: error }, 'the outbox could not be counted');
      }
    },
  });
  return async () => registry.clear();
}
