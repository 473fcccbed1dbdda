// What /health asks: the database, the jobs, the outbox and the webhook inbox, each with the figure that tells how well it is.
import type { Scheduler } from '../jobs/scheduler.ts';
import type { Database } from '../models/connection.ts';
import type { Clock } from './core/clock.ts';
import type { Webhooks } from './features/webhooks/service.ts';
import type { HealthCheck, HealthReading } from './http/options.ts';
import { type FactsSeen, factsCheck } from './ingestion-health.ts';
import type { Outbox } from './outbox/types.ts';
import { webhookCheck } from './webhook-health.ts';

const SLOW_DATABASE_MS = 1000;
const LATE_JOB_MS = 60_000;
const OLD_MESSAGE_MS = 5 * 60_000;

export function healthChecks(parts: {
  readonly database: Database;
  readonly outbox: Pick<Outbox, 'health'>;
  readonly webhooks: Pick<Webhooks, 'health' | 'totals'>;
  readonly facts: FactsSeen;
  readonly scheduler: Scheduler | null;
  readonly clock: Clock;
}): readonly HealthCheck[] {
  const { database, outbox, webhooks, facts, scheduler, clock } = parts;
  const checks: HealthCheck[] = [
    {
      name: 'database:responseTime',
      componentType: 'datastore',
      neededToServe: true,
      read: async () => {
        const ms = await database.ping();
        return {
          status: ms > SLOW_DATABASE_MS ? 'warn' : 'pass',
          observedValue: Math.round(ms * 10) / 10,
          observedUnit: 'ms',
        };
      },
    },
    {
      name: 'outbox:oldestAge',
      componentType: 'component',
      read: async () => {
        const { oldestMs, dead, waiting } = await outbox.health();
        const isWell = oldestMs < OLD_MESSAGE_MS && dead === 0;
        const output = isWell
          ? {}
          : { output: `${waiting} wait, ${dead} are dead letters; see /admin/outbox` };
        return { status: isWell ? 'pass' : 'warn', observedValue: oldestMs, observedUnit: 'ms', ...output };
      },
    },
    webhookCheck(webhooks),
    factsCheck(facts),
  ];
  if (scheduler)
    checks.push({ name: 'jobs:lag', componentType: 'component', read: () => jobLag(scheduler, clock) });
  return checks;
}

async function jobLag(scheduler: Scheduler, clock: Clock): Promise<HealthReading> {
  const now = clock.now().getTime();
  const jobs = await scheduler.health();
  const lagMs = Math.max(0, ...jobs.map(({ nextRunAt }) => (nextRunAt ? now - nextRunAt.getTime() : 0)));
  const failing = jobs.filter((job) => job.lastError !== null).map((job) => job.name);
  const isWell = lagMs < LATE_JOB_MS && failing.length === 0;
  const output = failing.length > 0 ? { output: `failed at their last beat: ${failing.join(', ')}` } : {};
  return { status: isWell ? 'pass' : 'warn', observedValue: lagMs, observedUnit: 'ms', ...output };
}
