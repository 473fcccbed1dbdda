// The webhook inbox as /health and Prometheus see it: lag, dead letters, and what was taken or refused and why.
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Logger } from './core/logger.ts';
import type { Webhooks } from './features/webhooks/service.ts';
import type { HealthCheck } from './http/options.ts';

/** From receipt to work; more is worth a look. */
const LATE_MS = 60_000;

type Seen = Pick<Webhooks, 'health' | 'totals'>;

export function webhookCheck(webhooks: Seen): HealthCheck {
  return {
    name: 'webhooks:inboxLag',
    componentType: 'component',
    read: async () => {
      const { waiting, dead, lagMs } = await webhooks.health();
      const isWell = lagMs < LATE_MS && dead === 0;
      const output = isWell ? {} : { output: `${waiting} wait, ${dead} were given up; see /admin/webhooks` };
      return { status: isWell ? 'pass' : 'warn', observedValue: lagMs, observedUnit: 'ms', ...output };
    },
  };
}

export function registerWebhookMetrics(registry: Registry, webhooks: Seen, logger: Logger): void {
  const registers = [registry];
  new Counter({
    name: 'wardroom_webhook_deliveries_total',
    help: 'Deliveries at the webhook door by source and outcome, and events by what their work ended in.',
    labelNames: ['source', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { source, outcome, times } of webhooks.totals()) this.inc({ source, outcome }, times);
    },
  });
  const health = () =>
    webhooks.health().catch((error: unknown) => {
      logger.warn({ err: error }, 'the webhook inbox could not be counted');
      return null;
    });
  new Gauge({
    name: 'wardroom_webhook_inbox_events',
    help: 'Events in the webhook inbox by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      const read = await health();
      this.set({ state: 'waiting' }, read?.waiting ?? Number.NaN);
      this.set({ state: 'dead' }, read?.dead ?? Number.NaN);
    },
  });
  new Gauge({
    name: 'wardroom_webhook_inbox_lag_seconds',
    help: 'How long the event that waits longest in the webhook inbox has been due.',
    registers,
    async collect() {
      const read = await health();
      this.set(read ? read.lagMs / 1_000 : Number.NaN);
    },
  });
}
