// Alerts over one store: the service, who may be called and where, and the loop that tells and escalates.
import type { Job } from '../jobs/job.ts';
import { alerts as alertDefinition } from '../models/alert.ts';
import { alertGroups } from '../models/alert-group.ts';
import { alertPolicies } from '../models/alert-policy.ts';
import { identities } from '../models/identity.ts';
import { people } from '../models/person.ts';
import type { AlertFacts } from './core/alerting.ts';
import { toAppError } from './core/errors.ts';
import { mailDestination } from './core/mail.ts';
import { holds, roles } from './core/permissions.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import type { Callee } from './features/alerts/parts.ts';
import { type Alerts, createAlerts } from './features/alerts/service.ts';
import type { HealthCheck } from './http/options.ts';
import { createLoop } from './outbox/loop.ts';
import type { ProgramOptions } from './program.ts';

const POLL_MS = 1_000;
const MOST_CALLEES = 100;

export interface AlertWork {
  readonly alerts: Alerts;
  start(): void;
  stop(): Promise<void>;
  /** For the scheduler: a job that fails raises an alert, and its next good beat resolves it. */
  jobEnded(job: Job, failure: Error | null): Promise<void>;
  /** Raises or resolves an alert for each check, as it stands now. */
  watch(checks: readonly HealthCheck[]): Promise<void>;
}

export type AlertWorkOptions = Pick<ProgramOptions, 'config' | 'store' | 'clock' | 'logger' | 'publicUrl'> & {
  readonly rooms: readonly string[];
  /** The destination of a person's own chat, by platform; a platform that is not set up has none. */
  readonly privately: Readonly<Record<string, (account: string) => string>>;
};

export function createAlertWork(options: AlertWorkOptions): AlertWork {
  const { config, store, clock, logger, rooms, publicUrl } = options;
  const alerts = createAlerts(
    {
      alerts: store.records(alertDefinition),
      groups: store.facts(alertGroups),
      policies: store.facts(alertPolicies),
      targets: targetsOf(options),
      zone: config.BUSINESS_TIMEZONE,
      callees: calleesIn(options),
      rooms,
      publicUrl,
      clock,
    },
    () => loop.nudge(),
  );
  const failed = (thrown: unknown): void =>
    logger.error({ err: toAppError(thrown) }, 'alerts could not be worked on');
  const round = async (): Promise<void> => {
    if (await alerts.work()) loop.nudge();
  };
  const loop = createLoop({ round, failed, pollMs: POLL_MS, clock });
  const wellSince = new Set<string>();

  async function jobEnded(job: Job, failure: Error | null): Promise<void> {
    const fingerprint = `job.failed:${job.name}`;
    if (failure) {
      wellSince.delete(job.name);
      const title = `The job ${job.name} failed: ${failure.message}`;
      const alert = {
        fingerprint,
        group: 'job.failed',
        title,
        severity: 'critical',
        source: 'jobs',
      } as const;
      await alerts.alerting.raise(DEFAULT_TENANT, alert, `${fingerprint}:${clock.now().toISOString()}`);
      return;
    }
    // A process that starts does not know how the last beat of another one ended.
    if (wellSince.has(job.name)) return;
    await alerts.alerting.resolve(DEFAULT_TENANT, fingerprint, 'Its next beat went well.');
    wellSince.add(job.name);
  }

  return {
    alerts,
    start: loop.start,
    stop: loop.stop,
    jobEnded,
    watch: async (checks) => alerts.observe(DEFAULT_TENANT, 'health', await illnesses(checks)),
  };
}

async function illnesses(checks: readonly HealthCheck[]): Promise<readonly AlertFacts[]> {
  const found: AlertFacts[] = [];
  for (const check of checks) {
    const reading = await check
      .read()
      .catch((error: unknown) => ({ status: 'fail' as const, output: toAppError(error).publicMessage }));
    if (reading.status === 'pass') continue;
    const { output = '' } = reading;
    const value =
      'observedValue' in reading ? `${reading.observedValue} ${reading.observedUnit ?? ''}`.trim() : '';
    found.push({
      fingerprint: `health:${check.name}`,
      group: `health.${check.name.split(':')[0] ?? check.name}`,
      title: [`${check.name} is ${reading.status === 'fail' ? 'down' : 'not well'}`, value, output]
        .filter((part) => part !== '')
        .join(': '),
      severity: reading.status === 'fail' ? 'critical' : 'warning',
      source: 'health',
    });
  }
  return found;
}

/** Places of the operator's environment that are told of every alert. */
function targetsOf({ config }: AlertWorkOptions): readonly string[] {
  return [
    ...(config.SLACK_WEBHOOK_URL === undefined ? [] : ['hook:slack']),
    ...(config.DISCORD_WEBHOOK_URL === undefined ? [] : ['hook:discord']),
    ...(config.TEAMS_WEBHOOK_URL === undefined ? [] : ['hook:teams']),
    ...(config.ALERT_EMAIL === undefined ? [] : [mailDestination(config.ALERT_EMAIL)]),
  ];
}

/** Everybody who may act on alerts, with the places that reach them alone. */
function calleesIn({ store, privately }: AlertWorkOptions) {
  return async (tenant: string): Promise<readonly Callee[]> => {
    const able = roles.filter((role) => role !== 'user' && holds(role, 'alert.act'));
    const found = await store
      .facts(people)
      .scoped(tenant)
      .find({ where: { status: 'active', role: { in: able } }, limit: MOST_CALLEES });
    const ranked = [...found].sort((a, b) => roles.indexOf(b.role) - roles.indexOf(a.role));
    const linked = await store
      .facts(identities)
      .scoped(tenant)
      .find({ where: { status: 'linked' }, limit: 10 * MOST_CALLEES });
    return ranked.map(({ _id: id, name, language }) => ({
      id,
      name,
      language,
      destinations: [
        `console:person:${id}`,
        ...linked
          .filter((identity) => identity.personId === id)
          .flatMap(({ platform, account }) => privately[platform]?.(account) ?? []),
      ],
    }));
  };
}
